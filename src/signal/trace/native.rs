//! Heads that are known by their wording: Go, Rust, C++, PHP and Ruby.

use memchr::memmem::find;

use super::Language;
use super::frame::Frame;
use super::head::{Head, Wait};
use super::typed::Said;

/// Heads that begin with a capital.
pub(super) fn upper(text: &str, at: usize) -> Option<Head<'_>> {
    let rest = &text[at..];
    match rest.as_bytes().get(1)? {
        b'H' if rest.starts_with("PHP ") => php(at, &rest[4..]),
        b'r' if rest.starts_with("Program ") => debugger(at, rest),
        b'a' if rest.starts_with("Fatal error:") || rest.starts_with("Parse error:") => {
            php(at, rest).filter(|h| h.frame.is_some())
        }
        b's' if rest.starts_with("Assertion `") => assertion(text, at),
        b'd' if rest.starts_with("AddressSanitizer: ") => sanitizer(text, at),
        b'e' if rest.starts_with("Segmentation fault") => segmentation(text, at),
        _ => None,
    }
}

/// Heads that begin with anything else.
pub(super) fn lower(text: &str, at: usize) -> Option<Head<'_>> {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'p' if rest.starts_with("panicked at ") => rust(text, at),
        b'p' if rest.starts_with("panic") => go(text, at),
        b'f' if rest.starts_with("fatal error: ") => go_fatal(at, rest),
        b'g' if rest.starts_with("goroutine ") && at == 0 && rest.ends_with("]:") => {
            Some(Head::new(at, Language::Go, "panic", ""))
        }
        b't' if rest.starts_with("terminat") => terminate(text, at),
        b'*' if rest.starts_with("*** ") => stars(at, rest),
        b'[' if rest.starts_with("[object] (") => laravel(at, &rest[10..]),
        b'd' | b'f' | b'm' | b'c' if text[..at].trim().is_empty() || text[..at].ends_with(": ") => heap(at, rest),
        _ => None,
    }
}

fn go(text: &str, at: usize) -> Option<Head<'_>> {
    let rest = &text[at..];
    if let Some(message) = rest.strip_prefix("panic: ") {
        // A tab before it says that a panic was recovered and thrown again.
        let message = message.split(" [recovered").next().unwrap_or(message);
        return Some(Head { certain: at == 0, ..Head::new(at, Language::Go, "panic", message) });
    }
    let (_, message) = rest.strip_prefix("panic serving ")?.split_once(": ")?;
    let start = text[..at].strip_suffix("http: ").map_or(at, str::len);
    Some(Head { certain: false, ..Head::new(start, Language::Go, "panic", message) })
}

/// Compilers write `fatal error: x.h: No such file` too.
fn go_fatal(at: usize, rest: &str) -> Option<Head<'_>> {
    const KNOWN: [&str; 6] =
        ["concurrent map", "all goroutines are asleep", "stack overflow", "sync: ", "unexpected signal", "runtime: "];
    let message = rest.strip_prefix("fatal error: ")?;
    let certain = KNOWN.iter().any(|k| message.starts_with(k));
    (certain || at == 0).then(|| Head { certain, ..Head::new(at, Language::Go, "fatal error", message) })
}

fn rust(text: &str, at: usize) -> Option<Head<'_>> {
    let start = text[..at].rfind("thread '").unwrap_or(at);
    let said = text[at..].strip_prefix("panicked at ")?.trim_end();
    let old = said.strip_prefix('\'').and_then(|m| m.rsplit_once("', "));
    let (message, place) = old.or_else(|| said.strip_suffix(':').map(|place| ("", place)))?;
    let (path, line) = place.split_once(".rs:")?;
    if path.contains(' ') || !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let wait = if old.is_some() { Wait::Frames } else { Wait::Message };
    let frame = Some(Frame::new(Language::Rust, place));
    Some(Head { frame, wait, ..Head::new(start, Language::Rust, "panic", message) })
}

fn php(at: usize, rest: &str) -> Option<Head<'_>> {
    const KINDS: [&str; 5] = ["Fatal error", "Parse error", "Recoverable fatal error", "Compile error", "Core error"];
    let kind = KINDS.iter().find(|k| rest.starts_with(**k) && rest[k.len()..].starts_with(':'))?;
    let (message, frame) = php_place(rest[kind.len() + 1..].trim());
    let thrown = message.strip_prefix("Uncaught ").and_then(|m| php_quoted(m).or_else(|| Said::at_start(m)));
    let head = Head::new(at, Language::Php, &rest[..kind.len()], message);
    Some(Head { said: thrown.or(head.said), frame, ..head })
}

/// PHP 5 writes `exception 'Type' with message 'text'`.
fn php_quoted(text: &str) -> Option<Said<'_>> {
    let (kind, message) = text.strip_prefix("exception '")?.split_once("' with message '")?;
    Some(Said { kind, message: message.trim_end_matches('\'') })
}

