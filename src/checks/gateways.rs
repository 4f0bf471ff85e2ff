//! How objects of the Gateway API report of themselves.

use serde_json::Value;

use super::View;
use crate::evidence::cluster::{Condition, Meta};
use crate::finding::Fault;

/// The conditions in a part of a status.
pub(super) fn conditions(part: &Value) -> Vec<Condition> {
    let items = part["conditions"].as_array().cloned().unwrap_or_default();
    items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect()
}

/// Conditions that say no, by type, about the spec as it is now and for longer than a change takes.
pub(super) fn refused(view: &View<'_>, meta: &Meta, all: Vec<Condition>, kinds: &[&str]) -> Vec<Condition> {
    let current = |c: &Condition| c.observed_generation.zip(meta.generation).is_none_or(|(seen, now)| seen >= now);
    let settles = |c: &Condition| c.last_transition_time.age(view.now).is_some_and(|age| age < view.thresholds.settle);
    let no = |c: &Condition| c.status == "False" && kinds.contains(&c.kind.as_str());
    all.into_iter().filter(|c| no(c) && current(c) && !settles(c)).collect()
}

/// Whether nobody has looked at an object since it was made: the API itself writes this condition into new ones.
pub(super) fn is_ignored(view: &View<'_>, meta: &Meta, all: &[Condition]) -> bool {
    let waits = crate::evidence::cluster::condition(all, "Accepted").is_some_and(|c| c.status == "Unknown");
    waits && view.lasts(meta.creation_timestamp, view.thresholds.settle)
}

/// `Programmed is False (Invalid)`.
pub(super) fn worded(condition: &Condition) -> String {
    format!("{} is {} ({})", condition.kind, condition.status, condition.reason)
}

/// Adds what a condition says.
pub(super) fn tell(fault: Fault, path: &str, condition: &Condition) -> Fault {
    let path = format!("{path}.conditions[{}]", condition.kind);
    fault
        .seen(format!("{path}.reason"), condition.reason.as_str())
        .seen(format!("{path}.message"), condition.message.as_str())
}

/// An object of the Gateway API.
#[cfg(test)]
pub(super) fn made(kind: &str, name: &str) -> super::testing::Thing {
    super::testing::thing("gateway.networking.k8s.io/v1", kind, name)
}
