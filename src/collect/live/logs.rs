//! Logs of containers, now and of their life before.

use super::Cluster;
use super::request::{Failure, escape};

/// A container whose log is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Namespace of its pod.
    pub namespace: String,
    /// Its pod.
    pub pod: String,
    /// Its name.
    pub name: String,
    /// The log of its life before.
    pub previous: bool,
}

/// A log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The container has not run yet, or has had no life before: there is no log.
    #[error("there is none")]
    None,
    /// Anything else, in a few words.
    #[error("{0}")]
    Failed(String),
}

/// Bytes of a log that are read; the last ones matter.
const MOST: usize = 10 << 20;

impl Cluster {
    /// The last `tail` lines of a container's log, at most 10 MiB of them.
    ///
    /// # Errors
    /// See [`LogError`].
    pub async fn log(&self, container: &Container, tail: u64) -> Result<Vec<u8>, LogError> {
        let Container { namespace, pod, name, previous } = container;
        let path = format!(
            "/api/v1/namespaces/{namespace}/pods/{pod}/log?container={}&previous={previous}&tailLines={tail}&limitBytes={MOST}&timestamps=false",
            escape(name)
        );
        match self.get(&path, "*/*").await {
            Ok(text) if text.is_empty() => Err(LogError::None),
            Ok(text) => Ok(text),
            Err(Failure::NotFound | Failure::Status(400, _)) => Err(LogError::None),
            Err(failure) => Err(LogError::Failed(failure.to_string())),
        }
    }
}
