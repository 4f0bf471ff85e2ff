//! An init container does not come to its end, or a native sidecar does not start: all containers behind it wait.

use super::probes::window;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Container, ContainerStatus, Event, Kind, Pod, PodSpec, Time};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "pod-initializing-stuck",
    title: "Init container does not finish",
    rows: &[22],
    severity: Severity::High,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

/// Seconds that an init container may work: a migration takes minutes, a wait for something that never comes takes for ever.
const LONG: i64 = 900;

fn run(view: &View<'_>) -> Verdict {
    let open = |pod: &&Pod| pod.status.phase == "Pending" && !pod.metadata.is_going();
    let faults = view.snapshot.pods.iter().filter(open).filter_map(|pod| {
        let held = held(pod)?;
        view.lasts(held.since, held.patience(view)).then(|| fault(view, pod, &held))
    });
    Verdict { faults: faults.collect(), ..Verdict::default() }
}

/// The container that all others wait for.
struct Held<'p> {
    status: &'p ContainerStatus,
    spec: &'p Container,
    since: Time,
}

impl Held<'_> {
    fn is_sidecar(&self) -> bool {
        PodSpec::is_sidecar(self.spec)
    }

    /// How long it may take. A sidecar only has to start.
    fn patience(&self, view: &View<'_>) -> i64 {
        if self.is_sidecar() { window(self.spec.startup_probe.as_deref()).max(view.thresholds.settle) } else { LONG }
    }
}

/// The first init container that is not done, where it runs. One that waits or has failed is another fault.
fn held(pod: &Pod) -> Option<Held<'_>> {
    let statuses = pod.status.init_container_statuses.iter();
    let mut all = statuses.filter_map(|s| Some((s, pod.spec.init_containers.iter().find(|c| c.name == s.name)?)));
    let (status, spec) = all.find(|(status, spec)| !is_done(status, spec))?;
    let running = status.state.running.as_ref()?;
    Some(Held { status, spec, since: running.started_at })
}

/// A native sidecar is done with holding up the others as soon as it has started; it goes on running.
fn is_done(status: &ContainerStatus, spec: &Container) -> bool {
    let ended = status.state.terminated.as_ref().is_some_and(|end| end.exit_code == 0);
    let started = PodSpec::is_sidecar(spec) && status.state.running.is_some() && status.started != Some(false);
    ended || started
}

fn fault(view: &View<'_>, pod: &Pod, held: &Held<'_>) -> Fault {
    let name = &held.status.name;
    let long = Span(held.since.age(view.now).unwrap_or_default());
    let behind = waiting_behind(pod, name);
    let sentence = if held.is_sidecar() {
        format!("sidecar {name} runs and has not started by its startup probe for {long}; behind it wait {behind}")
    } else {
        format!("init container {name} has been running for {long}; behind it wait {behind}")
    };
    let own = |e: &&Event| e.container().is_none_or(|container| container == name);
    let told = view.warnings(&pod.metadata.object(Kind::Pod)).into_iter().filter(own);
    told.fold(Fault::on(pod.metadata.object(Kind::Pod), &sentence), |fault, e| {
        fault.seen(format!("event {}", e.reason), e.text())
    })
    .seen(format!("status.initContainerStatuses[{name}].state"), format!("running for {long}"))
    .fact("container", name)
    .fact("image", &held.spec.image)
    .fact("node", &pod.spec.node_name)
    .since(held.since)
}

fn waiting_behind(pod: &Pod, name: &str) -> String {
    let behind = pod.spec.all_containers().skip_while(|c| c.name != name).skip(1);
    crate::text::list(&behind.map(|c| c.name.clone()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod};

    fn initializing(since: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .set("spec.initContainers", json!([{ "name": "wait-for-db", "image": "registry.example/tools:1" }]))
            .set(
                "status.initContainerStatuses",
                json!([{ "name": "wait-for-db", "state": { "running": { "startedAt": since } } }]),
            )
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "PodInitializing" } }))
    }

    fn sidecar(since: &str, started: bool) -> Thing {
        initializing(since)
            .set("spec.initContainers.0.restartPolicy", "Always")
            .set("status.initContainerStatuses.0.started", started)
    }

    #[test]
    fn an_init_container_that_runs_for_ever_is_found() {
        let verdict = cluster().with(initializing("2026-11-26T11:20:00Z")).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("init container wait-for-db has been running for 40 minutes; behind it wait web");
        cluster().with(initializing("2026-11-26T11:55:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn a_sidecar_that_does_not_start_is_found_and_one_that_runs_is_not_awaited() {
        let stuck = cluster().with(sidecar("2026-11-26T11:50:00Z", false)).finds(&CHECK, &["pod shop/web-0"]);
        stuck.says("sidecar wait-for-db runs and has not started");
        cluster().with(sidecar("2026-11-26T11:00:00Z", true)).is_fine(&CHECK);
        let patient = sidecar("2026-11-26T11:50:00Z", false)
            .set("spec.initContainers.0.startupProbe", json!({ "periodSeconds": 10, "failureThreshold": 120 }));
        cluster().with(patient).is_fine(&CHECK);
    }

    #[test]
    fn the_first_one_that_is_not_done_holds_up_the_others() {
        let second =
            sidecar("2026-11-26T11:00:00Z", true).set("spec.initContainers.1", json!({ "name": "migrate" })).set(
                "status.initContainerStatuses.1",
                json!({ "name": "migrate", "state": { "running": { "startedAt": "2026-11-26T11:00:00Z" } } }),
            );
        cluster().with(second).finds(&CHECK, &["pod shop/web-0"]).says("init container migrate has been running");
    }

    #[test]
    fn one_that_crashes_or_is_done_and_a_pod_that_runs_are_none() {
        for state in [
            json!({ "waiting": { "reason": "CrashLoopBackOff" } }),
            json!({ "terminated": { "exitCode": 0 } }),
            json!({ "terminated": { "exitCode": 1, "reason": "Error" } }),
        ] {
            let other = initializing("2026-11-26T11:00:00Z").set("status.initContainerStatuses.0.state", state);
            cluster().with(other).is_fine(&CHECK);
        }
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
