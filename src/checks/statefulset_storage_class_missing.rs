//! The claim template of a stateful set asks for a class of storage that does not exist: the next pod waits for its volume for ever.

use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Claim, Kind, ObjectRef, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "statefulset-storage-class-missing",
    title: "StorageClass of a StatefulSet does not exist",
    rows: &[46],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::StatefulSet, Kind::StorageClass, Kind::PersistentVolume, Kind::PersistentVolumeClaim],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for set in view.snapshot.stateful_sets.iter().filter(|s| !s.metadata.is_going()) {
        for template in set.spec.volume_claim_templates.iter().filter(|t| !is_served(view, set, t)) {
            // Empty means: no class, and a volume by hand.
            let Some(class) = template.class().filter(|c| !c.is_empty()) else { continue };
            match lookup(view, class) {
                Lookup::Found => {}
                Lookup::Unknown(why) => verdict.unknown(why),
                Lookup::Missing => verdict.found(fault(set, template, class)),
            }
        }
    }
    verdict
}

/// Whether every pod has its claim, and each is bound: those need the class no longer.
fn is_served(view: &View<'_>, set: &Workload, template: &Claim) -> bool {
    let claim = |ordinal| format!("{}-{}-{ordinal}", template.metadata.name, set.metadata.name);
    let bound = |name: String| view.claim(&set.metadata.namespace, &name).is_some_and(|c| c.status.phase == "Bound");
    set.wanted() > 0 && (0..set.wanted()).map(claim).all(bound)
}

/// A class may be nothing but a name on volumes that were made by hand, and manifests do not bring the classes of their cluster.
pub(super) fn lookup(view: &View<'_>, class: &str) -> Lookup {
    let snapshot = view.snapshot;
    if snapshot.volumes.iter().any(|v| v.spec.storage_class_name == class) {
        return Lookup::Found;
    }
    if view.is_manifests() && snapshot.storage_classes.is_empty() {
        return Lookup::Unknown("storageclasses: none among the manifests".into());
    }
    match view.lookup(Kind::StorageClass, "", class) {
        Lookup::Missing => {
            snapshot.reads.complete(Kind::PersistentVolume, "").map_or_else(Lookup::Unknown, |()| Lookup::Missing)
        }
        other => other,
    }
}

fn fault(set: &Workload, template: &Claim, class: &str) -> Fault {
    let claim = &template.metadata.name;
    let fault = Fault::on(
        set.metadata.object(Kind::StatefulSet),
        &format!("its claim template {claim} asks for StorageClass {class}, which does not exist"),
    )
    .seen(format!("spec.volumeClaimTemplates[{claim}].spec.storageClassName"), class)
    .because_of(ObjectRef::new(Kind::StorageClass, "", class))
    .fact("storageclass", class)
    .fact("pvc", format!("{claim}-{}-0", set.metadata.name));
    // At zero nothing asks for a volume.
    if set.wanted() == 0 { fault.severity(Severity::Low) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, storage_class, thing, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    fn set() -> Thing {
        let template = json!([{ "metadata": { "name": "data" }, "spec": { "storageClassName": "fast" } }]);
        workload("StatefulSet", "shop/db", 2).set("spec.volumeClaimTemplates", template)
    }

    #[test]
    fn a_class_that_does_not_exist_is_to_blame() {
        let verdict = cluster().with(set()).with(storage_class("standard")).finds(&CHECK, &["statefulset shop/db"]);
        verdict.says("claim template data asks for StorageClass fast").blames("storageclass fast");
        cluster().with(set()).with(storage_class("fast")).is_fine(&CHECK);
        cluster().with(set()).without(Kind::StorageClass).cannot_say(&CHECK, "storageclasses: forbidden");
    }

    #[test]
    fn bound_claims_need_their_class_no_longer() {
        let both = cluster().with(set()).with(claim("shop/data-db-0"));
        both.with(claim("shop/data-db-1")).is_fine(&CHECK);
        cluster().with(set()).with(claim("shop/data-db-0")).finds(&CHECK, &["statefulset shop/db"]);
    }

    #[test]
    fn a_class_of_volumes_made_by_hand_needs_no_object() {
        let volume = thing("v1", "PersistentVolume", "disk-1").set("spec.storageClassName", "fast");
        cluster().with(set()).with(volume).is_fine(&CHECK);
        cluster().with(set()).without(Kind::PersistentVolume).cannot_say(&CHECK, "persistentvolumes: forbidden");
    }

    #[test]
    fn the_default_class_no_class_and_manifests_alone_say_nothing() {
        let class = "spec.volumeClaimTemplates.0.spec.storageClassName";
        cluster().with(set().unset(class)).is_fine(&CHECK);
        cluster().with(set().set(class, "")).is_fine(&CHECK);
        cluster().with(set()).as_manifests().cannot_say(&CHECK, "none among the manifests");
    }

    #[test]
    fn a_set_at_zero_waits_for_nothing() {
        let verdict = cluster().with(set().set("spec.replicas", 0)).finds(&CHECK, &["statefulset shop/db"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }
}
