//! A node is not ready: its kubelet says that it cannot work, or says nothing any more.

use super::gist::gist;
use super::node_life::{is_leaving, is_young, stated, unready};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Condition, Kind, Node, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-not-ready",
    title: "Node is not ready",
    rows: &[106],
    severity: Severity::Critical,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Node],
    hygiene: false,
    run,
};

/// Seconds in which a machine boots and its kubelet speaks for the first time.
const BOOT: i64 = 600;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for node in &view.snapshot.nodes {
        if is_mute(view, node) {
            verdict.found(mute(view, node));
        }
        let Some(said) = unready(node).filter(|said| !joins(view, node, said)) else { continue };
        let fresh = !view.lasts(said.last_transition_time, view.thresholds.settle);
        // A machine that is taken away goes silent before its node object does.
        let goes = is_leaving(node) || said.message.contains("shutting down");
        if !(fresh && goes) {
            verdict.found(fault(view, node, said, fresh));
        }
    }
    verdict
}

/// What a kubelet waits for when its node joins, in its words.
const JOINING: [&str; 5] = ["network", "CSINode", "not yet", "may not have completed", "capacity"];

/// Whether a node is so young that its network and its drivers may still come. One that has fallen silent once was there.
fn joins(view: &View<'_>, node: &Node, said: &Condition) -> bool {
    let waits = said.status == "False" && JOINING.iter().any(|word| said.message.contains(word));
    let begins = waits || said.message.is_empty() || said.reason == "NodeStatusNeverUpdated";
    begins && is_young(view, node) && !view.lasts(said.last_transition_time, view.thresholds.settle)
}

/// Whether a node is there and its kubelet has never said anything of it.
fn is_mute(view: &View<'_>, node: &Node) -> bool {
    let says = condition(&node.status.conditions, "Ready").is_some();
    !says && view.lasts(node.metadata.creation_timestamp, BOOT) && !is_leaving(node)
}

fn mute(view: &View<'_>, node: &Node) -> Fault {
    let object = node.metadata.object(Kind::Node);
    let message = "the node is not ready: its kubelet has never said whether it is";
    let fault = Fault::on(object.clone(), message).fact("node", &node.metadata.name);
    told::warnings(fault, view, &object).since(node.metadata.creation_timestamp)
}

fn fault(view: &View<'_>, node: &Node, said: &Condition, fresh: bool) -> Fault {
    // Whoever updates a node cordons it first and then restarts it.
    let served = fresh && node.spec.unschedulable;
    let after = if served { "; it was cordoned and may be under maintenance" } else { "" };
    let fault = stated(node, said, &format!("the node is not ready: {}{after}", why(said)));
    let fault = told::warnings(fault, view, &node.metadata.object(Kind::Node));
    if served { fault.severity(Severity::Low) } else { fault }
}

fn why(said: &Condition) -> String {
    let text = if said.message.is_empty() { said.reason.as_str() } else { said.message.as_str() };
    if said.status != "Unknown" {
        return if text.is_empty() { "it does not say why".to_owned() } else { gist(text) };
    }
    let heard = said.last_heartbeat_time.0.map(|time| format!(" since {time}")).unwrap_or_default();
    format!("nothing has been heard of its kubelet{heard} ({})", gist(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node};
    use crate::finding::Severity;

    const CNI: &str = "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";

    fn unready(status: &str, reason: &str, message: &str) -> Thing {
        node("worker-1").condition("Ready", status, reason).set("status.conditions.3.message", message)
    }

    #[test]
    fn the_words_of_the_kubelet_are_passed_on() {
        let broken = unready("False", "KubeletNotReady", CNI);
        let verdict = cluster().with(broken).with(node("worker-2")).finds(&CHECK, &["node worker-1"]);
        verdict.says("the node is not ready: container runtime network not ready");
        let texts: Vec<&str> = verdict.faults[0].statements.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(texts, ["Ready False KubeletNotReady", CNI]);
    }

    #[test]
    fn a_kubelet_that_fell_silent_is_told_apart() {
        let dead = unready("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
            .set("status.conditions.3.lastHeartbeatTime", "2026-11-26T10:59:10Z");
        cluster().with(dead).finds(&CHECK, &["node worker-1"]).says(
            "nothing has been heard of its kubelet since 2026-11-26T10:59:10Z (Kubelet stopped posting node status)",
        );
    }

    #[test]
    fn a_node_that_starts_or_is_taken_away_is_fine() {
        let young = |status: &str, reason: &str, message: &str| {
            let node = unready(status, reason, message).set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
            node.set("status.conditions.3.lastTransitionTime", "2026-11-26T11:58:10Z")
        };
        cluster().with(young("False", "KubeletNotReady", CNI)).is_fine(&CHECK);
        cluster().with(young("Unknown", "NodeStatusNeverUpdated", "Kubelet never posted node status.")).is_fine(&CHECK);
        let silent = young("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.");
        cluster().with(silent).finds(&CHECK, &["node worker-1"]);
        let broken = young("False", "KubeletNotReady", "PLEG is not healthy: pleg was last seen active 4m ago");
        cluster().with(broken).finds(&CHECK, &["node worker-1"]);
        let taint = json!([{ "key": "ToBeDeletedByClusterAutoscaler", "value": "1764158300", "effect": "NoSchedule" }]);
        let leaving = unready("Unknown", "NodeStatusUnknown", "").set("spec.taints", taint);
        let now = leaving.clone().set("status.conditions.3.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(now).is_fine(&CHECK);
        cluster().with(leaving).finds(&CHECK, &["node worker-1"]);
    }

    #[test]
    fn a_restart_after_a_cordon_is_less_bad() {
        let served = unready("Unknown", "NodeStatusUnknown", "")
            .set("spec.unschedulable", true)
            .set("status.conditions.3.lastTransitionTime", "2026-11-26T11:58:00Z");
        let verdict = cluster().with(served).finds(&CHECK, &["node worker-1"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn a_machine_that_its_cloud_takes_back_is_fine_for_a_while() {
        let at = |node: Thing| node.set("status.conditions.3.lastTransitionTime", "2026-11-26T11:58:00Z");
        let shut = unready("False", "KubeletNotReady", "node is shutting down");
        cluster().with(at(shut.clone())).is_fine(&CHECK);
        cluster().with(shut).finds(&CHECK, &["node worker-1"]);
        for key in ["cloud.google.com/impending-node-termination", "aws-node-termination-handler/spot-itn"] {
            let taint = json!([{ "key": key, "effect": "NoSchedule" }]);
            cluster().with(at(unready("Unknown", "", "").set("spec.taints", taint))).is_fine(&CHECK);
        }
    }

    #[test]
    fn a_node_that_never_said_anything_is_not_ready_either() {
        let mute = node("worker-1").set("status.conditions", json!([]));
        cluster().with(mute.clone()).finds(&CHECK, &["node worker-1"]).says("has never said whether it is");
        cluster().with(mute.set("metadata.creationTimestamp", "2026-11-26T11:53:00Z")).is_fine(&CHECK);
    }
}
