//! What autoscalers of nodes say of a pod, in events about it.

use super::View;
use crate::evidence::cluster::{Event, ObjectRef};

/// What an autoscaler decided about a pod.
enum Decision {
    /// A node comes.
    Comes,
    /// None does.
    Declined,
}

/// The cluster autoscaler says `NotTriggerScaleUp` in a *normal* event; Karpenter uses the scheduler's own reason.
fn decision(event: &Event) -> Option<Decision> {
    match event.reason.as_str() {
        "TriggeredScaleUp" | "Nominated" => Some(Decision::Comes),
        "NotTriggerScaleUp" | "FailedScaleUp" => Some(Decision::Declined),
        "FailedScheduling" if is_by_karpenter(event) => Some(Decision::Declined),
        _ => None,
    }
}

fn is_by_karpenter(event: &Event) -> bool {
    [&event.source.component, &event.reporting_component].iter().any(|name| name.contains("karpenter"))
}

/// Whether a node for the pod is on its way: it takes minutes to start one, in which nothing is wrong.
pub(super) fn is_coming(view: &View<'_>, pod: &ObjectRef) -> bool {
    let comes = |e: &&Event| matches!(decision(e), Some(Decision::Comes));
    view.events(pod).iter().copied().find(comes).is_some_and(|e| view.is_recent(e.last(), view.thresholds.settle))
}

/// The event in which an autoscaler declined to add a node for the pod, if that is its last word.
pub(super) fn declined<'s>(view: &View<'s>, pod: &ObjectRef) -> Option<&'s Event> {
    let last = view.events(pod).into_iter().find(|e| decision(e).is_some())?;
    let declined = matches!(decision(last), Some(Decision::Declined));
    let recent = view.is_recent(last.last(), view.thresholds.recent);
    (declined && recent && !is_coming(view, pod)).then_some(last)
}
