//! A container runs and is not ready, for longer than a start takes: it gets no traffic.

use super::probes::{ProbeKind, Probed, period, window};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Kind, Node, ObjectRef, Time, condition};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "readiness-probe-failing",
    title: "Container runs and is not ready",
    rows: &[23],
    severity: Severity::High,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event, Kind::Node],
    hygiene: false,
    run,
};

/// Seconds that a program may take to start, however impatient its probe is.
const START: i64 = 120;

fn run(view: &View<'_>) -> Verdict {
    let all = Probed::all(view, ProbeKind::Readiness);
    let faults = all.iter().filter(|probed| is_unready(probed) && has_had_time(view, probed));
    Verdict { faults: faults.map(|probed| fault(view, probed)).collect(), ..Verdict::default() }
}

/// Until its startup probe has succeeded a container cannot be ready.
fn is_unready(probed: &Probed<'_>) -> bool {
    let status = probed.container.status;
    let runs = probed.pod.status.phase == "Running" && status.state.running.is_some();
    runs && !status.ready && status.started != Some(false)
}

/// At its start by the clock of the container, or by the number of failures; later by the time for which it has not been ready: many programs pause.
fn has_had_time(view: &View<'_>, probed: &Probed<'_>) -> bool {
    let patience = window(probed.probe()).max(START);
    if !view.lasts(started(probed), patience) {
        return probed.times().saturating_mul(period(probed.probe())) >= patience;
    }
    let unready = unready(probed).map(|c| c.last_transition_time);
    unready.is_none_or(|since| since.0.is_none() || view.lasts(since, START))
}

/// The condition that says that containers are not ready.
fn unready<'v>(probed: &Probed<'v>) -> Option<&'v Condition> {
    condition(&probed.pod.status.conditions, "ContainersReady").filter(|c| c.status == "False")
}

fn started(probed: &Probed<'_>) -> Time {
    probed.container.status.state.running.as_ref().map(|r| r.started_at).unwrap_or_default()
}

/// Since when: the condition says it, where it is about these containers.
fn since(probed: &Probed<'_>) -> Time {
    unready(probed).map(|c| c.last_transition_time).filter(|t| t.0.is_some()).unwrap_or_else(|| started(probed))
}

/// Its node, where that is not ready itself: then the state is what its kubelet said last.
fn lost_node<'v>(view: &View<'v>, probed: &Probed<'_>) -> Option<&'v Node> {
    let node = view.node(&probed.pod.spec.node_name)?;
    condition(&node.status.conditions, "Ready").is_some_and(|c| c.status != "True").then_some(node)
}

