//! Pods against nodes, as the scheduler compares them: labels, taints and what is left.

use std::collections::BTreeSet;

use super::View;
use super::view::resources;
use crate::evidence::cluster::{Kind, Map, Node, NodeSelectorTerm, PodSpec, Quantity, Requirement, Taint};

/// What cordoning adds to a node beside the mark in its spec.
const CORDON_TAINT: &str = "node.kubernetes.io/unschedulable";

/// Sums of fractions are not exact: this little is nothing.
const NOTHING: f64 = 1e-6;

/// The nodes, none unless all of them were read: from a part of them nothing follows.
pub(super) fn known_nodes<'s>(view: &View<'s>) -> &'s [Node] {
    let known = view.snapshot.reads.complete(Kind::Node, "").is_ok();
    if known { &view.snapshot.nodes } else { &[] }
}

/// Whether a node has the labels that a pod asks for.
pub(super) fn selects(spec: &PodSpec, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    let terms = terms(spec);
    spec.node_selector.iter().all(|(key, value)| labels.get(key) == Some(value))
        && (terms.is_empty() || terms.iter().any(|t| holds(t, node)))
}

/// Whether a pod is bound to nodes by their names, as each pod of a `DaemonSet` is: that other nodes do not fit it is no fault.
pub(super) fn is_pinned(spec: &PodSpec) -> bool {
    terms(spec).iter().any(|t| !t.match_fields.is_empty())
}

/// The first taint of a node that keeps a pod away. That of cordoning is left out: it goes when the cordon goes.
pub(super) fn untolerated<'n>(spec: &PodSpec, node: &'n Node) -> Option<&'n Taint> {
    let keeps_away = |t: &&Taint| matches!(t.effect.as_str(), "NoSchedule" | "NoExecute") && t.key != CORDON_TAINT;
    let mut taints = node.spec.taints.iter().filter(keeps_away);
    taints.find(|taint| !spec.tolerations.iter().any(|t| t.bears(taint)))
}

/// The nodes that a pod may go to if only there is room: labels and taints fit, and they are not cordoned.
pub(super) fn open_nodes<'s>(view: &View<'s>, spec: &PodSpec) -> Vec<&'s Node> {
    let open = |n: &&Node| !n.spec.unschedulable && selects(spec, n) && untolerated(spec, n).is_none();
    known_nodes(view).iter().filter(open).collect()
}

/// Whether a node would take a pod if it were not cordoned.
pub(super) fn would_take(view: &View<'_>, spec: &PodSpec, node: &Node) -> bool {
    selects(spec, node)
        && untolerated(spec, node).is_none()
        && left(view, node, "pods") >= 1.0
        && resources(spec).into_iter().all(|resource| left(view, node, resource) + NOTHING >= spec.request(resource))
}

/// How much of a resource pods may have on a node.
pub(super) fn offered(node: &Node, resource: &str) -> f64 {
    node.status.allocatable.get(resource).and_then(Quantity::value).unwrap_or(0.0)
}

/// How much of a resource the pods on a node leave to others; requests count, not what is used.
pub(super) fn left(view: &View<'_>, node: &Node, resource: &str) -> f64 {
    offered(node, resource) - view.taken(&node.metadata.name, resource)
}

/// The demands on labels that no node meets, in words; none where some node meets them all, or no node is known.
pub(super) fn unmet(spec: &PodSpec, nodes: &[Node]) -> Vec<String> {
    if nodes.is_empty() || nodes.iter().any(|n| selects(spec, n)) {
        return Vec::new();
    }
    let selector: Vec<Requirement> = spec.node_selector.iter().map(equals).collect();
    let mut found: Vec<String> =
        selector.iter().filter(|r| !nodes.iter().any(|n| meets(r, n))).map(|r| with_hint(r, nodes)).collect();
    if !nodes.iter().any(|n| terms(spec).iter().any(|t| holds(t, n))) {
        found.extend(unmet_terms(terms(spec), nodes));
    }
    if found.is_empty() {
        found.push(format!("{} on one and the same node", demands(spec)));
    }
    found
}

/// Everything that a pod asks of the labels of its node, in words.
pub(super) fn demands(spec: &PodSpec) -> String {
    let selector = spec.node_selector.iter().map(|pair| in_words(&equals(pair)));
    let terms: Vec<String> = terms(spec).iter().map(|t| listed(&expressions(t))).collect();
    let all: Vec<String> = selector.chain(Some(terms.join(" or ")).filter(|t| !t.is_empty())).collect();
    all.join(" and ")
}

/// Some names of many: `worker-1, worker-2, worker-3 and 4 more`.
pub(super) fn a_few(names: &[&str]) -> String {
    let (shown, more) = names.split_at(names.len().min(3));
    let rest = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    format!("{}{rest}", shown.join(", "))
}

fn terms(spec: &PodSpec) -> &[NodeSelectorTerm] {
    &spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_terms
}

fn expressions(term: &NodeSelectorTerm) -> Vec<&Requirement> {
    term.match_expressions.iter().chain(&term.match_fields).collect()
}

