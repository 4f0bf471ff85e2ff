//! Reads sources chunk by chunk in a thread of its own, whole or only a part.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SendError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use encoding_rs_io::DecodeReaderBytesBuilder;

use super::Since;
use super::compressed::decompressed;
use crate::evidence::Source;

/// Bytes asked for at once.
const CHUNK: usize = 256 << 10;

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

/// What a [`Stream`] hands over, source by source.
#[derive(Debug)]
pub enum Event {
    /// The next source begins; what follows is its text.
    Begin(Source),
    /// The next bytes of it.
    Chunk(Vec<u8>),
    /// It ends; so many lines were left out because of the [`Window`].
    End(u64),
    /// It cannot be read, or not to its end. What was read before is handed over already.
    Failed(CollectError),
}

/// Sources that are read in a thread of their own, so that waiting for one never keeps the program from answering.
#[derive(Debug)]
pub struct Stream {
    events: Receiver<Event>,
    used: Sender<Vec<u8>>,
    taken: Arc<AtomicU64>,
}

/// Chunks that wait to be taken; together with [`CHUNK`] the bound on memory.
const WAITING: usize = 8;

impl Stream {
    /// Begins to read `sources`, first to last.
    #[must_use]
    pub fn open(sources: Vec<Source>, window: Window) -> Self {
        let (sender, events) = sync_channel(WAITING);
        let (used, returned) = channel();
        let taken = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&taken);
        std::thread::spawn(move || {
            let mut sink = Sink { chunk: Vec::new(), events: sender, returned };
            for source in sources {
                if read(&source, window, &count, &mut sink).is_err() {
                    // Nobody listens any more.
                    break;
                }
            }
        });
        Self { events, used, taken }
    }

    /// Gives a chunk back when it is read, so that the next one needs no memory of its own.
    pub fn give_back(&self, chunk: Vec<u8>) {
        // When everything was read nobody wants it any more.
        let _ = self.used.send(chunk);
    }

    /// The next event; [`RecvTimeoutError::Disconnected`] when everything was read.
    ///
    /// # Errors
    /// Nothing came within `patience`, or nothing will come any more.
    pub fn next(&self, patience: Duration) -> Result<Event, RecvTimeoutError> {
        self.events.recv_timeout(patience)
    }

    /// Bytes taken from the sources so far, before they are decompressed.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

/// Bytes that a source has, where that is known before it is read.
#[must_use]
pub fn size(source: &Source) -> Option<u64> {
    match source {
        Source::File(path) => fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|m| m.len()),
        // Nobody knows before it has come.
        _ => None,
    }
}

/// Reads one source to its end. Fails when nobody listens any more.
fn read(source: &Source, window: Window, taken: &Arc<AtomicU64>, sink: &mut Sink) -> Result<(), SendError<Event>> {
    sink.events.send(Event::Begin(source.clone()))?;
    let done = match opened(source, taken) {
        Ok(input) => copy(input, window, sink).map_err(|e| e.of(source)),
        Err(error) => Err(Stop::Error(error)),
    };
    match done {
        Ok(skipped) => sink.events.send(Event::End(skipped)),
        Err(Stop::Error(error)) => sink.events.send(Event::Failed(error)),
        Err(Stop::Unheard(error)) => Err(error),
    }
}

/// Why reading stops before the end.
enum Stop {
    Error(CollectError),
    Unheard(SendError<Event>),
}

/// The same while the source's name is not at hand.
enum Halt {
    Io(io::Error),
    Unheard(SendError<Event>),
}

impl Halt {
    fn of(self, source: &Source) -> Stop {
        match self {
            Self::Io(error) => Stop::Error(CollectError::Io { error, source: Name(source.to_string()) }),
            Self::Unheard(error) => Stop::Unheard(error),
        }
    }
}

impl From<SendError<Event>> for Halt {
    fn from(error: SendError<Event>) -> Self {
        Self::Unheard(error)
    }
}

