//! Shows lines to the open trace, begins a new one at a head, keeps what was found.

use super::Exception;
use super::escaped;
use super::head::Head;
use super::open::{Open, Place};

/// Reads stack traces off the lines it is shown, in order. Keeps a bounded number of them.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    open: Option<Open>,
    found: Vec<Exception>,
}

/// As many traces are kept from the start, and as many from the end.
const KEEP: usize = 8;
/// No line is read beyond so many bytes.
const LONGEST: usize = 8192;

impl Tracker {
    /// Shows the tracker the next line it might want; `text` is plain and without wrappers.
    pub fn line(&mut self, number: u64, text: &str) {
        if memchr::memchr(b'\\', text.as_bytes()).is_some() && self.embedded(number, text) {
            return;
        }
        for part in text.split('\n') {
            self.part(Place { tick: number, number }, part);
        }
    }

    /// Whether a line may begin a trace or holds one, so that a tracker wants to see it.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        let mut fresh = Self::default();
        fresh.line(1, text);
        fresh.open.is_some() || !fresh.found.is_empty()
    }

    /// Whether the following line is wanted whatever it holds.
    #[must_use]
    pub fn is_active(&self, number: u64) -> bool {
        self.open.as_ref().is_some_and(|open| !open.is_over(number))
    }

    /// Ends the input and returns the traces, first to last; of many, some from both ends.
    #[must_use]
    pub fn finish(mut self) -> Vec<Exception> {
        self.close();
        // A trace inside a string may have ended while another was open.
        self.found.sort_by_key(|e| e.outer.line.min(e.innermost.line));
        self.found
    }

    /// Reads a trace inside a string, which begins and ends on this line; `false` where there is none.
    fn embedded(&mut self, number: u64, text: &str) -> bool {
        let mut inside = Self::default();
        let mut tick = 0;
        let split = escaped::split(text, |part| {
            tick += 1;
            inside.part(Place { tick, number }, part);
        });
        let found = if split { inside.finish() } else { Vec::new() };
        let any = !found.is_empty();
        for exception in found {
            self.keep(exception);
        }
        any
    }

    fn part(&mut self, place: Place, text: &str) {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        if self.open.as_mut().is_some_and(|open| open.takes(place, text)) {
            return;
        }
        let over = self.open.as_ref().is_none_or(|open| open.is_over(place.tick));
        // A type in a sentence does not end what is being read.
        let head = Head::find(text).filter(|head| over || !head.prose);
        if over || head.is_some() {
            self.close();
        }
        if let Some(head) = head {
            self.open = Some(Open::of(head, text, place));
        }
    }

    fn close(&mut self) {
        if let Some(exception) = self.open.take().and_then(Open::finish) {
            self.keep(exception);
        }
    }

    fn keep(&mut self, exception: Exception) {
        if self.found.len() == 2 * KEEP {
            self.found.remove(KEEP);
        }
        self.found.push(exception);
    }
}
