//! Which jobs a cron job made.

use super::View;
use crate::evidence::cluster::Job;

/// The cron job that made a job, or that a person started it from.
pub(super) fn cron_job(job: &Job) -> Option<&str> {
    job.metadata.owner_references.iter().find(|owner| owner.kind == "CronJob").map(|owner| owner.name.as_str())
}

/// The jobs of a cron job.
pub(super) fn jobs_of<'v>(view: &View<'v>, namespace: &str, name: &str) -> Vec<&'v Job> {
    let own = |job: &&Job| job.metadata.namespace == namespace && cron_job(job) == Some(name);
    view.snapshot.jobs.iter().filter(own).collect()
}
