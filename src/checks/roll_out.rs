//! Roll-outs: whether one is under way, during which pods may miss for a while, how long it may stand still, and where its faults are told.

use super::View;
use crate::evidence::cluster::{Kind, ObjectRef, Workload, condition};

/// Seconds that a roll-out may stand still where nothing is said: what a `Deployment` grants.
pub(super) const DEADLINE: i64 = 600;

/// Whether another workload makes this one, so that its faults are told there.
pub(super) fn has_parent(workload: &Workload) -> bool {
    let kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"];
    workload.metadata.controller().is_some_and(|owner| kinds.contains(&owner.kind.as_str()))
}

/// Whether the workload `object` is rolling out. One that ran out of time is not: it hangs.
pub(super) fn is_under_way(view: &View<'_>, object: &ObjectRef) -> bool {
    let Some(workload) = view.workload(object) else { return false };
    let seen = workload.status.observed_generation;
    let unseen = seen.zip(workload.metadata.generation).is_some_and(|(seen, asked)| seen < asked);
    unseen
        || match object.kind {
            Kind::Deployment => deployment_rolls(workload),
            Kind::StatefulSet => stateful_set_rolls(workload),
            Kind::DaemonSet => daemon_set_rolls(workload),
            _ => false,
        }
}

fn deployment_rolls(deployment: &Workload) -> bool {
    let status = &deployment.status;
    match condition(&status.conditions, "Progressing") {
        Some(progress) => progress.status == "True" && progress.reason != "NewReplicaSetAvailable",
        // Without a deadline there is no such condition.
        None => status.updated_replicas < deployment.wanted() || status.replicas > status.updated_replicas,
    }
}

/// With a partition, or where pods are updated by hand, two revisions are there for good.
fn stateful_set_rolls(set: &Workload) -> bool {
    let (status, strategy) = (&set.status, &set.spec.update_strategy);
    let by_itself = strategy.kind != "OnDelete" && strategy.rolling_update.partition.unwrap_or(0) == 0;
    by_itself && !status.update_revision.is_empty() && status.update_revision != status.current_revision
}

fn daemon_set_rolls(set: &Workload) -> bool {
    let by_itself = set.spec.update_strategy.kind != "OnDelete";
    by_itself && set.status.updated_number_scheduled < set.status.desired_number_scheduled
}

#[cfg(test)]
mod tests {
    use super::is_under_way;
    use crate::checks::View;
    use crate::checks::testing::{NOW, Thing, cluster, workload};
    use crate::evidence::cluster::{Kind, ObjectRef};

    fn rolls(kind: Kind, thing: Thing) -> bool {
        let snapshot = cluster().with(thing).snapshot();
        is_under_way(&View::new(&snapshot, NOW.parse().expect("a time")), &ObjectRef::new(kind, "shop", "web"))
    }

    #[test]
    fn a_deployment_rolls_until_it_is_done_or_out_of_time() {
        let web = || workload("Deployment", "shop/web", 2);
        assert!(!rolls(Kind::Deployment, web()));
        assert!(rolls(Kind::Deployment, web().condition("Progressing", "True", "ReplicaSetUpdated")));
        assert!(!rolls(Kind::Deployment, web().condition("Progressing", "False", "ProgressDeadlineExceeded")));
        assert!(rolls(Kind::Deployment, web().set("metadata.generation", 4)));
    }

    #[test]
    fn sets_roll_unless_somebody_holds_them_back() {
        let db = workload("StatefulSet", "shop/web", 2)
            .set("status.updateRevision", "web-2")
            .set("status.currentRevision", "web-1");
        assert!(rolls(Kind::StatefulSet, db.clone()));
        assert!(!rolls(Kind::StatefulSet, db.set("spec.updateStrategy.rollingUpdate.partition", 1)));
        let agent = workload("DaemonSet", "shop/web", 3).set("status.updatedNumberScheduled", 1);
        assert!(rolls(Kind::DaemonSet, agent.clone()));
        assert!(!rolls(Kind::DaemonSet, agent.set("spec.updateStrategy.type", "OnDelete")));
    }
}
