//! The update of a stateful set waits for a pod that does not get ready, and goes no further.

use super::unready::{unready, unready_since};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Kind, ObjectRef, Pod, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "statefulset-update-stuck",
    title: "StatefulSet update stands still",
    rows: &[48],
    severity: Severity::Medium,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::StatefulSet, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for set in view.snapshot.stateful_sets.iter().filter(|s| is_updating(s)) {
        let object = set.metadata.object(Kind::StatefulSet);
        match view.snapshot.reads.complete(Kind::Pod, &object.namespace) {
            Err(why) => verdict.unknown(why),
            Ok(()) => {
                if let Some(pod) = blocker(view, &object, set) {
                    verdict.found(fault(view, &object, set, pod));
                }
            }
        }
    }
    verdict
}

/// Whether the controller replaces pods by itself at the moment.
fn is_updating(set: &Workload) -> bool {
    let status = &set.status;
    let differs = !status.current_revision.is_empty()
        && !status.update_revision.is_empty()
        && status.current_revision != status.update_revision;
    differs && set.is_observed() && !set.metadata.is_going() && set.spec.update_strategy.kind != "OnDelete"
}

/// Pods that shall be of the new revision; those below the partition keep the old one on purpose.
fn to_update(set: &Workload) -> i64 {
    set.wanted().saturating_sub(set.spec.update_strategy.rolling_update.partition.unwrap_or(0)).max(0)
}

/// The pod that holds it up: one of the new revision, else one of the old that must be ready before the next is replaced.
fn blocker<'v>(view: &'v View<'_>, object: &ObjectRef, set: &Workload) -> Option<&'v Pod> {
    let lasts = |pod: &&Pod| view.lasts(unready_since(pod), view.thresholds.settle);
    let stuck: Vec<&Pod> = unready(view, object).filter(lasts).collect();
    let new = stuck.iter().copied().find(|pod| is_new(pod, set));
    new.or_else(|| stuck.first().copied().filter(|_| set.status.updated_replicas < to_update(set)))
}

fn is_new(pod: &Pod, set: &Workload) -> bool {
    pod.metadata.labels.get("controller-revision-hash") == Some(&set.status.update_revision)
}

fn fault(view: &View<'_>, object: &ObjectRef, set: &Workload, pod: &Pod) -> Fault {
    let name = &pod.metadata.name;
    let age = if is_new(pod, set) { "new" } else { "old" };
    let (updated, all) = (set.status.updated_replicas, to_update(set));
    let fault = Fault::on(
        object.clone(),
        &format!(
            "the update to revision {} stands still at {updated} of {all} pods: {name} of the {age} revision is not ready",
            set.status.update_revision
        ),
    )
    .fact("pod", name)
    .fact("wanted", set.wanted().to_string())
    .fact("ready", set.status.ready_replicas.to_string())
    .since(unready_since(pod));
    told::warnings(told::pod(fault, view, pod), view, object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, workload};
    use crate::evidence::cluster::Kind;

    fn updating() -> Thing {
        workload("StatefulSet", "shop/db", 3)
            .set("status.updatedReplicas", 1)
            .set("status.readyReplicas", 2)
            .set("status.currentRevision", "db-5c9")
            .set("status.updateRevision", "db-7f4")
    }

    fn waiting(name: &str, revision: &str) -> Thing {
        pod(name)
            .owned_by("apps/v1", "StatefulSet", "db")
            .set("metadata.labels.controller-revision-hash", revision)
            .condition("Ready", "False", "ContainersNotReady")
    }

    #[test]
    fn a_new_pod_that_does_not_get_ready_holds_the_update_up() {
        let told = cluster().with(updating()).with(waiting("shop/db-2", "db-7f4"));
        told.finds(&CHECK, &["statefulset shop/db"]).says("stands still at 1 of 3 pods: db-2 of the new revision");
        let told = cluster().with(updating()).with(waiting("shop/db-0", "db-5c9"));
        told.finds(&CHECK, &["statefulset shop/db"]).says("db-0 of the old revision");
    }

    #[test]
    fn a_partition_and_updates_by_hand_are_meant() {
        let partition = json!({ "type": "RollingUpdate", "rollingUpdate": { "partition": 2 } });
        let canary = updating().set("spec.updateStrategy", partition);
        cluster().with(canary.clone()).is_fine(&CHECK);
        cluster().with(canary).with(waiting("shop/db-0", "db-5c9")).is_fine(&CHECK);
        let by_hand = updating().set("spec.updateStrategy.type", "OnDelete");
        cluster().with(by_hand).with(waiting("shop/db-2", "db-7f4")).is_fine(&CHECK);
    }

    #[test]
    fn an_update_that_moves_is_fine() {
        let young =
            waiting("shop/db-2", "db-7f4").set("status.conditions.1.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(updating()).with(young).is_fine(&CHECK);
        let done = updating().set("status.currentRevision", "db-7f4");
        cluster().with(done).with(waiting("shop/db-2", "db-7f4")).is_fine(&CHECK);
        cluster().with(updating()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }

    #[test]
    fn a_partition_of_any_size_is_borne() {
        let odd = updating().set("spec.updateStrategy.rollingUpdate.partition", i64::MIN);
        cluster().with(odd).with(waiting("shop/db-2", "db-7f4")).finds(&CHECK, &["statefulset shop/db"]);
    }
}
