//! Reads a source chunk by chunk, whole or only its end.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs_io::DecodeReaderBytesBuilder;

use super::Since;
use crate::evidence::Source;

/// Bytes asked for at once.
const CHUNK: usize = 1 << 20;

/// A source cannot be read. The world's fault, or a slip in an argument.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// Nothing is there.
    #[error("cannot find {path:?}")]
    NotFound {
        /// As it was named.
        path: String,
    },
    /// A directory where a file is wanted.
    #[error("{path:?} is a directory, not a log file")]
    Directory {
        /// As it was named.
        path: String,
    },
    /// Anything else the system says.
    #[error("cannot read {source}: {error}")]
    Io {
        /// Where from.
        #[source]
        error: io::Error,
        /// What.
        source: Name,
    },
}

/// A source by its name, for messages.
#[derive(Debug)]
pub struct Name(String);

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which part of a source is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Only the last so many lines.
    pub tail: Option<usize>,
    /// Only lines from this time on.
    pub since: Option<Since>,
}

/// Reads `source` and hands its bytes to `each`; returns how many lines a [`Window`] left out.
///
/// # Errors
/// See [`CollectError`]. What was read before is already handed over.
pub fn read(source: &Source, window: Window, mut each: impl FnMut(&[u8])) -> Result<u64, CollectError> {
    let failed = |error: io::Error| CollectError::Io { error, source: Name(source.to_string()) };
    let raw: Box<dyn Read> = match source {
        Source::Stdin => Box::new(io::stdin().lock()),
        Source::File(path) => Box::new(open(path)?),
    };
    // A byte order mark says UTF-16, as PowerShell writes it; anything else passes as it is.
    let mut input = DecodeReaderBytesBuilder::new().bom_sniffing(true).utf8_passthru(true).strip_bom(true).build(raw);
    let mut recent = window.since.map(Recent::new);
    let mut tail = window.tail.map(Tail::new);
    let mut keep = |bytes: &[u8]| match &mut tail {
        Some(tail) => tail.push(bytes),
        None => each(bytes),
    };
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        match &mut recent {
            Some(recent) => recent.push(&chunk[..read], &mut keep),
            None => keep(&chunk[..read]),
        }
    }
    let old = recent.map_or(0, |recent| recent.finish(&mut keep));
    Ok(old + tail.map_or(0, |tail| tail.hand_over(each)))
}

fn open(path: &str) -> Result<File, CollectError> {
    let named = || path.to_owned();
    let failed = |error| CollectError::Io { error, source: Name(named()) };
    if Path::new(path).is_dir() {
        return Err(CollectError::Directory { path: named() });
    }
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => CollectError::NotFound { path: named() },
        _ => failed(error),
    })
}

/// Lines from a time on; a line without a time goes with the one before it.
struct Recent {
    since: Since,
    open: Vec<u8>,
    keeping: bool,
    dropped: u64,
}

impl Recent {
    fn new(since: Since) -> Self {
        Self { since, open: Vec::new(), keeping: true, dropped: 0 }
    }

    fn push(&mut self, chunk: &[u8], keep: &mut impl FnMut(&[u8])) {
        for piece in chunk.split_inclusive(|b| *b == b'\n') {
            self.open.extend_from_slice(piece);
            // A line without end is handed on in pieces; its time stands at its start.
            if piece.ends_with(b"\n") || self.open.len() > CHUNK {
                self.line(keep);
            }
        }
    }

    fn line(&mut self, keep: &mut impl FnMut(&[u8])) {
        let line = std::mem::take(&mut self.open);
        self.keeping = self.since.keeps(&line).unwrap_or(self.keeping);
        if self.keeping { keep(&line) } else { self.dropped += 1 }
    }

    fn finish(mut self, keep: &mut impl FnMut(&[u8])) -> u64 {
        if !self.open.is_empty() {
            self.line(keep);
        }
        self.dropped
    }
}

/// The last lines of a stream, at most [`Tail::MOST`] bytes of them.
struct Tail {
    lines: VecDeque<Vec<u8>>,
    wanted: usize,
    held: usize,
    open: Vec<u8>,
    dropped: u64,
}

impl Tail {
    /// `--tail` never holds more than this, however long the lines are.
    const MOST: usize = 64 << 20;

    fn new(wanted: usize) -> Self {
        Self { lines: VecDeque::new(), wanted, held: 0, open: Vec::new(), dropped: 0 }
    }

    fn push(&mut self, chunk: &[u8]) {
        for piece in chunk.split_inclusive(|b| *b == b'\n') {
            if self.open.len() < Self::MOST {
                self.open.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.open);
                self.add(line);
            }
        }
    }

    fn add(&mut self, line: Vec<u8>) {
        self.held += line.len();
        self.lines.push_back(line);
        while self.lines.len() > self.wanted || (self.held > Self::MOST && self.lines.len() > 1) {
            self.held -= self.lines.pop_front().map_or(0, |l| l.len());
            self.dropped += 1;
        }
    }

    fn hand_over(mut self, mut each: impl FnMut(&[u8])) -> u64 {
        if !self.open.is_empty() {
            let rest = std::mem::take(&mut self.open);
            self.add(rest);
        }
        self.lines.iter().for_each(|line| each(line));
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::Tail;

    #[test]
    fn the_tail_keeps_the_last_lines_and_counts_the_rest() {
        let mut tail = Tail::new(2);
        tail.push(b"one\ntwo\nth");
        tail.push(b"ree\nfour");
        let mut kept = Vec::new();
        let dropped = tail.hand_over(|line| kept.extend_from_slice(line));
        assert_eq!((kept.as_slice(), dropped), (&b"three\nfour"[..], 2));
    }
}
