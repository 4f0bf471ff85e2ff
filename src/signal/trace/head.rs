//! The first line of a trace: where on the line it begins, whose it is, what was thrown.
//!
//! One pass over the words of a line; a word is looked at closely only when its first byte can begin a head.

use super::Language;
use super::frame::Frame;
use super::native;
use super::typed::Said;

/// How a head goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// With frames.
    Frames,
    /// With the message on the next line, as in Rust.
    Message,
    /// With frames and then the type, as in Python.
    Type,
    /// The same inside the tree of an exception group.
    Group,
}

/// The first line of a trace.
#[derive(Clone, Debug)]
pub(super) struct Head<'t> {
    /// Where it begins on the line.
    pub at: usize,
    /// Whose trace, where the line shows it.
    pub language: Option<Language>,
    /// What was thrown; nothing yet in Python.
    pub said: Option<Said<'t>>,
    /// The cause that .NET writes on the same line.
    pub cause: Option<Said<'t>>,
    /// The place that the line names.
    pub frame: Option<Frame>,
    /// Is a trace even where no frame follows.
    pub certain: bool,
    /// A type in the middle of a sentence.
    pub prose: bool,
    /// How it goes on.
    pub wait: Wait,
}

/// No head begins further to the right.
const REACH: usize = 2048;

impl<'t> Head<'t> {
    pub(super) fn new(at: usize, language: Language, kind: &'t str, message: &'t str) -> Self {
        let said = Said { kind, message: message.trim() };
        Self { language: Some(language), certain: true, ..Self::typed(at, said, "") }
    }

    fn typed(at: usize, said: Said<'t>, before: &str) -> Self {
        Self {
            at,
            language: None,
            said: Some(said),
            cause: None,
            frame: None,
            certain: false,
            prose: ends_in_prose(before),
            wait: Wait::Frames,
        }
    }

    /// The head on this line: the first outside a sentence, else the first.
    pub(super) fn find(text: &'t str) -> Option<Self> {
        let head = native::ruby(text).or_else(|| Self::first(text)).or_else(|| qualified(text))?;
        let whole = string_end(text, head.at).and_then(|end| Self::at(&text[..end], head.at));
        Some(whole.unwrap_or(head))
    }

    fn first(text: &'t str) -> Option<Self> {
        let mut weak: Option<Self> = None;
        for head in words(text).filter_map(|at| Self::at(text, at)) {
            if !head.prose {
                return Some(head);
            }
            weak = weak.or(Some(head));
        }
        weak
    }

    fn at(text: &'t str, at: usize) -> Option<Self> {
        let rest = &text[at..];
        match rest.as_bytes().first()? {
            b'T' | b'E' | b'F' => python(text, at).or_else(|| native::upper(text, at)).or_else(|| typed(text, at)),
            b'A'..=b'Z' | b'\\' => native::upper(text, at).or_else(|| typed(text, at)),
            b'a'..=b'z' | b'*' | b'[' => native::lower(text, at).or_else(|| typed(text, at)),
            _ => None,
        }
    }
}

/// A word follows such a byte.
const GAP: u8 = 1;
/// A word that can be a head begins with such a byte.
const BEGIN: u8 = 2;
const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let (mut at, mut byte) = (0, 0_u8);
    while at < classes.len() {
        let begin = byte.is_ascii_alphabetic() || matches!(byte, b'*' | b'[' | b'\\');
        let gap = matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'(' | b'[' | b'=' | b',' | b'{' | b'|' | b'>' | b';');
        classes[at] = if begin { BEGIN } else { 0 } | if gap { GAP } else { 0 };
        at += 1;
        byte = byte.wrapping_add(1);
    }
    classes
}

/// Where words begin.
fn words(text: &str) -> impl Iterator<Item = usize> {
    let mut after_gap = true;
    let bytes = text.as_bytes().iter().take(REACH).enumerate();
    bytes.filter_map(move |(at, byte)| {
        let class = CLASSES[usize::from(*byte)];
        let begins = after_gap && class & BEGIN != 0;
        after_gap = class & GAP != 0;
        begins.then_some(at)
    })
}

/// Where the string ends in which a head begins, on a line of JSON or of `key="value"`; quotes come in pairs.
fn string_end(text: &str, at: usize) -> Option<usize> {
    let opening = text[..at].rfind('"')?;
    let outside = memchr::memchr_iter(b'"', &text.as_bytes()[..at]).count().is_multiple_of(2);
    if opening + 1 != at && outside {
        return None;
    }
    let escapes = |quote: usize| text[..quote].bytes().rev().take_while(|b| *b == b'\\').count();
    let within = escapes(opening);
    let quotes = memchr::memchr_iter(b'"', &text.as_bytes()[at..]).map(|n| (at + n, escapes(at + n)));
    quotes.filter(|(_, before)| *before <= within).map(|(quote, before)| quote - before).next()
}

