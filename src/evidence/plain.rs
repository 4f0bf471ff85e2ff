//! Makes a line of foreign bytes plain: valid text, no terminal control, escapes of JSON strings undone.

use std::borrow::Cow;

/// Turns raw bytes into text that cannot control a terminal.
///
/// Invalid UTF-8 becomes `U+FFFD`, escape sequences (also in caret notation, `^[[31m`) and control characters go; a tab
/// stays. The trailing line ending is cut.
#[must_use]
pub fn printable(raw: &[u8]) -> Cow<'_, str> {
    let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
    let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
    if raw.is_ascii() && raw.iter().all(|b| !b.is_ascii_control() || *b == b'\t') && !has_caret_escape(raw) {
        return String::from_utf8_lossy(raw);
    }
    // A bare carriage return overwrites on a terminal; here it sets words apart.
    let spaced: Vec<u8> = raw.iter().map(|b| if *b == b'\r' { b' ' } else { *b }).collect();
    let stripped = strip_ansi_escapes::strip(spaced);
    let text = String::from_utf8_lossy(&stripped);
    let text = if has_caret_escape(text.as_bytes()) { strip_caret_escapes(&text) } else { text.into_owned() };
    Cow::Owned(text.chars().filter(|c| *c == '\t' || !is_control(*c)).collect())
}

/// Control characters, and the marks that reorder or hide text on a screen (bidirectional overrides, zero width).
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{115f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

fn has_caret_escape(raw: &[u8]) -> bool {
    memchr::memmem::find(raw, b"^[[").is_some()
}

/// Removes `^[[…m`, the way some viewers spell an escape sequence out.
fn strip_caret_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("^[[") {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 3..];
        let end = tail.find(|c: char| !c.is_ascii_digit() && c != ';' && c != '?').unwrap_or(tail.len());
        let letter = tail[end..].chars().next().filter(char::is_ascii_alphabetic);
        rest = &tail[end + letter.map_or(0, char::len_utf8)..];
    }
    out.push_str(rest);
    out
}

/// Undoes the escapes of JSON and Go strings as far as a signal cares: `\"` becomes `"`, `\n`, `\r` and `\t` a space, `\/` a slash, and
/// `\u003c` and the like their ASCII character. A doubled backslash becomes one.
#[must_use]
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let rest = chars.as_str();
        match chars.next() {
            Some('"') => out.push('"'),
            Some('/') => out.push('/'),
            Some('n' | 'r' | 't') if !is_windows_path(&out) => out.push(' '),
            Some('u') if ascii_escape(rest).is_some() => {
                out.extend(ascii_escape(rest));
                chars = rest[5..].chars();
            }
            Some('\\') => {
                // A run of backslashes, taken once: before a quote it is a nested escape of that quote, else a doubled backslash is one.
                let run = chars.as_str().len() - chars.as_str().trim_start_matches('\\').len();
                chars = chars.as_str()[run..].chars();
                if !chars.as_str().starts_with('"') {
                    out.extend(std::iter::repeat_n('\\', (run + 2).div_ceil(2)));
                }
            }
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
    }
    Cow::Owned(out)
}

/// `C:\new` is a path, not a line feed.
fn is_windows_path(before: &str) -> bool {
    let tail = before.rsplit(|c: char| c.is_whitespace() || c == '"' || c == '\'').next().unwrap_or("");
    tail.len() >= 2 && tail.as_bytes()[1] == b':' && tail.as_bytes()[0].is_ascii_alphabetic()
}

fn ascii_escape(rest: &str) -> Option<char> {
    let code = u32::from_str_radix(rest.get(1..5)?, 16).ok()?;
    char::from_u32(code).filter(char::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use super::{printable, unescape};
    use proptest::prelude::*;

    #[test]
    fn colours_cursor_moves_and_titles_are_gone() {
        assert_eq!(printable(b"\x1b[31merror\x1b[0m\x1b[2J \x1b]0;title\x07done\r\n"), "error done");
        assert_eq!(printable(b"^[[36mweb_1 |^[[0m ok"), "web_1 | ok");
        assert_eq!(printable("a\u{202e}b\u{200b}c\0d".as_bytes()), "abcd");
    }

    #[test]
    fn a_bare_carriage_return_sets_words_apart() {
        assert_eq!(printable(b"10%\r90%\rdone\r\n"), "10% 90% done");
    }

    #[test]
    fn a_long_run_of_backslashes_is_read_once() {
        let run = "\\".repeat(1 << 20);
        assert_eq!(unescape(&run).len(), 1 << 19);
        assert_eq!(unescape(&format!("{run}\"x")), "\"x");
    }

    #[test]
    fn invalid_bytes_are_shown_as_replacement() {
        assert_eq!(printable(b"ab\xffcd"), "ab\u{fffd}cd");
    }

    #[test]
    fn json_escapes_are_undone() {
        assert_eq!(unescape(r#"{\"msg\":\"a\\\"b\"}"#), r#"{"msg":"a"b"}"#);
        assert_eq!(unescape(r"one\ntwo\tthree"), "one two three");
        assert_eq!(unescape(r"\u003cnil\u003e"), "<nil>");
        assert_eq!(unescape(r"C:\new\table"), r"C:\new\table");
    }

    proptest! {
        #[test]
        fn no_control_character_survives(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            let text = printable(&raw);
            prop_assert!(text.chars().all(|c| c == '\t' || !c.is_control()));
            let _ = unescape(&text);
        }

        #[test]
        fn plain_ascii_is_not_changed(text in "[ -\\[\\]-~]{0,80}") {
            // `^[[` is how some viewers spell an escape sequence out; it is taken away.
            prop_assume!(!text.contains("^[["));
            prop_assert_eq!(printable(text.as_bytes()), text.as_str());
        }
    }
}
