//! Where the engine runs: threads of its own, few and always the same.
//!
//! Each has memory of its own for what is looked for step by step, so that a pool that grows and shrinks would cost memory without an end. Work that finds no place in the
//! queue is told to come again; nothing waits without a limit.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use axum::http::StatusCode;
use tokio::sync::oneshot;

use super::problem::Problem;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that do one kind of work.
pub(super) struct Pool {
    queue: SyncSender<Job>,
    full: &'static str,
}

impl Pool {
    /// So many threads, and a queue of so many jobs; `full` is what those are told who find no place in it.
    pub(super) fn new(threads: usize, waiting: usize, full: &'static str) -> Self {
        let (queue, jobs) = sync_channel::<Job>(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let jobs = jobs.clone();
            thread::spawn(move || {
                while let Some(job) = next(&jobs) {
                    job();
                }
            });
        }
        Self { queue, full }
    }

    /// Does the work.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.start(work)?.await.map_err(|_| broken())
    }

    /// Begins the work, or says at once that there is no place for it.
    pub(super) fn start<T, F>(&self, work: F) -> Result<oneshot::Receiver<T>, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (done, result) = oneshot::channel();
        let job = move || {
            // A caller who went away before it began has no use for it.
            if !done.is_closed() {
                let _ = done.send(work());
            }
        };
        self.queue.try_send(Box::new(job)).map_err(|_| Problem::busy(self.full))?;
        Ok(result)
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

pub(super) fn broken() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server could not finish its work: this is its own fault")
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::Pool;

    #[test]
    fn what_finds_no_place_is_told_so_at_once() {
        let pool = Pool::new(1, 1, "full");
        let (go, wait) = channel::<()>();
        let (begun, begins) = channel();
        let first = pool.start(move || {
            begun.send(()).expect("heard");
            wait.recv().expect("told");
        });
        begins.recv().expect("begun");
        let second = pool.start(|| 2).expect("a place in the queue");
        assert_eq!(pool.start(|| 3).expect_err("full").detail, "full");
        go.send(()).expect("heard");
        assert_eq!(second.blocking_recv(), Ok(2));
        assert!(first.is_ok());
    }
}
