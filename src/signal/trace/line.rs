//! A line inside a trace, whatever the language: a frame, a cause, something that belongs to a trace, or none of these.

use super::Language;
use super::frame::Frame;

/// What a line is to a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// A frame.
    Frame(Frame),
    /// What led to what was said before.
    Cause(&'t str),
    /// What came of what was said before.
    Wrapper(&'t str),
    /// Belongs to a trace of one language, or of any.
    Filler(Option<Language>),
    /// Nothing of a trace.
    Other,
}

/// Lines that lead to a cause.
const CAUSES: [&str; 4] = ["Caused by: ", "[cause]: ", "---> ", "[previous exception] [object] "];

/// Lines that belong to a trace, by how they begin.
const FILLERS: &[(&str, Option<Language>)] = &[
    ("Suppressed: ", Some(Language::Java)),
    ("--- End of", Some(Language::DotNet)),
    ("Stack trace:", None),
    ("[stacktrace]", Some(Language::Php)),
    ("thrown in ", Some(Language::Php)),
    ("stack backtrace:", Some(Language::Rust)),
    ("note: ", Some(Language::Rust)),
    ("goroutine ", Some(Language::Go)),
    ("[signal ", Some(Language::Go)),
    ("created by ", Some(Language::Go)),
    ("runtime stack:", Some(Language::Go)),
    ("exit status ", Some(Language::Go)),
    ("Node.js v", Some(Language::Node)),
    ("code: '", Some(Language::Node)),
    ("errno: ", Some(Language::Node)),
    ("syscall: '", Some(Language::Node)),
    ("Aborted", Some(Language::Cpp)),
    ("SUMMARY: AddressSanitizer", Some(Language::Cpp)),
    ("PC: @", Some(Language::Cpp)),
];

impl<'t> Line<'t> {
    /// Reads a line, or what stands behind its prefix.
    pub(super) fn of(text: &'t str) -> Self {
        let bare = text.trim();
        if bare.is_empty() {
            return Self::Other;
        }
        if let Some(frame) = Frame::of(text) {
            return Self::Frame(frame);
        }
        if let Some(cause) = CAUSES.iter().find_map(|c| bare.strip_prefix(c)) {
            return cause_of_many(cause);
        }
        if let Some(wrapper) = wrapper(text, bare) {
            return Self::Wrapper(wrapper);
        }
        filler(bare).unwrap_or(Self::Other)
    }

    /// Finds where a line of a trace begins behind a prefix; with the place.
    pub(super) fn behind(text: &'t str) -> Option<(usize, Self)> {
        // A prefix is not longer, and a line of prose does not try more often.
        const LONGEST: usize = 512;
        const TRIES: usize = 16;
        let bytes = text.as_bytes();
        let begins = |at: &usize| matches!(bytes[*at - 1], b' ' | b'\t') && can_begin(bytes[*at]);
        let places = (1..bytes.len().min(LONGEST)).filter(begins).take(TRIES);
        places.map(|at| (at, Self::of(&text[at - 1..]))).find(|(_, line)| line.is_telling())
    }

    /// What is told apart from prose by its shape alone.
    fn is_telling(&self) -> bool {
        !matches!(self, Self::Other | Self::Wrapper(_))
    }
}

fn can_begin(byte: u8) -> bool {
    matches!(byte, b'a' | b'f' | b'C' | b'S' | b'.' | b'-' | b'#' | b'F' | b'[' | b'@' | b'/')
}

/// .NET numbers the causes of an aggregate: the first is the one that it names in its head too.
fn cause_of_many(cause: &str) -> Line<'_> {
    match cause.strip_prefix("(Inner Exception #").and_then(|c| c.split_once(") ")) {
        Some(("0", first)) => Line::Cause(first),
        Some(_) => Line::Filler(Some(Language::DotNet)),
        None => Line::Cause(cause),
    }
}

fn wrapper<'t>(text: &str, bare: &'t str) -> Option<&'t str> {
    let again = text.starts_with(['\t', ' ']) && bare.starts_with("panic: ");
    bare.strip_prefix("Wrapped by: ").or_else(|| bare.strip_prefix("Next ")).or(again.then_some(bare))
}

fn filler(bare: &str) -> Option<Line<'_>> {
    if let Some(rest) = bare.strip_prefix("... ") {
        return rest.starts_with(|c: char| c.is_ascii_digit()).then_some(Line::Filler(None));
    }
    FILLERS.iter().find(|(begin, _)| bare.starts_with(begin)).map(|(_, language)| Line::Filler(*language))
}
