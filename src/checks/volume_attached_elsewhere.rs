//! A pod waits for a volume that another node holds, and that only one node may have.

use std::collections::BTreeSet;

use super::claim_users::claims_of;
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Claim, Kind, ObjectRef, Pod};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "volume-attached-elsewhere",
    title: "Volume is held by another node",
    rows: &[102],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::PersistentVolumeClaim, Kind::Event, Kind::VolumeAttachment],
    hygiene: false,
    run,
};

/// How the controller that attaches volumes begins its refusal.
const REFUSAL: &str = "Multi-Attach error";

/// Seconds that a volume may take from one node to the next: until then the refusal belongs to every move.
const MOVE: i64 = 120;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let waits = |p: &&Pod| p.status.phase == "Pending" && !p.spec.node_name.is_empty() && !p.metadata.is_going();
    for pod in view.snapshot.pods.iter().filter(waits) {
        let patience = if is_refused(view, pod) { MOVE } else { view.thresholds.settle };
        if view.lasts(pod.metadata.creation_timestamp, patience) {
            look_at_pod(view, &mut verdict, pod);
        }
    }
    for claim in view.snapshot.claims.iter().filter(|c| is_for_one_node(c)) {
        look_at_claim(view, &mut verdict, claim);
    }
    verdict
}

fn is_refused(view: &View<'_>, pod: &Pod) -> bool {
    view.warnings(&pod.metadata.object(Kind::Pod)).iter().any(|e| e.text().contains(REFUSAL))
}

fn is_for_one_node(claim: &Claim) -> bool {
    let modes = &claim.spec.access_modes;
    !modes.is_empty() && modes.iter().all(|mode| mode.starts_with("ReadWriteOnce"))
}

/// Who holds a volume.
struct Holder<'s> {
    node: &'s str,
    pod: Option<&'s Pod>,
}

fn look_at_pod(view: &View<'_>, verdict: &mut Verdict, pod: &Pod) {
    let claims: Vec<&Claim> =
        claims_of(pod).filter_map(|(_, name)| view.claim(&pod.metadata.namespace, &name)).collect();
    let held = claims.iter().copied().filter(|c| is_for_one_node(c)).find_map(|c| Some((c, attached(view, c, pod)?)));
    if let Some((claim, holder)) = held {
        return verdict.found(fault(view, pod, Some(claim), Some(&holder)));
    }
    if let Some(text) = refusal(view, pod) {
        let claim = claims.into_iter().find(|c| !c.spec.volume_name.is_empty() && text.contains(&c.spec.volume_name));
        let holder = claim.and_then(|c| used(view, c, pod));
        verdict.found(fault(view, pod, claim, holder.as_ref()));
    }
}

fn refusal<'s>(view: &View<'s>, pod: &Pod) -> Option<&'s str> {
    let events = view.warnings(&pod.metadata.object(Kind::Pod)).into_iter();
    events.map(crate::evidence::cluster::Event::text).find(|text| text.contains(REFUSAL))
}

fn users<'v, 's>(view: &'v View<'s>, claim: &Claim) -> impl Iterator<Item = &'s Pod> + use<'v, 's> {
    view.users_of(&claim.metadata.namespace, &claim.metadata.name).iter().copied()
}

/// The node that the volume of a claim is attached to, where the pod's own node does not have it.
fn attached<'s>(view: &View<'s>, claim: &Claim, pod: &Pod) -> Option<Holder<'s>> {
    let volume = claim.spec.volume_name.as_str();
    let all = view.snapshot.attachments.iter().filter(|a| a.status.attached && !volume.is_empty());
    let nodes: Vec<&str> =
        all.filter(|a| a.spec.source.persistent_volume_name == volume).map(|a| a.spec.node_name.as_str()).collect();
    let node = nodes.first().copied().filter(|_| !nodes.contains(&pod.spec.node_name.as_str()))?;
    let user = users(view, claim).find(|p| p.spec.node_name == node);
    Some(Holder { node, pod: user })
}

/// A pod on another node that uses the claim.
fn used<'s>(view: &View<'s>, claim: &Claim, pod: &Pod) -> Option<Holder<'s>> {
    let elsewhere = |p: &&Pod| !p.spec.node_name.is_empty() && p.spec.node_name != pod.spec.node_name;
    let user = users(view, claim).find(elsewhere)?;
    Some(Holder { node: &user.spec.node_name, pod: Some(user) })
}

fn fault(view: &View<'_>, pod: &Pod, claim: Option<&Claim>, holder: Option<&Holder<'_>>) -> Fault {
    let of = claim.map_or_else(String::new, |c| format!(" of claim {}", c.metadata.name));
    let by = match holder {
        Some(Holder { node, pod: Some(user) }) => format!("node {node} (pod {})", user.metadata.name),
        Some(Holder { node, pod: None }) => format!("node {node}, where no pod uses it"),
        None => "another node".to_owned(),
    };
    let object = pod.metadata.object(Kind::Pod);
    let here = &pod.spec.node_name;
    let message = format!("the volume{of} is attached to {by}, and this pod waits for it on {here}");
    let fault = told::warnings(Fault::on(object.clone(), &message), view, &object)
        .fact("holder_node", holder.map_or("", |h| h.node))
        .fact("holder_pod", holder.and_then(|h| h.pod).map_or("", |user| user.metadata.name.as_str()))
        .fact("pvc", claim.map_or("", |c| c.metadata.name.as_str()))
        .fact("volume", claim.map_or("", |c| c.spec.volume_name.as_str()))
        .since(pod.metadata.creation_timestamp);
    // A node that died keeps its volumes: it may be the cause of this one.
    let fault = holder.iter().fold(fault, |f, h| f.involving(ObjectRef::new(Kind::Node, "", h.node)));
    claim.iter().fold(fault, |f, c| f.because_of(c.metadata.object(Kind::PersistentVolumeClaim)))
}

