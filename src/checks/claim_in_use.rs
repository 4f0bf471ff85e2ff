//! A claim or a volume was deleted and stays, because somebody still uses it: Kubernetes protects the data until then.

use super::claim_users::claims_of;
use super::namespace_stuck_terminating::waits_for_claims;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Claim, Kind, Meta, Namespace, ObjectRef, PersistentVolume, Pod};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "claim-in-use",
    title: "Deleted claim or volume is still in use",
    rows: &[99],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::Pod],
    hygiene: false,
    run,
};

/// Keeps a claim while a pod uses it.
const OF_CLAIM: &str = "kubernetes.io/pvc-protection";
/// Keeps a volume while a claim is bound to it.
const OF_VOLUME: &str = "kubernetes.io/pv-protection";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let late = |meta: &Meta| meta.is_going() && view.lasts(meta.deletion_timestamp, view.thresholds.settle);
    for claim in view.snapshot.claims.iter().filter(|c| late(&c.metadata)) {
        look_at_claim(view, &mut verdict, claim);
    }
    for volume in view.snapshot.volumes.iter().filter(|v| late(&v.metadata)) {
        verdict.faults.extend(of_volume(volume));
    }
    let terminating = view.snapshot.namespaces.iter().filter(|n| n.status.phase == "Terminating");
    verdict.faults.extend(terminating.filter(|n| waits_for_claims(view, n)).map(|n| of_namespace(view, n)));
    verdict
}

/// Whether nothing but a protection holds an object.
pub(super) fn is_only_protected(meta: &Meta) -> bool {
    !meta.finalizers.is_empty() && meta.finalizers.iter().all(|f| is_protection(f))
}

/// Whether a finalizer protects data that are in use, and must not be taken off by hand.
pub(super) fn is_protection(finalizer: &str) -> bool {
    finalizer == OF_CLAIM || finalizer == OF_VOLUME
}

/// Pods that keep a claim. Those that are over keep it too, as long as they exist.
pub(super) fn users<'s>(view: &View<'s>, claim: &Claim) -> Vec<&'s Pod> {
    let guarded = claim.metadata.finalizers.iter().any(|f| f == OF_CLAIM);
    let uses = |pod: &&Pod| guarded && claims_of(pod).any(|(_, name)| name == claim.metadata.name.as_str());
    view.pods_in(&claim.metadata.namespace).iter().copied().filter(uses).collect()
}

/// The claim that keeps a volume.
pub(super) fn holder(volume: &PersistentVolume) -> Option<ObjectRef> {
    let guarded = volume.status.phase == "Bound" && volume.metadata.finalizers.iter().any(|f| f == OF_VOLUME);
    let claim = volume.spec.claim_ref.as_ref().filter(|_| guarded)?;
    Some(ObjectRef::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name))
}

fn look_at_claim(view: &View<'_>, verdict: &mut Verdict, claim: &Claim) {
    let meta = &claim.metadata;
    let object = meta.object(Kind::PersistentVolumeClaim);
    let users = users(view, claim);
    if let [first, rest @ ..] = &*users {
        let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
        let verb = if rest.is_empty() { "uses" } else { "use" };
        let over = if first.is_over() { ", although it is over," } else { "" };
        let said = format!(
            "claim {} is deleted and waits: pod {}{more}{over} still {verb} it",
            meta.name, first.metadata.name
        );
        let top = view.top(&first.metadata.object(Kind::Pod));
        let fault = fault(meta, object, &said).fact("pod", &first.metadata.name);
        let fault = if top.kind == Kind::Pod {
            fault
        } else {
            fault.fact("workload", format!("{}/{}", top.kind.word(), top.name))
        };
        verdict.found(users.iter().map(|p| p.metadata.object(Kind::Pod)).fold(fault, Fault::involving));
        return;
    }
    if !is_only_protected(meta) {
        return;
    }
    let who = match view.snapshot.reads.complete(Kind::Pod, &meta.namespace) {
        Ok(()) => "no pod that uses it is seen, and kube-controller-manager does not let it go",
        Err(why) => {
            verdict.unknown(why);
            "which pods use it could not be read"
        }
    };
    verdict.found(fault(meta, object, &format!("claim {} is deleted and waits: {who}", meta.name)));
}

fn of_volume(volume: &PersistentVolume) -> Option<Fault> {
    let meta = &volume.metadata;
    let object = meta.object(Kind::PersistentVolume);
    let claim = holder(volume)?;
    let said = format!("volume {} is deleted and waits: {claim} is still bound to it", meta.name);
    let fault = fault(meta, object, &said).fact("namespace", &claim.namespace).fact("pvc", &claim.name);
    Some(fault.because_of(claim))
}

