//! A replica set or replication controller that no deployment owns has had unready pods for longer than a start takes.

use super::roll_out::has_parent;
use super::unready::{earliest, unready, unready_since};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Kind, ObjectRef, Time, Workload, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "replicaset-replicas-missing",
    title: "ReplicaSet misses replicas",
    rows: &[44],
    severity: Severity::Medium,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::ReplicaSet, Kind::ReplicationController, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let (sets, controllers) = (&view.snapshot.replica_sets, &view.snapshot.replication_controllers);
    let sets = sets.iter().map(|w| (Kind::ReplicaSet, w));
    let all = sets.chain(controllers.iter().map(|w| (Kind::ReplicationController, w)));
    for (kind, workload) in all.filter(|(_, w)| lacks(w)) {
        let object = workload.metadata.object(kind);
        let since = missing_since(view, workload, &object);
        if view.lasts(since, view.thresholds.settle) {
            verdict.found(fault(view, workload, &object, since));
        } else if since.0.is_none()
            && let Err(why) = view.snapshot.reads.complete(Kind::Pod, &object.namespace)
        {
            verdict.unknown(why);
        }
    }
    verdict
}

/// Whether pods are missing that no deployment answers for. An old revision wants none.
fn lacks(workload: &Workload) -> bool {
    let answers = !has_parent(workload) && !workload.metadata.is_going() && workload.is_observed();
    answers && workload.status.ready_replicas < workload.wanted()
}

fn missing_since(view: &View<'_>, workload: &Workload, object: &ObjectRef) -> Time {
    let refused = condition(&workload.status.conditions, "ReplicaFailure").filter(|c| c.status == "True");
    let refused = refused.map(|c| c.last_transition_time);
    earliest(unready(view, object).map(unready_since).chain(refused))
}

fn fault(view: &View<'_>, workload: &Workload, object: &ObjectRef, since: Time) -> Fault {
    let (ready, wanted) = (workload.status.ready_replicas, workload.wanted());
    let fault = Fault::on(object.clone(), &format!("{ready} of {wanted} replicas are ready"))
        .fact("wanted", wanted.to_string())
        .fact("ready", ready.to_string())
        .since(since);
    let fault = told::state_of(fault, &workload.status.conditions, "ReplicaFailure", "True");
    let fault = unready(view, object).take(told::PODS).fold(fault, |f, pod| told::pod(f, view, pod));
    told::warnings(fault, view, object)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, workload};
    use crate::evidence::cluster::Kind;

    fn short() -> Thing {
        workload("ReplicaSet", "shop/web", 3).set("status.readyReplicas", 2)
    }

    fn waiting() -> Thing {
        pod("shop/web-x7k2p").condition("Ready", "False", "ContainersNotReady").owned_by("apps/v1", "ReplicaSet", "web")
    }

    #[test]
    fn a_replica_set_of_nobody_that_misses_pods_is_found() {
        let told = cluster().with(short()).with(waiting()).finds(&CHECK, &["replicaset shop/web"]);
        told.says("2 of 3 replicas are ready");
        let controller = workload("ReplicationController", "shop/web", 1).set("apiVersion", "v1");
        let controller = controller.set("status.readyReplicas", 0).condition("ReplicaFailure", "True", "FailedCreate");
        cluster().with(controller).finds(&CHECK, &["replicationcontroller shop/web"]);
    }

    #[test]
    fn a_revision_of_a_deployment_and_a_start_are_fine() {
        let owned = short().owned_by("apps/v1", "Deployment", "web");
        cluster().with(owned).with(waiting()).is_fine(&CHECK);
        let old = workload("ReplicaSet", "shop/web", 0).owned_by("argoproj.io/v1alpha1", "Rollout", "web");
        cluster().with(old).is_fine(&CHECK);
        let young = waiting().set("status.conditions.1.lastTransitionTime", "2026-11-26T11:59:00Z");
        cluster().with(short()).with(young).is_fine(&CHECK);
    }

    #[test]
    fn since_when_is_not_known_without_pods() {
        cluster().with(short()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }
}
