//! Where pods come from: what carries the labels that services, policies and budgets ask for.

use super::View;
use crate::evidence::cluster::{Kind, Map};

/// What is a pod or makes pods.
const KINDS: [Kind; 7] =
    [Kind::Pod, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::ReplicaSet, Kind::Job, Kind::CronJob];

/// Whether everything that is or makes pods in a namespace was read; else what fits may be there unseen.
///
/// # Errors
/// What was not read.
pub(super) fn complete(view: &View<'_>, namespace: &str) -> Result<(), String> {
    KINDS.iter().try_for_each(|kind| view.snapshot.reads.complete(*kind, namespace))
}

/// Labels of the pods of a namespace, and of those that its workloads and jobs would make, which may be at zero.
pub(super) fn labels<'v, 's>(view: &'v View<'s>, namespace: &'v str) -> impl Iterator<Item = &'s Map<String>> + 'v {
    let snapshot = view.snapshot;
    let pods = view.pods_in(namespace).iter().map(|p| &p.metadata.labels);
    let workloads = view.workloads_in(namespace).iter().map(|(_, w)| &w.spec.template.metadata.labels);
    let jobs = snapshot.jobs.iter().map(|j| (&j.metadata, &j.spec.template));
    let timed = snapshot.cron_jobs.iter().map(|c| (&c.metadata, &c.spec.job_template.spec.template));
    let tasks = jobs.chain(timed).filter(move |(meta, _)| meta.namespace == namespace);
    pods.chain(workloads).chain(tasks.map(|(_, template)| &template.metadata.labels))
}
