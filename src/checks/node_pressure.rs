//! A node is short of memory, disk or process ids, or has no network.

use super::gist::gist;
use super::node_life::{is_young, stated, unready};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Condition, Kind, Node};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-pressure",
    title: "Node under pressure or without network",
    rows: &[107],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Node],
    hygiene: false,
    run,
};

/// Conditions that Kubernetes itself sets, all of them bad unless `False`, and what they mean.
const PRESSURES: [(&str, &str); 4] = [
    ("MemoryPressure", "is short of memory"),
    ("DiskPressure", "is short of disk"),
    ("PIDPressure", "is short of process ids"),
    ("NetworkUnavailable", "has no network for pods"),
];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for node in &view.snapshot.nodes {
        for said in node.status.conditions.iter().filter(|c| is_bad(view, node, c)) {
            verdict.found(fault(view, node, said));
        }
    }
    verdict
}

/// A node that is not ready reports nothing any more, so that all is unknown of it; a new one waits for its network.
fn is_bad(view: &View<'_>, node: &Node, said: &Condition) -> bool {
    let known = PRESSURES.iter().any(|(kind, _)| *kind == said.kind);
    let waits = said.kind == "NetworkUnavailable" && is_young(view, node);
    match said.status.as_str() {
        "True" => known && !waits,
        "Unknown" => known && !waits && unready(node).is_none(),
        _ => false,
    }
}

fn fault(view: &View<'_>, node: &Node, said: &Condition) -> Fault {
    let state = PRESSURES.iter().find(|(kind, _)| *kind == said.kind).map_or("", |(_, state)| *state);
    let words = if said.message.is_empty() { String::new() } else { format!(": {}", gist(&said.message)) };
    if said.status == "Unknown" {
        let message = format!("whether the node {state} is not known ({} is Unknown){words}", said.kind);
        return stated(node, said, &message).severity(Severity::Medium);
    }
    let fault = stated(node, said, &format!("the node {state} ({}){words}", said.kind));
    told::warnings(fault, view, &node.metadata.object(Kind::Node))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, node, warning};

    #[test]
    fn each_pressure_is_told_with_its_reason() {
        let short = node("worker-1").condition("MemoryPressure", "True", "KubeletHasInsufficientMemory").condition(
            "NetworkUnavailable",
            "True",
            "NoRouteCreated",
        );
        let reclaim = warning("Node", "worker-1", "EvictionThresholdMet", "Attempting to reclaim memory");
        let verdict = cluster().with(short).with(reclaim).finds(&CHECK, &["node worker-1", "node worker-1"]);
        verdict.says("the node is short of memory (MemoryPressure)").says("has no network for pods");
        let texts: Vec<&str> = verdict.faults[0].statements.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(texts, ["MemoryPressure True KubeletHasInsufficientMemory", "Attempting to reclaim memory"]);
    }

    #[test]
    fn unknown_on_a_dead_node_says_nothing_new() {
        // popeye reports every unknown condition beside the node that is not ready.
        let unknown = node("worker-1").condition("DiskPressure", "Unknown", "NodeStatusUnknown");
        let dead = unknown.clone().condition("Ready", "Unknown", "NodeStatusUnknown");
        cluster().with(dead).is_fine(&CHECK);
        cluster().with(unknown).finds(&CHECK, &["node worker-1"]).says("DiskPressure is Unknown");
    }

    #[test]
    fn a_healthy_node_and_a_new_one_without_network_are_fine() {
        let new = node("worker-1")
            .condition("NetworkUnavailable", "True", "NoRouteCreated")
            .set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
        cluster()
            .with(new)
            .with(node("worker-2").condition("NetworkUnavailable", "False", "CalicoIsUp"))
            .is_fine(&CHECK);
    }
}
