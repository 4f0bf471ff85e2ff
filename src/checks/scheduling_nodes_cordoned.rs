//! The nodes that would take a pod are cordoned.

use super::node_fit::{a_few, known_nodes};
use super::scheduling::Barrier;
use super::unplaced::{Unplaced, kept_out_by};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "scheduling-nodes-cordoned",
    title: "Nodes that fit are cordoned",
    rows: &[5],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    kept_out_by(view, Barrier::Cordon, fault)
}

fn fault(view: &View<'_>, pod: &Unplaced<'_>) -> Fault {
    if known_nodes(view).is_empty() {
        let cordoned: usize = pod.refusal.iter().flat_map(|r| r.about(Barrier::Cordon)).map(|r| r.nodes).sum();
        let nodes = if cordoned == 1 { "1 node is".to_owned() } else { format!("{cordoned} nodes are") };
        return pod.fault(view, &format!("{nodes} cordoned and so closed to the pod"));
    }
    let nodes = pod.cordoned(view);
    let names: Vec<&str> = nodes.iter().map(|n| n.metadata.name.as_str()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} cordoned and would take the pod otherwise", a_few(&names));
    let fault = pod.fault(view, &message).fact("node", names.first().copied().unwrap_or_default());
    match names.as_slice() {
        [only] => fault.because_of(ObjectRef::new(Kind::Node, "", only)),
        several => several.iter().fold(fault, |f, name| f.involving(ObjectRef::new(Kind::Node, "", name))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod};
    use crate::evidence::cluster::Kind;

    const CLOSED: &str = "0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";

    fn pending(message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    fn cordoned(name: &str) -> Thing {
        let taint = json!([{ "key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule" }]);
        node(name).set("spec.unschedulable", true).set("spec.taints", taint)
    }

    #[test]
    fn a_cordoned_node_that_would_fit_is_to_blame() {
        let verdict = cluster().with(cordoned("worker-1")).with(pending(CLOSED)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("worker-1 is cordoned and would take the pod otherwise").blames("node worker-1");
    }

    #[test]
    fn a_cordoned_node_that_would_not_fit_anyway_is_no_cause() {
        let small = pending(CLOSED).set("spec.containers.0.resources.requests.cpu", "64");
        cluster().with(cordoned("worker-1")).with(small).is_fine(&CHECK);
        let elsewhere = pending(CLOSED).set("spec.nodeSelector.pool", "batch");
        cluster().with(cordoned("worker-1")).with(elsewhere).is_fine(&CHECK);
        let dead = json!([{ "key": "node.kubernetes.io/unreachable", "effect": "NoExecute" }]);
        cluster().with(cordoned("worker-1").set("spec.taints", dead)).with(pending(CLOSED)).is_fine(&CHECK);
        let full = cordoned("worker-1").set("status.allocatable.pods", "1");
        cluster().with(full).with(pod("shop/web-1")).with(pending(CLOSED)).is_fine(&CHECK);
    }

    #[test]
    fn the_reason_of_most_nodes_is_the_cause() {
        let text = "0/8 nodes are available: 1 node(s) were unschedulable, 1 node(s) had untolerated taint(s), 6 Insufficient memory.";
        cluster().with(cordoned("worker-1")).with(pending(text)).is_fine(&CHECK);
        let tie = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.";
        cluster().with(cordoned("worker-1")).with(pending(tie)).finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn without_nodes_the_scheduler_is_believed_and_a_cordon_alone_is_fine() {
        let verdict = cluster().with(pending(CLOSED)).without(Kind::Node).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("1 node is cordoned");
        cluster().with(cordoned("worker-1")).with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
