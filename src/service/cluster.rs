//! The health of a cluster, from what was read of it.

use jiff::Timestamp;

use crate::checks::{Selection, View, examine};
use crate::collect::live::LiveError;
use crate::diagnosis::cluster::{Health, Wish, diagnose_cluster};
use crate::evidence::cluster::Snapshot;
use crate::finding::Fault;
use crate::runbook::Catalogue;

/// Judges a snapshot.
#[must_use]
pub fn judge(snapshot: &Snapshot, selection: &Selection, catalogue: &Catalogue, wish: &Wish) -> Health {
    judge_keeping(snapshot, selection, catalogue, wish).0
}

/// Judges a snapshot, and keeps what the checks found.
#[must_use]
pub fn judge_keeping(
    snapshot: &Snapshot,
    selection: &Selection,
    catalogue: &Catalogue,
    wish: &Wish,
) -> (Health, Vec<Fault>) {
    let view = View::new(snapshot, snapshot.taken.unwrap_or_else(Timestamp::now));
    let examined = examine(&view, selection);
    let faults = examined.faults.clone();
    (diagnose_cluster(&view, examined, catalogue, wish), faults)
}

/// The health of a cluster that does not answer, or does not know who asks; any other error is a mistake in how it is reached.
#[must_use]
pub fn unreachable(error: &LiveError, context: Option<&str>) -> Option<Health> {
    let why = match error {
        LiveError::Unreachable { .. } | LiveError::Unauthorized { .. } => format!("{error}; {}", error.help()),
        LiveError::Config(_) | LiveError::Credentials(_) => return None,
    };
    Some(Health::unreachable(context.unwrap_or("current context"), Timestamp::now(), why))
}
