//! The cluster warns again and again of an object. Such warnings are nearly always symptoms; alone they show what no other check knows.

use std::collections::{BTreeMap, BTreeSet};

use super::gist::gist;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Event, Kind, ObjectRef, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "warning-events",
    title: "Repeated warnings",
    rows: &[137],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::Event, Kind::Pod, Kind::Node],
    hygiene: false,
    run,
};

/// Reasons that say something about the object. Others belong to one controller, and a check of its own tells them.
#[rustfmt::skip]
const REASONS: &[&str] = &[
    "FailedCreatePodSandBox", "FailedToRetrieveImagePullSecret", "BackOff", "FailedDaemonPod", "FailedScheduling",
    "FailedKillPod", "FailedPreStopHook", "ExceededGracePeriod",
    "Evicted", "InvalidDiskCapacity", "NodeNotReady", "OOMKilling", "FailedDraining", "PreemptScheduled", "NodeShutdown",
    "FreeDiskSpaceFailed", "SystemOOM", "NodeStartupFailed", "ScaleUpFailed", "ScaleDownFailed",
    "Unhealthy", "ProbeError", "ProbeWarning", "PolicyViolation",
    "FailedMount", "FailedAttachVolume", "VolumeFailedDelete",
    "FailedGetResourceMetric", "FailedComputeMetricsReplicas", "KEDAScalerFailed", "FailedGetContainerResourceMetric",
    "FailedGetExternalMetric", "ScaledObjectCheckFailed", "FailedGetObjectMetric",
];

/// What is said of a pod that is about to go.
const OF_THE_END: &[&str] = &["FailedKillPod", "FailedPreStopHook", "ExceededGracePeriod"];

/// So many are no accident.
const TIMES: i64 = 3;

/// Texts that are quoted, and objects that are named.
const MOST: usize = 3;

type Warning<'s> = (ObjectRef, &'s Event);

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for ((top, reason), mut warnings) in groups(view) {
        warnings.sort_by_key(|(_, event)| std::cmp::Reverse(event.last()));
        let times: i64 = warnings.iter().map(|(_, event)| event.times()).sum();
        if times >= TIMES {
            verdict.found(fault(top, reason, times, &warnings));
        }
    }
    verdict
}

