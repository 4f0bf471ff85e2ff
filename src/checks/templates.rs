//! What pods are made from, once for each object that a person edits: neither the replica set of a deployment nor the job of a cron job tells it again.

use std::collections::BTreeSet;

use super::View;
use crate::evidence::cluster::{CronJob, Job, Kind, Map, Meta, ObjectRef, Pod, PodSpec, Workload};
use crate::finding::Severity;

/// What the pods of an object are made from.
#[derive(Clone, Debug)]
pub(super) struct Template<'s> {
    /// The object that a person edits: a workload, a job, or a pod that nobody manages.
    pub(super) object: ObjectRef,
    /// Labels of its pods.
    pub(super) labels: &'s Map<String>,
    /// What is asked for in its pods.
    pub(super) spec: &'s PodSpec,
    /// Where that stands in the object.
    pub(super) path: &'static str,
    /// Pods that it wants at a time.
    pub(super) pods: i64,
    /// Metadata of the object.
    pub(super) meta: &'s Meta,
}

/// Every template that still counts: what is over or going makes no more pods.
pub(super) fn templates<'v, 's>(view: &'v View<'s>) -> &'v [Template<'s>] {
    view.templates()
}

/// The same, looked for.
pub(super) fn all<'s>(view: &View<'s>) -> Vec<Template<'s>> {
    let snapshot = view.snapshot;
    let manifests = view.is_manifests();
    let workloads = snapshot.workloads().filter(|(kind, w)| *kind != Kind::ReplicaSet || w.wanted() > 0);
    let workloads = workloads.map(|(kind, w)| of_workload(kind, w, manifests));
    let jobs = snapshot.jobs.iter().filter(|j| !j.is_over()).map(of_job);
    let pods = snapshot.pods.iter().filter(|p| !p.is_over()).map(of_pod);
    let all = workloads.chain(jobs).chain(snapshot.cron_jobs.iter().map(of_cron_job)).chain(pods);
    let closing: BTreeSet<&str> =
        snapshot.namespaces.iter().filter(|n| n.metadata.is_going()).map(|n| n.metadata.name.as_str()).collect();
    let stays = |t: &Template<'_>| !t.meta.is_going() && !closing.contains(t.meta.namespace.as_str());
    all.filter(|t| stays(t) && !is_told_above(view, t.meta)).collect()
}

/// Templates of which pods are wanted, without the pods themselves: what is scaled to zero or suspended asks for nothing.
pub(super) fn wanted_templates<'v, 's>(view: &'v View<'s>) -> impl Iterator<Item = &'v Template<'s>> {
    templates(view).iter().filter(|t| t.object.kind != Kind::Pod && t.pods > 0)
}

/// Whether the object comes from another workload that was read.
fn is_told_above(view: &View<'_>, meta: &Meta) -> bool {
    view.owners(meta).iter().any(|owner| owner.kind.is_workload() && view.meta(owner).is_some())
}

fn of_workload(kind: Kind, workload: &Workload, manifests: bool) -> Template<'_> {
    let pods = match kind {
        // How many nodes it is for, only its status says.
        Kind::DaemonSet if manifests => 1,
        Kind::DaemonSet => workload.status.desired_number_scheduled,
        _ => workload.wanted(),
    };
    let (meta, template) = (&workload.metadata, &workload.spec.template);
    let labels = &template.metadata.labels;
    Template { object: meta.object(kind), labels, spec: &template.spec, path: "spec.template.spec", pods, meta }
}

fn of_job(job: &Job) -> Template<'_> {
    let (meta, template) = (&job.metadata, &job.spec.template);
    let left = job.spec.completions.map_or(i64::MAX, |all| all.saturating_sub(job.status.succeeded));
    let pods = if job.spec.suspend { 0 } else { job.spec.parallelism.unwrap_or(1).min(left).max(0) };
    let labels = &template.metadata.labels;
    Template { object: meta.object(Kind::Job), labels, spec: &template.spec, path: "spec.template.spec", pods, meta }
}

fn of_cron_job(cron_job: &CronJob) -> Template<'_> {
    let (meta, job) = (&cron_job.metadata, &cron_job.spec.job_template.spec);
    Template {
        object: meta.object(Kind::CronJob),
        labels: &job.template.metadata.labels,
        spec: &job.template.spec,
        path: "spec.jobTemplate.spec.template.spec",
        pods: if cron_job.spec.suspend { 0 } else { job.parallelism.unwrap_or(1) },
        meta,
    }
}

fn of_pod(pod: &Pod) -> Template<'_> {
    let meta = &pod.metadata;
    Template { object: meta.object(Kind::Pod), labels: &meta.labels, spec: &pod.spec, path: "spec", pods: 1, meta }
}

impl<'s> Template<'s> {
    /// Its pods that are not over; itself where it is a pod.
    pub(super) fn its_pods<'v>(&self, view: &'v View<'s>) -> impl Iterator<Item = &'s Pod> + use<'v, 's> {
        let itself = (self.object.kind == Kind::Pod).then(|| view.pod(&self.object.namespace, &self.object.name));
        let own = view.pods_of(&self.object).iter().copied();
        own.chain(itself.flatten()).filter(|pod| !pod.is_over())
    }

