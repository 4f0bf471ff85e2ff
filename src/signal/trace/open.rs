//! A trace that has begun and not ended: what it has told so far, and whether a line goes on with it.

use super::frame::Frame;
use super::head::{Head, Wait};
use super::line::Line;
use super::native::{laravel, php_place, ruby};
use super::prefix::after_prefix;
use super::python;
use super::typed::Said;
use super::{Exception, Language, Thrown};

/// Where a line stands: its number, and how many lines were read before it, which differs inside a JSON string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub tick: u64,
    pub number: u64,
}

/// So many lines of something else may stand before the first frame, and between frames.
pub(super) const PATIENCE: u64 = 5;
/// Messages are cut to so many bytes.
const LONGEST_MESSAGE: usize = 4096;

/// A trace that has begun.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub language: Option<Language>,
    pub outer: Option<Thrown>,
    pub inner: Option<Thrown>,
    pub wait: Wait,
    /// What stands before the trace on each of its lines; mostly nothing.
    pub prefix: String,
    /// A frame, or wording that says enough, has been seen.
    pub confirmed: bool,
    frame: Option<(Frame, usize)>,
    depth: usize,
    /// Blanks before `Suppressed:`; what is further in does not count.
    suppressed: Option<usize>,
    /// When the last line that certainly belongs to it was read.
    pub mark: u64,
    pub end: u64,
}

impl Open {
    pub(super) fn of(head: Head<'_>, text: &str, place: Place) -> Self {
        let mut open = Self {
            language: head.language,
            outer: None,
            inner: None,
            wait: head.wait,
            prefix: text[..head.at].to_owned(),
            confirmed: head.certain,
            frame: head.frame.map(|f| (f, 0)),
            depth: 0,
            suppressed: None,
            mark: place.tick,
            end: place.number,
        };
        if let Some(said) = head.said {
            open.outer = Some(thrown(said, place));
            open.inner = Some(thrown(head.cause.unwrap_or(said), place));
        }
        open
    }

    /// The finished trace, if it turned out to be one.
    pub(super) fn finish(self) -> Option<Exception> {
        let outer = self.outer.filter(|_| self.confirmed)?;
        let innermost = self.inner.unwrap_or_else(|| outer.clone());
        let frame = self.frame.map(|(frame, _)| frame.text);
        Some(Exception { language: self.language?, outer, innermost, frame, end: self.end })
    }

    /// Whether nothing of it has come for too long.
    pub(super) fn is_over(&self, tick: u64) -> bool {
        tick > self.mark + PATIENCE
    }

    /// Takes the line if it belongs to the trace.
    pub(super) fn takes(&mut self, place: Place, text: &str) -> bool {
        if self.is_over(place.tick) {
            return false;
        }
        if self.language == Some(Language::Python) {
            return python::takes(self, place, text);
        }
        let inner = after_prefix(text, &self.prefix).unwrap_or(text);
        if self.wait == Wait::Message {
            return self.message(place, inner);
        }
        if let Some(head) = self.ruby_head(text) {
            return self.ruby_cause(place, head);
        }
        match Line::of(inner) {
            Line::Other => self.behind(place, text) || self.detail(place, inner),
            line => self.line(place, line, inner),
        }
    }

    /// Looks for the trace further to the right, behind a prefix that was not known before.
    fn behind(&mut self, place: Place, text: &str) -> bool {
        let Some((at, line)) = Line::behind(text) else { return false };
        let taken = self.line(place, line, &text[at..]);
        if taken {
            text[..at].trim_end_matches(['\t', ' ']).clone_into(&mut self.prefix);
            let blank = text[self.prefix.len()..].starts_with(' ') && !self.prefix.is_empty();
            self.prefix.push_str(if blank { " " } else { "" });
        }
        taken
    }

    fn line(&mut self, place: Place, line: Line<'_>, text: &str) -> bool {
        match line {
            Line::Frame(frame) => return self.frame(place, frame),
            Line::Cause(said) => self.cause(place, said, text),
            Line::Wrapper(said) => self.wrapper(place, said),
            Line::Filler(language) => return self.filler(place, language, text),
            Line::Other => return false,
        }
        self.marked(place)
    }

    pub(super) fn marked(&mut self, place: Place) -> bool {
        self.mark = place.tick;
        self.end = place.number;
        true
    }

    fn frame(&mut self, place: Place, frame: Frame) -> bool {
        // Go, Rust and C++ throw nothing that has a type: frames below one are those of an error that was only logged.
        let thrown = !matches!(frame.language, Some(Language::Go | Language::Rust | Language::Cpp));
        if self.language != frame.language && (self.language.is_some() || !thrown) {
            return false;
        }
        self.language = frame.language;
        self.confirmed = true;
        self.keep(frame);
        self.marked(place)
    }

    /// Keeps the frame if it says more: of the program itself, and of the innermost cause.
    fn keep(&mut self, frame: Frame) {
        let better = match &self.frame {
            None => true,
            Some((kept, depth)) => frame.own && (!kept.own || *depth < self.depth),
        };
        if better {
            self.frame = Some((frame, self.depth));
        }
    }

