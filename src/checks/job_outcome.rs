//! Whether the work of a pod that failed was done after all, so that its failure matters no longer.

use super::View;
use crate::evidence::cluster::{Job, Kind, ObjectRef, Pod};

/// Whether a failed attempt needs no more attention: its job is complete, a later run of the same cron job is, or a later attempt is over and tells more.
pub(super) fn is_settled(view: &View<'_>, pod: &Pod) -> bool {
    let Some(owner) = pod.metadata.controller().filter(|owner| owner.kind == "Job" && pod.is_over()) else {
        return false;
    };
    let attempts = view.pods_of(&ObjectRef::new(Kind::Job, &pod.metadata.namespace, &owner.name));
    let mut jobs = view.snapshot.jobs.iter();
    let job = jobs.find(|j| j.metadata.name == owner.name && j.metadata.namespace == pod.metadata.namespace);
    let done = match job {
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
    let Some(owner) = job.metadata.controller().filter(|owner| owner.kind == "CronJob") else { return false };
    let same = |other: &&Job| {
        other.metadata.namespace == job.metadata.namespace
            && other.metadata.controller().is_some_and(|o| o.kind == "CronJob" && o.name == owner.name)
    };
    let later = |other: &Job| other.metadata.creation_timestamp.0 > job.metadata.creation_timestamp.0;
    view.snapshot.jobs.iter().filter(same).any(|other| other.is_complete() && later(other))
}
