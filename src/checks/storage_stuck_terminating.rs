//! A claim or a volume was deleted and does not go: somebody still uses it, or a finalizer is not removed.

use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Claim, Kind, Meta, ObjectRef, PersistentVolume, Pod, VolumeAttachment};
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

/// Keeps a claim while a pod uses it.
const CLAIM_IN_USE: &str = "kubernetes.io/pvc-protection";
/// Keeps a volume while a claim is bound to it.
const VOLUME_IN_USE: &str = "kubernetes.io/pv-protection";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for claim in view.snapshot.claims.iter().filter(|c| is_stuck(view, &c.metadata)) {
        look_at_claim(view, &mut verdict, claim);
    }
    for volume in view.snapshot.volumes.iter().filter(|v| is_stuck(view, &v.metadata)) {
        verdict.found(volume_fault(view, volume));
    }
    verdict
}

fn is_stuck(view: &View<'_>, meta: &Meta) -> bool {
    meta.is_going() && view.lasts(meta.deletion_timestamp, view.thresholds.settle)
}

fn look_at_claim(view: &View<'_>, verdict: &mut Verdict, claim: &Claim) {
    let meta = &claim.metadata;
    let object = meta.object(Kind::PersistentVolumeClaim);
    let guarded = meta.finalizers.iter().any(|f| f == CLAIM_IN_USE);
    let user = view.users_of(&meta.namespace, &meta.name).first().filter(|_| guarded);
    if let (true, None, Err(why)) = (guarded, user, view.snapshot.reads.complete(Kind::Pod, &meta.namespace)) {
        verdict.unknown(why);
    }
    verdict.found(match user {
        Some(pod) => used_by(fault(view, meta, &object, &format!("pod {} still uses it", pod.metadata.name)), pod),
        None => fault(view, meta, &object, &waits_for(meta)),
    });
}

fn used_by(fault: Fault, pod: &Pod) -> Fault {
    fault.because_of(pod.metadata.object(Kind::Pod)).fact("pod", &pod.metadata.name)
}

fn volume_fault(view: &View<'_>, volume: &PersistentVolume) -> Fault {
    let meta = &volume.metadata;
    let object = meta.object(Kind::PersistentVolume);
    let mut attachments = view.snapshot.attachments.iter();
    if let Some(attached) = attachments.find(|a| a.spec.source.persistent_volume_name == meta.name) {
        return attached_fault(fault(view, meta, &object, &at_node(attached)), attached);
    }
    let guarded = volume.status.phase == "Bound" && meta.finalizers.iter().any(|f| f == VOLUME_IN_USE);
    match volume.spec.claim_ref.as_ref().filter(|_| guarded) {
        Some(claim) => {
            let of = format!("claim {}/{} is still bound to it", claim.namespace, claim.name);
            let claim = ObjectRef::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name);
            fault(view, meta, &object, &of).fact("pvc", &claim.name).because_of(claim)
        }
        None => fault(view, meta, &object, &waits_for(meta)),
    }
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
    match &*meta.finalizers {
        [] => "nothing that is seen holds it".to_owned(),
        [one] => format!("finalizer {one} is not removed"),
        several => format!("finalizers {} are not removed", several.join(" and ")),
    }
}

fn fault(view: &View<'_>, meta: &Meta, object: &ObjectRef, why: &str) -> Fault {
    let name = if object.kind == Kind::PersistentVolume { "pv" } else { "pvc" };
    let fault = Fault::on(object.clone(), &format!("its deletion does not finish: {why}"))
        .seen("metadata.finalizers", meta.finalizers.join(" "))
        .fact(name, &meta.name)
        .fact("finalizer", meta.finalizers.first().map(String::as_str).unwrap_or_default())
        .since(meta.deletion_timestamp);
    told::warnings(fault, view, object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, pod, thing};
    use crate::evidence::cluster::Kind;

    const CLAIM: &str = "persistentvolumeclaim shop/data";

    fn deleted(thing: Thing, finalizer: &str) -> Thing {
        thing.set("metadata.deletionTimestamp", "2026-11-26T11:00:00Z").set("metadata.finalizers", json!([finalizer]))
    }

    fn going() -> Thing {
        deleted(claim("shop/data"), "kubernetes.io/pvc-protection")
    }

    fn user() -> Thing {
        pod("shop/db-0").set("spec.volumes", json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]))
    }

    #[test]
    fn the_pod_that_still_uses_a_claim_is_named() {
        let found = cluster().with(going()).with(user()).finds(&CHECK, &[CLAIM]);
        found.says("pod db-0 still uses it").blames("pod shop/db-0");
        let over = user().set("status.phase", "Succeeded");
        cluster().with(going()).with(over).finds(&CHECK, &[CLAIM]).says("finalizer kubernetes.io/pvc-protection");
    }

    #[test]
    fn a_deletion_under_way_and_a_claim_that_stays_are_fine() {
        cluster().with(going().set("metadata.deletionTimestamp", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        cluster().with(claim("shop/data")).is_fine(&CHECK);
    }

    #[test]
    fn pods_that_may_not_be_read_may_still_use_it() {
        let verdict = cluster().with(going()).without(Kind::Pod).finds(&CHECK, &[CLAIM]);
        assert!(verdict.unknown.contains("pods: forbidden"));
    }

    #[test]
    fn a_volume_waits_for_its_claim_or_for_its_node() {
        let volume = deleted(thing("v1", "PersistentVolume", "pv-1"), "kubernetes.io/pv-protection")
            .set("spec.claimRef", json!({ "kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data" }))
            .set("status.phase", "Bound");
        let bound = cluster().with(volume.clone()).finds(&CHECK, &["persistentvolume pv-1"]);
        bound.says("claim shop/data is still bound to it").blames(CLAIM);
        let attached = thing("storage.k8s.io/v1", "VolumeAttachment", "csi-1")
            .set("spec", json!({ "nodeName": "worker-1", "source": { "persistentVolumeName": "pv-1" } }))
            .set("status", json!({ "attached": true, "detachError": { "message": "rpc error: node not found" } }));
        let held = cluster().with(volume).with(attached).finds(&CHECK, &["persistentvolume pv-1"]);
        held.says("still attached to node worker-1");
    }
}
