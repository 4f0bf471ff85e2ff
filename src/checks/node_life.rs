//! Where a node is in its life: it starts, works, or is being taken away.

use super::View;
use crate::evidence::cluster::{Condition, Kind, Node, condition};
use crate::finding::Fault;

/// Beginnings of taints by which autoscalers, clouds and their handlers mark a node that is about to go.
const LEAVING: [&str; 6] = [
    "ToBeDeletedByClusterAutoscaler",
    "karpenter.sh/disrupted",
    "karpenter.sh/disruption",
    "cloud.google.com/impending-node-termination",
    "node.cloudprovider.kubernetes.io/shutdown",
    "aws-node-termination-handler/",
];

/// The condition by which a node is not ready; none where it is ready or says nothing of it.
pub(super) fn unready(node: &Node) -> Option<&Condition> {
    condition(&node.status.conditions, "Ready").filter(|c| c.status != "True")
}

/// Whether a node is so young that its network, its drivers and its first report may still be on their way.
pub(super) fn is_young(view: &View<'_>, node: &Node) -> bool {
    let age = node.metadata.creation_timestamp.age(view.now);
    age.is_some_and(|age| age < view.thresholds.settle)
}

/// Whether somebody is taking the node away on purpose.
pub(super) fn is_leaving(node: &Node) -> bool {
    node.metadata.is_going() || node.spec.taints.iter().any(|t| LEAVING.iter().any(|start| t.key.starts_with(start)))
}

/// A fault that a condition of the node states, with the condition as `kubectl describe` has it and then its own words.
pub(super) fn stated(node: &Node, said: &Condition, message: &str) -> Fault {
    let path = format!("status.conditions[{}]", said.kind);
    let line = format!("{} {} {}", said.kind, said.status, said.reason);
    Fault::on(node.metadata.object(Kind::Node), message)
        .seen(path.as_str(), line.trim_end())
        .seen(format!("{path}.message"), said.message.as_str())
        .fact("node", &node.metadata.name)
        .fact("condition", &said.kind)
        .since(said.last_transition_time)
}