/// The place at the end of a PHP message: ` in /srv/a.php:3` or ` in /srv/a.php on line 3`.
pub(super) fn php_place(text: &str) -> (&str, Option<Frame>) {
    let Some((message, place)) = text.rsplit_once(" in ") else { return (text, None) };
    let (path, line) = place.rsplit_once(" on line ").or_else(|| place.rsplit_once(':')).unwrap_or((place, ""));
    if line.is_empty() || !line.bytes().all(|b| b.is_ascii_digit()) || path.is_empty() {
        return (text, None);
    }
    (message, Some(Frame::new(Language::Php, &format!("{path}:{line}"))))
}

/// Monolog writes `[object] (Type(code: 0): message at /srv/a.php:3)`.
pub(super) fn laravel(at: usize, rest: &str) -> Option<Head<'_>> {
    let (kind, rest) = rest.split_once("(code: ")?;
    let (_, said) = rest.split_once("): ")?;
    let (message, place) = said.trim_end().rsplit_once(" at ")?;
    let frame = Some(Frame::new(Language::Php, place.trim_end_matches(')')));
    Some(Head { frame, ..Head::new(at, Language::Php, kind, message) })
}

/// `a.rb:3:in 'x': message (Type)`, which is the first frame too.
pub(super) fn ruby(text: &str) -> Option<Head<'_>> {
    if !text.ends_with(')') {
        return None;
    }
    let mark = find(text.as_bytes(), b".rb:")?;
    let at = text[..mark].rfind([' ', '\t', '"']).map_or(0, |n| n + 1);
    let place_end = find(&text.as_bytes()[mark..], b"': ").map(|n| mark + n + 1)?;
    let (message, kind) = text[place_end + 2..].strip_suffix(')')?.rsplit_once(" (")?;
    let frame = Frame::of(&text[at..place_end]).filter(|f| f.language == Some(Language::Ruby))?;
    let typed = Said::at_start(kind)
        .is_some_and(|s| s.message.is_empty() && kind.starts_with(|c: char| c.is_ascii_uppercase()));
    typed.then(|| Head { frame: Some(frame), ..Head::new(at, Language::Ruby, kind, message) })
}

fn terminate(text: &str, at: usize) -> Option<Head<'_>> {
    let rest = &text[at..];
    if let Some(kind) = rest.strip_prefix("terminate called after throwing an instance of '") {
        return Some(Head::new(at, Language::Cpp, kind.split('\'').next().unwrap_or(kind), ""));
    }
    if rest.starts_with("terminate called without an active exception") {
        return Some(Head::new(at, Language::Cpp, "terminate", "no active exception"));
    }
    let (_, said) = text[..at].contains("libc++abi").then(|| rest.split_once("exception of type "))??;
    let (kind, message) = said.split_once(": ").unwrap_or((said, ""));
    Some(Head::new(at, Language::Cpp, kind, message))
}

fn stars(at: usize, rest: &str) -> Option<Head<'_>> {
    let inner = rest.strip_prefix("*** ")?;
    if let Some(kind) = ["stack smashing detected", "buffer overflow detected"].iter().find(|k| inner.starts_with(**k))
    {
        return Some(Head::new(at, Language::Cpp, &inner[..kind.len()], ""));
    }
    let (kind, said) = inner.split_once(' ')?;
    let signal =
        kind.starts_with("SIG") && (said.starts_with("received at time") || said.contains(") received by PID"));
    signal.then(|| Head::new(at, Language::Cpp, kind, ""))
}

fn assertion(text: &str, at: usize) -> Option<Head<'_>> {
    let (message, _) = text[at..].strip_prefix("Assertion `")?.split_once("' failed")?;
    let place = text[..at].split(' ').find(|w| w.contains(".c") && w.ends_with(':'));
    let frame = place.map(|p| Frame::new(Language::Cpp, p.trim_end_matches(':')));
    Some(Head { frame, ..Head::new(at, Language::Cpp, "Assertion failed", message) })
}

fn sanitizer(text: &str, at: usize) -> Option<Head<'_>> {
    let (_, message) = text[at..].split_once(": ")?;
    text[..at].ends_with("ERROR: ").then(|| Head::new(at, Language::Cpp, "AddressSanitizer", message))
}

fn segmentation(text: &str, at: usize) -> Option<Head<'_>> {
    const KIND: &str = "Segmentation fault";
    let rest = text[at + KIND.len()..].trim();
    let dumped = rest.starts_with("(core dumped)");
    let alone = rest.is_empty() && text[..at].trim().is_empty();
    (dumped || alone).then(|| Head::new(at, Language::Cpp, KIND, ""))
}

/// What gdb says before the frames.
fn debugger(at: usize, rest: &str) -> Option<Head<'_>> {
    let said = rest
        .strip_prefix("Program received signal ")
        .or_else(|| rest.strip_prefix("Program terminated with signal "))?;
    let (kind, message) = said.split_once(", ")?;
    Some(Head::new(at, Language::Cpp, kind, message))
}

/// What glibc says of a broken heap.
fn heap(at: usize, rest: &str) -> Option<Head<'_>> {
    const SAYINGS: [&str; 6] = [
        "double free or corruption",
        "corrupted size vs. prev_size",
        "corrupted double-linked list",
        "free(): ",
        "malloc(): ",
        "munmap_chunk(): ",
    ];
    let known = SAYINGS.iter().any(|s| rest.starts_with(s)) && rest.len() < 80;
    known.then(|| Head::new(at, Language::Cpp, "abort", rest))
}
