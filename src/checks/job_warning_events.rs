//! Warnings about a job or cron job that no other check explains: missed starts, jobs that nobody knows, pods that do not go.

use super::cronjob_schedule_invalid::REFUSALS;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{CronJob, Event, Job, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "job-warning-events",
    title: "Warnings about a job",
    rows: &[58],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::CronJob, Kind::Job, Kind::Event],
    hygiene: false,
    run,
};

/// Reasons of jobs that other checks tell: `replicaset-create-failed`, `job-failed`.
const OF_JOBS: &[&str] = &[
    "FailedCreate",
    "BackoffLimitExceeded",
    "DeadlineExceeded",
    "PodFailurePolicy",
    "FailedIndexes",
    "MaxFailedIndexesExceeded",
];

/// Warns of a zone in the schedule, which works all the same.
const ZONE_IN_SCHEDULE: &str = "UnsupportedSchedule";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for cron in view.snapshot.cron_jobs.iter().filter(|c| !c.metadata.is_going() && !c.spec.suspend) {
        let object = cron.metadata.object(Kind::CronJob);
        let told = |event: &Event| {
            let other = REFUSALS.contains(&event.reason.as_str()) || event.reason == ZONE_IN_SCHEDULE;
            !other && !is_healed(cron, event)
        };
        report(&mut verdict, view, &object, told);
    }
    for job in view.snapshot.jobs.iter().filter(|j| is_open(j)) {
        let told = |event: &Event| !OF_JOBS.contains(&event.reason.as_str());
        report(&mut verdict, view, &job.metadata.object(Kind::Job), told);
    }
    verdict
}

fn is_open(job: &Job) -> bool {
    !job.metadata.is_going() && !job.is_over()
}

/// Whether a job was started, or one succeeded, after the warning: then it was about a start that is made up for.
fn is_healed(cron: &CronJob, event: &Event) -> bool {
    cron.status.last_successful_time.max(cron.status.last_schedule_time) > event.last()
}

/// One fault for each reason, with its newest text.
fn report(verdict: &mut Verdict, view: &View<'_>, object: &ObjectRef, told: impl Fn(&Event) -> bool) {
    let mut reasons: Vec<&str> = Vec::new();
    for event in view.warnings(object).into_iter().filter(|event| told(event)) {
        if !reasons.contains(&event.reason.as_str()) {
            reasons.push(&event.reason);
            verdict.found(fault(object.clone(), event));
        }
    }
}

fn fault(object: ObjectRef, event: &Event) -> Fault {
    let often = if event.times() > 1 { format!(" ({} times)", event.times()) } else { String::new() };
    let text = event.text().trim_end_matches('.');
    let name = if object.kind == Kind::Job { "job" } else { "cronjob" };
    let fact = object.name.clone();
    Fault::on(object, &format!("{}: {text}{often}", event.reason))
        .seen(format!("event {}", event.reason), event.text())
        .fact(name, fact)
        .since(event.last())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, warning};

    const MISSED: &str =
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";

    fn cron() -> Thing {
        thing("batch/v1", "CronJob", "shop/backup").set("status.lastScheduleTime", "2026-11-26T03:00:00Z")
    }

    fn missed() -> Thing {
        warning("CronJob", "shop/backup", "TooManyMissedTimes", MISSED)
    }

    #[test]
    fn each_reason_is_told_once() {
        let again = missed().set("lastTimestamp", "2026-11-26T11:50:00Z");
        let other = warning("CronJob", "shop/backup", "UnexpectedJob", "Saw a job that the controller did not create");
        let told = cluster().with(cron()).with(missed()).with(again).with(other);
        let told = told.finds(&CHECK, &["cronjob shop/backup", "cronjob shop/backup"]);
        told.says("TooManyMissedTimes: too many missed start times").says("UnexpectedJob: Saw a job");
    }

    #[test]
    fn a_start_that_was_made_up_for_is_history() {
        cluster().with(cron().set("status.lastScheduleTime", "2026-11-26T11:56:00Z")).with(missed()).is_fine(&CHECK);
        cluster().with(cron()).with(missed().set("lastTimestamp", "2026-11-26T09:00:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn what_other_checks_tell_and_jobs_that_are_over_are_left_out() {
        let job = thing("batch/v1", "Job", "shop/load");
        let event = |reason: &str| warning("Job", "shop/load", reason, "pods \"load-\" is forbidden");
        cluster().with(job.clone()).with(event("FailedCreate")).is_fine(&CHECK);
        cluster().with(job.clone()).with(event("FailedDelete")).finds(&CHECK, &["job shop/load"]);
        let done = job.condition("Complete", "True", "CompletionsReached");
        cluster().with(done).with(event("FailedDelete")).is_fine(&CHECK);
        let zone = warning("CronJob", "shop/backup", "UnknownTimeZone", "invalid timeZone: \"Europe/Pariss\"");
        cluster().with(cron()).with(zone).is_fine(&CHECK);
    }
}
