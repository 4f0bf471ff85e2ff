//! Python, which prints the frames first, innermost last, then the type, and what came first first.

use super::Thrown;
use super::frame::Frame;
use super::head::Wait;
use super::open::{Open, Place, thrown};
use super::prefix::after_prefix;
use super::typed::Said;

/// Sentences between the traces of a chain.
const BRIDGES: [&str; 2] = ["During handling of the above exception", "The above exception was the direct cause"];
const HEADS: [&str; 2] = ["Traceback (most recent call last)", "Exception Group Traceback (most recent call last)"];
const FILE: &str = "  File \"";

/// Takes the line if it belongs to the trace.
pub(super) fn takes(open: &mut Open, place: Place, text: &str) -> bool {
    let Some(inner) = inside(open, text) else { return false };
    match open.wait {
        Wait::Group => in_group(open, place, inner),
        Wait::Message => bridged(open, place, inner),
        Wait::Frames => settled(open, place, inner),
        Wait::Type => in_frames(open, place, inner),
    }
}

/// What stands behind the prefix. A logger may put it before the first line alone.
fn inside<'t>(open: &mut Open, text: &'t str) -> Option<&'t str> {
    if let Some(inner) = after_prefix(text, &open.prefix) {
        return Some(inner);
    }
    if text.starts_with(FILE) || text.starts_with("  | ") {
        open.prefix.clear();
        return Some(text);
    }
    let at = memchr::memmem::find(&text.as_bytes()[..text.len().min(512)], FILE.as_bytes())?;
    text[..at].clone_into(&mut open.prefix);
    Some(&text[at..])
}

fn in_frames(open: &mut Open, place: Place, text: &str) -> bool {
    if let Some(frame) = Frame::of(text) {
        // The frames of what came first are the ones to look at.
        if open.inner.is_none() || !open.has_own_frame() {
            open.keep_last(frame);
        }
        return open.marked(place);
    }
    if text.starts_with("    ") {
        return open.marked(place);
    }
    if text.starts_with([' ', '\t']) {
        open.end = place.number;
        return true;
    }
    let Some(said) = type_line(text) else { return false };
    typed(open, thrown(said, place));
    // What has no header is a trace only if it ends as one.
    open.confirmed |= said.is_thrown();
    open.wait = Wait::Frames;
    open.marked(place)
}

fn typed(open: &mut Open, thrown: Thrown) {
    if open.inner.is_none() {
        open.inner = Some(thrown.clone());
    }
    open.outer = Some(thrown);
}

/// The type is known; only a chain goes on.
fn settled(open: &mut Open, place: Place, text: &str) -> bool {
    let bridge = BRIDGES.iter().any(|b| text.starts_with(b));
    if bridge {
        open.wait = Wait::Message;
        open.marked(place);
    }
    bridge
}

fn bridged(open: &mut Open, place: Place, text: &str) -> bool {
    let bare = text.trim_start_matches([' ', '+']);
    let head = HEADS.iter().any(|h| bare.starts_with(h));
    if head {
        open.wait = if bare.starts_with('E') { Wait::Group } else { Wait::Type };
        open.marked(place);
    }
    head
}

/// `  | ValueError: x` and `  +-+---- 1 ----`: the group comes first, its parts after it.
fn in_group(open: &mut Open, place: Place, text: &str) -> bool {
    let bare = text.trim_start();
    if bare.starts_with("+-") {
        return open.marked(place);
    }
    let Some(inner) = bare.strip_prefix('|').map(|b| b.strip_prefix(' ').unwrap_or(b)) else { return false };
    if let Some(frame) = Frame::of(inner) {
        if open.is_group_only() || !open.has_own_frame() {
            open.keep_last(frame);
        }
    } else if let Some(said) = type_line(inner).filter(|_| open.inner.is_none()) {
        member(open, thrown(said, place));
    }
    open.marked(place)
}

fn member(open: &mut Open, thrown: Thrown) {
    if open.outer.is_none() {
        open.outer = Some(thrown);
    } else {
        open.inner = Some(thrown);
    }
}

impl Open {
    /// Whether no part of the group has been named yet.
    fn is_group_only(&self) -> bool {
        self.inner.is_none()
    }
}

/// `Type: message` or a type alone, at the start of the line.
fn type_line(text: &str) -> Option<Said<'_>> {
    const LEVELS: [&str; 8] = ["TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"];
    let said = Said::at_start(text.trim_end())?;
    let named = said.kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'));
    let begins = said.kind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let typed = said.kind.contains(|c: char| c.is_ascii_uppercase() || c == '.');
    let bracketed = text[said.kind.len()..].starts_with(' ');
    (named && begins && typed && !bracketed && !LEVELS.contains(&said.kind)).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::type_line;

    #[test]
    fn types_are_told_from_what_others_log() {
        for text in ["ValueError: bad", "KeyboardInterrupt", "requests.exceptions.ConnectionError: x", "socket.timeout"]
        {
            assert!(type_line(text).is_some(), "{text}");
        }
        for text in
            ["INFO: started", "INFO:     127.0.0.1 - GET", "done", "went well: yes", "2024-01-01: x", "Foo (bar)"]
        {
            assert!(type_line(text).is_none(), "{text}");
        }
    }
}