    /// Python lists the innermost frame last.
    pub(super) fn keep_last(&mut self, frame: Frame) {
        if frame.own || self.frame.as_ref().is_none_or(|(kept, _)| !kept.own) {
            self.frame = Some((frame, 0));
        }
    }

    pub(super) fn has_own_frame(&self) -> bool {
        self.frame.as_ref().is_some_and(|(frame, _)| frame.own)
    }

    fn cause(&mut self, place: Place, said: &str, text: &str) {
        // What led to something suppressed did not lead to what was thrown.
        if self.suppressed.is_some_and(|blanks| indent(text) >= blanks.max(1)) {
            return;
        }
        self.suppressed = None;
        if let Some(head) = said.strip_prefix('(').and_then(|s| laravel(0, s)) {
            self.inner = head.said.map(|s| thrown(s, place));
        } else if let Some(said) = any_said(said) {
            self.inner = Some(thrown(said, place));
        }
        self.depth = self.depth.saturating_add(1);
    }

    fn wrapper(&mut self, place: Place, said: &str) {
        let (said, _) = php_place(said);
        if let Some(said) = any_said(said) {
            let message = said.message.split(" [recovered").next().unwrap_or("");
            self.outer = Some(thrown(Said { message, ..said }, place));
        }
    }

    fn filler(&mut self, place: Place, language: Option<Language>, text: &str) -> bool {
        if language.is_some() && self.language.is_some() && language != self.language {
            return false;
        }
        if text.trim_start().starts_with("Suppressed: ") {
            self.suppressed = Some(indent(text));
        }
        if text.starts_with("goroutine ") || text.starts_with("runtime stack:") {
            self.language = language;
            self.confirmed = true;
        }
        self.marked(place)
    }

    /// What only one language writes: C++ tells the message late, Rust both sides of an assertion, Node the errors of an aggregate, `JavaMail`
    /// the cause.
    fn detail(&mut self, place: Place, text: &str) -> bool {
        let bare = text.trim();
        let taken = match self.language {
            Some(Language::Cpp) => self.what(bare),
            Some(Language::Rust) => self.side(bare),
            Some(Language::Node | Language::Java) | None => self.first_of_many(place, bare),
            Some(Language::Go) => bare.ends_with(')') && bare.contains('.') && !bare.contains(": "),
            _ => false,
        };
        taken && self.marked(place)
    }

    fn what(&mut self, bare: &str) -> bool {
        let Some(said) = bare.strip_prefix("what():") else { return false };
        self.told(said.trim());
        true
    }

    fn side(&mut self, bare: &str) -> bool {
        let is_side = bare.starts_with("left: ") || bare.starts_with("right: ");
        if let Some(before) = self.inner.as_ref().filter(|_| is_side) {
            let all = format!("{}; {bare}", before.message);
            self.told(&all);
        }
        is_side
    }

    fn first_of_many(&mut self, place: Place, bare: &str) -> bool {
        if bare.starts_with("[errors]: [") || bare == "nested exception is:" {
            self.wait = Wait::Type;
            return true;
        }
        let said = (self.wait == Wait::Type).then(|| Said::at_start(bare)).flatten().filter(Said::is_thrown);
        let Some(said) = said else { return false };
        self.wait = Wait::Frames;
        self.inner = Some(thrown(said, place));
        self.depth = self.depth.saturating_add(1);
        true
    }

    /// The line after a Rust head is its message.
    fn message(&mut self, place: Place, text: &str) -> bool {
        self.wait = Wait::Frames;
        self.told(text.trim());
        self.marked(place)
    }

    fn told(&mut self, message: &str) {
        for thrown in [&mut self.outer, &mut self.inner].into_iter().flatten() {
            cut(message).clone_into(&mut thrown.message);
        }
    }

    fn ruby_head<'t>(&self, text: &'t str) -> Option<Head<'t>> {
        matches!(self.language, None | Some(Language::Ruby)).then(|| ruby(text)).flatten()
    }

    /// Ruby prints a cause as another head right below the frames.
    fn ruby_cause(&mut self, place: Place, head: Head<'_>) -> bool {
        let follows = self.language.is_some() && place.tick == self.mark + 1;
        let Some(said) = head.said.filter(|_| follows) else { return false };
        self.inner = Some(thrown(said, place));
        self.depth = self.depth.saturating_add(1);
        if let Some(frame) = head.frame {
            self.keep(frame);
        }
        self.marked(place)
    }
}

/// What is said behind `Caused by:`, where any name is a type.
fn any_said(text: &str) -> Option<Said<'_>> {
    let text = text.trim_end_matches(" {");
    let plain = || text.split_once(": ").filter(|(kind, _)| !kind.contains(' '));
    Said::at_start(text).or_else(|| plain().map(|(kind, message)| Said { kind, message }))
}

pub(super) fn thrown(said: Said<'_>, place: Place) -> Thrown {
    // In a JSON string without line feeds the backslashes of PHP are still doubled.
    let kind = cut(said.kind).replace("\\\\", "\\");
    Thrown { kind, message: cut(said.message).to_owned(), line: place.number }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_MESSAGE)]
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}
