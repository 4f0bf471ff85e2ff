//! A container was killed because it used more memory than it may, now or in its life before.

use super::termination::telling_pods;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Pod, PodContainer, Terminated};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-oom-killed",
    title: "Container killed for memory",
    rows: &[14],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Job],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in telling_pods(view) {
        for container in pod.each_container() {
            if let Some((field, end)) = killed(view, container) {
                verdict.found(fault(pod, container, field, end));
            }
        }
    }
    verdict
}

/// The kill, unless it is long ago and the container has run since: a pod that was killed once last month is well.
fn killed<'p>(view: &View<'_>, container: PodContainer<'p>) -> Option<(&'static str, &'p Terminated)> {
    let status = container.status;
    let is = |end: &&Terminated| end.reason == "OOMKilled";
    if let Some(end) = status.state.terminated.as_deref().filter(is) {
        return Some(("state", end));
    }
    let end = status.last_state.terminated.as_deref().filter(is)?;
    let runs_again = status.state.running.is_some();
    (!runs_again || view.is_recent(end.finished_at, view.thresholds.recent)).then_some(("lastState", end))
}

fn fault(pod: &Pod, container: PodContainer<'_>, field: &str, end: &Terminated) -> Fault {
    let name = &container.status.name;
    let limit = pod.spec.all_containers().find(|c| c.name == *name).and_then(|c| c.resources.limits.get("memory"));
    let limit = limit.map_or_else(
        || "it has no memory limit, so the node ran short".to_owned(),
        |l| format!("its memory limit is {l}"),
    );
    let running = container.status.state.running.is_some() && container.status.ready;
    let again = if running { "; it runs again" } else { "" };
    let restarts = container.status.restart_count;
    let fault = Fault::on(
        pod.metadata.object(Kind::Pod),
        &format!("container {name} was OOM-killed ({limit}; {restarts} restarts){again}"),
    )
    .seen(format!("{}.{field}.terminated.reason", container.path(pod)), end.reason.as_str())
    .fact("container", name)
    .fact("exit_code", end.exit_code.to_string())
    .since(end.finished_at);
    if running { fault.severity(Severity::Medium) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{cluster, pod, thing};

    const KILLED: &str = "status.containerStatuses.0.lastState.terminated";

    #[test]
    fn a_kill_is_found_in_the_state_and_in_the_state_before() {
        let killed = json!({ "reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-11-26T11:50:00Z" });
        let crashing = pod("shop/web-0")
            .set(KILLED, killed)
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }));
        cluster().with(crashing).finds(&CHECK, &["pod shop/web-0"]).says("its memory limit is 256Mi");
    }

    #[test]
    fn a_pod_that_runs_again_is_still_told_for_an_hour() {
        // k8sgpt does not report a pod that was killed and is Running again.
        let killed = |at: &str| {
            pod("shop/web-0").set(KILLED, json!({ "reason": "OOMKilled", "exitCode": 137, "finishedAt": at }))
        };
        cluster().with(killed("2026-11-26T11:50:00Z")).finds(&CHECK, &["pod shop/web-0"]).says("it runs again");
        cluster().with(killed("2026-11-01T00:00:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn another_exit_and_a_pod_that_is_well_are_none() {
        let error = json!({ "reason": "Error", "exitCode": 137, "finishedAt": "2026-11-26T11:50:00Z" });
        cluster().with(pod("shop/web-0").set(KILLED, error)).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_kill_is_over_where_its_job_succeeded_or_its_pod_goes_or_it_has_run_for_long() {
        let end =
            json!({ "terminated": { "reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-11-26T11:50:00Z" } });
        let killed = pod("shop/load-a").set("status.containerStatuses.0.state", end);
        let attempt = killed.clone().set("status.phase", "Failed").owned_by("batch/v1", "Job", "load");
        let job = thing("batch/v1", "Job", "shop/load");
        cluster().with(attempt.clone()).with(job.clone()).finds(&CHECK, &["pod shop/load-a"]);
        cluster().with(attempt).with(job.condition("Complete", "True", "")).is_fine(&CHECK);
        cluster().with(killed.set("metadata.deletionTimestamp", "2026-11-26T12:00:20Z")).is_fine(&CHECK);
        let long_ago = json!({ "reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-10-20T00:00:00Z" });
        let unready = pod("shop/web-0").set(KILLED, long_ago).set("status.containerStatuses.0.ready", false);
        cluster().with(unready).is_fine(&CHECK);
    }
}
