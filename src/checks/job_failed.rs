//! A job has failed for good, or its attempts fail one after the other and none has succeeded.

use super::job_history::cron_job;
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Condition, Job, Kind, Meta, Pod, Time};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "job-failed",
    title: "Job failed",
    rows: &[52],
    severity: Severity::High,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::Job, Kind::CronJob],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for job in view.snapshot.jobs.iter().filter(|j| !j.metadata.is_going() && !j.is_complete()) {
        let fault = match job.failure() {
            Some(end) if !is_history(view, job) => ended(job, end),
            None if is_trying(job) && !has_newer(view, job, |_| true) => trying(job),
            _ => continue,
        };
        verdict.found(with_words(view, job, fault));
    }
    verdict
}

/// Whether attempts have failed and none has succeeded, and more will follow.
fn is_trying(job: &Job) -> bool {
    job.status.failed > 0 && job.status.succeeded == 0 && !job.spec.suspend
}

/// Whether a later run of the same cron job ended too: a success makes this failure history, a failure tells it better.
fn is_history(view: &View<'_>, job: &Job) -> bool {
    has_newer(view, job, |other| other.is_complete() || other.failure().is_some()) || succeeded_since(view, job)
}

fn has_newer(view: &View<'_>, job: &Job, is: impl Fn(&Job) -> bool) -> bool {
    let Some(owner) = cron_job(job) else { return false };
    let all = view.jobs_of(&job.metadata.namespace, owner);
    all.iter().any(|other| begun(other) > begun(job) && is(other))
}

/// Whether the cron job notes a later success; the job itself may have been cleaned up.
fn succeeded_since(view: &View<'_>, job: &Job) -> bool {
    let Some(owner) = cron_job(job) else { return false };
    let is = |meta: &Meta| meta.namespace == job.metadata.namespace && meta.name == owner;
    let owner = view.snapshot.cron_jobs.iter().find(|c| is(&c.metadata));
    owner.is_some_and(|c| c.status.last_successful_time > begun(job))
}

fn begun(job: &Job) -> Time {
    job.metadata.creation_timestamp
}

fn ended(job: &Job, end: &Condition) -> Fault {
    let why = end.message.trim_end_matches('.');
    let why = if why.is_empty() { end.reason.clone() } else { format!("{}: {why}", end.reason) };
    let fault = Fault::on(
        job.metadata.object(Kind::Job),
        &format!("the job failed ({why}), {} attempts failed, {} succeeded", job.status.failed, job.status.succeeded),
    )
    .since(end.last_transition_time);
    let limit = job.spec.active_deadline_seconds.filter(|_| end.reason == "DeadlineExceeded");
    let fault = limit.iter().fold(fault, |f, seconds| f.fact("limit", format!("{seconds} s")));
    told::state_of(fault, std::slice::from_ref(end), &end.kind, "True")
}

fn trying(job: &Job) -> Fault {
    // The API fills in 6 where no limit is given.
    let limit = job.spec.backoff_limit.unwrap_or(6);
    let failed = job.status.failed;
    let attempts = if failed == 1 { "attempt" } else { "attempts" };
    Fault::on(
        job.metadata.object(Kind::Job),
        &format!("{failed} {attempts} failed and none succeeded, the job gives up after {}", limit.saturating_add(1)),
    )
    .severity(Severity::Medium)
    .since(job.status.start_time)
}

