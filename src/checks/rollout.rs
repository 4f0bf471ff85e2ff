//! How far the controller of a workload is with what is asked for.

use crate::evidence::cluster::Workload;

/// Seconds that a roll-out may stand still where nothing is said: what a `Deployment` grants.
pub(super) const DEADLINE: i64 = 600;

/// Whether the status is about the spec as it is now. Until the controller has looked at a change, its numbers are about what was asked before.
pub(super) fn is_observed(workload: &Workload) -> bool {
    match (workload.metadata.generation, workload.status.observed_generation) {
        (Some(asked), Some(seen)) => seen >= asked,
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Whether another workload makes this one, so that its faults are told there.
pub(super) fn has_parent(workload: &Workload) -> bool {
    let kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"];
    workload.metadata.controller().is_some_and(|owner| kinds.contains(&owner.kind.as_str()))
}
