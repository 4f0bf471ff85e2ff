//! A volume failed, is not made, or outlives its claim.

use super::gist::gist;
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Kind, ObjectRef, PersistentVolume};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "volume-unhealthy",
    title: "PersistentVolume is failed, pending or released",
    rows: &[101],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::PersistentVolume, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // One that is going is told by its deletion; one that is available waits for a claim, as it should.
    for volume in view.snapshot.volumes.iter().filter(|v| !v.metadata.is_going()) {
        if let Some((severity, what)) = trouble(view, volume) {
            verdict.found(fault(view, volume, severity, &what));
        }
    }
    verdict
}

fn trouble(view: &View<'_>, volume: &PersistentVolume) -> Option<(Severity, String)> {
    let late = || view.lasts(volume.metadata.creation_timestamp, view.thresholds.settle);
    match volume.status.phase.as_str() {
        "Failed" => Some((Severity::Medium, format!("the volume has failed: {}", said(volume)))),
        "Pending" if late() => Some((Severity::Medium, "the volume is still pending".to_owned())),
        "Released" => released(view, volume),
        _ => None,
    }
}

fn said(volume: &PersistentVolume) -> String {
    let status = &volume.status;
    let words = [gist(&status.message), status.reason.clone(), "it does not say why".to_owned()];
    words.into_iter().find(|w| !w.is_empty()).unwrap_or_default()
}

/// A volume that is retained is kept on purpose, for somebody to look at; another one should be deleted and is not.
fn released(view: &View<'_>, volume: &PersistentVolume) -> Option<(Severity, String)> {
    let claim = volume.spec.claim_ref.as_ref().map(|c| format!(" of claim {}/{}", c.namespace, c.name));
    let claim = claim.unwrap_or_default();
    if volume.spec.persistent_volume_reclaim_policy == "Retain" {
        let size = volume.spec.capacity.get("storage").map(|s| format!(" ({s})")).unwrap_or_default();
        return Some((Severity::Low, format!("the volume{size} keeps the data{claim}, which is deleted")));
    }
    let failed = view.warnings(&volume.metadata.object(Kind::PersistentVolume)).into_iter().next();
    let why = failed.map(|event| format!("the volume{claim} cannot be deleted: {}", gist(event.text())));
    let since = volume.status.last_phase_transition_time;
    let forgotten = || {
        let long = since.age(view.now).filter(|_| view.lasts(since, view.thresholds.recent))?;
        Some(format!("the volume{claim} should have been deleted {} ago and is still there", Span(long)))
    };
    Some((Severity::Medium, why.or_else(forgotten)?))
}

fn fault(view: &View<'_>, volume: &PersistentVolume, severity: Severity, what: &str) -> Fault {
    let object = volume.metadata.object(Kind::PersistentVolume);
    let fault = Fault::on(object.clone(), what)
        .severity(severity)
        .seen("status.message", volume.status.message.as_str())
        .seen("status.reason", volume.status.reason.as_str())
        .fact("pv", &volume.metadata.name)
        .fact("storageclass", &volume.spec.storage_class_name)
        .since(volume.status.last_phase_transition_time);
    let fault = told::warnings(fault, view, &object);
    match volume.spec.claim_ref.as_ref().filter(|_| volume.status.phase != "Released") {
        Some(claim) => fault.involving(ObjectRef::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name)),
        None => fault,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, warning};
    use crate::finding::Severity;

    const VOLUME: &str = "persistentvolume pv-1";

    fn volume(phase: &str, policy: &str) -> Thing {
        thing("v1", "PersistentVolume", "pv-1")
            .set(
                "spec",
                json!({ "capacity": { "storage": "8Gi" }, "persistentVolumeReclaimPolicy": policy,
                "claimRef": { "kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data" } }),
            )
            .set("status", json!({ "phase": phase }))
    }

    #[test]
    fn a_failed_volume_says_why() {
        let failed = volume("Failed", "Delete")
            .set("status.message", "error getting deleter volume plugin: no deletable volume plugin matched");
        cluster().with(failed).finds(&CHECK, &[VOLUME]).says("no deletable volume plugin matched");
        cluster().with(volume("Pending", "Delete")).finds(&CHECK, &[VOLUME]).says("still pending");
    }

    #[test]
    fn a_volume_that_is_kept_on_purpose_is_a_note() {
        let verdict = cluster().with(volume("Released", "Retain")).finds(&CHECK, &[VOLUME]);
        verdict.says("the volume (8Gi) keeps the data of claim shop/data");
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn a_volume_that_should_be_deleted_is_told_when_that_fails() {
        cluster().with(volume("Released", "Delete")).is_fine(&CHECK);
        let text = "rpc error: code = Internal desc = volume vol-1 is in use";
        let refused = warning("PersistentVolume", "pv-1", "VolumeFailedDelete", text);
        let found = cluster().with(volume("Released", "Delete")).with(refused).finds(&CHECK, &[VOLUME]);
        found.says("cannot be deleted: rpc error");
    }

    #[test]
    fn bound_and_available_volumes_are_fine() {
        cluster().with(volume("Bound", "Delete")).is_fine(&CHECK);
        cluster().with(volume("Available", "Retain")).is_fine(&CHECK);
    }

    #[test]
    fn a_volume_that_nobody_deletes_is_told_after_a_while() {
        let since = |at: &str| volume("Released", "Delete").set("status.lastPhaseTransitionTime", at);
        let found = cluster().with(since("2026-11-26T02:00:00Z")).finds(&CHECK, &[VOLUME]);
        found.says("of claim shop/data should have been deleted 10 hours ago and is still there");
        cluster().with(since("2026-11-26T11:40:00Z")).is_fine(&CHECK);
    }
}