fn fault(view: &View<'_>, probed: &Probed<'_>) -> Fault {
    let since = since(probed);
    let long = since.age(view.now).map(|age| format!(" for {}", Span(age))).unwrap_or_default();
    let node = lost_node(view, probed);
    let on = node.map(|n| format!("; its node {} is not ready either", n.metadata.name)).unwrap_or_default();
    let sentence = if probed.probe().is_some() || probed.times() > 0 {
        format!("{} has kept it from traffic{long}{on}{}", probed.title(), probed.answer())
    } else {
        format!("container {} runs and has not been ready{long}{on}", probed.name())
    };
    let fault = unready(probed).into_iter().fold(probed.fault(&sentence), |fault, c| {
        fault.seen("status.conditions[ContainersReady].message", c.message.as_str())
    });
    let nodes = node.map(|n| ObjectRef::new(Kind::Node, "", &n.metadata.name));
    nodes.into_iter().fold(fault.since(since), Fault::involving)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, warning};

    fn unready(since: &str) -> Thing {
        pod("shop/web-0")
            .set("spec.containers.0.readinessProbe", json!({ "httpGet": { "path": "/ready", "port": 8080 } }))
            .set("status.containerStatuses.0.ready", false)
            .set("status.containerStatuses.0.state", json!({ "running": { "startedAt": since } }))
            .condition("Ready", "False", "ContainersNotReady")
    }

    fn unhealthy(count: i64) -> Thing {
        let text = "Readiness probe failed: HTTP probe failed with statuscode: 503";
        warning("Pod", "shop/web-0", "Unhealthy", text).set("count", count)
    }

    #[test]
    fn a_container_that_does_not_get_ready_is_found_with_the_answer() {
        let all = cluster().with(unready("2026-11-26T11:40:00Z")).with(unhealthy(90));
        let verdict = all.finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("of container web (GET /ready on port 8080) has kept it from traffic for 20 minutes: HTTP probe");
        assert!(verdict.faults[0].facts.contains(&("probe", "readiness".into())));
    }

    #[test]
    fn another_event_after_the_failure_hides_nothing() {
        // k8sgpt asks for `Unhealthy` in the latest event.
        let later = warning("Pod", "shop/web-0", "FailedMount", "late").set("lastTimestamp", "2026-11-26T11:59:00Z");
        let all = cluster().with(unready("2026-11-26T11:40:00Z")).with(unhealthy(90)).with(later);
        all.finds(&CHECK, &["pod shop/web-0"]).says("statuscode: 503");
        // Events expire after an hour.
        cluster().with(unready("2026-11-26T09:40:00Z")).finds(&CHECK, &["pod shop/web-0"]).says("for 2 hours");
    }

    #[test]
    fn a_start_under_way_and_one_that_waits_for_its_startup_probe_are_fine() {
        cluster().with(unready("2026-11-26T11:59:00Z")).with(unhealthy(2)).is_fine(&CHECK);
        let slow = unready("2026-11-26T11:55:00Z").set("spec.containers.0.readinessProbe.initialDelaySeconds", 600);
        cluster().with(slow).is_fine(&CHECK);
        let starting = unready("2026-11-26T11:40:00Z").set("status.containerStatuses.0.started", false);
        cluster().with(starting).is_fine(&CHECK);
        cluster().with(unready("2026-11-26T11:59:00Z")).with(unhealthy(37)).finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn a_node_that_is_not_ready_is_involved() {
        let dead = node("worker-1").condition("Ready", "Unknown", "NodeStatusUnknown");
        let verdict = cluster().with(unready("2026-11-26T11:40:00Z")).with(dead).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("its node worker-1 is not ready either");
        assert_eq!(verdict.faults[0].involves.len(), 1);
    }

    #[test]
    fn what_is_ready_crashes_or_goes_is_none() {
        cluster().with(pod("shop/web-0")).with(unhealthy(4)).is_fine(&CHECK);
        let looping = unready("2026-11-26T11:40:00Z")
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }));
        cluster().with(looping).is_fine(&CHECK);
        let going = unready("2026-11-26T11:40:00Z").set("metadata.deletionTimestamp", "2026-11-26T12:00:10Z");
        cluster().with(going).is_fine(&CHECK);
    }

    #[test]
    fn a_program_that_pauses_for_a_moment_is_fine() {
        let paused = |at: &str| {
            let thing = unready("2026-11-23T12:00:00Z").condition("ContainersReady", "False", "ContainersNotReady");
            thing.set("status.conditions.2.lastTransitionTime", at)
        };
        cluster().with(paused("2026-11-26T11:59:55Z")).with(unhealthy(1)).is_fine(&CHECK);
        cluster().with(paused("2026-11-26T11:50:00Z")).finds(&CHECK, &["pod shop/web-0"]).says("for 10 minutes");
    }

    #[test]
    fn a_probe_with_numbers_of_any_size_is_borne() {
        let probe = json!({ "initialDelaySeconds": i64::MAX, "periodSeconds": i64::MAX, "failureThreshold": i64::MAX });
        let patient = unready("2026-11-26T11:40:00Z").set("spec.containers.0.readinessProbe", probe);
        cluster().with(patient.clone()).is_fine(&CHECK);
        cluster().with(patient).with(unhealthy(i64::MAX)).finds(&CHECK, &["pod shop/web-0"]);
    }
}
