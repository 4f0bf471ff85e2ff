//! A cron job has been started several times, and none of its jobs has ever succeeded.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::schedule::parse;
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{CronJob, Job, Kind, Pod};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "cronjob-never-succeeded",
    title: "CronJob never succeeded",
    rows: &[56],
    severity: Severity::Medium,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::CronJob, Kind::Job],
    hygiene: false,
    run,
};

/// Runs without success that are no accident.
const RUNS: usize = 3;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let suspect = |c: &&CronJob| {
        let never = c.status.last_schedule_time.0.is_some() && c.status.last_successful_time.0.is_none();
        never && !c.spec.suspend && !c.metadata.is_going()
    };
    for cron in view.snapshot.cron_jobs.iter().filter(suspect).filter(|c| is_due(view, c)) {
        let jobs = view.jobs_of(&cron.metadata.namespace, &cron.metadata.name);
        if jobs.iter().any(|job| job.is_complete()) {
            continue;
        }
        match is_at_work(view, cron, jobs) {
            Ok(true) => {}
            Ok(false) => verdict.found(fault(view, cron, jobs)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Whether it should have run several times by now. A schedule that cannot be read has its own check.
fn is_due(view: &View<'_>, cron: &CronJob) -> bool {
    let plain = |at: Timestamp| -> DateTime { at.to_zoned(TimeZone::UTC).datetime() };
    let created = cron.metadata.creation_timestamp.0.map(plain);
    let schedule = parse(&cron.spec.schedule).ok();
    created.zip(schedule).is_some_and(|(created, schedule)| schedule.runs(created, plain(view.now), RUNS) >= RUNS)
}

/// Whether its first job is still busy and well: long work is no failure, and one that was suspended until now has only just begun.
fn is_at_work(view: &View<'_>, cron: &CronJob, jobs: &[&Job]) -> Result<bool, String> {
    if jobs.iter().any(|job| job.failure().is_some() || job.status.failed > 0) {
        return Ok(false);
    }
    let begins = matches!(jobs, [job] if !view.lasts(job.metadata.creation_timestamp, view.thresholds.recent));
    let mut pods = view.pods_of(&cron.metadata.object(Kind::CronJob)).iter();
    if begins || pods.any(|pod| pod.is_ready()) {
        return Ok(true);
    }
    view.snapshot.reads.complete(Kind::Pod, &cron.metadata.namespace).map(|()| false)
}

fn fault(view: &View<'_>, cron: &CronJob, jobs: &[&Job]) -> Fault {
    let object = cron.metadata.object(Kind::CronJob);
    let failed = jobs.iter().filter(|job| job.failure().is_some()).count();
    let kept = jobs.len();
    let seen = if kept == 0 { String::new() } else { format!("; {failed} of {kept} kept jobs failed") };
    let message = format!("it has run by the schedule {:?} and no job of it ever succeeded{seen}", cron.spec.schedule);
    let fault = Fault::on(object.clone(), &message)
        .fact("cronjob", &cron.metadata.name)
        .fact("schedule", &cron.spec.schedule)
        .since(cron.metadata.creation_timestamp);
    let mut newest = jobs.to_vec();
    newest.sort_by_key(|job| std::cmp::Reverse(job.metadata.creation_timestamp));
    let fault = newest.first().iter().fold(fault, |f, job| with_words(view, f, job));
    let fault = newest.iter().fold(fault, |f, job| f.involving(job.metadata.object(Kind::Job)));
    told::warnings(fault, view, &object)
}

/// Adds why its newest job does not get on.
fn with_words(view: &View<'_>, fault: Fault, job: &Job) -> Fault {
    let object = job.metadata.object(Kind::Job);
    let fault = fault.fact("job", &job.metadata.name);
    let fault = job.failure().iter().fold(fault, |f, end| {
        f.seen(format!("job {} status.conditions[{}].message", job.metadata.name, end.kind), end.message.as_str())
    });
    let bad = |pod: &&&Pod| pod.status.phase != "Succeeded" && !pod.is_ready();
    let pods = view.pods_of(&object).iter().filter(bad).take(told::PODS);
    let fault = pods.fold(fault, |f, pod| told::pod(f, view, pod));
    told::warnings(fault, view, &object)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing};
    use crate::evidence::cluster::Kind;

    /// Created six days ago, and started every night.
    fn cron() -> Thing {
        thing("batch/v1", "CronJob", "shop/backup")
            .set("spec.schedule", "0 3 * * *")
            .set("status.lastScheduleTime", "2026-11-26T03:00:00Z")
    }

    fn job() -> Thing {
        thing("batch/v1", "Job", "shop/backup-29").owned_by("batch/v1", "CronJob", "backup")
    }

    #[test]
    fn a_cron_job_that_never_succeeded_is_found_with_its_newest_job() {
        let failed = job()
            .condition("Failed", "True", "BackoffLimitExceeded")
            .set("status.conditions.0.message", "Job has reached the specified backoff limit");
        let told = cluster().with(cron()).with(failed).finds(&CHECK, &["cronjob shop/backup"]);
        told.says("by the schedule \"0 3 * * *\" and no job of it ever succeeded; 1 of 1 kept jobs failed");
        assert_eq!(told.faults[0].involves[0].to_string(), "job shop/backup-29");
        assert!(told.faults[0].statements.iter().any(|s| s.text.contains("backoff limit")));
    }

    #[test]
    fn a_success_a_pause_and_a_young_one_are_fine() {
        cluster().with(cron().set("status.lastSuccessfulTime", "2026-11-22T03:01:00Z")).is_fine(&CHECK);
        // Clusters before 1.21 do not note the last success.
        cluster().with(cron()).with(job().condition("Complete", "True", "")).is_fine(&CHECK);
        cluster().with(cron().set("spec.suspend", true)).is_fine(&CHECK);
        cluster().with(cron().set("metadata.creationTimestamp", "2026-11-25T00:00:00Z")).is_fine(&CHECK);
        cluster().with(cron().unset("status.lastScheduleTime")).is_fine(&CHECK);
    }

    #[test]
    fn a_first_job_that_is_still_at_work_is_fine() {
        let worker = pod("shop/backup-29-x7k2p").owned_by("batch/v1", "Job", "backup-29");
        cluster().with(cron()).with(job()).with(worker.clone()).is_fine(&CHECK);
        let stuck = worker.condition("Ready", "False", "ContainersNotReady");
        cluster().with(cron()).with(job()).with(stuck).finds(&CHECK, &["cronjob shop/backup"]);
    }

    #[test]
    fn a_first_job_that_begins_or_whose_pods_may_not_be_read_is_no_failure() {
        let starts =
            pod("shop/backup-29-x7k2p").owned_by("batch/v1", "Job", "backup-29").condition("Ready", "False", "");
        let begun = job().set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
        cluster().with(cron()).with(begun).with(starts).is_fine(&CHECK);
        cluster().with(cron()).with(job()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }
}
