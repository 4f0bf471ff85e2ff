//! A claim or a volume was deleted and does not go: a finalizer is not removed. What somebody still uses is told by `claim-in-use`.

use super::claim_in_use::{holder, is_only_protected, is_protection, users};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Kind, Meta, ObjectRef, PersistentVolume, VolumeAttachment};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "storage-stuck-terminating",
    title: "Claim or volume does not finish its deletion",
    rows: &[99],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let stuck = |meta: &Meta| is_stuck(view, meta);
    for claim in view.snapshot.claims.iter().filter(|c| stuck(&c.metadata)) {
        if !is_only_protected(&claim.metadata) && users(view, claim).is_empty() {
            let object = claim.metadata.object(Kind::PersistentVolumeClaim);
            verdict.found(fault(view, &claim.metadata, &object, &waits_for(&claim.metadata)));
        }
    }
    for volume in view.snapshot.volumes.iter().filter(|v| stuck(&v.metadata)) {
        verdict.faults.extend(volume_fault(view, volume));
    }
    verdict
}

fn is_stuck(view: &View<'_>, meta: &Meta) -> bool {
    meta.is_going() && view.lasts(meta.deletion_timestamp, view.thresholds.settle)
}

fn volume_fault(view: &View<'_>, volume: &PersistentVolume) -> Option<Fault> {
    let meta = &volume.metadata;
    let object = meta.object(Kind::PersistentVolume);
    if holder(volume).is_some() {
        return None;
    }
    let mut attachments = view.snapshot.attachments.iter();
    if let Some(attached) = attachments.find(|a| a.spec.source.persistent_volume_name == meta.name) {
        return Some(attached_fault(fault(view, meta, &object, &at_node(attached)), attached));
    }
    Some(fault(view, meta, &object, &waits_for(meta)))
}

fn at_node(attachment: &VolumeAttachment) -> String {
    format!("it is still attached to node {}", attachment.spec.node_name)
}

fn attached_fault(fault: Fault, attachment: &VolumeAttachment) -> Fault {
    let error = attachment.status.detach_error.as_ref().map(|e| e.message.as_str()).unwrap_or_default();
    let node = &attachment.spec.node_name;
    fault
        .seen(format!("volumeattachment {} status.detachError.message", attachment.metadata.name), error)
        .involving(ObjectRef::new(Kind::Node, "", node))
        .fact("node", node)
}

fn waits_for(meta: &Meta) -> String {
    match &*finalizers(meta) {
        [] => "nothing that is seen holds it".to_owned(),
        [one] => format!("finalizer {one} is not removed"),
        several => format!("finalizers {} are not removed", several.join(" and ")),
    }
}

/// Those that somebody may have to take off; a protection never is one.
fn finalizers(meta: &Meta) -> Vec<&str> {
    meta.finalizers.iter().map(String::as_str).filter(|f| !is_protection(f)).collect()
}

fn fault(view: &View<'_>, meta: &Meta, object: &ObjectRef, why: &str) -> Fault {
    let name = if object.kind == Kind::PersistentVolume { "pv" } else { "pvc" };
    let fault = Fault::on(object.clone(), &format!("its deletion does not finish: {why}"))
        .seen("metadata.finalizers", meta.finalizers.join(" "))
        .fact(name, &meta.name)
        .fact("finalizer", finalizers(meta).first().copied().unwrap_or_default())
        .since(meta.deletion_timestamp);
    told::warnings(fault, view, object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, deleted, pod, thing};

    const CLAIM: &str = "persistentvolumeclaim shop/data";

    fn going() -> Thing {
        deleted(claim("shop/data"), "example.com/backup")
    }

    #[test]
    fn a_finalizer_that_is_not_removed_is_named() {
        let both = going().set("metadata.finalizers", json!(["kubernetes.io/pvc-protection", "example.com/backup"]));
        for claim in [going(), both] {
            let verdict = cluster().with(claim).finds(&CHECK, &[CLAIM]);
            verdict.says("finalizer example.com/backup is not removed");
            assert!(verdict.faults[0].facts.contains(&("finalizer", "example.com/backup".to_owned())));
        }
    }

    #[test]
    fn what_is_in_use_is_another_matter() {
        let protected = || deleted(claim("shop/data"), "kubernetes.io/pvc-protection");
        cluster().with(protected()).is_fine(&CHECK);
        let volumes = json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]);
        let user = pod("shop/db-0").set("spec.volumes", volumes);
        let both =
            protected().set("metadata.finalizers", json!(["kubernetes.io/pvc-protection", "example.com/backup"]));
        cluster().with(both).with(user).is_fine(&CHECK);
    }

    #[test]
    fn a_deletion_under_way_and_a_claim_that_stays_are_fine() {
        cluster().with(going().set("metadata.deletionTimestamp", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        cluster().with(claim("shop/data")).is_fine(&CHECK);
    }

    #[test]
    fn a_volume_waits_for_its_node() {
        let volume = deleted(thing("v1", "PersistentVolume", "pv-1"), "kubernetes.io/pv-protection")
            .set("spec.claimRef", json!({ "kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data" }))
            .set("status.phase", "Released");
        let attached = thing("storage.k8s.io/v1", "VolumeAttachment", "csi-1")
            .set("spec", json!({ "nodeName": "worker-1", "source": { "persistentVolumeName": "pv-1" } }))
            .set("status", json!({ "attached": true, "detachError": { "message": "rpc error: node not found" } }));
        let held = cluster().with(volume.clone()).with(attached).finds(&CHECK, &["persistentvolume pv-1"]);
        held.says("still attached to node worker-1");
        cluster().with(volume.set("status.phase", "Bound")).is_fine(&CHECK);
    }
}
