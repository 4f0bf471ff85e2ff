//! On which nodes a daemon set wants its pods: the same questions that its controller asks.

use crate::evidence::cluster::{Map, Node, NodeSelectorTerm, Pod, PodSpec, Taint};

/// Taints that every daemon bears: its controller adds them to the tolerations of its pods.
const BORNE: &[(&str, &str)] = &[
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
];

/// Taints of a node's health or start. They come and go, and the node's own faults tell of them.
const HEALTH: &[&str] = &["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];

/// Whether a daemon's pod should be on a node.
pub(super) fn belongs(spec: &PodSpec, node: &Node) -> bool {
    is_chosen(spec, node) && unborne(spec, node).is_none()
}

/// Whether selector and affinity choose a node.
pub(super) fn is_chosen(spec: &PodSpec, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    let terms = &spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_terms;
    spec.node_selector.iter().all(|(key, value)| labels.get(key) == Some(value))
        && (terms.is_empty() || terms.iter().any(|term| fits(term, node)))
}

fn fits(term: &NodeSelectorTerm, node: &Node) -> bool {
    let fields = Map::from_iter([("metadata.name".to_owned(), node.metadata.name.clone())]);
    // A term without any demand chooses nothing.
    let demands = term.match_expressions.len() + term.match_fields.len() > 0;
    demands
        && term.match_expressions.iter().all(|r| r.holds(&node.metadata.labels))
        && term.match_fields.iter().all(|r| r.holds(&fields))
}

/// The first taint that keeps a daemon's pod away from a node.
pub(super) fn unborne<'n>(spec: &PodSpec, node: &'n Node) -> Option<&'n Taint> {
    let counts = |taint: &&Taint| taint.effect != "PreferNoSchedule";
    let borne = |taint: &Taint| {
        let always = BORNE.contains(&(taint.key.as_str(), taint.effect.as_str()));
        let of_network = spec.host_network && taint.key == "node.kubernetes.io/network-unavailable";
        always || of_network || spec.tolerations.iter().any(|t| t.bears(taint))
    };
    node.spec.taints.iter().filter(counts).find(|taint| !borne(taint))
}

/// Whether a taint speaks of a node's health or start.
pub(super) fn is_about_health(taint: &Taint) -> bool {
    HEALTH.iter().any(|prefix| taint.key.starts_with(prefix))
}

/// The node of a daemon's pod: where it is, or, while it waits, where its controller wants it.
pub(super) fn node_of(pod: &Pod) -> Option<&str> {
    let affinity = &pod.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution;
    let fields = affinity.node_selector_terms.iter().flat_map(|term| &term.match_fields);
    let wanted = fields.filter(|f| f.key == "metadata.name").find_map(|f| f.values.first());
    Some(pod.spec.node_name.as_str()).filter(|name| !name.is_empty()).or(wanted.map(String::as_str))
}

/// A few names in a sentence: `a, b, c and 4 more`.
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= 3 => format!("{} and {last}", first.join(", ")),
        [a, b, c, rest @ ..] => format!("{a}, {b}, {c} and {} more", rest.len()),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{belongs, listed};
    use crate::checks::testing::node;
    use crate::evidence::cluster::{Node, PodSpec};

    fn wants(spec: Value, taints: Value) -> bool {
        let node: Node = serde_json::from_value(node("worker-1").set("spec.taints", taints).0).expect("a node");
        let spec: PodSpec = serde_json::from_value(spec).expect("a spec");
        belongs(&spec, &node)
    }

    #[test]
    fn selector_and_affinity_choose_nodes() {
        assert!(wants(json!({}), json!([])));
        assert!(wants(json!({ "nodeSelector": { "kubernetes.io/os": "linux" } }), json!([])));
        assert!(!wants(json!({ "nodeSelector": { "gpu": "true" } }), json!([])));
        let only = |term: Value| {
            json!({ "affinity": { "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": [term] } } } })
        };
        let arm =
            json!({ "matchExpressions": [{ "key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"] }] });
        assert!(!wants(only(arm), json!([])));
        let name = json!({ "matchFields": [{ "key": "metadata.name", "operator": "In", "values": ["worker-1"] }] });
        assert!(wants(only(name), json!([])));
        assert!(!wants(only(json!({})), json!([])));
    }

    #[test]
    fn taints_keep_daemons_away_but_for_those_of_health() {
        let gpu = json!([{ "key": "gpu", "effect": "NoSchedule" }]);
        assert!(!wants(json!({}), gpu.clone()));
        assert!(wants(json!({ "tolerations": [{ "operator": "Exists" }] }), gpu));
        assert!(wants(json!({}), json!([{ "key": "node.kubernetes.io/disk-pressure", "effect": "NoSchedule" }])));
        assert!(!wants(json!({}), json!([{ "key": "node.kubernetes.io/not-ready", "effect": "NoSchedule" }])));
        assert!(wants(json!({}), json!([{ "key": "spot", "effect": "PreferNoSchedule" }])));
    }

    #[test]
    fn names_are_listed_up_to_three() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
