//! A live cluster: connecting to it, listing its objects, reading logs.
//!
//! Each kind is listed once, in pages, kinds side by side. What is refused, slow or odd is noted in the snapshot's [`Reads`](crate::evidence::cluster::Reads)
//! and left out; nothing is ever written.

mod connect;
mod discover;
mod list;
mod logs;
mod request;
mod retry;
mod snapshot;

use std::time::Duration;

pub use connect::{Access, Cluster, contexts};
pub use logs::{Container, LogError};
pub use snapshot::{Progress, Scope};

/// The cluster cannot be used at all. The world's fault or a mistake in the kubeconfig, as the sentence says.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// There is no kubeconfig, or it does not say enough.
    #[error("{0}")]
    Config(String),
    /// The plugin that gets the credentials does not work.
    #[error("{0}")]
    Credentials(String),
    /// Nobody answers, or not as an API server does.
    #[error("the API server {server} cannot be reached: {why}")]
    Unreachable {
        /// Its address.
        server: String,
        /// Why, in a few words.
        why: String,
    },
    /// The server does not know who asks.
    #[error("the API server {server} refuses the credentials (401): {why}")]
    Unauthorized {
        /// Its address.
        server: String,
        /// What it says.
        why: String,
    },
}

impl LiveError {
    /// What a person can do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Config(_) => {
                "name a kubeconfig with --kubeconfig, a context with --context, or a dump with --from".into()
            }
            Self::Credentials(_) => {
                "run the plugin by hand, or log in again (`aws sso login`, `gcloud auth login` …)".into()
            }
            Self::Unreachable { why, .. } if why.contains("its certificate") => {
                "see whether the address is right, and give the kubeconfig the cluster's own `certificate-authority-data`".into()
            }
            Self::Unreachable { .. } => {
                "see whether VPN, proxy and address are right: `kubectl cluster-info`; a dump can be read with --from"
                    .into()
            }
            Self::Unauthorized { .. } => {
                "the token or certificate is expired or wrong: log in again, then try `kubectl auth whoami`".into()
            }
        }
    }
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One request, with its answer.
    pub request: Duration,
    /// Everything.
    pub overall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { request: Duration::from_secs(30), overall: Duration::from_mins(2) }
    }
}