/// Whether a plain word stands before, as in `after FooError: x`.
fn ends_in_prose(before: &str) -> bool {
    let Some(word) = before.strip_suffix(' ') else { return false };
    let word = word.rsplit(' ').next().unwrap_or("");
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())
}

fn typed(text: &str, at: usize) -> Option<Head<'_>> {
    let said = Said::thrown(&text[at..])?;
    // Node puts its own word before the type of what was rejected.
    let wraps = said.kind == "UnhandledPromiseRejectionWarning" && said.message.contains("Error");
    let alone =
        said.message.is_empty() && at > 0 && !said.kind.contains(['.', ':', '\\']) && !text.trim_end().ends_with(':');
    if wraps || alone {
        return None;
    }
    Some(chained(Head::typed(at, said, &text[..at])))
}

/// A type that does not end as thrown types do: where the line begins with it, or else behind the prefix of a logger.
fn qualified(text: &str) -> Option<Head<'_>> {
    memchr::memchr2_iter(b'.', b'\\', text.as_bytes()).nth(1)?;
    let start = text.len() - text.trim_start().len();
    let at = words(text).find(|at| is_qualified(&text[*at..]) && (*at == start || after_name(&text[*at..])))?;
    let mut head = chained(Head::typed(at, Said::at_start(&text[at..])?, ""));
    // A logger's name looks the same.
    head.prose = at != start;
    Some(head)
}

fn is_qualified(text: &str) -> bool {
    Said::qualified(text).is_some()
}

/// Whether a message follows the name, and not one more name.
fn after_name(text: &str) -> bool {
    Said::at_start(text).is_some_and(|s| !s.message.is_empty() && !is_qualified(s.message))
}

/// A .NET head may carry its whole chain, `A: x ---> B: y`.
fn chained(head: Head<'_>) -> Head<'_> {
    let Some(said) = head.said else { return head };
    let Some((message, _)) = said.message.split_once(" ---> ") else { return head };
    let last = said.message.rsplit(" ---> ").next().and_then(Said::at_start);
    Head { said: Some(Said { message, ..said }), cause: last, language: Some(Language::DotNet), ..head }
}

fn python(text: &str, at: usize) -> Option<Head<'_>> {
    const HEAD: &str = "Traceback (most recent call last)";
    let rest = &text[at..];
    let group = rest.strip_prefix("Exception Group ").is_some_and(|r| r.starts_with(HEAD));
    if group || rest.starts_with(HEAD) {
        let wait = if group { Wait::Group } else { Wait::Type };
        let at = if group { text[..at].trim_end_matches([' ', '+']).len() } else { at };
        return Some(Head { said: None, wait, ..Head::new(at, Language::Python, "", "") });
    }
    // A syntax error in the main file has no header at all.
    let bare = rest.starts_with("File \"") && text[..at].trim().is_empty();
    let frame = bare.then(|| Frame::of(rest)).flatten()?;
    let head = Head::new(0, Language::Python, "", "");
    Some(Head { said: None, frame: Some(frame), certain: false, wait: Wait::Type, ..head })
}

#[cfg(test)]
mod tests {
    use super::{Head, Language};

    #[test]
    fn a_head_is_found_behind_what_the_logger_writes() {
        let table = [
            ("2024-01-01 10:00:00 ERROR [main] c.x.App java.lang.X.FooException: boom", "java.lang.X.FooException"),
            ("Exception in thread \"main\" java.lang.IllegalStateException: no", "java.lang.IllegalStateException"),
            ("Unhandled exception. System.ArgumentException: bad", "System.ArgumentException"),
            ("(node:1) UnhandledPromiseRejectionWarning: Error: boom", "Error"),
            ("Uncaught TypeError: x", "TypeError"),
            ("error=\"ValueError: x\"", "ValueError"),
            ("shop.cart.Broken: no", "shop.cart.Broken"),
        ];
        for (text, kind) in table {
            assert_eq!(Head::find(text).and_then(|h| h.said).map(|s| s.kind), Some(kind), "{text}");
        }
    }

    #[test]
    fn a_chain_on_one_line_is_taken_apart() {
        let head = Head::find("System.AggregateException: many ---> System.IO.IOException: gone").unwrap();
        assert_eq!((head.language, head.cause.map(|s| s.message)), (Some(Language::DotNet), Some("gone")));
    }

    #[test]
    fn a_type_in_a_sentence_is_prose() {
        assert!(Head::find("retrying after FooError: x").is_some_and(|h| h.prose));
        assert!(Head::find("nothing to see here").is_none());
    }
}
