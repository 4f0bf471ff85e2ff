//! A kubelet cannot free enough disk: the next step is that it evicts pods.

use super::gist::gist;
use super::node_events::nodes_with;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, ObjectRef, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-disk-filling",
    title: "Disk of a node fills up",
    rows: &[114],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Event, Kind::Node],
    hygiene: false,
    run,
};

/// What a kubelet says that has only just started and knows of no disk yet.
const STARTING: [&str; 4] =
    ["invalid capacity 0", "Stats initialization may not have completed", "unable to find data", "no imagefs label"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (node, events) in nodes_with(view, is_disk) {
        if !is_told(view, &node) && !is_over(view, &node, &events) {
            verdict.found(fault(node, &events));
        }
    }
    verdict
}

fn is_disk(event: &Event) -> bool {
    let text = event.text();
    let starting = STARTING.iter().any(|words| text.contains(words));
    match event.reason.as_str() {
        "FreeDiskSpaceFailed" | "ImageGCFailed" => event.is_warning() && !starting,
        // The same word is used for memory and process ids.
        "EvictionThresholdMet" => ["ephemeral-storage", "inodes", "nodefs", "imagefs"].iter().any(|w| text.contains(w)),
        _ => false,
    }
}

/// Whether the node says itself that it is short of disk, which is another check's to tell.
fn is_told(view: &View<'_>, node: &ObjectRef) -> bool {
    let known = view.node(&node.name).and_then(|n| condition(&n.status.conditions, "DiskPressure"));
    known.is_some_and(|c| c.status == "True")
}

/// Whether the kubelet has said since that there is room again.
fn is_over(view: &View<'_>, node: &ObjectRef, events: &[&Event]) -> bool {
    let last = events.iter().map(|e| e.last()).max().unwrap_or_default();
    view.events(node).iter().any(|e| e.reason == "NodeHasNoDiskPressure" && e.last() > last)
}

fn fault(node: ObjectRef, events: &[&Event]) -> Fault {
    let newest = events.first();
    let words = newest.map(|e| format!("{} ({}, {} times)", gist(e.text()), e.reason, e.times())).unwrap_or_default();
    let name = node.name.clone();
    let fault = Fault::on(node, &format!("the kubelet cannot free enough disk: {words}"))
        .fact("node", name)
        .since(newest.map(|e| e.first_timestamp).unwrap_or_default());
    events.iter().fold(fault, |fault, event| fault.seen(format!("event {}", event.reason), event.text()))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, node, warning};

    const FULL: &str = "Failed to garbage collect required amount of images. Attempted to free 7516192768 bytes, but only found 0 bytes eligible to free.";

    #[test]
    fn a_clean_up_that_fails_is_found() {
        let full = warning("Node", "worker-1", "FreeDiskSpaceFailed", FULL);
        let verdict = cluster().with(node("worker-1")).with(full).finds(&CHECK, &["node worker-1"]);
        verdict.says("Attempted to free 7516192768 bytes").says("(FreeDiskSpaceFailed, 4 times)");
    }

    #[test]
    fn a_start_other_resources_and_what_is_over_are_fine() {
        let start = "invalid capacity 0 on image filesystem";
        let early = warning("Node", "worker-1", "ImageGCFailed", start);
        let memory = warning("Node", "worker-1", "EvictionThresholdMet", "Attempting to reclaim memory");
        cluster().with(node("worker-1")).with(early).with(memory).is_fine(&CHECK);
        let full = warning("Node", "worker-1", "FreeDiskSpaceFailed", FULL);
        let better = warning("Node", "worker-1", "NodeHasNoDiskPressure", "")
            .set("type", "Normal")
            .set("lastTimestamp", "2026-11-26T11:58:00Z");
        cluster().with(node("worker-1")).with(full.clone()).with(better).is_fine(&CHECK);
        cluster().with(node("worker-2")).with(full).is_fine(&CHECK);
    }

    #[test]
    fn a_node_that_says_it_itself_is_told_by_another_check() {
        let short = node("worker-1").condition("DiskPressure", "True", "KubeletHasDiskPressure");
        cluster().with(short).with(warning("Node", "worker-1", "FreeDiskSpaceFailed", FULL)).is_fine(&CHECK);
    }
}
