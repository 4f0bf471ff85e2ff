//! The API server refuses the pods of a controller: quota, admission, a missing service account.

use super::webhook_targets::uncalled;
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Condition, Event, Job, Kind, ObjectRef, Time, Workload, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "replicaset-create-failed",
    title: "Pods are refused",
    rows: &[43],
    severity: Severity::High,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::ReplicaSet, Kind::StatefulSet, Kind::DaemonSet, Kind::ReplicationController, Kind::Job, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // A deployment repeats what its replica set says: `rollout-stuck` tells it.
    let alive = |(kind, w): &(Kind, &Workload)| *kind != Kind::Deployment && !w.metadata.is_going();
    for (kind, workload) in view.snapshot.workloads().filter(alive) {
        let object = workload.metadata.object(kind);
        let found = said_by_condition(&object, workload).or_else(|| said_by_event(view, &object, pods(kind, workload)));
        if let Some(fault) = found {
            verdict.found(told::warnings(asking(view, fault), view, &object));
        }
    }
    for job in view.snapshot.jobs.iter().filter(|j| !j.metadata.is_going() && !j.spec.suspend && !j.is_over()) {
        let object = job.metadata.object(Kind::Job);
        if let Some(fault) = said_by_event(view, &object, pods_of_job(job)) {
            verdict.found(told::warnings(asking(view, fault), view, &object));
        }
    }
    verdict
}

/// With the webhook that was to be asked first, where that is what failed.
fn asking(view: &View<'_>, fault: Fault) -> Fault {
    match uncalled(view, fault.message.as_str()) {
        Some(webhook) => fault.involving(webhook),
        None => fault,
    }
}

/// Pods that are there, and pods that are wanted, where somebody has counted them.
type Pods = (i64, Option<i64>);

fn pods(kind: Kind, workload: &Workload) -> Pods {
    let status = &workload.status;
    match kind {
        // Its controller counts only after it has made a pod.
        Kind::DaemonSet if !workload.is_observed() => (status.current_number_scheduled, None),
        Kind::DaemonSet => (status.current_number_scheduled, Some(status.desired_number_scheduled)),
        _ => (status.replicas, Some(workload.wanted())),
    }
}

fn pods_of_job(job: &Job) -> Pods {
    let parallel = job.spec.parallelism.unwrap_or(1);
    let left = job.spec.completions.map_or(parallel, |all| all.saturating_sub(job.status.succeeded));
    (job.status.active, Some(parallel.min(left)))
}

/// What the controller states itself, whatever the number of pods that it has; it takes it back with the first success.
fn said_by_condition(object: &ObjectRef, workload: &Workload) -> Option<Fault> {
    let said = condition(&workload.status.conditions, "ReplicaFailure").filter(|c| c.status == "True")?;
    let numbers = pods(object.kind, workload);
    let current = workload.is_observed() && numbers != (0, Some(0));
    current.then(|| {
        let fault = fault(object, numbers, verb(said), &said.message, said.last_transition_time);
        told::state_of(fault, std::slice::from_ref(said), "ReplicaFailure", "True")
    })
}

fn verb(said: &Condition) -> &'static str {
    if said.reason == "FailedDelete" { "delete" } else { "create" }
}

/// What an event states, as long as pods are missing and none could be made since.
fn said_by_event(view: &View<'_>, object: &ObjectRef, numbers: Pods) -> Option<Fault> {
    let refused = view.warnings(object).into_iter().find(|event| event.reason == "FailedCreate")?;
    let made = |event: &&Event| event.reason == "SuccessfulCreate" && event.last() > refused.last();
    let healed = numbers.1.is_some_and(|wanted| numbers.0 >= wanted) || view.events(object).iter().any(made);
    (!healed).then(|| {
        fault(object, numbers, "create", refused.text(), refused.first_timestamp)
            .seen("event FailedCreate", refused.text())
    })
}

