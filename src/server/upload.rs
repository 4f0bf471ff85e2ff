//! `POST /diagnose/logs`: a log of any size, read while it comes. Memory does not grow with it: a few chunks wait between the connection and the engine.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use tokio::sync::mpsc;

use super::app::App;
use super::body::{discard, frame, unsupported, wants};
use super::diagnose::{answered, given, respond};
use super::edge::RequestId;
use super::fields::Fields;
use super::library::Library;
use super::names::Shape;
use super::problem::Problem;
use super::work::broken;
use crate::collect;
use crate::diagnosis::{Diagnosis, Given};
use crate::engine::Engine;
use crate::evidence::Source;
use crate::service::Named;

/// What a log may be sent as. The first bytes say how it is compressed, whatever it is called.
pub(super) const TYPES: &[&str] =
    &["text/plain", "application/octet-stream", "application/gzip", "application/x-gzip", "application/zstd"];
/// Chunks that wait for the engine; a chunk is what the connection had at hand.
const WAITING: usize = 8;
/// How long nothing may come.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so long a sender must have been faster than [`SLOWEST`].
const GRACE: Duration = Duration::from_secs(30);
/// Bytes a second.
const SLOWEST: u64 = 1 << 10;
/// Bytes that a Zstandard frame may want to look back on: what `zstd` uses without `--long`.
const WINDOW: u64 = 8 << 20;
/// A log may grow to so many bytes when it is unpacked, and by so much for each byte that came.
const UNPACKED: u64 = 1 << 30;
const UNPACKED_EACH: u64 = 200;
/// Bytes that the engine takes at a time.
const CHUNK: usize = 128 << 10;

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let mut fields = Fields::of_query(parts.uri.query());
    let namespace = fields.name("namespace", Shape::Label);
    let pod = fields.name("pod", Shape::Subdomain);
    let container = fields.name("container", Shape::Label);
    fields.finish(&["namespace", "pod", "container"])?;
    acceptable(&parts.headers)?;
    let mut given = given(&Named { namespace, pod, deployment: None });
    given.values.extend(container.map(|name| ("container", name)));
    let library = app.library();
    let (sender, receiver) = mpsc::channel(WAITING);
    let top = app.options.top;
    let incoming = Incoming { receiver, open: Bytes::new(), taken: 0 };
    let reader = app.uploads.start(move || answered(read(&library, incoming, &given)?, top))?;
    let mut body = body;
    let sent = send(&mut body, sender).await;
    let read = reader.await.map_err(|_| broken())?;
    // What was wrong with the sending comes before what the reader made of it.
    sent?;
    if read.is_err() {
        discard(&mut body).await;
    }
    Ok(respond(&app, &id, &read?))
}

fn acceptable(headers: &HeaderMap) -> Result<(), Problem> {
    wants(headers, TYPES)?;
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|e| e.to_str().ok()).unwrap_or("identity");
    if ["identity", "gzip", "x-gzip", "zstd"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    Err(unsupported("send the log as it is, or compressed with gzip or zstd"))
}

/// Hands on what comes, as fast as it is read.
async fn send(body: &mut Body, sender: mpsc::Sender<io::Result<Bytes>>) -> Result<(), Problem> {
    let begun = Instant::now();
    let mut bytes: u64 = 0;
    loop {
        let next = match tokio::time::timeout(PATIENCE, frame(body)).await {
            Ok(next) => next,
            Err(_) => Err(slow(&format!("nothing came for {} seconds", PATIENCE.as_secs()))),
        };
        let data = match next {
            Ok(Some(data)) => data,
            Ok(None) => return Ok(()),
            Err(problem) => {
                // The reader must not take this for the end of the log.
                let _ = sender.send(Err(io::Error::other("the body broke off"))).await;
                return Err(problem);
            }
        };
        bytes += data.len() as u64;
        let waited = Instant::now();
        if sender.send(Ok(data)).await.is_err() {
            return Ok(());
        }
        // What the engine makes a sender wait is not held against it.
        let fast = waited.elapsed() > Duration::from_millis(1);
        if !fast && begun.elapsed() > GRACE && bytes / begun.elapsed().as_secs().max(1) < SLOWEST {
            let _ = sender.send(Err(io::Error::other("the body is too slow"))).await;
            return Err(slow(&format!("less than {SLOWEST} bytes a second came")));
        }
    }
}

fn slow(what: &str) -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, format!("{what}: send the log faster, or a part of it"))
}

/// What comes in, for a reader in a thread.
struct Incoming {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    open: Bytes,
    taken: u64,
}

impl Incoming {
    fn next(&mut self) -> io::Result<bool> {
        while self.open.is_empty() {
            match self.receiver.blocking_recv() {
                Some(data) => self.open = data?,
                None => return Ok(false),
            }
            self.taken += self.open.len() as u64;
        }
        Ok(true)
    }
}

impl Read for Incoming {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.next()? {
            return Ok(0);
        }
        let length = out.len().min(self.open.len());
        out[..length].copy_from_slice(&self.open.split_to(length));
        Ok(length)
    }
}

/// Counts what came, where the unpacking reader has it.
struct Counted {
    incoming: Incoming,
    taken: Arc<std::sync::atomic::AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.incoming.read(out)?;
        self.taken.store(self.incoming.taken, std::sync::atomic::Ordering::Relaxed);
        Ok(read)
    }
}

fn read(library: &Library, incoming: Incoming, given: &Given) -> Result<Diagnosis, Problem> {
    let taken = Arc::default();
    let counted = Counted { incoming, taken: Arc::clone(&taken) };
    let mut input = collect::plain(Box::new(counted), Some(WINDOW)).map_err(|error| unreadable(&error))?;
    let mut engine = Engine::new(&library.knowledge.catalogue);
    library.remarks.iter().for_each(|remark| engine.remark(remark.clone()));
    engine.begin(Source::Stdin);
    let mut chunk = vec![0; CHUNK];
    let mut unpacked: u64 = 0;
    loop {
        let length = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(&error)),
        };
        unpacked += length as u64;
        let came = taken.load(std::sync::atomic::Ordering::Relaxed);
        // What is not compressed is never more than what came.
        if unpacked > UNPACKED + UNPACKED_EACH * came {
            return Err(bomb());
        }
        engine.push(&chunk[..length]);
    }
    if unpacked == 0 {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "the log is empty: send at least one line"));
    }
    Ok(engine.conclude(given))
}

fn unreadable(error: &io::Error) -> Problem {
    let detail = format!("the log cannot be read to its end: {error}; send it again, or a part of it");
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

fn bomb() -> Problem {
    let detail = format!(
        "the log is unpacked to more than {} GiB and {UNPACKED_EACH} times its size: send it in parts",
        UNPACKED >> 30
    );
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}