/// Pods that run on several nodes with a claim for one: its storage does not hold them to it, and nobody else does.
fn look_at_claim(view: &View<'_>, verdict: &mut Verdict, claim: &Claim) {
    let runs = |p: &&Pod| p.status.phase == "Running" && !p.metadata.is_going();
    let users = users(view, claim).filter(runs);
    let nodes: BTreeSet<&str> = users.map(|p| p.spec.node_name.as_str()).filter(|n| !n.is_empty()).collect();
    if nodes.len() > 1 {
        let nodes = nodes.into_iter().collect::<Vec<_>>().join(", ");
        let modes = claim.spec.access_modes.join(",");
        let message = format!("pods on {nodes} write to the claim, which is {modes}");
        let object = claim.metadata.object(Kind::PersistentVolumeClaim);
        let fault = Fault::on(object, &message).severity(Severity::Low).fact("pvc", &claim.metadata.name);
        verdict.found(fault.seen("spec.accessModes", modes));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, pod, thing, warning};
    use crate::finding::Severity;

    fn user(name: &str, node: &str, phase: &str) -> Thing {
        let volumes = json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]);
        pod(name).set("spec.nodeName", node).set("spec.volumes", volumes).set("status.phase", phase)
    }

    fn attached(node: &str) -> Thing {
        thing("storage.k8s.io/v1", "VolumeAttachment", "csi-1")
            .set("spec", json!({ "nodeName": node, "source": { "persistentVolumeName": "pv-1" } }))
            .set("status.attached", true)
    }

    fn refused(pod: &str) -> Thing {
        let text = "Multi-Attach error for volume \"pv-1\" Volume is already used by pod(s) db-old";
        warning("Pod", pod, "FailedAttachVolume", text)
    }

    #[test]
    fn a_refusal_names_the_claim_and_who_holds_it() {
        let held = cluster()
            .with(claim("shop/data"))
            .with(user("shop/db-old", "worker-2", "Running"))
            .with(user("shop/db-new", "worker-1", "Pending"))
            .with(refused("shop/db-new"));
        let found = held.finds(&CHECK, &["pod shop/db-new"]);
        found.says("the volume of claim data is attached to node worker-2 (pod db-old)");
        found.blames("persistentvolumeclaim shop/data");
        for fact in [("holder_node", "worker-2"), ("holder_pod", "db-old")] {
            assert!(found.faults[0].facts.contains(&(fact.0, fact.1.into())));
        }
    }

    #[test]
    fn a_pod_that_got_its_volume_after_all_is_fine() {
        let runs = user("shop/db-new", "worker-1", "Running");
        cluster().with(claim("shop/data")).with(runs).with(refused("shop/db-new")).is_fine(&CHECK);
    }

    #[test]
    fn an_attachment_at_another_node_tells_without_an_event() {
        let waiting = || cluster().with(claim("shop/data")).with(user("shop/db-new", "worker-1", "Pending"));
        let found = waiting().with(attached("worker-2")).finds(&CHECK, &["pod shop/db-new"]);
        found.says("node worker-2, where no pod uses it");
        waiting().with(attached("worker-1")).is_fine(&CHECK);
        waiting().is_fine(&CHECK);
        let shared = claim("shop/data").set("spec.accessModes", json!(["ReadWriteMany"]));
        let many = cluster().with(shared).with(user("shop/db-new", "worker-1", "Pending")).with(attached("worker-2"));
        many.is_fine(&CHECK);
    }

    #[test]
    fn pods_that_run_on_two_nodes_with_a_claim_for_one_are_a_note() {
        let on = |name: &str, node: &str| user(name, node, "Running");
        let two = cluster().with(claim("shop/data")).with(on("shop/a", "worker-1")).with(on("shop/b", "worker-2"));
        let verdict = two.finds(&CHECK, &["persistentvolumeclaim shop/data"]);
        assert_eq!(verdict.says("pods on worker-1, worker-2").faults[0].severity, Some(Severity::Low));
        let one = cluster().with(claim("shop/data")).with(on("shop/a", "worker-1")).with(on("shop/b", "worker-1"));
        one.is_fine(&CHECK);
    }

    #[test]
    fn a_volume_on_its_way_to_the_next_node_is_fine() {
        let moving = |at: &str| {
            let new = user("shop/db-new", "worker-1", "Pending").set("metadata.creationTimestamp", at);
            cluster().with(claim("shop/data")).with(new).with(refused("shop/db-new"))
        };
        moving("2026-11-26T11:59:00Z").is_fine(&CHECK);
        moving("2026-11-26T11:57:00Z").finds(&CHECK, &["pod shop/db-new"]);
    }
}