/// Warnings that still hold, by the object at the top of the owners and by reason.
fn groups<'s>(view: &View<'s>) -> BTreeMap<(ObjectRef, &'s str), Vec<Warning<'s>>> {
    let mut groups: BTreeMap<(ObjectRef, &str), Vec<Warning<'_>>> = BTreeMap::new();
    for object in warned(view) {
        let top = view.top(&object);
        for event in view.warnings(&object).into_iter().filter(|e| holds(view, &object, e)) {
            groups.entry((top.clone(), &event.reason)).or_default().push((object.clone(), event));
        }
    }
    groups
}

/// The objects that are warned of. Those that are gone cannot be helped.
fn warned(view: &View<'_>) -> BTreeSet<ObjectRef> {
    let events = view.snapshot.events.iter().filter(|e| e.is_warning() && REASONS.contains(&e.reason.as_str()));
    let objects = events.filter_map(|event| {
        let object = event.object();
        let kind = Kind::of(&object.api_version, &object.kind).or_else(|| Kind::from_word(&object.kind))?;
        Some(ObjectRef::new(kind, &object.namespace, &object.name))
    });
    objects.filter(|o| view.lookup(o.kind, &o.namespace, &o.name) != Lookup::Missing).collect()
}

/// Whether a warning says something about now.
fn holds(view: &View<'_>, object: &ObjectRef, event: &Event) -> bool {
    let reason = event.reason.as_str();
    let fits = match object.kind {
        Kind::Pod => view.pod(&object.namespace, &object.name).is_none_or(|pod| {
            let going = pod.metadata.is_going();
            let done = pod.status.phase == "Succeeded" || is_ready_since(&pod.status.conditions, event);
            let done = done || (reason == "NodeNotReady" && is_back(view, &pod.spec.node_name, event));
            !done && (!going || OF_THE_END.contains(&reason))
        }),
        Kind::Node => view.node(&object.name).is_none_or(|node| !is_ready_since(&node.status.conditions, event)),
        // What asks four times a minute and has not failed for some minutes has got its answer.
        _ => view.is_recent(event.last(), view.thresholds.settle),
    };
    fits && REASONS.contains(&reason)
}

/// Whether the node that was not ready is again.
fn is_back(view: &View<'_>, node: &str, event: &Event) -> bool {
    let known =
        view.node(node).map(|node| condition(&node.status.conditions, "Ready").is_some_and(|c| c.status == "True"));
    // Where nodes may not be read, a silence tells.
    known.unwrap_or_else(|| !view.is_recent(event.last(), view.thresholds.settle))
}

/// Whether it got ready after it was warned of.
fn is_ready_since(conditions: &[Condition], event: &Event) -> bool {
    condition(conditions, "Ready").is_some_and(|c| c.status == "True" && c.last_transition_time >= event.last())
}

fn fault(top: ObjectRef, reason: &str, times: i64, warnings: &[Warning<'_>]) -> Fault {
    let text = warnings.first().map(|(_, event)| gist(event.text())).unwrap_or_default();
    let objects: BTreeSet<&ObjectRef> = warnings.iter().map(|(object, _)| object).collect();
    let about = if objects.len() == 1 { String::new() } else { format!(" of {} objects", objects.len()) };
    let first = warnings.first().map(|(object, _)| object);
    let pod = first.filter(|o| o.kind == Kind::Pod).map_or("", |o| o.name.as_str());
    let fault = Fault::on(top, &format!("{reason}, {times} times{about} lately: {text}")).fact("pod", pod);
    let fault = fault.fact("reason", reason).since(begin(warnings));
    let texts = warnings.iter().take(MOST);
    texts.fold(fault, |fault, (_, event)| fault.seen(format!("event {reason}"), event.text()))
}

fn begin(warnings: &[Warning<'_>]) -> crate::evidence::cluster::Time {
    let first = |event: &Event| if event.first_timestamp.0.is_some() { event.first_timestamp } else { event.last() };
    warnings.iter().map(|(_, event)| first(event)).min().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, thing, warning, workload};

    fn unready(name: &str) -> Thing {
        pod(name).condition("Ready", "False", "ContainersNotReady").owned_by("apps/v1", "ReplicaSet", "web-5d7f")
    }

    fn set() -> Thing {
        workload("ReplicaSet", "shop/web-5d7f", 2).owned_by("apps/v1", "Deployment", "web")
    }

    fn probe(pod: &str) -> Thing {
        warning("Pod", pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")
    }

    #[test]
    fn warnings_of_several_pods_are_one_fault_of_their_owner() {
        let told = cluster().with(set()).with(unready("shop/web-0")).with(unready("shop/web-1"));
        let told = told.with(probe("shop/web-0")).with(probe("shop/web-1")).finds(&CHECK, &["deployment shop/web"]);
        told.says("Unhealthy, 8 times of 2 objects lately: Readiness probe failed");
        assert_eq!(told.faults[0].statements.len(), 1);
    }

    #[test]
    fn what_got_ready_since_is_over() {
        let ready = pod("shop/web-0").set("status.conditions.1.lastTransitionTime", "2026-11-26T11:56:00Z");
        cluster().with(ready).with(probe("shop/web-0")).is_fine(&CHECK);
        let back = node("worker-1").condition("Ready", "True", "KubeletReady");
        let lost = || warning("Node", "worker-1", "NodeNotReady", "Node worker-1 status is now: NodeNotReady");
        cluster().with(back).with(lost()).finds(&CHECK, &["node worker-1"]);
        let of_pod = || warning("Pod", "shop/web-0", "NodeNotReady", "Node is not ready");
        cluster().with(unready("shop/web-0")).with(node("worker-1")).with(of_pod()).is_fine(&CHECK);
        let down = node("worker-1").condition("Ready", "Unknown", "NodeStatusUnknown");
        cluster().with(unready("shop/web-0")).with(down).with(of_pod()).finds(&CHECK, &["replicaset shop/web-5d7f"]);
        let since = node("worker-1").set("status.conditions.3.lastTransitionTime", "2026-11-26T11:57:00Z");
        cluster().with(since).with(lost()).is_fine(&CHECK);
    }

    #[test]
    fn few_old_and_unknown_warnings_and_objects_that_are_gone_are_fine() {
        let alone = || cluster().with(unready("shop/web-0"));
        alone().with(probe("shop/web-0").set("count", 2)).is_fine(&CHECK);
        alone().with(probe("shop/web-0").set("lastTimestamp", "2026-11-26T09:00:00Z")).is_fine(&CHECK);
        alone().with(probe("shop/web-0").set("type", "Normal")).is_fine(&CHECK);
        alone().with(warning("Pod", "shop/web-0", "DNSConfigForming", "limits were exceeded")).is_fine(&CHECK);
        alone().with(probe("shop/web-9")).is_fine(&CHECK);
    }

    #[test]
    fn an_autoscaler_that_has_got_its_metrics_is_quiet() {
        let hpa = || thing("autoscaling/v2", "HorizontalPodAutoscaler", "shop/web");
        let failed = |at: &str| {
            warning("HorizontalPodAutoscaler", "shop/web", "FailedGetResourceMetric", "unable to get metrics for cpu")
                .set("involvedObject.apiVersion", "autoscaling/v2")
                .set("lastTimestamp", at)
        };
        let still = cluster().with(hpa()).with(failed("2026-11-26T11:59:00Z"));
        still.finds(&CHECK, &["horizontalpodautoscaler shop/web"]);
        cluster().with(hpa()).with(failed("2026-11-26T11:30:00Z")).is_fine(&CHECK);
    }
}
