//! The kubelet stopped a container because its liveness or startup probe failed.

use super::killer::{Killer, killer};
use super::termination::{End, restarts, show_events};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, Probe};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-killed-by-probe",
    title: "Container stopped because its probe failed",
    rows: &[15],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event, Kind::Job],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for end in End::all(view).filter(|end| end.matters(view, view.thresholds.recent)) {
        if let Some(Killer::Probe { probe, event }) = killer(view, &end) {
            verdict.found(fault(view, &end, probe, event));
        }
    }
    verdict
}

fn fault<'v>(view: &View<'v>, end: &End<'v>, probe: &'static str, event: &'v Event) -> Fault {
    let failures = failures(view, end, probe);
    let why = failures.first().map(|failure| format!(": {}", failure.text().trim())).unwrap_or_default();
    let again = if end.runs_again() { "; it runs again" } else { "" };
    let sentence = format!(
        "the kubelet stopped container {} with exit code {} because its {probe} probe failed{}{again}{why}",
        end.name(),
        end.how.exit_code,
        restarts(end.container)
    );
    let fault = show_events(Fault::on(end.pod.metadata.object(Kind::Pod), &sentence), &failures);
    let fault = end.show(show_events(fault, &[event])).fact("probe", probe).fact("port", port(end, probe));
    if end.runs_again() { fault.severity(Severity::Medium) } else { fault }
}

/// What the probe got for an answer.
fn failures<'v>(view: &View<'v>, end: &End<'v>, probe: &str) -> Vec<&'v Event> {
    let events = view.events(&end.pod.metadata.object(Kind::Pod)).into_iter();
    let own = events.filter(|e| e.reason == "Unhealthy" && e.container().is_none_or(|name| name == end.name()));
    own.filter(|e| e.text().to_ascii_lowercase().starts_with(probe)).collect()
}

/// The port that the probe asks.
fn port(end: &End<'_>, probe: &str) -> String {
    let container = end.spec();
    let asked = match probe {
        "startup" => container.and_then(|c| c.startup_probe.as_deref()),
        _ => container.and_then(|c| c.liveness_probe.as_deref()),
    };
    let port = |probe: &Probe| {
        let http = probe.http_get.as_ref().map(|get| &get.port);
        let other = probe.tcp_socket.as_ref().or(probe.grpc.as_ref()).map(|socket| &socket.port);
        http.or(other).map(ToString::to_string)
    };
    asked.and_then(port).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, pod, warning};

    const KILLING: &str = "Container web failed liveness probe, will be restarted";
    const UNHEALTHY: &str = "Liveness probe failed: Get \"http://10.0.0.7:8080/healthz\": context deadline exceeded";

    fn stopped(code: i64, at: &str) -> Thing {
        pod("shop/web-0")
            .set("spec.containers.0.livenessProbe", json!({ "httpGet": { "path": "/healthz", "port": 8080 } }))
            .set("status.containerStatuses.0.restartCount", 4)
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }))
            .set(
                "status.containerStatuses.0.lastState.terminated",
                json!({ "reason": "Error", "exitCode": code, "finishedAt": at }),
            )
    }

    fn with_events(pod: Thing) -> Cluster {
        cluster().with(pod).with(warning("Pod", "shop/web-0", "Killing", KILLING).set("type", "Normal")).with(warning(
            "Pod",
            "shop/web-0",
            "Unhealthy",
            UNHEALTHY,
        ))
    }

    #[test]
    fn a_kill_after_failed_liveness_probes_is_found_with_the_answer_of_the_probe() {
        for code in [137, 143] {
            let found = with_events(stopped(code, "2026-11-26T11:55:20Z")).finds(&CHECK, &["pod shop/web-0"]);
            found.says("its liveness probe failed (4 restarts): Liveness probe failed: Get");
            let facts = &found.faults[0].facts;
            assert!(facts.contains(&("probe", "liveness".into())) && facts.contains(&("port", "8080".into())));
        }
    }

    #[test]
    fn a_program_that_ends_well_when_it_is_stopped_was_stopped_all_the_same() {
        with_events(stopped(0, "2026-11-26T11:55:20Z")).finds(&CHECK, &["pod shop/web-0"]);
        // Failed probes alone say nothing about a program that ended by itself.
        let unhealthy = warning("Pod", "shop/web-0", "Unhealthy", UNHEALTHY);
        cluster().with(stopped(1, "2026-11-26T11:55:20Z")).with(unhealthy).is_fine(&CHECK);
    }

    #[test]
    fn a_startup_probe_stops_a_container_and_a_readiness_probe_does_not() {
        let startup = warning("Pod", "shop/web-0", "Killing", "Container web failed startup probe, will be restarted");
        let end = || stopped(137, "2026-11-26T11:55:20Z");
        cluster().with(end()).with(startup).finds(&CHECK, &["pod shop/web-0"]).says("its startup probe failed");
        let readiness = warning("Pod", "shop/web-0", "Unhealthy", "Readiness probe failed: statuscode: 503");
        cluster().with(end()).with(readiness).is_fine(&CHECK);
    }

    #[test]
    fn events_of_another_container_and_of_long_before_say_nothing() {
        let other =
            warning("Pod", "shop/web-0", "Killing", KILLING).set("involvedObject.fieldPath", "spec.containers{proxy}");
        cluster().with(stopped(137, "2026-11-26T11:55:20Z")).with(other).is_fine(&CHECK);
        let before = warning("Pod", "shop/web-0", "Killing", KILLING).set("lastTimestamp", "2026-11-26T11:20:00Z");
        cluster().with(stopped(137, "2026-11-26T11:55:20Z")).with(before).is_fine(&CHECK);
    }

    #[test]
    fn memory_and_a_pod_that_is_well_are_none() {
        let memory = stopped(137, "2026-11-26T11:55:20Z")
            .set("status.containerStatuses.0.lastState.terminated.reason", "OOMKilled");
        with_events(memory).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_grace_of_any_length_is_borne() {
        let patient = stopped(137, "2026-11-26T11:55:20Z").set("spec.terminationGracePeriodSeconds", i64::MAX);
        with_events(patient).finds(&CHECK, &["pod shop/web-0"]);
    }
}
