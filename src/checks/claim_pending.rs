//! A claim gets no volume.

use super::gist::gist;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Claim, Event, Kind, Pod, StorageClass, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "claim-pending",
    title: "PersistentVolumeClaim is pending",
    rows: &[96],
    severity: Severity::High,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::PersistentVolumeClaim, Kind::StorageClass, Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

/// The scheduler writes it on a claim when it has chosen a node: from then on it is the provisioner's turn.
const CHOSEN: &str = "volume.kubernetes.io/selected-node";

/// Events of a claim for which things go as they should.
const USUAL: &[&str] = &["WaitForFirstConsumer", "Provisioning", "ProvisioningSucceeded"];

/// Texts of so many events are enough.
const EVENTS: usize = 5;

/// What a claim waits for.
enum Wait<'s> {
    /// Its provisioner tried and failed.
    Failing(&'s Event),
    /// Nobody has made a volume, or none fits.
    Unanswered,
    /// Its pod, which has no node either.
    ForPod(&'s Pod),
}

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let pending = |c: &&Claim| c.status.phase == "Pending" && !c.metadata.is_going();
    for claim in view.snapshot.claims.iter().filter(pending) {
        match wait(view, claim) {
            Ok(Some(wait)) => verdict.found(fault(view, claim, &wait)),
            Ok(None) => {}
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// What a claim waits for in vain; nothing where it waits as it should.
fn wait<'s>(view: &View<'s>, claim: &Claim) -> Result<Option<Wait<'s>>, String> {
    let warnings = view.warnings(&claim.metadata.object(Kind::PersistentVolumeClaim));
    if let Some(failure) = warnings.into_iter().find(|e| e.reason == "ProvisioningFailed") {
        return Ok(Some(Wait::Failing(failure)));
    }
    if !view.lasts(claim.metadata.creation_timestamp, view.thresholds.settle) {
        return Ok(None);
    }
    if binds_late(view, claim)? { wait_with_pod(view, claim) } else { Ok(Some(Wait::Unanswered)) }
}

/// Whether its class makes volumes only for pods. Without a class, nobody makes any.
fn binds_late(view: &View<'_>, claim: &Claim) -> Result<bool, String> {
    let named = claim.class();
    let is_its = |class: &&StorageClass| named.map_or(class.is_default(), |name| class.metadata.name == name);
    match view.snapshot.storage_classes.iter().find(is_its) {
        Some(class) => Ok(class.waits()),
        None if named == Some("") => Ok(false),
        None => view.snapshot.reads.complete(Kind::StorageClass, "").map(|()| false),
    }
}

/// Without a pod such a claim is well, and with one the pod may be what waits.
fn wait_with_pod<'s>(view: &View<'s>, claim: &Claim) -> Result<Option<Wait<'s>>, String> {
    let users = view.users_of(&claim.metadata.namespace, &claim.metadata.name);
    if users.is_empty() {
        return view.snapshot.reads.complete(Kind::Pod, &claim.metadata.namespace).map(|()| None);
    }
    let late = |pod: &&Pod| !is_held_back(pod) && view.lasts(pod.metadata.creation_timestamp, view.thresholds.settle);
    let waits =
        |pod| if claim.metadata.annotations.get(CHOSEN).is_some() { Wait::Unanswered } else { Wait::ForPod(pod) };
    Ok(users.iter().copied().find(late).map(waits))
}

/// Whether a pod is not scheduled on purpose.
fn is_held_back(pod: &Pod) -> bool {
    let gated = condition(&pod.status.conditions, "PodScheduled").is_some_and(|c| c.reason == "SchedulingGated");
    gated || pod.metadata.is_going()
}

fn fault(view: &View<'_>, claim: &Claim, wait: &Wait<'_>) -> Fault {
    let object = claim.metadata.object(Kind::PersistentVolumeClaim);
    let fault = Fault::on(object, &format!("the claim ({}) is pending: {}", asked(claim), reason(claim, wait)))
        .fact("pvc", &claim.metadata.name)
        .fact("storageclass", claim.class().unwrap_or_default())
        .since(claim.metadata.creation_timestamp);
    let fault = show_events(view, claim, fault);
    let Wait::ForPod(pod) = wait else { return fault };
    let unplaced = condition(&pod.status.conditions, "PodScheduled").map(|c| c.message.as_str());
    fault
        .severity(Severity::Medium)
        .seen(
            format!("pod {} status.conditions[PodScheduled].message", pod.metadata.name),
            unplaced.unwrap_or_default(),
        )
        .involving(pod.metadata.object(Kind::Pod))
        .fact("pod", &pod.metadata.name)
}

/// `8Gi, class standard`.
fn asked(claim: &Claim) -> String {
    let size = claim.spec.resources.requests.get("storage").map(ToString::to_string);
    let class = match claim.class() {
        Some("") => "no class".to_owned(),
        Some(class) => format!("class {class}"),
        None => "the default class".to_owned(),
    };
    size.into_iter().chain([class]).collect::<Vec<_>>().join(", ")
}

