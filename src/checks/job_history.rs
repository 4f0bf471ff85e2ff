//! How jobs ended, and which jobs a cron job made.

use super::View;
use crate::evidence::cluster::{Condition, Job, condition};

/// The condition that ended a job badly. `FailureTarget` says so while its last pods are still going.
pub(super) fn failure(job: &Job) -> Option<&Condition> {
    let said = |kind| condition(&job.status.conditions, kind).filter(|c| c.status == "True");
    said("Failed").or_else(|| said("FailureTarget"))
}

/// Whether a job will make no more pods.
pub(super) fn is_over(job: &Job) -> bool {
    job.is_complete() || failure(job).is_some()
}

/// The cron job that made a job, or that a person started it from.
pub(super) fn cron_job(job: &Job) -> Option<&str> {
    job.metadata.owner_references.iter().find(|owner| owner.kind == "CronJob").map(|owner| owner.name.as_str())
}

/// The jobs of a cron job.
pub(super) fn jobs_of<'v>(view: &View<'v>, namespace: &str, name: &str) -> Vec<&'v Job> {
    let own = |job: &&Job| job.metadata.namespace == namespace && cron_job(job) == Some(name);
    view.snapshot.jobs.iter().filter(own).collect()
}
