//! Whether the work of a pod that failed was done after all, so that its failure matters no longer.

use super::View;
use super::job_history::cron_job;
use crate::evidence::cluster::{Job, Kind, ObjectRef, Pod};

/// Whether a failed attempt needs no more attention: its job is complete, a later run of the same cron job is, or a later attempt is over and tells more.
pub(super) fn is_settled(view: &View<'_>, pod: &Pod) -> bool {
    let Some(owner) = pod.metadata.controller().filter(|owner| owner.kind == "Job" && pod.is_over()) else {
        return false;
    };
    let attempts = view.pods_of(&ObjectRef::new(Kind::Job, &pod.metadata.namespace, &owner.name));
    let done = match view.job(&pod.metadata.namespace, &owner.name) {
        Some(job) => job.is_complete() || a_later_run_is_complete(view, job),
        // The job may not be read (`cluster-info dump` has none): an attempt that went well speaks for it.
        None => attempts.iter().any(|p| p.status.phase == "Succeeded"),
    };
    done || attempts.iter().any(|other| other.is_over() && when(other) > when(pod))
}

/// When an attempt began; its name makes the order total.
fn when(pod: &Pod) -> (Option<jiff::Timestamp>, &str) {
    (pod.metadata.creation_timestamp.0, &pod.metadata.name)
}

fn a_later_run_is_complete(view: &View<'_>, job: &Job) -> bool {
    let Some(name) = cron_job(job) else { return false };
    let later = |other: &&Job| other.metadata.creation_timestamp.0 > job.metadata.creation_timestamp.0;
    view.jobs_of(&job.metadata.namespace, name).iter().copied().filter(later).any(Job::is_complete)
}