fn reason(claim: &Claim, wait: &Wait<'_>) -> String {
    match wait {
        Wait::Failing(event) => gist(event.text()),
        Wait::ForPod(pod) => format!("its pod {} has no node yet", pod.metadata.name),
        Wait::Unanswered if !claim.spec.volume_name.is_empty() => {
            format!("it is not bound to {}, the volume that it names", claim.spec.volume_name)
        }
        Wait::Unanswered if claim.class() == Some("") => "no volume fits it".to_owned(),
        Wait::Unanswered => "nobody has made a volume for it".to_owned(),
    }
}

/// Adds what was said about it: that no volume fits is no warning, so all its events count.
fn show_events(view: &View<'_>, claim: &Claim, fault: Fault) -> Fault {
    let events = view.events(&claim.metadata.object(Kind::PersistentVolumeClaim)).into_iter();
    let telling = |e: &&Event| !USUAL.contains(&e.reason.as_str()) && view.is_recent(e.last(), view.thresholds.recent);
    events.filter(telling).take(EVENTS).fold(fault, |f, e| f.seen(format!("event {}", e.reason), e.text()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, pod, storage_class, warning};
    use crate::evidence::cluster::Kind;

    const CLAIM: &str = "persistentvolumeclaim shop/data";

    fn pending() -> Thing {
        claim("shop/data").set("status.phase", "Pending").unset("spec.volumeName")
    }

    fn immediate() -> Thing {
        storage_class("standard").set("volumeBindingMode", "Immediate")
    }

    fn consumer() -> Thing {
        let volumes = json!([{ "name": "data", "persistentVolumeClaim": { "claimName": "data" } }]);
        pod("shop/db-0").set("spec.volumes", volumes).unset("spec.nodeName").set("status.phase", "Pending")
    }

    #[test]
    fn a_failure_of_the_provisioner_is_told_at_once_and_not_only_as_the_last_event() {
        let failed = "failed to provision volume with StorageClass \"standard\": rpc error: quota";
        let young = pending().set("metadata.creationTimestamp", "2026-11-26T11:59:00Z");
        let later = warning("PersistentVolumeClaim", "shop/data", "ExternalProvisioning", "waiting for a volume")
            .set("type", "Normal")
            .set("lastTimestamp", "2026-11-26T11:59:00Z");
        let failure = warning("PersistentVolumeClaim", "shop/data", "ProvisioningFailed", failed);
        let found =
            cluster().with(young).with(storage_class("standard")).with(failure).with(later).finds(&CHECK, &[CLAIM]);
        found.says("the claim (8Gi, class standard) is pending: failed to provision volume");
    }

    #[test]
    fn a_claim_of_a_class_that_binds_at_once_must_not_wait_for_long() {
        cluster().with(pending()).with(immediate()).finds(&CHECK, &[CLAIM]).says("nobody has made a volume");
        let young = pending().set("metadata.creationTimestamp", "2026-11-26T11:59:00Z");
        cluster().with(young).with(immediate()).is_fine(&CHECK);
        cluster().with(claim("shop/data")).with(immediate()).is_fine(&CHECK);
    }

    #[test]
    fn a_claim_that_waits_for_its_first_consumer_is_well() {
        cluster().with(pending()).with(storage_class("standard")).is_fine(&CHECK);
        let default =
            storage_class("standard").set("metadata.annotations.storageclass~kubernetes~io/is-default-class", "true");
        cluster().with(pending().unset("spec.storageClassName")).with(default).is_fine(&CHECK);
        let gated = consumer().condition("PodScheduled", "False", "SchedulingGated");
        cluster().with(pending()).with(storage_class("standard")).with(gated).is_fine(&CHECK);
    }

    #[test]
    fn a_pod_without_a_node_keeps_its_claim_waiting() {
        let unplaced = consumer().condition("PodScheduled", "False", "Unschedulable");
        let waiting = cluster().with(pending()).with(storage_class("standard")).with(unplaced.clone());
        waiting.finds(&CHECK, &[CLAIM]).says("its pod db-0 has no node yet");
        // A node was chosen: it is the provisioner that does not answer.
        let chosen = pending().set("metadata.annotations.volume~kubernetes~io/selected-node", "worker-1");
        let waiting = cluster().with(chosen).with(storage_class("standard")).with(unplaced);
        waiting.finds(&CHECK, &[CLAIM]).says("nobody has made a volume");
    }

    #[test]
    fn without_classes_or_pods_nobody_can_say() {
        cluster().with(pending()).without(Kind::StorageClass).cannot_say(&CHECK, "storageclasses: forbidden");
        cluster()
            .with(pending())
            .with(storage_class("standard"))
            .without(Kind::Pod)
            .cannot_say(&CHECK, "pods: forbidden");
    }
}