    /// How bad it is that no pod can be made of it any more, and what to say of the pods that it has.
    pub(super) fn outlook(&self, view: &View<'s>) -> (Severity, &'static str) {
        if self.pods == 0 {
            return (Severity::Low, "; it wants no pod at the moment");
        }
        if self.runs(view) {
            return (Severity::Medium, "; its pods still run, the next one will not");
        }
        if ran_well(view, &self.object) {
            return (Severity::Medium, "; its last run went well");
        }
        (Severity::High, "")
    }

    /// Whether all its pods are there, of the newest template, and run.
    pub(super) fn runs(&self, view: &View<'s>) -> bool {
        let pods: Vec<&Pod> = self.its_pods(view).collect();
        let enough = i64::try_from(pods.len()).unwrap_or(i64::MAX) >= self.pods.max(1);
        enough && pods.into_iter().all(runs) && view.workload(&self.object).is_none_or(|w| is_rolled_out(self, w))
    }
}

/// Whether the last run of a cron job succeeded: between two runs it has no pods, and some secrets live only as long as those.
fn ran_well(view: &View<'_>, object: &ObjectRef) -> bool {
    let mut all = view
        .snapshot
        .cron_jobs
        .iter()
        .filter(|c| object.kind == Kind::CronJob && c.metadata.object(Kind::CronJob) == *object);
    let Some(well) = all.next().map(|c| c.status.last_successful_time) else { return false };
    let open = |job: &&Job| !job.is_complete() && job.metadata.creation_timestamp > well;
    well.0.is_some() && !view.jobs_of(&object.namespace, &object.name).iter().any(open)
}

fn runs(pod: &Pod) -> bool {
    pod.status.phase == "Running" && pod.each_container().all(|c| c.status.state.waiting.is_none())
}

fn is_rolled_out(template: &Template<'_>, workload: &Workload) -> bool {
    let status = &workload.status;
    match template.object.kind {
        Kind::DaemonSet => status.updated_number_scheduled >= template.pods,
        Kind::Deployment | Kind::StatefulSet => status.updated_replicas >= template.pods,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::templates;
    use crate::checks::View;
    use crate::checks::testing::{Cluster, NOW, cluster, pod, thing, workload};

    fn told(cluster: Cluster) -> Vec<String> {
        let snapshot = cluster.snapshot();
        let view = View::new(&snapshot, NOW.parse().expect("a time"));
        templates(&view).iter().map(|t| format!("{} {}", t.object, t.pods)).collect()
    }

    #[test]
    fn a_template_is_told_once_by_the_object_that_a_person_edits() {
        let set = workload("ReplicaSet", "shop/web-5d7f", 2).owned_by("apps/v1", "Deployment", "web");
        let member = pod("shop/web-5d7f-x").owned_by("apps/v1", "ReplicaSet", "web-5d7f");
        let all = cluster().with(workload("Deployment", "shop/web", 2)).with(set.clone()).with(member.clone());
        assert_eq!(told(all), ["deployment shop/web 2"]);
        assert_eq!(
            told(cluster().with(set).with(member)),
            ["replicaset shop/web-5d7f 2"],
            "its deployment was not read"
        );
    }

    #[test]
    fn an_operator_above_a_workload_does_not_hide_it() {
        let own = workload("StatefulSet", "shop/db", 3).owned_by("monitoring.coreos.com/v1", "Prometheus", "db");
        let prometheus = thing("monitoring.coreos.com/v1", "Prometheus", "shop/db");
        assert_eq!(told(cluster().with(own).with(prometheus)), ["statefulset shop/db 3"]);
    }

    #[test]
    fn what_is_over_or_going_makes_no_more_pods() {
        let done = thing("batch/v1", "Job", "shop/load").condition("Complete", "True", "");
        let over = pod("shop/once").set("status.phase", "Succeeded");
        let going = workload("Deployment", "shop/web", 2).set("metadata.deletionTimestamp", NOW);
        let closing = thing("v1", "Namespace", "old").set("metadata.deletionTimestamp", NOW);
        let in_it = workload("Deployment", "old/web", 2);
        assert!(told(cluster().with(done).with(over).with(going).with(closing).with(in_it)).is_empty());
    }

    #[test]
    fn jobs_count_the_pods_that_they_still_want() {
        let job = thing("batch/v1", "Job", "shop/load")
            .set("spec", json!({ "parallelism": 4, "completions": 5 }))
            .set("status", json!({ "succeeded": 3 }));
        let asleep = thing("batch/v1", "CronJob", "shop/nightly").set("spec.suspend", true);
        assert_eq!(told(cluster().with(job).with(asleep)), ["job shop/load 2", "cronjob shop/nightly 0"]);
    }

    #[test]
    fn numbers_of_any_size_are_borne() {
        let odd = thing("batch/v1", "Job", "shop/load")
            .set("spec", json!({ "parallelism": 4, "completions": 5 }))
            .set("status", json!({ "succeeded": i64::MIN }));
        assert_eq!(told(cluster().with(odd)), ["job shop/load 4"]);
    }
}
