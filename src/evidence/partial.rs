//! Joins the lines that a container runtime cut at 16 KiB: in CRI files `P` marks a part and `F` the last one, in Docker's json-file a part is a text
//! without a line feed at its end.
//!
//! A part leaves an empty line where it stood, so that line numbers stay what they are; the whole line stands where its last part was.

use memchr::memmem;

use super::LONGEST_LINE;

/// Holds the parts of lines that are not whole yet, of both streams.
#[derive(Clone, Debug, Default)]
pub struct Joiner {
    open: [Vec<u8>; 2],
}

impl Joiner {
    /// Whether `block` has parts, or the end of a line whose parts came before.
    #[must_use]
    pub fn concerns(&self, block: &[u8]) -> bool {
        let has_parts = |mark: &[u8]| memmem::find(block, mark).is_some();
        self.is_open() || has_parts(b" stdout P ") || has_parts(b" stderr P ") || has_docker_parts(block)
    }

    /// Whether parts are waiting for their last one.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.iter().any(|o| !o.is_empty())
    }

    /// The block with every line whole that ends in it.
    pub fn join(&mut self, block: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(block.len());
        for line in block.split_inclusive(|b| *b == b'\n') {
            self.line(line, &mut out);
        }
        out
    }

    /// What is left when the input ends in the middle of a line.
    pub fn finish(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        for open in &mut self.open {
            if !open.is_empty() {
                rest.append(open);
                rest.push(b'\n');
            }
        }
        rest
    }

    fn line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let Some(part) = Part::of(line) else {
            return self.docker_line(line, out);
        };
        let open = &mut self.open[part.stream];
        let text = &line[part.text..];
        if part.last {
            out.extend_from_slice(if open.is_empty() { line } else { text_after(open, text) });
            open.clear();
            return;
        }
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        if open.is_empty() {
            open.extend_from_slice(&line[..part.text]);
            // From here on it is a whole line.
            if let Some(tag) = open.len().checked_sub(2) {
                open[tag] = b'F';
            }
        }
        if open.len() < LONGEST_LINE {
            open.extend_from_slice(text);
        }
        out.push(b'\n');
    }
}

/// What stands between the text and the stream in a line of Docker's.
const DOCKER_TAIL: &[u8] = b"\",\"stream\":\"";
/// How a line of Docker's begins.
const DOCKER_HEAD: &[u8] = b"{\"log\":\"";
/// A line feed as it stands in the text.
const FEED: &[u8] = b"\\n";

fn has_docker_parts(block: &[u8]) -> bool {
    memmem::find_iter(block, DOCKER_TAIL).any(|at| !block[..at].ends_with(FEED))
}

impl Joiner {
    /// Joins a line of Docker's json-file with the parts before it; any other line passes.
    fn docker_line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let tail = memmem::find(line, DOCKER_TAIL).filter(|_| line.starts_with(DOCKER_HEAD));
        let Some(tail) = tail else {
            out.extend_from_slice(line);
            return;
        };
        let stream = usize::from(line[tail + DOCKER_TAIL.len()..].starts_with(b"stderr"));
        let open = &mut self.open[stream];
        let from = if open.is_empty() { 0 } else { DOCKER_HEAD.len() };
        if line[..tail].ends_with(FEED) {
            out.append(open);
            out.extend_from_slice(&line[from..]);
            return;
        }
        if open.len() < LONGEST_LINE {
            open.extend_from_slice(&line[from..tail]);
        }
        out.push(b'\n');
    }
}

fn text_after<'o>(open: &'o mut Vec<u8>, text: &[u8]) -> &'o [u8] {
    open.extend_from_slice(text);
    open
}

struct Part {
    stream: usize,
    last: bool,
    /// Where the text begins.
    text: usize,
}

impl Part {
    /// Reads the head `TIME stdout|stderr P|F ` of a line.
    fn of(line: &[u8]) -> Option<Self> {
        let blank = memchr::memchr(b' ', line.get(..64.min(line.len()))?)?;
        let rest = &line[blank + 1..];
        let stream = usize::from(rest.starts_with(b"stderr "));
        if stream == 0 && !rest.starts_with(b"stdout ") {
            return None;
        }
        let last = match rest.get(7..9)? {
            b"F " => true,
            b"P " => false,
            _ => return None,
        };
        line[0].is_ascii_digit().then_some(Self { stream, last, text: blank + 10 })
    }
}

#[cfg(test)]
mod tests {
    use super::Joiner;
    use proptest::prelude::*;

    #[test]
    fn parts_are_joined_by_stream_and_line_numbers_stay() {
        let mut joiner = Joiner::default();
        let text = b"2024-03-01T10:00:00Z stderr P java.lang.OutOfMem\n2024-03-01T10:00:00Z stdout F hello\n\
            2024-03-01T10:00:01Z stderr P oryErr\n2024-03-01T10:00:02Z stderr F or: heap\nplain\n";
        assert!(joiner.concerns(text));
        let whole = String::from_utf8(joiner.join(text)).expect("text");
        assert_eq!(
            whole,
            "\n2024-03-01T10:00:00Z stdout F hello\n\n2024-03-01T10:00:00Z stderr F java.lang.OutOfMemoryError: heap\nplain\n"
        );
        assert!(!joiner.is_open() && joiner.finish().is_empty());
    }

    #[test]
    fn docker_s_parts_are_joined_too() {
        let line =
            |text: &str| format!("{{\"log\":\"{text}\",\"stream\":\"stderr\",\"time\":\"2024-01-01T00:00:00Z\"}}\n");
        let text = line("no space le") + &line("ft on device\\n") + &line("whole\\n");
        let mut joiner = Joiner::default();
        assert!(joiner.concerns(text.as_bytes()) && !joiner.concerns(line("whole\\n").as_bytes()));
        let whole = String::from_utf8(joiner.join(text.as_bytes())).expect("text");
        assert_eq!(whole, "\n".to_owned() + &line("no space left on device\\n") + &line("whole\\n"));
    }

    #[test]
    fn what_never_ends_is_handed_over_at_the_end() {
        let mut joiner = Joiner::default();
        assert_eq!(joiner.join(b"2024-03-01T10:00:00Z stdout P half\n"), b"\n");
        assert!(joiner.is_open() && joiner.concerns(b""));
        assert_eq!(joiner.finish(), b"2024-03-01T10:00:00Z stdout F half\n");
    }

    proptest! {
        #[test]
        fn as_many_lines_go_out_as_come_in(text in "(2T? (stdout|stderr) [PF] x{0,3}\n?|a\n|\n){0,12}") {
            let mut joiner = Joiner::default();
            let joined = joiner.join(text.as_bytes());
            let lines = |bytes: &[u8]| bytes.split_inclusive(|b| *b == b'\n').count();
            prop_assert!(lines(&joined) <= lines(text.as_bytes()));
            prop_assert!(lines(&joined) + 1 >= lines(text.as_bytes()));
        }
    }
}