fn fault(object: &ObjectRef, (there, wanted): Pods, verb: &str, why: &str, since: Time) -> Fault {
    let why = why.trim_end_matches('.');
    let counted = wanted.map(|wanted| format!("{there} of {wanted} pods are there, and ")).unwrap_or_default();
    Fault::on(object.clone(), &format!("{counted}it cannot {verb} pods: {why}"))
        .fact("wanted", wanted.map(|wanted| wanted.to_string()).unwrap_or_default())
        .since(since)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, warning, workload};

    const QUOTA: &str =
        r#"pods "web-5d7f-" is forbidden: exceeded quota: team, requested: pods=1, used: pods=9, limited: pods=9"#;

    fn refused(replicas: i64) -> Thing {
        workload("ReplicaSet", "shop/web-5d7f", 3)
            .set("status.replicas", replicas)
            .condition("ReplicaFailure", "True", "FailedCreate")
            .set("status.conditions.2.message", QUOTA)
    }

    #[test]
    fn a_refusal_is_found_also_where_some_pods_are_there() {
        // k8sgpt looks only at replica sets that have no pod at all.
        let told = cluster().with(refused(2)).finds(&CHECK, &["replicaset shop/web-5d7f"]);
        told.says("2 of 3 pods are there, and it cannot create pods: pods \"web-5d7f-\" is forbidden: exceeded quota");
        assert!(told.faults[0].statements.iter().any(|s| s.text == QUOTA));
        cluster().with(refused(0)).finds(&CHECK, &["replicaset shop/web-5d7f"]);
    }

    #[test]
    fn controllers_without_conditions_are_known_by_their_events() {
        let job = thing("batch/v1", "Job", "shop/load").set("spec.parallelism", 1);
        let daemons = workload("DaemonSet", "shop/agent", 3).set("status.currentNumberScheduled", 1);
        let set = workload("StatefulSet", "shop/db", 2).set("status.replicas", 0);
        let event = |kind: &str, name: &str| warning(kind, name, "FailedCreate", QUOTA);
        cluster()
            .with(set)
            .with(daemons)
            .with(job)
            .with(event("StatefulSet", "shop/db"))
            .with(event("DaemonSet", "shop/agent"))
            .with(event("Job", "shop/load"))
            .finds(&CHECK, &["statefulset shop/db", "daemonset shop/agent", "job shop/load"]);
    }

    #[test]
    fn what_was_created_since_or_is_over_is_fine() {
        let event = || warning("StatefulSet", "shop/db", "FailedCreate", QUOTA);
        let made = event()
            .set("metadata.name", "db.18")
            .set("type", "Normal")
            .set("reason", "SuccessfulCreate")
            .set("lastTimestamp", "2026-11-26T11:58:00Z");
        cluster().with(workload("StatefulSet", "shop/db", 2)).with(event()).is_fine(&CHECK);
        let short = workload("StatefulSet", "shop/db", 2).set("status.replicas", 1);
        cluster().with(short.clone()).with(event()).with(made).is_fine(&CHECK);
        cluster().with(short.clone()).with(event().set("lastTimestamp", "2026-11-26T09:00:00Z")).is_fine(&CHECK);
        let done = thing("batch/v1", "Job", "shop/load").set("status", json!({ "succeeded": 1 }));
        let done = done.condition("Complete", "True", "CompletionsReached");
        cluster().with(done).with(warning("Job", "shop/load", "FailedCreate", QUOTA)).is_fine(&CHECK);
    }

    #[test]
    fn a_job_with_numbers_of_any_size_is_borne() {
        let odd = thing("batch/v1", "Job", "shop/load")
            .set("spec", json!({ "parallelism": 1, "completions": 5 }))
            .set("status.succeeded", i64::MIN);
        cluster().with(odd).with(warning("Job", "shop/load", "FailedCreate", QUOTA)).finds(&CHECK, &["job shop/load"]);
    }
}
