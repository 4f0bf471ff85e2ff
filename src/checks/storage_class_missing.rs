//! A claim asks for a class of storage that does not exist.

use super::statefulset_storage_class_missing::lookup;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Claim, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "storage-class-missing",
    title: "StorageClass does not exist",
    rows: &[98],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::PersistentVolumeClaim, Kind::StorageClass, Kind::PersistentVolume],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // A bound claim needs its class no longer.
    for claim in view.snapshot.claims.iter().filter(|c| c.status.phase != "Bound") {
        // An empty class means: none, and a volume by name.
        let Some(class) = claim.class().filter(|c| !c.is_empty()) else { continue };
        match lookup(view, class) {
            Lookup::Found => {}
            Lookup::Unknown(_) if waits_in_vain(view, claim, class) => verdict.found(fault(claim, class)),
            Lookup::Unknown(why) => verdict.unknown(why),
            Lookup::Missing => verdict.found(fault(claim, class)),
        }
    }
    verdict
}

/// Whether the class is not there, and nothing came of the claim: a volume that was made by hand for it would have been bound within minutes.
fn waits_in_vain(view: &View<'_>, claim: &Claim, class: &str) -> bool {
    let pending = claim.status.phase == "Pending";
    let long = view.lasts(claim.metadata.creation_timestamp, view.thresholds.settle);
    pending && long && matches!(view.lookup(Kind::StorageClass, "", class), Lookup::Missing)
}

fn fault(claim: &Claim, class: &str) -> Fault {
    let object = claim.metadata.object(Kind::PersistentVolumeClaim);
    Fault::on(object, &format!("the claim asks for StorageClass {class}, which does not exist"))
        .seen("spec.storageClassName", class)
        .because_of(ObjectRef::new(Kind::StorageClass, "", class))
        .fact("storageclass", class)
        .fact("pvc", &claim.metadata.name)
        .since(claim.metadata.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{claim, cluster, storage_class, thing};
    use crate::evidence::cluster::Kind;

    #[test]
    fn a_class_that_does_not_exist_is_to_blame() {
        let pending = claim("shop/data").set("status.phase", "Pending").set("spec.storageClassName", "fast");
        cluster()
            .with(pending.clone())
            .with(storage_class("standard"))
            .finds(&CHECK, &["persistentvolumeclaim shop/data"])
            .blames("storageclass fast");
        let old = pending.clone().set("metadata.creationTimestamp", "2026-11-26T08:00:00Z");
        let unread = cluster().with(storage_class("standard")).without(Kind::PersistentVolume);
        unread.with(old).finds(&CHECK, &["persistentvolumeclaim shop/data"]);
        cluster().with(pending.clone()).without(Kind::StorageClass).cannot_say(&CHECK, "storageclasses: forbidden");
        cluster().with(pending).with(storage_class("fast")).is_fine(&CHECK);
    }

    #[test]
    fn a_bound_claim_and_one_without_a_class_are_fine() {
        cluster().with(claim("shop/data")).is_fine(&CHECK);
        cluster()
            .with(claim("shop/data").set("status.phase", "Pending").set("spec.storageClassName", ""))
            .is_fine(&CHECK);
    }

    #[test]
    fn a_claim_alone_among_manifests_and_a_class_of_volumes_made_by_hand_say_nothing() {
        let manifest = claim("shop/data").unset("status.phase");
        cluster().with(manifest).as_manifests().cannot_say(&CHECK, "none among the manifests");
        let volume = thing("v1", "PersistentVolume", "disk-1").set("spec.storageClassName", "manual");
        let pending = claim("shop/data").set("status.phase", "Pending").set("spec.storageClassName", "manual");
        cluster().with(pending).with(volume).is_fine(&CHECK);
    }
}