/// Adds the words of the pods that failed, the newest first, and the warnings about the job.
fn with_words(view: &View<'_>, job: &Job, fault: Fault) -> Fault {
    let object = job.metadata.object(Kind::Job);
    let fault = fault.fact("job", &job.metadata.name).fact("cronjob", cron_job(job).unwrap_or_default());
    let fault = fault.fact("failed", job.status.failed.to_string());
    let failed = |pod: &&&Pod| pod.status.phase != "Succeeded" && !pod.is_ready();
    let mut pods: Vec<&&Pod> = view.pods_of(&object).iter().filter(failed).collect();
    pods.sort_by_key(|pod| std::cmp::Reverse(pod.metadata.creation_timestamp));
    let fault = pods.into_iter().take(told::PODS).fold(fault, |f, pod| told::pod(f, view, pod));
    told::warnings(fault, view, &object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing};

    fn job(name: &str, created: &str) -> Thing {
        thing("batch/v1", "Job", name)
            .set("metadata.creationTimestamp", created)
            .set("status", json!({ "failed": 4, "startTime": created }))
            .owned_by("batch/v1", "CronJob", "backup")
    }

    fn failed(name: &str, created: &str) -> Thing {
        job(name, created)
            .condition("Failed", "True", "BackoffLimitExceeded")
            .set("status.conditions.0.message", "Job has reached the specified backoff limit")
    }

    #[test]
    fn a_job_that_gave_up_is_found_with_the_words_of_its_pods() {
        let end = json!({ "exitCode": 2, "reason": "Error", "message": "pg_dump: error: no route to host" });
        let attempt = pod("shop/backup-1-x7k2p")
            .owned_by("batch/v1", "Job", "backup-1")
            .set("status.phase", "Failed")
            .condition("Ready", "False", "PodFailed")
            .set("status.containerStatuses.0.state", json!({ "terminated": end }));
        let told = cluster().with(failed("shop/backup-1", "2026-11-26T01:00:00Z")).with(attempt);
        let told = told.finds(&CHECK, &["job shop/backup-1"]);
        told.says(
            "the job failed (BackoffLimitExceeded: Job has reached the specified backoff limit), 4 attempts failed",
        );
        assert!(told.faults[0].statements.iter().any(|s| s.text.starts_with("pg_dump")));
    }

    #[test]
    fn a_success_or_a_failure_that_came_later_makes_it_history() {
        let old = || cluster().with(failed("shop/backup-1", "2026-11-25T01:00:00Z"));
        let done = job("shop/backup-2", "2026-11-26T01:00:00Z").condition("Complete", "True", "CompletionsReached");
        old().with(done).is_fine(&CHECK);
        old().with(failed("shop/backup-2", "2026-11-26T01:00:00Z")).finds(&CHECK, &["job shop/backup-2"]);
        let cron = thing("batch/v1", "CronJob", "shop/backup");
        old().with(cron.clone().set("status.lastSuccessfulTime", "2026-11-26T01:02:00Z")).is_fine(&CHECK);
        old().with(cron.set("status.lastSuccessfulTime", "2026-11-24T01:02:00Z")).finds(&CHECK, &["job shop/backup-1"]);
    }

    #[test]
    fn attempts_that_fail_are_told_until_one_succeeds() {
        // k8sgpt reports every job that has a failed pod, also one that another attempt completed.
        let trying = job("shop/backup-1", "2026-11-26T11:00:00Z");
        let told = cluster().with(trying.clone()).finds(&CHECK, &["job shop/backup-1"]);
        told.says("4 attempts failed and none succeeded, the job gives up after 7");
        let done = |kind: &str| trying.clone().set("status.succeeded", 1).condition(kind, "True", "CompletionsReached");
        cluster().with(done("Complete")).is_fine(&CHECK);
        cluster().with(done("SuccessCriteriaMet")).is_fine(&CHECK);
        cluster().with(trying.clone().set("status.succeeded", 1)).is_fine(&CHECK);
        cluster().with(trying.clone().set("spec.suspend", true)).is_fine(&CHECK);
        let next = job("shop/backup-2", "2026-11-26T11:30:00Z").set("status.failed", 0);
        cluster().with(trying).with(next).is_fine(&CHECK);
    }

    #[test]
    fn a_limit_of_any_size_is_borne() {
        let trying = job("shop/backup-1", "2026-11-26T11:00:00Z").set("spec.backoffLimit", i64::MAX);
        cluster().with(trying).finds(&CHECK, &["job shop/backup-1"]);
    }
}
