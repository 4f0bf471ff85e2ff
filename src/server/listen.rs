//! Connections: taken, bounded in number and time, and let go in order when somebody asks the process to stop.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::app::App;
use super::patient::Patient;
use super::{ServeError, edge, routes};

/// Connections at a time; more wait in the system's queue.
const MOST: usize = 8192;
/// Connections that the system keeps until they are taken.
const QUEUE: u32 = 4096;
/// How long the head of a request may take, and how long a connection may lie idle.
const HEAD: Duration = Duration::from_secs(10);
/// Bytes of the head of a request.
const LARGEST_HEAD: usize = 16 << 10;
/// When nobody has come for so long, those who were on their way when the process was asked to stop have come.
const QUIET: Duration = Duration::from_millis(150);
/// So long new ones are taken at the most.
const LAST_CALL: Duration = Duration::from_secs(2);

/// What the process is told by signals.
pub(super) struct Signals {
    pub(super) stop: Stop,
    pub(super) hang_up: Signal,
}

/// SIGTERM, or Ctrl-C of a person.
pub(super) struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        let stop = Stop { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? };
        Ok(Self { stop, hang_up: signal(SignalKind::hangup())? })
    }
}

impl Stop {
    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Listens at an address, and lets the process have as many connections as the system allows.
pub(super) fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let failed = |error| ServeError::Listen { address, error };
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit { current: limit.maximum, ..limit };
    // Where that is not allowed, there are fewer.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Nofile, raised);
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.map_err(failed)?;
    socket.set_reuseaddr(true).map_err(failed)?;
    socket.bind(address).map_err(failed)?;
    socket.listen(QUEUE).map_err(failed)
}

/// Takes connections until somebody asks the process to stop, then finishes what was begun.
pub(super) async fn run(app: Arc<App>, listener: TcpListener, mut stop: Stop, drain: Duration) {
    let router = routes::router(&app);
    let (ending, ended) = watch::channel(false);
    let places = Arc::new(Semaphore::new(MOST));
    let mut open = JoinSet::new();
    let take = |open: &mut JoinSet<()>, (stream, peer): (TcpStream, SocketAddr), place| {
        let (app, router, ended) = (app.clone(), router.clone(), ended.clone());
        open.spawn(async move {
            let _place = place;
            connection(app, router, stream, peer, ended).await;
        });
        while open.try_join_next().is_some() {}
    };
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        tokio::select! {
            taken = listener.accept() => match taken {
                Ok(taken) => take(&mut open, taken, place),
                Err(error) => failed(&error).await,
            },
            () = stop.told() => break,
        }
    }
    tracing::info!("stopping: finishing what was begun");
    app.stopping.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    while begun.elapsed() < LAST_CALL {
        let Ok(place) = places.clone().try_acquire_owned() else { break };
        match tokio::time::timeout(QUIET, listener.accept()).await {
            Ok(Ok(taken)) => take(&mut open, taken, place),
            Ok(Err(_)) | Err(_) => break,
        }
    }
    // Where they never stop coming, those who are in the queue at this moment are the last.
    for _ in 0..QUEUE {
        let Ok(place) = places.clone().try_acquire_owned() else { break };
        match tokio::time::timeout(Duration::ZERO, listener.accept()).await {
            Ok(Ok(taken)) => take(&mut open, taken, place),
            Ok(Err(_)) | Err(_) => break,
        }
    }
    drop(listener);
    // Idle connections are closed, all others after their answer.
    let _ = ending.send(true);
    let rest = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(drain, rest).await.is_err() {
        tracing::warn!(connections = open.len(), "stopped before everything was answered");
    }
}

/// Out of files or memory: it gets no better by asking again at once.
async fn failed(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::error!(error = ?error.to_string(), "connections cannot be taken");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn connection(
    app: Arc<App>,
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    mut ended: watch::Receiver<bool>,
) {
    app.metrics.connections.inc();
    // An answer goes out as one piece anyway.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| edge::handle(app.clone(), router.clone(), peer, request));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LARGEST_HEAD);
    let mut served = pin!(http.serve_connection(TokioIo::new(Patient::new(stream, app.clone())), service));
    let mut open = true;
    loop {
        tokio::select! {
            // A caller who goes away, or never says anything sensible, is none of ours.
            _ = served.as_mut() => break,
            _ = ended.changed(), if open => {
                open = false;
                served.as_mut().graceful_shutdown();
            }
        }
    }
    app.metrics.connections.dec();
}
