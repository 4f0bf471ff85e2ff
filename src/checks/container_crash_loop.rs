//! A container ends again and again, and the kubelet waits longer each time before it starts it anew.

use super::killer::story;
use super::termination::{End, is_looping, restarts, show_events, warnings};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Pod, PodContainer};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-crash-loop",
    title: "Container crashes again and again",
    rows: &[12, 16],
    severity: Severity::High,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in view.snapshot.pods.iter().filter(|pod| !pod.is_over() && !pod.metadata.is_going()) {
        for container in pod.each_container().filter(|container| is_looping(*container)) {
            verdict.found(fault(view, pod, container));
        }
    }
    verdict
}

fn fault<'v>(view: &View<'v>, pod: &'v Pod, container: PodContainer<'v>) -> Fault {
    let end = End::of(pod, container);
    let mut fault = Fault::on(pod.metadata.object(Kind::Pod), &sentence(view, container, end.as_ref()));
    if let Some(end) = end {
        fault = end.show(fault);
    }
    let path = format!("{}.state.waiting", container.path(pod));
    if let Some(waiting) = &container.status.state.waiting {
        fault = fault.seen(format!("{path}.message"), &waiting.message).seen(format!("{path}.reason"), &waiting.reason);
    }
    show_events(fault.fact("container", &container.status.name), &warnings(view, pod, &container.status.name))
}

fn sentence<'v>(view: &View<'v>, container: PodContainer<'v>, end: Option<&End<'v>>) -> String {
    let init = if container.init { "init " } else { "" };
    let head = format!("{init}container {} crashes again and again{}", container.status.name, restarts(container));
    match end {
        None => format!("{head}; how it ended is not known"),
        Some(end) if end.was_never_started() => format!("{head}; it cannot be started{}", end.last_words()),
        Some(end) => format!("{head}; it ended last with {}{}", story(view, end), end.last_words()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning};

    const WAITING: &str = "back-off 2m40s restarting failed container=web pod=web-0_shop(34e24d1d)";

    fn looping(path: &str, end: &serde_json::Value) -> Thing {
        pod("shop/web-0").set(path, json!({
            "name": "web", "ready": false, "restartCount": 1, "state": { "waiting": { "reason": "CrashLoopBackOff", "message": WAITING } },
            "lastState": { "terminated": end },
        }))
    }

    fn ended(code: i64, reason: &str, message: &str) -> serde_json::Value {
        json!({ "exitCode": code, "reason": reason, "message": message, "finishedAt": "2026-11-26T11:57:00Z" })
    }

    #[test]
    fn the_exit_code_its_meaning_and_the_last_words_are_told_at_the_first_restart() {
        // k8sgpt tells the reason alone, Robusta wants two restarts.
        let end = ended(1, "Error", "panic: dial tcp: lookup smtp.internal on 10.96.0.10:53: no such host\n");
        let found = cluster()
            .with(looping("status.containerStatuses.0", &end))
            .with(warning("Pod", "shop/web-0", "BackOff", "Back-off restarting failed container web"))
            .finds(&CHECK, &["pod shop/web-0"]);
        found.says("container web crashes again and again (1 restart); it ended last with exit code 1");
        found.says("lookup smtp.internal on 10.96.0.10:53: no such host");
        let fields: Vec<&str> = found.faults[0].statements.iter().map(|s| s.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "status.containerStatuses[web].lastState.terminated.message",
                "status.containerStatuses[web].lastState.terminated.exitCode",
                "status.containerStatuses[web].lastState.terminated.reason",
                "status.containerStatuses[web].state.waiting.message",
                "status.containerStatuses[web].state.waiting.reason",
                "event BackOff",
            ]
        );
    }

    #[test]
    fn an_init_container_and_a_sidecar_are_looked_at() {
        let init = |sidecar: &str| {
            looping("status.initContainerStatuses.0", &ended(2, "Error", ""))
                .set("spec.initContainers", json!([{ "name": "web", "restartPolicy": sidecar }]))
                .set("spec.containers.0.name", "app")
                .set("status.containerStatuses", json!([]))
        };
        cluster().with(init("")).finds(&CHECK, &["pod shop/web-0"]).says("init container web");
        let sidecar = cluster().with(init("Always")).finds(&CHECK, &["pod shop/web-0"]);
        assert!(sidecar.faults[0].message.as_str().starts_with("container web"));
    }

    #[test]
    fn a_program_that_finishes_is_told_apart_from_one_that_is_stopped_by_its_probe() {
        let finished = || looping("status.containerStatuses.0", &ended(0, "Completed", ""));
        cluster().with(finished()).finds(&CHECK, &["pod shop/web-0"]).says("finishes instead of staying up");
        let killing = "Container web failed liveness probe, will be restarted";
        let killing = warning("Pod", "shop/web-0", "Killing", killing).set("type", "Normal");
        cluster().with(finished()).with(killing).finds(&CHECK, &["pod shop/web-0"]).says("its liveness probe failed");
    }

    #[test]
    fn a_pod_that_is_well_and_one_that_goes_are_none() {
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
        let going = looping("status.containerStatuses.0", &ended(1, "Error", ""))
            .set("metadata.deletionTimestamp", "2026-11-26T11:59:50Z");
        cluster().with(going).is_fine(&CHECK);
    }
}
