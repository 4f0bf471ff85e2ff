//! Reads what there is to know off the lines of one block after another.

use std::collections::BTreeMap;

use crate::diagnosis::Surroundings;
use crate::evidence::{Block, Level, format, printable, unescape};
use crate::runbook::{Catalogue, LineCandidate, Matcher};
use crate::signal::{Facts, Mentions, Tracker, Troubles, Verdicts};

/// Lines kept before and after a line that matters.
const AROUND: usize = 2;
/// Characters of such a line; more than are shown, so that a secret is cut only after it is redacted.
const AROUND_TEXT: usize = 1600;
/// Lines that matter whose surroundings are kept.
const MOST_SURROUNDINGS: usize = 2000;

/// What has been read off the lines so far.
pub(super) struct Reader<'c> {
    pub(super) matcher: Matcher<'c>,
    pub(super) traces: Tracker,
    pub(super) verdicts: Verdicts,
    mentions: Mentions,
    pub(super) troubles: Troubles,
    pub(super) facts: Facts,
    pub(super) surroundings: BTreeMap<u64, Surroundings>,
    /// The last lines of the block before, as they came.
    tail: Vec<(u64, Vec<u8>)>,
    /// Lines of the sources before this one.
    pub(super) before: u64,
    pub(super) binary: bool,
}

impl<'c> Reader<'c> {
    pub(super) fn new(catalogue: &'c Catalogue) -> Self {
        Self {
            matcher: Matcher::new(catalogue),
            traces: Tracker::default(),
            verdicts: Verdicts::default(),
            mentions: Mentions::default(),
            troubles: Troubles::default(),
            facts: Facts::default(),
            surroundings: BTreeMap::new(),
            tail: Vec::new(),
            before: 0,
            binary: false,
        }
    }

    /// Ends a source of `lines` lines: what follows is not around them.
    pub(super) fn end_source(&mut self, lines: u64) {
        self.before += lines;
        self.tail.clear();
    }

    pub(super) fn block(&mut self, block: Block<'_>) {
        self.binary |= memchr::memchr(0, block.bytes).is_some();
        // A colour in the middle of a text would hide it from the literals.
        if memchr::memchr(0x1b, block.bytes).is_some() || memchr::memmem::find(block.bytes, b"^[[").is_some() {
            let bytes = without_escapes(block.bytes);
            return self.plain_block(Block { bytes: &bytes, ..block });
        }
        self.plain_block(block);
    }

    fn plain_block(&mut self, block: Block<'_>) {
        let first = self.before + block.first;
        let mut cursor = Cursor { at: 0, number: first };
        let mut next = 0;
        for candidate in self.matcher.candidates(block.bytes) {
            self.follow_trace(block.bytes, &mut cursor, next, candidate.start);
            cursor.seek(block.bytes, candidate.start);
            self.line(block.bytes, cursor.number, &candidate);
            next = candidate.end + 1;
        }
        self.follow_trace(block.bytes, &mut cursor, next, block.bytes.len());
        let end = first + feeds(block.bytes) + u64::from(block.bytes.last() != Some(&b'\n'));
        let last = before(block.bytes, block.bytes.len());
        self.tail = numbered(&last, end)
            .map(|(number, raw)| (number, raw[..raw.len().min(4 * AROUND_TEXT)].to_vec()))
            .collect();
    }

    /// A stack trace wants the lines that follow its header, whatever they hold.
    fn follow_trace(&mut self, bytes: &[u8], cursor: &mut Cursor, from: usize, to: usize) {
        let mut next = from;
        while next < to && self.traces.is_active(cursor.number) {
            cursor.seek(bytes, next);
            let end = memchr::memchr(b'\n', &bytes[next..to]).map_or(to, |n| next + n);
            self.trace_line(cursor.number, &bytes[next..end]);
            next = end + 1;
        }
    }

    fn trace_line(&mut self, number: u64, raw: &[u8]) {
        let plain = printable(raw);
        self.traces.line(number, &format::unwrap(&plain).message);
    }

    fn line(&mut self, block: &[u8], number: u64, candidate: &LineCandidate) {
        let plain = printable(&block[candidate.start..candidate.end]);
        let unwrapped = format::unwrap(&plain);
        let text = unescape(&unwrapped.message);
        let level = Level::of(&text);
        if self.mentions.is_mention(number, &unwrapped.message) {
            self.verdicts.line(number, &text);
            return;
        }
        let fired = !candidate.signals.is_empty() && self.matcher.line(number, candidate, &text, level);
        let worst = self.troubles.worst().map(|t| t.line);
        if candidate.watched {
            self.traces.line(number, &unwrapped.message);
            self.verdicts.line(number, &text);
            self.troubles.line(number, &text, level);
            self.facts.line(&text);
            for (fact, value) in [("pod", &unwrapped.pod), ("container", &unwrapped.container)] {
                self.facts.set(fact, value.as_deref().unwrap_or(""));
            }
        } else if self.traces.is_active(number) {
            self.traces.line(number, &unwrapped.message);
        }
        let troubling = self.troubles.worst().map(|t| t.line) != worst;
        if (fired || troubling) && self.surroundings.len() < MOST_SURROUNDINGS {
            let around = self.around(block, number, candidate.start, candidate.end);
            self.surroundings.insert(number, around);
        }
    }

    fn around(&self, block: &[u8], number: u64, start: usize, end: usize) -> Surroundings {
        let near = before(block, start);
        let missing = AROUND.saturating_sub(near.len());
        let tail = self
            .tail
            .iter()
            .skip(self.tail.len().saturating_sub(missing))
            .map(|(number, raw)| (*number, raw.as_slice()));
        let before = tail.chain(numbered(&near, number)).map(|(number, raw)| (number, short(raw)));
        let rest = block.get(end + 1..).unwrap_or_default();
        let after = rest.split(|b| *b == b'\n').take(AROUND).enumerate();
        let after = after.map(|(index, raw)| (number + 1 + index as u64, short(raw)));
        let says_something = |(_, text): &(u64, String)| !text.trim().is_empty();
        Surroundings { before: before.filter(says_something).collect(), after: after.filter(says_something).collect() }
    }
}

/// A place in a block with the number of its line.
struct Cursor {
    at: usize,
    number: u64,
}

impl Cursor {
    fn seek(&mut self, bytes: &[u8], to: usize) {
        self.number += feeds(&bytes[self.at..to]);
        self.at = to;
    }
}

/// Lines that lie just before line `next`, with their numbers.
fn numbered<'b>(lines: &[&'b [u8]], next: u64) -> impl Iterator<Item = (u64, &'b [u8])> {
    (next - lines.len() as u64..next).zip(lines.to_vec())
}

/// The last [`AROUND`] lines that end before `start`.
fn before(block: &[u8], start: usize) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut end = start.min(block.len());
    while end > 0 && found.len() < AROUND {
        let stop = if block[end - 1] == b'\n' { end - 1 } else { end };
        let begin = memchr::memrchr(b'\n', &block[..stop]).map_or(0, |n| n + 1);
        found.push(&block[begin..stop]);
        end = begin;
    }
    found.reverse();
    found
}

/// The same lines, made plain one by one.
fn without_escapes(block: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(block.len());
    for line in block.split_inclusive(|b| *b == b'\n') {
        bytes.extend_from_slice(printable(line).as_bytes());
        if line.ends_with(b"\n") {
            bytes.push(b'\n');
        }
    }
    bytes
}

fn short(raw: &[u8]) -> String {
    printable(&raw[..raw.len().min(4 * AROUND_TEXT)]).chars().take(AROUND_TEXT).collect()
}

fn feeds(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
