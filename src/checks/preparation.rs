//! What a kubelet says while it prepares a pod: sandbox, network, volumes and images.

use super::View;
use super::gist::gist;
use crate::evidence::cluster::{Event, Kind, Pod};

/// Reasons of warnings about what comes before a container is created.
const PREPARING: [&str; 8] = [
    "FailedCreatePodSandBox",
    "FailedMount",
    "FailedMountOnFilesystemMismatch",
    "FailedAttachVolume",
    "FailedMapVolume",
    "NetworkNotReady",
    "FailedPrepareDynamicResources",
    "FailedCreatePodContainer",
];

/// Warnings about the preparation, not only the latest event: the reason may be some events back.
pub(super) fn warnings<'v>(view: &View<'v>, pod: &Pod) -> Vec<&'v Event> {
    let all = view.warnings(&pod.metadata.object(Kind::Pod)).into_iter();
    all.filter(|e| PREPARING.contains(&e.reason.as_str())).collect()
}

/// The newest warning that says more than that it waited in vain.
pub(super) fn telling<'v>(warnings: &[&'v Event]) -> Option<&'v Event> {
    let echo = |e: &&&Event| e.text().contains("unmounted volumes=") || e.text().contains("timed out waiting");
    warnings.iter().find(|e| !echo(e)).or(warnings.first()).copied()
}

/// The plug-in's or driver's own words, which stand at the end.
pub(super) fn innermost(text: &str) -> String {
    let text = text.rsplit_once(" desc = ").map_or(text, |(_, inner)| inner);
    let sandbox = text.split_once("sandbox \"").and_then(|(_, rest)| rest.split_once("\": "));
    gist(sandbox.map_or(text, |(_, inner)| inner))
}

/// A pull that is under way: the newest event about images is its beginning.
pub(super) fn pull<'v>(view: &View<'v>, pod: &Pod) -> Option<&'v Event> {
    let mut events = view.events(&pod.metadata.object(Kind::Pod)).into_iter();
    let newest = events.find(|e| matches!(e.reason.as_str(), "Pulling" | "Pulled" | "Failed" | "BackOff"))?;
    (newest.reason == "Pulling").then_some(newest)
}
