//! `idp serve`: the contract over HTTP. Routes, errors, access and limits; every answer comes from the functions that the command line calls.
//!
//! A request passes `edge` (its id, its log line, its metrics, what every answer carries, whether it is meant for this server), CORS, `guard` (who asks, how often, how many at a time) and
//! one handler. No endpoint changes anything but what the server itself remembers.

mod app;
mod auth;
mod body;
mod cors;
mod diagnose;
mod docs;
mod edge;
mod fields;
mod guard;
mod health;
mod host;
mod library;
mod listen;
mod live;
mod logging;
mod memo;
mod metrics;
mod names;
mod openapi;
mod patient;
mod problem;
mod rate;
mod refusal;
mod reload;
mod routes;
mod runbooks;
mod suggest;
mod upload;
mod watch;
mod work;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::collect::live::Access;
use crate::diagnosis::cluster::Ignore;

pub use cors::Origins;
pub use host::Hosts;
pub use logging::{Logging, start as start_logging};
pub use openapi::document as openapi;

/// What the server is to do, worked out from flags, environment and file.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens.
    pub address: SocketAddr,
    /// The file of tokens, where callers need one.
    pub tokens: Option<PathBuf>,
    /// The names to answer to; every one where callers need a token or everybody may call.
    pub hosts: Option<Hosts>,
    /// Who may call from a page of another origin.
    pub origins: Origins,
    /// Requests per minute and caller on what costs; 0 is no limit.
    pub rate: u32,
    /// Requests that are answered at a time.
    pub concurrency: usize,
    /// Directory whose runbooks are added to the built-in ones.
    pub runbook_dir: Option<PathBuf>,
    /// Alternatives shown.
    pub top: usize,
    /// Findings of the cluster that nobody wants to hear of.
    pub ignores: Vec<Ignore>,
    /// How the cluster is reached.
    pub access: Access,
    /// How often the cluster is looked at.
    pub look_every: Duration,
    /// How long requests may still take when the server is told to stop.
    pub drain: Duration,
}

/// The server cannot start. The world's fault or a mistake in the settings, as the sentence says.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or not of this machine.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// As it was asked for.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file of tokens cannot be used.
    #[error("{0}")]
    Tokens(String),
    /// The system keeps a signal from being heard.
    #[error("cannot hear signals: {0}")]
    Signals(std::io::Error),
}

/// Serves until somebody asks the process to stop; `announce` hears where it listens.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve(options: Options, announce: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let drain = options.drain;
    let listener = listen::bind(options.address)?;
    let marks = reload::Marks::take(&options);
    let app = Arc::new(app::App::new(options)?);
    let signals = listen::Signals::new().map_err(ServeError::Signals)?;
    announce(listener.local_addr().map_err(ServeError::Signals)?);
    tokio::spawn(watch::keep_looking(app.clone()));
    tokio::spawn(reload::keep_reading(app.clone(), marks, signals.hang_up));
    tokio::spawn(rate::keep_small(app.clone()));
    listen::run(app, listener, signals.stop, drain).await;
    Ok(())
}
