//! What all requests share.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

use super::auth::Tokens;
use super::body::Room;
use super::library::Library;
use super::metrics::Metrics;
use super::rate::Limiter;
use super::watch::Watch;
use super::work::Pool;
use super::{Options, ServeError};

/// Threads that read uploads of logs.
const UPLOADS: usize = 2;
/// Texts and uploads that wait for a thread.
const WAITING: usize = 2048;
const UPLOADS_WAITING: usize = 4;
/// Reads of the cluster for one request, at a time.
const LIVE: usize = 4;

/// What all requests share.
pub(super) struct App {
    pub(super) options: Options,
    pub(super) metrics: Metrics,
    pub(super) limiter: Option<Limiter>,
    /// Requests that are answered at a time.
    pub(super) places: Semaphore,
    pub(super) live: Semaphore,
    pub(super) room: Room,
    /// Reads texts and judges clusters.
    pub(super) engine: Pool,
    /// Reads uploads, which wait for their senders.
    pub(super) uploads: Pool,
    pub(super) watch: Watch,
    /// Somebody asked the process to stop.
    pub(super) stopping: AtomicBool,
    library: RwLock<Arc<Library>>,
    tokens: RwLock<Option<Arc<Tokens>>>,
}

impl App {
    pub(super) fn new(options: Options) -> Result<Self, ServeError> {
        let tokens = options.tokens.as_deref().map(Tokens::read).transpose().map_err(ServeError::Tokens)?;
        let cores = available_parallelism().map_or(1, usize::from);
        let library = Library::load(options.runbook_dir.as_deref());
        Ok(Self {
            metrics: Metrics::new(),
            limiter: Limiter::new(options.rate),
            places: Semaphore::new(options.concurrency),
            live: Semaphore::new(LIVE),
            room: Room::new(),
            // A text takes ten times as long as what is around it: the connections find room in between.
            engine: Pool::new(
                cores.clamp(1, 4),
                WAITING,
                "too many texts are being read at the moment: try again in a second",
            ),
            uploads: Pool::new(
                UPLOADS,
                UPLOADS_WAITING,
                "too many logs are being read at the moment: try again in a second",
            ),
            watch: Watch::new(),
            stopping: AtomicBool::new(false),
            library: RwLock::new(Arc::new(library)),
            tokens: RwLock::new(tokens.map(Arc::new)),
            options,
        })
    }

    /// The runbooks in force.
    pub(super) fn library(&self) -> Arc<Library> {
        self.library.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_library(&self, library: Library) {
        *self.library.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(library);
    }

    /// The tokens in force, where callers need one.
    pub(super) fn tokens(&self) -> Option<Arc<Tokens>> {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_tokens(&self, tokens: Tokens) {
        *self.tokens.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(tokens));
    }
}
