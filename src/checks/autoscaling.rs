//! What autoscalers point at, measure and say: shared by the checks of `HorizontalPodAutoscaler`s and of KEDA's `ScaledObject`s.

use super::{Lookup, View};
use crate::evidence::cluster::{Autoscaler, Condition, CrossRef, Kind, ObjectRef, condition};
use crate::finding::Fault;

/// Kinds of the API itself whose replicas can be set.
const SCALABLE: [Kind; 4] = [Kind::Deployment, Kind::StatefulSet, Kind::ReplicaSet, Kind::ReplicationController];

/// Groups of the API itself. What is not known of them cannot be scaled; of the groups of add-ons nobody knows.
const BUILT_IN: [&str; 4] = ["", "apps", "batch", "extensions"];

/// Metrics of an autoscaler that was read as `autoscaling/v1`.
const OLD_METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";

/// What is known of the object that an autoscaler points at.
pub(super) enum Target {
    /// It is there.
    Found(ObjectRef),
    /// It is not.
    Missing(ObjectRef),
    /// The group has no such kind, or the kind has no replicas to set.
    Unfit,
    /// It is of a kind that is not looked at.
    Foreign,
    /// It may not be seen, because …
    Unknown(String),
}

/// Looks for the object that an autoscaler points at. As for the controller, only the group of its `apiVersion` counts.
pub(super) fn target(view: &View<'_>, namespace: &str, reference: &CrossRef) -> Target {
    let Some(kind) = Kind::of(&reference.api_version, &reference.kind) else {
        return if BUILT_IN.contains(&group(reference)) { Target::Unfit } else { Target::Foreign };
    };
    if !kind.info().optional && !SCALABLE.contains(&kind) {
        return Target::Unfit;
    }
    let object = ObjectRef::new(kind, namespace, &reference.name);
    match view.lookup(kind, namespace, &reference.name) {
        Lookup::Found => Target::Found(object),
        Lookup::Missing => Target::Missing(object),
        Lookup::Unknown(why) => Target::Unknown(why),
    }
}

fn group(reference: &CrossRef) -> &str {
    reference.api_version.rsplit_once('/').map_or("", |(group, _)| group)
}

/// `deployment web`.
pub(super) fn named(reference: &CrossRef) -> String {
    format!("{} {}", reference.kind.to_ascii_lowercase(), reference.name)
}

/// Says that the group of a reference has no such kind that could be scaled.
pub(super) fn unfit(reference: &CrossRef) -> String {
    let group = Some(group(reference)).filter(|g| !g.is_empty()).unwrap_or("core");
    format!(
        "the autoscaler points at {}, but API group {group} has no kind {} whose replicas can be set",
        named(reference),
        reference.kind
    )
}

/// A resource of which an autoscaler wants a share of the request to be used.
pub(super) struct Share<'h> {
    pub(super) resource: &'h str,
    /// The one container that counts; all where it is empty.
    pub(super) container: &'h str,
}

/// The shares of requests that an autoscaler aims at. Without any metric it aims at cpu, which the API fills in.
pub(super) fn shares(hpa: &Autoscaler) -> Vec<Share<'_>> {
    if is_plain(hpa) {
        return vec![Share { resource: "cpu", container: "" }];
    }
    let resources = hpa.spec.metrics.iter().filter_map(|m| m.resource.as_ref().or(m.container_resource.as_ref()));
    let relative = resources.filter(|m| m.target.kind == "Utilization");
    relative.map(|m| Share { resource: &m.name, container: &m.container }).collect()
}

/// Whether an autoscaler asks for what `metrics-server` measures.
pub(super) fn wants_resources(hpa: &Autoscaler) -> bool {
    is_plain(hpa) || hpa.spec.metrics.iter().any(|m| matches!(m.kind.as_str(), "Resource" | "ContainerResource"))
}

fn is_plain(hpa: &Autoscaler) -> bool {
    hpa.spec.metrics.is_empty() && hpa.metadata.annotations.get(OLD_METRICS).is_none()
}

/// A condition that is `False`.
pub(super) fn denied<'h>(hpa: &'h Autoscaler, kind: &str) -> Option<&'h Condition> {
    condition(&hpa.status.conditions, kind).filter(|c| c.status == "False")
}

/// Whether the controller itself says that the target, or its kind, does not exist. It sees kinds that we do not.
pub(super) fn says_missing(hpa: &Autoscaler) -> bool {
    let words = ["not found", "no matches for", "could not find"];
    denied(hpa, "AbleToScale")
        .is_some_and(|c| c.reason == "FailedGetScale" && words.iter().any(|w| c.message.contains(w)))
}

/// Adds what an autoscaler says of itself and what its controller warns of.
pub(super) fn told(view: &View<'_>, hpa: &Autoscaler, fault: Fault) -> Fault {
    let denied = ["AbleToScale", "ScalingActive"].into_iter().filter_map(|kind| denied(hpa, kind));
    let fault =
        denied.fold(fault, |fault, c| fault.seen(format!("status.conditions[{}].message", c.kind), c.message.as_str()));
    warned(view, fault).fact("hpa", &hpa.metadata.name)
}

/// Adds the warnings of the last minutes; a controller repeats them as long as they hold.
pub(super) fn warned(view: &View<'_>, fault: Fault) -> Fault {
    let warnings = view.warnings(&fault.subject);
    let now = warnings.into_iter().filter(|e| view.is_recent(e.last(), view.thresholds.settle));
    now.fold(fault, |fault, e| fault.seen(format!("event {}", e.reason), e.text()))
}

/// An autoscaler of the Deployment of its name, between 2 and 10 replicas at 70 % of the cpu, that works.
#[cfg(test)]
pub(super) fn hpa(name: &str) -> crate::checks::testing::Thing {
    let target = name.split_once('/').map_or(name, |(_, name)| name);
    let cpu = serde_json::json!({ "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 70 } });
    crate::checks::testing::thing("autoscaling/v2", "HorizontalPodAutoscaler", name)
        .set(
            "spec.scaleTargetRef",
            serde_json::json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": target }),
        )
        .set("spec.minReplicas", 2)
        .set("spec.maxReplicas", 10)
        .set("spec.metrics", serde_json::json!([{ "type": "Resource", "resource": cpu }]))
        .condition("AbleToScale", "True", "ReadyForNewScale")
        .condition("ScalingActive", "True", "ValidMetricFound")
        .condition("ScalingLimited", "False", "DesiredWithinRange")
}
