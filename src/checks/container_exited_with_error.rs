//! A container ended with an error and is not started again, or not yet.

use super::killer::killer;
use super::termination::{End, restarts, show_events, warnings};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-exited-with-error",
    title: "Container ended with an error",
    rows: &[16, 17],
    severity: Severity::Medium,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Job, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let ended = |end: &End<'_>| end.is_now() && end.how.exit_code != 0;
    // Kills have checks of their own.
    for end in End::all(view).filter(ended).filter(|end| killer(view, end).is_none()) {
        verdict.found(fault(view, &end));
    }
    verdict
}

fn fault<'v>(view: &View<'v>, end: &End<'v>) -> Fault {
    let init = if end.container.init { "init " } else { "" };
    let said = end.last_words();
    let restarts = restarts(end.container);
    let sentence = format!("{init}container {} ended with {}{said}{restarts}", end.name(), end.words());
    let fault = end.show(Fault::on(end.pod.metadata.object(Kind::Pod), &sentence));
    let job = end.pod.metadata.controller().filter(|owner| owner.kind == "Job").map(|owner| owner.name.as_str());
    show_events(fault.fact("job", job.unwrap_or_default()), &warnings(view, end.pod, end.name()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing};
    use crate::evidence::cluster::Kind;

    fn ended(name: &str, phase: &str, code: i64) -> Thing {
        let end = json!({ "reason": "Error", "exitCode": code, "finishedAt": "2026-11-26T11:00:00Z" });
        pod(name)
            .set("status.phase", phase)
            .set("spec.restartPolicy", "Never")
            .set("spec.containers.0.command", json!(["/app/migrate", "up"]))
            .set("status.containerStatuses.0.ready", false)
            .set("status.containerStatuses.0.state", json!({ "terminated": end }))
    }

    fn of_job(pod: Thing) -> Thing {
        pod.owned_by("batch/v1", "Job", "migrate")
    }

    fn job(name: &str, status: &str) -> Thing {
        thing("batch/v1", "Job", name).condition(status, "True", "")
    }

    #[test]
    fn a_pod_that_failed_is_told_with_what_its_code_means() {
        let found = cluster().with(ended("shop/migrate-x", "Failed", 127)).finds(&CHECK, &["pod shop/migrate-x"]);
        found.says("container web ended with exit code 127 (the command /app/migrate is not found)");
        let half = ended("shop/web-0", "Running", 3);
        cluster().with(half).finds(&CHECK, &["pod shop/web-0"]).says("exit code 3");
    }

    #[test]
    fn a_pod_that_succeeded_is_fine_whatever_its_containers_said() {
        // k8sgpt reports it (#1581).
        cluster().with(ended("shop/migrate-x", "Succeeded", 143)).is_fine(&CHECK);
    }

    #[test]
    fn a_job_that_was_retried_and_succeeded_is_fine() {
        let failed = || of_job(ended("shop/migrate-x", "Failed", 1));
        cluster().with(failed()).with(job("shop/migrate", "Complete")).is_fine(&CHECK);
        cluster().with(failed()).with(job("shop/migrate", "Failed")).finds(&CHECK, &["pod shop/migrate-x"]);
        // Without the right to read jobs the attempt that went well speaks.
        let well = of_job(pod("shop/migrate-y")).set("status.phase", "Succeeded");
        cluster().with(failed()).with(well).without(Kind::Job).is_fine(&CHECK);
    }

    #[test]
    fn of_a_cron_job_only_the_last_run_counts_and_of_a_job_the_last_attempt() {
        let run = |name: &str, status: &str, at: &str| {
            job(name, status).owned_by("batch/v1", "CronJob", "nightly").set("metadata.creationTimestamp", at)
        };
        let failed = || of_job(ended("shop/migrate-x", "Failed", 1));
        let first = || run("shop/migrate", "Failed", "2026-11-25T01:00:00Z");
        let next = run("shop/migrate-2", "Complete", "2026-11-26T01:00:00Z");
        cluster().with(failed()).with(first()).with(next).is_fine(&CHECK);
        let again =
            of_job(ended("shop/migrate-z", "Failed", 2)).set("metadata.creationTimestamp", "2026-11-26T11:30:00Z");
        cluster().with(failed()).with(again).with(first()).finds(&CHECK, &["pod shop/migrate-z"]);
    }

    #[test]
    fn what_another_check_tells_is_not_told_twice() {
        let end = "status.containerStatuses.0.state.terminated";
        cluster().with(ended("shop/a", "Failed", 137)).is_fine(&CHECK);
        cluster().with(ended("shop/a", "Failed", 137).set(&format!("{end}.reason"), "OOMKilled")).is_fine(&CHECK);
        cluster().with(ended("shop/a", "Failed", 128).set(&format!("{end}.reason"), "StartError")).is_fine(&CHECK);
        cluster().with(ended("shop/a", "Failed", 1).set("status.reason", "Evicted")).is_fine(&CHECK);
    }

    #[test]
    fn a_pod_that_nobody_restarts_is_told_for_a_day() {
        let ended = |at: &str| {
            let end = json!({ "terminated": { "exitCode": 1, "reason": "Error", "finishedAt": at } });
            pod("ci/build").set("status.phase", "Failed").set("status.containerStatuses.0.state", end)
        };
        cluster().with(ended("2026-11-26T09:00:00Z")).finds(&CHECK, &["pod ci/build"]);
        cluster().with(ended("2026-11-05T09:00:00Z")).is_fine(&CHECK);
    }
}
