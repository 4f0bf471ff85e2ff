//! Cuts a stream of bytes into blocks of whole lines, with memory that does not grow with the input.

/// A longer line is cut here, in bytes; the rest of it is passed over and counted.
pub const LONGEST_LINE: usize = 1 << 20;

/// Whole lines that lie together in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// The lines with their line feeds; the last one of the input may lack it.
    pub bytes: &'a [u8],
    /// Number of the first line, from 1.
    pub first: u64,
}

/// Collects chunks until they make whole lines.
#[derive(Debug, Default)]
pub struct Splitter {
    carry: Vec<u8>,
    lines: u64,
    bytes: u64,
    cut: u64,
    skipping: bool,
}

impl Splitter {
    /// Takes the next bytes of the input and hands every block of whole lines to `each`.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(Block<'_>)) {
        self.bytes += chunk.len() as u64;
        let mut chunk = chunk;
        if self.skipping {
            let Some(end) = memchr::memchr(b'\n', chunk) else { return };
            self.skipping = false;
            chunk = &chunk[end + 1..];
        }
        if let Some(last) = memchr::memrchr(b'\n', chunk) {
            let (whole, rest) = chunk.split_at(last + 1);
            if self.carry.is_empty() {
                self.emit(whole, &mut each);
            } else {
                let mut joined = std::mem::take(&mut self.carry);
                joined.extend_from_slice(whole);
                self.emit(&joined, &mut each);
                joined.clear();
                self.carry = joined;
            }
            self.carry.extend_from_slice(rest);
        } else {
            self.carry.extend_from_slice(chunk);
        }
        if self.carry.len() > LONGEST_LINE {
            let mut line = std::mem::take(&mut self.carry);
            line.truncate(LONGEST_LINE);
            self.cut += 1;
            self.skipping = true;
            self.emit(&line, &mut each);
        }
    }

    /// Hands over what is left after the last line feed.
    pub fn finish(&mut self, mut each: impl FnMut(Block<'_>)) {
        let rest = std::mem::take(&mut self.carry);
        if !rest.is_empty() {
            self.emit(&rest, &mut each);
        }
    }

    fn emit(&mut self, bytes: &[u8], each: &mut impl FnMut(Block<'_>)) {
        each(Block { bytes, first: self.lines + 1 });
        let feeds = memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.lines += feeds + u64::from(bytes.last() != Some(&b'\n'));
    }

    /// Lines handed over so far.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Lines that were longer than [`LONGEST_LINE`].
    #[must_use]
    pub fn cut(&self) -> u64 {
        self.cut
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LINE, Splitter};
    use proptest::prelude::*;

    fn collect(chunks: &[&[u8]]) -> (Vec<u8>, Splitter) {
        let mut splitter = Splitter::default();
        let mut all = Vec::new();
        for chunk in chunks {
            splitter.push(chunk, |block| all.extend_from_slice(block.bytes));
        }
        splitter.finish(|block| all.extend_from_slice(block.bytes));
        (all, splitter)
    }

    #[test]
    fn a_line_that_spans_chunks_is_whole() {
        let mut blocks = Vec::new();
        let mut splitter = Splitter::default();
        for chunk in [&b"one\ntw"[..], b"o", b"\nthree"] {
            splitter.push(chunk, |b| blocks.push((b.first, b.bytes.to_vec())));
        }
        splitter.finish(|b| blocks.push((b.first, b.bytes.to_vec())));
        assert_eq!(blocks, [(1, b"one\n".to_vec()), (2, b"two\n".to_vec()), (3, b"three".to_vec())]);
        assert_eq!(splitter.lines(), 3);
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_is_read() {
        let long = vec![b'x'; LONGEST_LINE * 3];
        let (all, splitter) = collect(&[&long[..LONGEST_LINE * 2], &long[LONGEST_LINE * 2..], b"\nnext\n"]);
        assert_eq!(all.len(), LONGEST_LINE + "next\n".len());
        assert_eq!((splitter.lines(), splitter.cut()), (2, 1));
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_wherever_the_chunks_end(text in "[a-c\n]{0,200}", at in 0usize..200) {
            let bytes = text.as_bytes();
            let at = at.min(bytes.len());
            let (all, splitter) = collect(&[&bytes[..at], &bytes[at..]]);
            prop_assert_eq!(all, bytes);
            prop_assert_eq!(splitter.lines(), text.lines().count() as u64);
        }
    }
}