/// A namespace that goes as soon as its claims do.
fn of_namespace(view: &View<'_>, namespace: &Namespace) -> Fault {
    let meta = &namespace.metadata;
    let claims = view.snapshot.claims.iter().map(|c| &c.metadata);
    let mut claims = claims.filter(|c| c.namespace == meta.name && c.is_going());
    let said = format!("namespace {} is deleted and waits for claims that are still in use", meta.name);
    let fault =
        Fault::on(meta.object(Kind::Namespace), &said).fact("namespace", &meta.name).since(meta.deletion_timestamp);
    match claims.next() {
        Some(claim) => fault.fact("pvc", &claim.name).because_of(claim.object(Kind::PersistentVolumeClaim)),
        None => fault,
    }
}

fn fault(meta: &Meta, object: ObjectRef, said: &str) -> Fault {
    let name = if object.kind == Kind::PersistentVolume { "pv" } else { "pvc" };
    Fault::on(object, said)
        .seen("metadata.finalizers", meta.finalizers.join(" "))
        .fact(name, &meta.name)
        .since(meta.deletion_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, deleted, pod, thing};
    use crate::evidence::cluster::Kind;

    const CLAIM: &str = "persistentvolumeclaim shop/data";

    fn going() -> Thing {
        deleted(claim("shop/data"), "kubernetes.io/pvc-protection")
    }

    fn user(name: &str) -> Thing {
        pod(name).set("spec.volumes", json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]))
    }

    #[test]
    fn the_claim_is_to_blame_and_the_pod_that_uses_it_is_named() {
        let owned = user("shop/db-0").owned_by("apps/v1", "StatefulSet", "db");
        let found = cluster().with(going()).with(owned).finds(&CHECK, &[CLAIM]);
        found.says("claim data is deleted and waits: pod db-0 still uses it");
        assert_eq!(found.faults[0].culprit, None);
        assert!(found.faults[0].facts.contains(&("workload", "statefulset/db".to_owned())));
        let two = cluster().with(going()).with(user("shop/a")).with(user("shop/b"));
        two.finds(&CHECK, &[CLAIM]).says("pod a (and 1 more) still use it");
    }

    #[test]
    fn a_pod_that_is_over_keeps_it_too() {
        let over = user("shop/report-1").set("status.phase", "Succeeded");
        cluster().with(going()).with(over).finds(&CHECK, &[CLAIM]).says("report-1, although it is over, still uses it");
    }

    #[test]
    fn pods_that_may_not_be_read_may_use_it() {
        let verdict = cluster().with(going()).without(Kind::Pod).finds(&CHECK, &[CLAIM]);
        assert!(verdict.says("could not be read").unknown.contains("pods: forbidden"));
        cluster().with(going()).finds(&CHECK, &[CLAIM]).says("no pod that uses it is seen");
    }

    #[test]
    fn a_deletion_under_way_a_claim_that_stays_and_another_finalizer_are_fine() {
        cluster()
            .with(going().set("metadata.deletionTimestamp", "2026-11-26T11:58:00Z"))
            .with(user("shop/db-0"))
            .is_fine(&CHECK);
        cluster().with(claim("shop/data")).with(user("shop/db-0")).is_fine(&CHECK);
        cluster().with(deleted(claim("shop/data"), "example.com/backup")).with(user("shop/db-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_namespace_waits_for_its_claims() {
        let text = "Some content in the namespace has finalizers remaining: kubernetes.io/pvc-protection in 1 resource instances";
        let shop = thing("v1", "Namespace", "shop")
            .set("status.phase", "Terminating")
            .set("metadata.deletionTimestamp", "2026-11-26T11:00:00Z")
            .condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain")
            .set("status.conditions.0.message", text);
        let all = cluster().with(shop).with(going()).with(user("shop/db-0"));
        let verdict = all.finds(&CHECK, &[CLAIM, "namespace shop"]);
        assert_eq!(verdict.faults[1].culprit.as_ref().map(ToString::to_string).as_deref(), Some(CLAIM));
    }

    #[test]
    fn a_volume_waits_for_its_claim() {
        let volume = deleted(thing("v1", "PersistentVolume", "pv-1"), "kubernetes.io/pv-protection")
            .set("spec.claimRef", json!({ "kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data" }))
            .set("status.phase", "Bound");
        let bound = cluster().with(volume.clone()).finds(&CHECK, &["persistentvolume pv-1"]);
        bound.says("volume pv-1 is deleted and waits").blames(CLAIM);
        cluster().with(volume.set("status.phase", "Released")).is_fine(&CHECK);
    }
}
