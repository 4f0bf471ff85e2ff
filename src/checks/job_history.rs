//! Which cron job made a job.

use crate::evidence::cluster::Job;

/// The cron job that made a job, or that a person started it from.
pub(super) fn cron_job(job: &Job) -> Option<&str> {
    job.metadata.owner_references.iter().find(|owner| owner.kind == "CronJob").map(|owner| owner.name.as_str())
}