/// Whether a node meets a term; one without demands is met by none.
fn holds(term: &NodeSelectorTerm, node: &Node) -> bool {
    let expressions = expressions(term);
    !expressions.is_empty() && expressions.iter().all(|r| meets(r, node))
}

/// Whether a node meets a demand on its labels, or on its name, which is the only field that may be asked for.
fn meets(requirement: &Requirement, node: &Node) -> bool {
    if requirement.key == "metadata.name" {
        return requirement.holds(&Map::from_iter([(requirement.key.clone(), node.metadata.name.clone())]));
    }
    requirement.holds(&node.metadata.labels)
}

/// Of each term what no node meets: one term would be enough.
fn unmet_terms(terms: &[NodeSelectorTerm], nodes: &[Node]) -> Option<String> {
    let of = |term: &NodeSelectorTerm| {
        let all = expressions(term);
        let alone: Vec<&Requirement> = all.iter().copied().filter(|r| !nodes.iter().any(|n| meets(r, n))).collect();
        let hinted: Vec<String> = alone.iter().map(|r| with_hint(r, nodes)).collect();
        if hinted.is_empty() { format!("{} on one and the same node", listed(&all)) } else { hinted.join(" and ") }
    };
    let all: Vec<String> = terms.iter().map(of).collect();
    (!all.is_empty()).then(|| all.join(" or "))
}

fn equals((key, value): (&String, &String)) -> Requirement {
    Requirement { key: key.clone(), operator: "In".into(), values: [value.clone()].into() }
}

fn listed(requirements: &[&Requirement]) -> String {
    requirements.iter().map(|r| in_words(r)).collect::<Vec<_>>().join(" and ")
}

fn in_words(requirement: &Requirement) -> String {
    match &*requirement.values {
        [value] if requirement.operator == "In" => format!("{}={value}", requirement.key),
        _ => requirement.to_string(),
    }
}

/// A demand with what the nodes have instead: a typing error or a renamed label shows at once.
fn with_hint(requirement: &Requirement, nodes: &[Node]) -> String {
    let key = &requirement.key;
    let values: BTreeSet<&str> = nodes.iter().filter_map(|n| n.metadata.labels.get(key)).map(String::as_str).collect();
    let values: Vec<&str> = values.into_iter().collect();
    let hint = match (key.as_str(), values.as_slice()) {
        ("metadata.name", _) => String::new(),
        (_, []) => format!(" (no node has the label {key})"),
        (_, some) => format!(" (nodes have {})", a_few(some)),
    };
    format!("{}{hint}", in_words(requirement))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{a_few, selects, unmet};
    use crate::evidence::cluster::{Node, PodSpec};

    fn node(labels: &Value) -> Node {
        serde_json::from_value(json!({ "metadata": { "name": "worker-1", "labels": labels } })).expect("a node")
    }

    fn spec(value: Value) -> PodSpec {
        serde_json::from_value(value).expect("a spec")
    }

    fn required(terms: &Value) -> PodSpec {
        let required = json!({ "nodeSelectorTerms": terms });
        spec(json!({ "affinity": { "nodeAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": required } } }))
    }

    #[test]
    fn a_demand_that_no_node_meets_is_named_with_what_there_is() {
        let nodes = [node(&json!({ "pool": "web", "arch": "arm64" })), node(&json!({ "pool": "db" }))];
        assert_eq!(
            unmet(&spec(json!({ "nodeSelector": { "pool": "wbe" } })), &nodes),
            ["pool=wbe (nodes have db, web)"]
        );
        let disk = unmet(&spec(json!({ "nodeSelector": { "disk": "ssd" } })), &nodes);
        assert_eq!(disk, ["disk=ssd (no node has the label disk)"]);
        let both = unmet(&spec(json!({ "nodeSelector": { "pool": "db", "arch": "arm64" } })), &nodes);
        assert_eq!(both, ["arch=arm64 and pool=db on one and the same node"]);
        assert!(unmet(&spec(json!({ "nodeSelector": { "pool": "db" } })), &nodes).is_empty());
    }

    #[test]
    fn one_term_of_several_is_enough_and_an_empty_one_fits_nothing() {
        let zone =
            |value: &str| json!({ "matchExpressions": [{ "key": "zone", "operator": "In", "values": [value] }] });
        let nodes = [node(&json!({ "zone": "b" }))];
        assert!(unmet(&required(&json!([zone("a"), zone("b")])), &nodes).is_empty());
        let neither = unmet(&required(&json!([zone("a"), zone("c")])), &nodes);
        assert_eq!(neither, ["zone=a (nodes have b) or zone=c (nodes have b)"]);
        assert!(!selects(&required(&json!([{}])), &nodes[0]));
    }

    #[test]
    fn a_node_can_be_asked_for_by_name() {
        let named = |name: &str| {
            required(&json!([{ "matchFields": [{ "key": "metadata.name", "operator": "In", "values": [name] }] }]))
        };
        let nodes = [node(&json!({}))];
        assert!(selects(&named("worker-1"), &nodes[0]));
        assert_eq!(unmet(&named("worker-9"), &nodes), ["metadata.name=worker-9"]);
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(a_few(&["a", "b", "c", "d"]), "a, b, c and 1 more");
    }
}
