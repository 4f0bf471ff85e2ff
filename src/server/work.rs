//! Where the engine runs: at once for what is short, else in a thread of a bounded pool, so that a long text never keeps others waiting.

use std::sync::Arc;

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use super::problem::Problem;

/// A text of so many bytes is read faster than it is handed to another thread.
const SHORT: usize = 8 << 10;
/// Long texts that wait for a thread, for each thread.
const WAITING: usize = 16;

/// Threads for long texts.
pub(super) struct Pool {
    threads: Arc<Semaphore>,
    /// Those that run and those that wait.
    queue: Arc<Semaphore>,
}

impl Pool {
    pub(super) fn new(threads: usize) -> Self {
        let all = threads * (WAITING + 1);
        Self { threads: Arc::new(Semaphore::new(threads)), queue: Arc::new(Semaphore::new(all)) }
    }

    /// Does the work of reading so many bytes.
    pub(super) async fn run<T, F>(&self, bytes: usize, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        if bytes <= SHORT { Ok(work()) } else { self.apart(work).await }
    }

    /// Does work that may take long.
    pub(super) async fn apart<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let full = |_| Problem::busy("too many long texts are being read at the moment: try again in a second");
        let _waiting = self.queue.clone().try_acquire_owned().map_err(full)?;
        let thread = self.threads.clone().acquire_owned().await.map_err(|_| broken())?;
        let done = tokio::task::spawn_blocking(move || {
            // A caller who went away leaves the work running; the place is taken until it ends.
            let _thread = thread;
            work()
        });
        done.await.map_err(|_| broken())
    }
}

fn broken() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server could not finish its work: this is its own fault")
}
