//! The liveness probe of a container fails, so the kubelet restarts it, or is about to.

use super::probes::{ProbeKind, Probed};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};
use crate::text::Count;

pub(super) const CHECK: Check = Check {
    id: "liveness-probe-failing",
    title: "Liveness probe fails",
    rows: &[24],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let all = Probed::all(view, ProbeKind::Liveness);
    let faults = all.iter().filter(|probed| matters(view, probed)).map(|probed| fault(view, probed));
    Verdict { faults: faults.collect(), ..Verdict::default() }
}

/// Nobody answers for a program that ended by itself: then the failed probe is an echo, and the end is told by others.
fn matters(view: &View<'_>, probed: &Probed<'_>) -> bool {
    probed.killed(view) || (probed.fails(view) && probed.end(view).is_none())
}

fn fault(view: &View<'_>, probed: &Probed<'_>) -> Fault {
    let killed = probed.killed(view);
    let up = probed.container.status.state.running.is_some() && probed.container.status.ready;
    let outcome = match (killed, up) {
        (true, true) => "; the kubelet restarted it and it runs again",
        (true, false) => "; the kubelet restarts it",
        _ => "; it was not restarted yet",
    };
    let restarts = probed.container.status.restart_count.unsigned_abs();
    let sentence = format!(
        "{} failed {}{outcome} ({}){}",
        probed.title(),
        Count(probed.times().unsigned_abs(), "time"),
        Count(restarts, "restart"),
        probed.answer()
    );
    let fault = probed.fault(&sentence);
    if killed && !up { fault } else { fault.severity(Severity::Medium) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning};
    use crate::finding::Severity;

    const TIMEOUT: &str = "Liveness probe failed: Get \"http://10.0.0.7:8080/healthz\": context deadline exceeded";

    fn web() -> Thing {
        pod("shop/web-0")
            .set("spec.containers.0.livenessProbe", json!({ "httpGet": { "path": "/healthz", "port": 8080 } }))
    }

    fn unhealthy(text: &str) -> Thing {
        warning("Pod", "shop/web-0", "Unhealthy", text)
    }

    fn killing() -> Thing {
        let text = "Container web failed liveness probe, will be restarted";
        warning("Pod", "shop/web-0", "Killing", text).set("type", "Normal").set("metadata.name", "web-0.18")
    }

    fn ended(code: i64) -> Thing {
        web()
            .set("status.containerStatuses.0.ready", false)
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }))
            .set(
                "status.containerStatuses.0.lastState.terminated",
                json!({ "reason": "Error", "exitCode": code, "finishedAt": "2026-11-26T11:56:00Z" }),
            )
    }

    #[test]
    fn a_container_that_is_restarted_again_and_again_is_found_with_the_answer() {
        let all = cluster().with(ended(0)).with(unhealthy(TIMEOUT)).with(killing());
        let verdict = all.finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("container web (GET /healthz on port 8080) failed 4 times; the kubelet restarts it");
        verdict.says("context deadline exceeded");
        assert_eq!((verdict.faults[0].statements.len(), verdict.faults[0].severity), (2, None));
        // Its word for the kill is forgotten.
        cluster().with(ended(137)).with(unhealthy(TIMEOUT)).finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn failures_without_a_restart_yet_and_a_container_that_runs_again_are_less_bad() {
        let errored = "Liveness probe errored and resulted in unknown state: rpc error: command timed out";
        for event in [unhealthy(TIMEOUT), unhealthy(errored), killing()] {
            let verdict = cluster().with(web()).with(event).finds(&CHECK, &["pod shop/web-0"]);
            assert_eq!(verdict.faults[0].severity, Some(Severity::Medium));
        }
    }

    #[test]
    fn a_program_that_ends_by_itself_is_not_killed_by_its_probe() {
        cluster().with(ended(1)).with(unhealthy("Liveness probe failed: connection refused")).is_fine(&CHECK);
    }

    #[test]
    fn one_slow_answer_and_other_probes_are_none() {
        cluster().with(web()).with(unhealthy(TIMEOUT).set("count", 1)).is_fine(&CHECK);
        cluster().with(web()).with(unhealthy("Readiness probe failed: statuscode: 503")).is_fine(&CHECK);
        let old = unhealthy(TIMEOUT).set("lastTimestamp", "2026-11-25T11:55:00Z");
        cluster().with(web()).with(old).is_fine(&CHECK);
        cluster().with(web().set("metadata.deletionTimestamp", "2026-11-26T12:00:20Z")).with(killing()).is_fine(&CHECK);
    }

    #[test]
    fn failures_of_the_sidecar_are_not_those_of_the_program() {
        let two = web().set("status.containerStatuses.1", json!({ "name": "proxy", "ready": true }));
        let other = unhealthy(TIMEOUT).set("involvedObject.fieldPath", "spec.containers{proxy}");
        cluster().with(two).with(other).finds(&CHECK, &["pod shop/web-0"]).says("of container proxy failed");
    }

    #[test]
    fn failures_that_add_up_over_hours_and_have_ended_are_none() {
        let ended = unhealthy(TIMEOUT).set("count", 3).set("lastTimestamp", "2026-11-26T11:05:00Z");
        cluster().with(web()).with(ended).is_fine(&CHECK);
    }
}
