//! A cluster out of files: a `kubectl cluster-info dump`, lists that `kubectl get` wrote, a support bundle of troubleshoot.sh, an `OpenShift` must-gather,
//! or manifests. Whatever the layout, objects are known by their `kind`; the path only says which namespace a list is about.

mod archive;
mod book;
mod documents;
mod logs;
mod walk;

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::evidence::cluster::{Kind, Origin, Snapshot};

pub use logs::DumpedLog;

/// A dump cannot be read at all. The mistake of whoever named it, or the world's.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The path, or something on the way to it.
    #[error("cannot read {path}: {error}")]
    Unreadable {
        /// As it was named.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// There is no object of Kubernetes in it.
    #[error("{path} holds no Kubernetes objects ({files} looked at)")]
    Empty {
        /// As it was named.
        path: String,
        /// Files that were read.
        files: String,
    },
}

/// A dump that was read.
#[derive(Debug)]
pub struct Dump {
    /// The objects.
    pub snapshot: Snapshot,
    /// The logs of containers.
    pub logs: Vec<DumpedLog>,
}

/// A file of a dump: its path inside, and its text.
#[derive(Debug)]
struct Piece {
    path: PathBuf,
    text: Vec<u8>,
}

/// Bytes of the largest file that is read.
const LARGEST: u64 = 512 << 20;

impl Dump {
    /// Reads a dump.
    ///
    /// # Errors
    /// See [`DumpError`]. Single files that cannot be read are remarks of the snapshot.
    pub fn read(path: &Path) -> Result<Self, DumpError> {
        let shown = path.display().to_string();
        let unreadable = |error| DumpError::Unreadable { path: shown.clone(), error };
        let mut book = book::Book::default();
        let mut logs = Vec::new();
        let mut files = 0;
        let mut take = |piece: Result<Piece, (PathBuf, io::Error)>| match piece {
            Ok(piece) if logs::is_log(&piece.path) => logs.extend(logs::read(&piece)),
            Ok(piece) => {
                files += 1;
                book.file(&piece);
            }
            Err((path, error)) => book.remark(format!("{} left out: {error}", path.display())),
        };
        if path.is_dir() {
            walk::each(path, &mut take).map_err(unreadable)?;
        } else if archive::is_archive(path) {
            archive::each(path, &mut take).map_err(unreadable)?;
        } else {
            take(walk::file(path, path).map_err(unreadable).map(Ok)?);
        }
        let mut snapshot = book.close(&shown);
        if snapshot.size() == 0 {
            return Err(DumpError::Empty { path: shown, files: crate::text::Count(files, "file").to_string() });
        }
        snapshot.taken = newest(&snapshot);
        Ok(Self { snapshot, logs })
    }
}

/// When the dump was taken, as far as it says: the newest time in it. Manifests have none.
fn newest(snapshot: &Snapshot) -> Option<Timestamp> {
    if snapshot.origin == Origin::Manifests {
        return None;
    }
    let events = snapshot.events.iter().filter_map(|e| e.last().0);
    let nodes = snapshot
        .nodes
        .iter()
        .flat_map(|n| &n.status.conditions)
        .flat_map(|c| [c.last_transition_time.0, c.last_heartbeat_time.0]);
    let pods = snapshot.pods.iter().flat_map(|p| &p.status.conditions).map(|c| c.last_transition_time.0);
    let made = [Kind::Pod, Kind::ReplicaSet, Kind::Job]
        .into_iter()
        .flat_map(|kind| snapshot.metas(kind))
        .map(|m| m.creation_timestamp.0);
    events.chain(nodes.flatten()).chain(pods.flatten()).chain(made.flatten()).max()
}
