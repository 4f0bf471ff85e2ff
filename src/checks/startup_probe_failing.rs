//! The startup probe of a container never succeeds, so the kubelet restarts it before it can serve.

use super::probes::{ProbeKind, Probed, period, window};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};
use crate::text::Count;

pub(super) const CHECK: Check = Check {
    id: "startup-probe-failing",
    title: "Startup probe fails",
    rows: &[25],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let all = Probed::all(view, ProbeKind::Startup);
    let faults = all.iter().filter(|probed| probed.killed(view) || is_overdue(view, probed)).map(fault);
    Verdict { faults: faults.collect(), ..Verdict::default() }
}

/// A startup probe fails while the program starts: that is what it is for. Only one that fails beyond its time tells something.
fn is_overdue(view: &View<'_>, probed: &Probed<'_>) -> bool {
    let status = probed.container.status;
    let since = status.state.running.as_ref().map(|r| r.started_at).unwrap_or_default();
    let limit = window(probed.probe()).saturating_add(period(probed.probe()));
    status.started == Some(false) && probed.times() > 0 && view.lasts(since, limit)
}

fn is_up(probed: &Probed<'_>) -> bool {
    let status = probed.container.status;
    status.state.running.is_some() && status.started.unwrap_or(status.ready)
}

fn fault(probed: &Probed<'_>) -> Fault {
    let restarts = Count(probed.container.status.restart_count.unsigned_abs(), "restart");
    let now = if is_up(probed) { "; this time it has started" } else { "" };
    let patience = window(probed.probe());
    let sentence =
        format!("{} did not succeed within {patience} s ({restarts}){now}{}", probed.title(), probed.answer());
    let fault = probed.fault(&sentence);
    if is_up(probed) { fault.severity(Severity::Medium) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning};
    use crate::finding::Severity;

    fn starting(since: &str) -> Thing {
        let probe =
            json!({ "httpGet": { "path": "/up", "port": "http" }, "periodSeconds": 10, "failureThreshold": 30 });
        pod("shop/web-0")
            .set("spec.containers.0.startupProbe", probe)
            .set("status.containerStatuses.0.ready", false)
            .set("status.containerStatuses.0.started", false)
            .set("status.containerStatuses.0.state", json!({ "running": { "startedAt": since } }))
    }

    fn unhealthy() -> Thing {
        warning("Pod", "shop/web-0", "Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 503")
    }

    fn killing() -> Thing {
        let text = "Container web failed startup probe, will be restarted";
        warning("Pod", "shop/web-0", "Killing", text).set("type", "Normal").set("metadata.name", "web-0.18")
    }

    #[test]
    fn a_start_that_was_broken_off_is_found() {
        let again = starting("2026-11-26T11:59:50Z");
        let verdict = cluster().with(again).with(unhealthy()).with(killing()).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("(GET /up on port http) did not succeed within 300 s (0 restarts): HTTP probe failed");
        let up = starting("2026-11-26T11:59:50Z").set("status.containerStatuses.0.started", true);
        let verdict = cluster().with(up).with(killing()).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.says("this time it has started").faults[0].severity, Some(Severity::Medium));
    }

    #[test]
    fn a_start_under_way_may_fail_its_probe_as_often_as_it_likes() {
        cluster().with(starting("2026-11-26T11:57:00Z")).with(unhealthy().set("count", 17)).is_fine(&CHECK);
        cluster().with(starting("2026-11-26T11:40:00Z")).with(unhealthy()).finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn a_pod_that_is_up_and_one_without_the_probe_are_fine() {
        let up = starting("2026-11-26T11:40:00Z").set("status.containerStatuses.0.started", true);
        cluster().with(up).with(unhealthy()).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_probe_with_numbers_of_any_size_is_borne() {
        let patient = starting("2026-11-26T11:40:00Z").set("spec.containers.0.startupProbe.periodSeconds", i64::MAX);
        cluster().with(patient).with(unhealthy()).is_fine(&CHECK);
    }

    #[test]
    fn a_start_after_a_kill_by_another_probe_fails_its_probe_and_is_fine() {
        let ended = |began: &str| {
            let end =
                json!({ "reason": "Error", "exitCode": 143, "startedAt": began, "finishedAt": "2026-11-26T11:56:00Z" });
            let again = starting("2026-11-26T11:56:10Z").set("status.containerStatuses.0.lastState.terminated", end);
            cluster().with(again).with(unhealthy())
        };
        ended("2026-11-26T08:00:00Z").is_fine(&CHECK);
        ended("2026-11-26T11:50:55Z").finds(&CHECK, &["pod shop/web-0"]);
        let text = "Container web failed liveness probe, will be restarted";
        let killed =
            warning("Pod", "shop/web-0", "Killing", text).set("type", "Normal").set("metadata.name", "web-0.18");
        ended("2026-11-26T11:50:55Z").with(killed).is_fine(&CHECK);
    }
}
