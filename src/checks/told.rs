//! What objects tell of why they fail, added to a fault word for word: runbooks look for the cause beneath in these texts.

use super::View;
use crate::evidence::cluster::{Condition, ContainerState, Kind, ObjectRef, Pod, condition};
use crate::finding::Fault;

/// Pods of one workload fail alike: the words of so many are enough.
pub(super) const PODS: usize = 3;

/// Adds the recent warnings about an object.
pub(super) fn warnings(fault: Fault, view: &View<'_>, object: &ObjectRef) -> Fault {
    let events = view.warnings(object).into_iter();
    events.fold(fault, |fault, event| fault.seen(format!("event {}", event.reason), event.text()))
}

/// Adds reason and message of a condition where it has this status.
pub(super) fn state_of(fault: Fault, conditions: &[Condition], kind: &str, status: &str) -> Fault {
    let Some(said) = condition(conditions, kind).filter(|c| c.status == status) else { return fault };
    let path = format!("status.conditions[{kind}]");
    fault.seen(format!("{path}.reason"), said.reason.as_str()).seen(format!("{path}.message"), said.message.as_str())
}

/// Adds the conditions by which a controller says that its pods are refused, late or missing.
pub(super) fn bad_states(fault: Fault, conditions: &[Condition]) -> Fault {
    let bad = [("ReplicaFailure", "True"), ("Progressing", "False"), ("Available", "False")];
    bad.iter().fold(fault, |fault, (kind, status)| state_of(fault, conditions, kind, status))
}

/// Adds what a pod says of itself, and what is said about it.
pub(super) fn pod(fault: Fault, view: &View<'_>, pod: &Pod) -> Fault {
    let path = format!("pod {} status", pod.metadata.name);
    let fault = fault
        .seen(format!("{path}.reason"), pod.status.reason.as_str())
        .seen(format!("{path}.message"), pod.status.message.as_str());
    let unplaced = condition(&pod.status.conditions, "PodScheduled").filter(|c| c.status == "False");
    let fault = unplaced
        .iter()
        .fold(fault, |f, c| f.seen(format!("{path}.conditions[PodScheduled].message"), c.message.as_str()));
    let fault = pod.each_container().fold(fault, |fault, container| {
        let path = format!("pod {} {}", pod.metadata.name, container.path(pod));
        let fault = container_state(fault, &format!("{path}.state"), &container.status.state);
        container_state(fault, &format!("{path}.lastState"), &container.status.last_state)
    });
    warnings(fault, view, &pod.metadata.object(Kind::Pod))
}

/// Why a container waits or ended. A start under way and a good end are no reasons.
fn container_state(fault: Fault, path: &str, state: &ContainerState) -> Fault {
    let start = |reason: &str| matches!(reason, "ContainerCreating" | "PodInitializing");
    if let Some(waiting) = state.waiting.as_ref().filter(|w| !start(&w.reason)) {
        return fault
            .seen(format!("{path}.waiting.reason"), waiting.reason.as_str())
            .seen(format!("{path}.waiting.message"), waiting.message.as_str());
    }
    let Some(end) = state.terminated.as_ref().filter(|end| end.exit_code != 0) else { return fault };
    fault
        .seen(format!("{path}.terminated.reason"), end.reason.as_str())
        .seen(format!("{path}.terminated.message"), end.message.as_str())
}
