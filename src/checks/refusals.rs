//! What the API server refused to create: the answers that controllers keep of their last try.

use super::View;
use crate::evidence::cluster::{Condition, CronJob, Event, Job, Kind, ObjectRef, Time, Workload, condition};
use crate::finding::Fault;

/// A controller that could not create what it should.
pub(super) struct Refusal<'s> {
    /// The controller.
    pub(super) of: ObjectRef,
    /// Where it says so and what the API server answered, the newest first; never empty.
    pub(super) told: Vec<(&'static str, &'s str)>,
    /// Since when.
    pub(super) since: Time,
}

impl Refusal<'_> {
    /// The newest answer.
    pub(super) fn answer(&self) -> &str {
        self.told.first().map_or("", |(_, text)| text)
    }

    /// A fault on the controller with everything that was answered.
    pub(super) fn fault(&self, message: &str) -> Fault {
        let fault = Fault::on(self.of.clone(), message).since(self.since);
        self.told.iter().fold(fault, |fault, (field, text)| fault.seen(*field, *text))
    }
}

/// The controllers that miss something since the API server refuses it, where the newest answer is `about` the matter at hand.
pub(super) fn refusals<'s>(view: &View<'s>, about: fn(&str) -> bool) -> Vec<Refusal<'s>> {
    let found = short(view).into_iter().filter_map(|(of, conditions)| refusal(view, of, conditions));
    found
        .filter(|r| about(r.answer()))
        .map(|mut r| {
            r.told.retain(|(_, text)| about(text));
            r
        })
        .collect()
}

/// Who lacks something at this moment: an old refusal of what has been created since says nothing.
fn short<'s>(view: &View<'s>) -> Vec<(ObjectRef, &'s [Condition])> {
    let snapshot = view.snapshot;
    // A deployment only repeats what its replica set says.
    let workloads = snapshot.workloads().filter(|(kind, w)| *kind != Kind::Deployment && lacks_pods(*kind, w));
    let workloads = workloads.map(|(kind, w)| (w.metadata.object(kind), &*w.status.conditions));
    let jobs = snapshot.jobs.iter().filter(|j| lacks_active(j));
    let jobs = jobs.map(|j| (j.metadata.object(Kind::Job), &*j.status.conditions));
    let cron_jobs = snapshot.cron_jobs.iter().filter(|c| lacks_job(view, c));
    workloads.chain(jobs).chain(cron_jobs.map(|c| (c.metadata.object(Kind::CronJob), [].as_slice()))).collect()
}

fn lacks_pods(kind: Kind, workload: &Workload) -> bool {
    let status = &workload.status;
    match kind {
        // Its controller counts only after it has made a pod: until then it wants none, as it seems.
        Kind::DaemonSet => !workload.is_observed() || status.current_number_scheduled < status.desired_number_scheduled,
        _ => status.replicas < workload.wanted(),
    }
}

fn lacks_active(job: &Job) -> bool {
    let left = job.spec.completions.map_or(i64::MAX, |all| all.saturating_sub(job.status.succeeded));
    !job.spec.suspend && !job.is_over() && job.status.active < job.spec.parallelism.unwrap_or(1).min(left)
}

/// Whether a cron job has not started a job since its last failure to do so.
fn lacks_job(view: &View<'_>, cron_job: &CronJob) -> bool {
    let failed = failures(view, &cron_job.metadata.object(Kind::CronJob)).first().map(|e| e.last());
    !cron_job.spec.suspend && failed.is_some_and(|at| at > cron_job.status.last_schedule_time)
}

fn failures<'s>(view: &View<'s>, object: &ObjectRef) -> Vec<&'s Event> {
    view.warnings(object).into_iter().filter(|e| e.reason == "FailedCreate").collect()
}

/// Events come first: a condition keeps the text of the first failure.
fn refusal<'s>(view: &View<'s>, of: ObjectRef, conditions: &'s [Condition]) -> Option<Refusal<'s>> {
    let events = failures(view, &of);
    let said = condition(conditions, "ReplicaFailure").filter(|c| c.status == "True");
    let told = events.iter().map(|e| ("event FailedCreate", e.text()));
    let told: Vec<_> =
        told.chain(said.map(|c| ("status.conditions[ReplicaFailure].message", c.message.as_str()))).collect();
    let since = said.map(|c| c.last_transition_time);
    let since = since.or_else(|| events.last().map(|e| e.first_timestamp)).unwrap_or_default();
    (!told.is_empty()).then_some(Refusal { of, told, since })
}
