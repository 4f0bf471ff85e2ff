//! The nodes carry a taint that a pod does not tolerate.

use std::collections::BTreeMap;

use super::node_fit::a_few;
use super::scheduling::{Barrier, Refusal};
use super::unplaced::{Unplaced, kept_out_by};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, ObjectRef, Taint};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "scheduling-untolerated-taint",
    title: "Taint that the pod does not tolerate",
    rows: &[4],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    kept_out_by(view, Barrier::Taint, fault)
}

/// A taint with the nodes that carry it, those of most nodes first. Since 1.35 the scheduler names none, so the nodes are asked.
fn taints<'s>(view: &View<'s>, pod: &Unplaced<'s>) -> Vec<(&'s Taint, Vec<&'s Node>)> {
    let mut found: BTreeMap<String, (&Taint, Vec<&Node>)> = BTreeMap::new();
    for (taint, node) in pod.tainted(view) {
        found.entry(in_words(taint)).or_insert_with(|| (taint, Vec::new())).1.push(node);
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(_, nodes)| std::cmp::Reverse(nodes.len()));
    found
}

fn in_words(taint: &Taint) -> String {
    let value = if taint.value.is_empty() { String::new() } else { format!("={}", taint.value) };
    format!("{}{value}:{}", taint.key, taint.effect)
}

fn fault<'s>(view: &View<'s>, pod: &Unplaced<'s>) -> Fault {
    let taints = taints(view, pod);
    let Some((first, nodes)) = taints.first() else { return fault_by_text(view, pod) };
    let shown = taints.iter().take(3).map(|(taint, nodes)| {
        let names: Vec<&str> = nodes.iter().map(|n| n.metadata.name.as_str()).collect();
        format!("{} of {}", in_words(taint), a_few(&names))
    });
    let shown: Vec<String> = shown.collect();
    let mut fault = pod.fault(view, &format!("the pod does not tolerate the taint {}", shown.join(", nor ")));
    fault = fault.fact("taint", &first.key).fact("node", nodes.first().map_or("", |n| n.metadata.name.as_str()));
    // A taint of this domain follows from the state of its node: that is the cause to look for.
    let ill = taints.iter().filter(|(taint, _)| taint.key.starts_with("node.kubernetes.io/")).flat_map(|(_, n)| n);
    ill.fold(fault, |fault, node| fault.involving(ObjectRef::new(Kind::Node, "", &node.metadata.name)))
}

/// Without nodes there are the scheduler's words only.
fn fault_by_text(view: &View<'_>, pod: &Unplaced<'_>) -> Fault {
    let named = pod.refusal.as_ref().map(Refusal::taints).unwrap_or_default();
    let Some(first) = named.first() else {
        return pod.fault(view, "the nodes have taints that the pod does not tolerate");
    };
    let shown = a_few(&named.iter().map(String::as_str).collect::<Vec<_>>());
    let key = first.split_once('=').map_or(first.as_str(), |(key, _)| key);
    pod.fault(view, &format!("the pod does not tolerate the taint {shown}")).fact("taint", key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod};
    use crate::evidence::cluster::Kind;

    const NEWEST: &str = "0/2 nodes are available: 2 node(s) had untolerated taint(s). preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";

    fn pending(message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    fn tainted(name: &str, key: &str, value: &str) -> Thing {
        node(name).set("spec.taints", json!([{ "key": key, "value": value, "effect": "NoSchedule" }]))
    }

    #[test]
    fn the_taint_is_named_from_the_nodes_where_the_scheduler_does_not() {
        let verdict = cluster()
            .with(tainted("worker-1", "pool", "batch"))
            .with(tainted("worker-2", "pool", "batch"))
            .with(pending(NEWEST))
            .finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("does not tolerate the taint pool=batch:NoSchedule of worker-1, worker-2");
        assert!(verdict.faults[0].facts.contains(&("taint", "pool".into())));
    }

    #[test]
    fn a_taint_that_is_borne_is_not_named() {
        let bears = json!([{ "key": "pool", "operator": "Exists" }]);
        let verdict = cluster()
            .with(tainted("worker-1", "pool", "batch"))
            .with(tainted("worker-2", "node.kubernetes.io/not-ready", ""))
            .with(pending(&NEWEST.replace("2 node(s)", "1 node(s)")).set("spec.tolerations", bears))
            .finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("the taint node.kubernetes.io/not-ready:NoSchedule of worker-2");
        assert_eq!(verdict.faults[0].involves[0].to_string(), "node worker-2");
    }

    #[test]
    fn the_old_spellings_name_it_where_no_node_may_be_read() {
        let old = "0/3 nodes are available: 3 node(s) had taint {pool: batch}, that the pod didn't tolerate.";
        let found = cluster().with(pending(old)).without(Kind::Node).finds(&CHECK, &["pod shop/web-0"]);
        found.says("the taint pool=batch");
        let newer = "0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: }.";
        cluster()
            .with(pending(newer))
            .without(Kind::Node)
            .finds(&CHECK, &["pod shop/web-0"])
            .says("the taint dedicated");
        cluster().with(pending(NEWEST)).without(Kind::Node).finds(&CHECK, &["pod shop/web-0"]).says("have taints that");
    }

    #[test]
    fn the_taint_of_a_few_nodes_is_not_the_cause() {
        let text = "0/8 nodes are available: 2 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 6 Insufficient cpu.";
        cluster().with(pending(text)).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).with(tainted("worker-2", "pool", "batch")).is_fine(&CHECK);
    }

    #[test]
    fn the_one_node_with_the_labels_decides_by_its_taint() {
        let text = "0/8 nodes are available: 1 node(s) had untolerated taint(s), 7 node(s) didn't match Pod's node affinity/selector.";
        let gpu = tainted("worker-8", "pool", "gpu").set("metadata.labels.pool", "gpu");
        let asks = pending(text).set("spec.nodeSelector.pool", "gpu");
        cluster().with(gpu).with(node("worker-1")).with(asks).finds(&CHECK, &["pod shop/web-0"]).says("pool=gpu");
    }
}
