//! Lines inside a line: the escaped line feeds of JSON strings, once or several times escaped.

/// No more of one such line is kept.
const LONGEST: usize = 4096;

/// How a text escapes.
#[derive(Clone, Copy, Debug)]
struct Escape {
    /// Backslashes before the `n` of a line feed.
    unit: usize,
    /// Whether a quote that is escaped less than its text ends the text.
    quoted: bool,
}

/// Gives each line inside `text` to `each`, unescaped; `false` where there is but one.
pub(super) fn split(text: &str, each: impl FnMut(&str)) -> bool {
    let Some(escape) = Escape::of(text) else { return false };
    Splitter { text, escape, part: String::new(), each }.run();
    true
}

impl Escape {
    fn of(text: &str) -> Option<Self> {
        let unit = runs(text).filter(|(_, _, after)| *after == Some(b'n')).map(|(_, run, _)| run).min()?;
        // Python's repr of a trace has plain quotes inside.
        let quoted = memchr::memmem::find(text.as_bytes(), b" File \"").is_none();
        Some(Self { unit, quoted })
    }
}

/// Runs of backslashes: where they begin, how many, which byte follows.
fn runs(text: &str) -> impl Iterator<Item = (usize, usize, Option<u8>)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + memchr::memchr(b'\\', &bytes[from..])?;
        let run = bytes[start..].iter().take_while(|b| **b == b'\\').count();
        from = start + run;
        Some((start, run, bytes.get(from).copied()))
    })
}

struct Splitter<'t, F> {
    text: &'t str,
    escape: Escape,
    part: String,
    each: F,
}

impl<F: FnMut(&str)> Splitter<'_, F> {
    fn run(mut self) {
        let mut from = 0;
        for (start, run, after) in runs(self.text) {
            if start < from {
                continue;
            }
            self.plain(from, start);
            from = start + run + self.escaped(start + run, run, after);
        }
        self.plain(from, self.text.len());
        self.end();
    }

    /// Adds what holds no backslash.
    fn plain(&mut self, from: usize, to: usize) {
        let mut pieces = self.text[from..to].split('"');
        self.push(pieces.next().unwrap_or(""));
        for piece in pieces {
            if self.escape.quoted {
                self.end();
            } else {
                self.push("\"");
            }
            self.push(piece);
        }
    }

    /// Adds what a run of backslashes before `at` means; the number of bytes it took.
    fn escaped(&mut self, at: usize, run: usize, after: Option<u8>) -> usize {
        let unit = self.escape.unit;
        match after {
            Some(b'n') if run == unit => self.end(),
            Some(b'r') if run == unit => {}
            Some(b't') if run == unit => self.push("\t"),
            Some(b'"') if run + 1 >= 2 * unit || !self.escape.quoted => self.push("\""),
            Some(b'"') => self.end(),
            Some(b'/') => self.push("/"),
            Some(b'u') if run == unit => return self.unicode(at),
            _ => {
                self.push("\\");
                return 0;
            }
        }
        1
    }

    fn unicode(&mut self, at: usize) -> usize {
        let code = self.text.get(at + 1..at + 5).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let Some(code) = code else { return 0 };
        let mut buffer = [0; 4];
        let c = char::from_u32(code).unwrap_or('\u{fffd}');
        self.push(c.encode_utf8(&mut buffer));
        5
    }

    fn push(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.part.len());
        self.part.push_str(&text[..text.floor_char_boundary(room)]);
    }

    fn end(&mut self) {
        (self.each)(&self.part);
        self.part.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, split};
    use proptest::prelude::*;

    fn parts(text: &str) -> Vec<String> {
        let mut parts = Vec::new();
        split(text, |part| parts.push(part.to_owned()));
        parts
    }

    #[test]
    fn strings_and_their_lines_come_apart() {
        assert_eq!(parts(r#"{"s":"a: \"b\"\n\tat c\u003c"}"#), ["{", "s", ":", "a: \"b\"", "\tat c<", "}"]);
        assert_eq!(parts(r#"x "{\"s\":\"a \\\"q\\\"\\n\\tb\"}""#), ["x ", "{", "s", ":", "a \"q\"", "\tb", "}", ""]);
        assert_eq!(parts(r#"'a\n  File "x", line 1'"#), ["'a", "  File \"x\", line 1'"]);
        assert_eq!(parts(r"C:\temp"), [""; 0]);
    }

    #[test]
    fn a_long_part_is_cut() {
        let long = "é".repeat(LONGEST);
        assert!(parts(&format!("{long}\\nx")).iter().all(|p| p.len() <= LONGEST));
    }

    #[test]
    fn a_megabyte_of_line_feeds_is_read_once() {
        assert_eq!(parts(&"\\n".repeat(1 << 19)).len(), (1 << 19) + 1);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in r#"(\\|\\\\|n|t|r|u|u00|0041|"|/|é|[^a]){0,40}"#) {
            let _ = parts(&text);
        }
    }
}