fn opened(source: &Source, taken: &Arc<AtomicU64>) -> Result<impl Read, CollectError> {
    let raw: Box<dyn Read + Send> = match source {
        Source::Stdin => Box::new(io::stdin()),
        Source::File(path) => Box::new(open(path)?),
        // What comes from a cluster is collected by `live` or `dump`.
        Source::Field { .. } | Source::Log { .. } => Box::new(io::empty()),
    };
    let counted = Counted { raw, taken: Arc::clone(taken) };
    let failed = |error| CollectError::Io { error, source: Name(source.to_string()) };
    plain(Box::new(counted), None).map_err(failed)
}

/// The text of a stream, without its compression and byte order mark. `window` bounds the bytes that a Zstandard frame may want to look back on.
///
/// # Errors
/// Its beginning cannot be read.
pub fn plain(raw: Box<dyn Read + Send>, window: Option<u64>) -> io::Result<impl Read> {
    let plain = decompressed(raw, window)?;
    // A byte order mark says UTF-16, as PowerShell writes it; anything else passes as it is.
    Ok(DecodeReaderBytesBuilder::new().bom_sniffing(true).utf8_passthru(true).strip_bom(true).build(plain))
}

/// Hands on what the window wants; returns how many lines it leaves out.
fn copy(mut input: impl Read, window: Window, sink: &mut Sink) -> Result<u64, Halt> {
    if window == Window::default() {
        return copy_all(input, sink);
    }
    let mut recent = window.since.map(Recent::new);
    let mut tail = window.tail.map(Tail::new);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                finish(recent, tail, sink)?;
                return Err(Halt::Io(error));
            }
        };
        let mut keep = |bytes: &[u8]| match &mut tail {
            Some(tail) => tail.push(bytes),
            None => sink.push(bytes),
        };
        match &mut recent {
            Some(recent) => recent.push(&chunk[..read], &mut keep),
            None => keep(&chunk[..read]),
        }
        sink.flush()?;
    }
    finish(recent, tail, sink)
}

/// Hands on everything, as it was read.
fn copy_all(mut input: impl Read, sink: &mut Sink) -> Result<u64, Halt> {
    loop {
        let mut chunk = sink.fresh();
        chunk.resize(CHUNK, 0);
        match input.read(&mut chunk) {
            Ok(0) => return Ok(0),
            Ok(read) => {
                chunk.truncate(read);
                sink.events.send(Event::Chunk(chunk))?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Halt::Io(error)),
        }
    }
}

fn finish(recent: Option<Recent>, mut tail: Option<Tail>, sink: &mut Sink) -> Result<u64, Halt> {
    let mut keep = |bytes: &[u8]| match &mut tail {
        Some(tail) => tail.push(bytes),
        None => sink.push(bytes),
    };
    let old = recent.map_or(0, |recent| recent.finish(&mut keep));
    let mut dropped = 0;
    if let Some(tail) = tail {
        dropped = tail.hand_over(|line| {
            sink.push(line);
            if sink.chunk.len() >= CHUNK {
                // A listener that went away is noticed at the last flush.
                let _ = sink.flush();
            }
        });
    }
    sink.flush()?;
    Ok(old + dropped)
}

/// Gathers bytes into chunks.
struct Sink {
    chunk: Vec<u8>,
    events: SyncSender<Event>,
    /// Chunks that were read.
    returned: Receiver<Vec<u8>>,
}

impl Sink {
    /// Room for a chunk: one that was read, or new.
    fn fresh(&self) -> Vec<u8> {
        self.returned.try_recv().unwrap_or_default()
    }

    fn push(&mut self, bytes: &[u8]) {
        self.chunk.extend_from_slice(bytes);
    }

    fn flush(&mut self) -> Result<(), SendError<Event>> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let mut next = self.fresh();
        next.clear();
        self.events.send(Event::Chunk(std::mem::replace(&mut self.chunk, next)))
    }
}

/// Counts what is read, for a person who waits.
struct Counted {
    raw: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.raw.read(out)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
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
