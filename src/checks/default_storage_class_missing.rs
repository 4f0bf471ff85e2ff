//! A claim leaves its class to the cluster, and the cluster has no default one.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Claim, Event, Kind, StorageClass};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "default-storage-class-missing",
    title: "No default StorageClass for a claim without a class",
    rows: &[104],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::PersistentVolumeClaim, Kind::StorageClass],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    if view.snapshot.storage_classes.iter().any(StorageClass::is_default) {
        return verdict;
    }
    for claim in view.snapshot.claims.iter().filter(|c| waits_without_class(view, c)) {
        match view.snapshot.reads.complete(Kind::StorageClass, "") {
            Ok(()) => verdict.found(fault(view, claim)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// An empty class is a wish: none. A claim that names its volume needs no class either.
fn waits_without_class(view: &View<'_>, claim: &Claim) -> bool {
    claim.status.phase == "Pending"
        && claim.class().is_none()
        && claim.spec.volume_name.is_empty()
        && !claim.metadata.is_going()
        && !view.is_fresh(&claim.metadata)
}

fn fault(view: &View<'_>, claim: &Claim) -> Fault {
    let names: Vec<&str> = view.snapshot.storage_classes.iter().map(|c| c.metadata.name.as_str()).collect();
    let there = if names.is_empty() { "it has none at all".to_owned() } else { format!("it has {}", names.join(", ")) };
    let object = claim.metadata.object(Kind::PersistentVolumeClaim);
    let events = view.events(&object).into_iter().filter(|e: &&Event| e.reason == "FailedBinding");
    let message = format!("the claim names no StorageClass and the cluster has no default one ({there})");
    let fault = Fault::on(object, &message).fact("pvc", &claim.metadata.name).since(claim.metadata.creation_timestamp);
    events.fold(fault, |fault, event| fault.seen(format!("event {}", event.reason), event.text()))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, storage_class};
    use crate::evidence::cluster::Kind;

    const CLAIM: &str = "persistentvolumeclaim shop/data";

    fn pending() -> Thing {
        claim("shop/data").set("status.phase", "Pending").unset("spec.storageClassName").unset("spec.volumeName")
    }

    #[test]
    fn a_claim_that_counts_on_a_default_needs_one() {
        let found = cluster().with(pending()).with(storage_class("gp2")).finds(&CHECK, &[CLAIM]);
        found.says("the cluster has no default one (it has gp2)");
        cluster().with(pending()).finds(&CHECK, &[CLAIM]).says("none at all");
        let default =
            storage_class("gp2").set("metadata.annotations.storageclass~kubernetes~io/is-default-class", "true");
        cluster().with(pending()).with(default).is_fine(&CHECK);
    }

    #[test]
    fn a_cluster_without_a_default_is_fine_while_nobody_asks_for_it() {
        cluster().with(claim("shop/data")).with(storage_class("gp2")).is_fine(&CHECK);
        // An empty class asks for a volume without one; several tools report it as forgotten.
        cluster().with(pending().set("spec.storageClassName", "")).is_fine(&CHECK);
        cluster().with(pending().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }

    #[test]
    fn classes_that_may_not_be_read_are_not_missing() {
        cluster().with(pending()).without(Kind::StorageClass).cannot_say(&CHECK, "storageclasses: forbidden");
    }
}
