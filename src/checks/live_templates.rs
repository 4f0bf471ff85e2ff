//! The templates that pods are still made from: what is scaled to zero, suspended or over asks for nothing.

use super::View;
use crate::evidence::cluster::{CronJob, Job, Kind, Meta, ObjectRef, PodSpec, Workload, condition};

/// A template with the object that it is of.
#[derive(Clone, Copy)]
pub(super) struct Template<'s> {
    pub(super) kind: Kind,
    pub(super) meta: &'s Meta,
    pub(super) spec: &'s PodSpec,
}

impl Template<'_> {
    pub(super) fn object(&self) -> ObjectRef {
        self.meta.object(self.kind)
    }
}

/// The templates of workloads, jobs and cron jobs that stand on their own: of a `Deployment` and its replica sets only the former.
pub(super) fn templates<'s>(view: &View<'s>) -> Vec<Template<'s>> {
    let snapshot = view.snapshot;
    let workloads = snapshot.workloads().filter(|(kind, w)| makes_pods(*kind, w));
    let workloads = workloads.map(|(kind, w)| Template { kind, meta: &w.metadata, spec: &w.spec.template.spec });
    let jobs = snapshot.jobs.iter().filter(|j| !is_done(j));
    let jobs = jobs.map(|j| Template { kind: Kind::Job, meta: &j.metadata, spec: &j.spec.template.spec });
    let cron_jobs = snapshot.cron_jobs.iter().filter(|c| !c.spec.suspend).map(of_cron_job);
    let all = workloads.chain(jobs).chain(cron_jobs);
    all.filter(|t| !t.meta.is_going() && t.meta.controller().is_none()).collect()
}

fn makes_pods(kind: Kind, workload: &Workload) -> bool {
    kind == Kind::DaemonSet || workload.wanted() > 0
}

/// Whether a job makes no more pods: suspended, or over, well or not.
fn is_done(job: &Job) -> bool {
    let failed = condition(&job.status.conditions, "Failed").is_some_and(|c| c.status == "True");
    job.spec.suspend || job.is_complete() || failed
}

fn of_cron_job(cron_job: &CronJob) -> Template<'_> {
    Template { kind: Kind::CronJob, meta: &cron_job.metadata, spec: &cron_job.spec.job_template.spec.template.spec }
}
