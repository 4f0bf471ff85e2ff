//! A pod requests more CPU than any node has left.

use super::shortage::shortages;
use super::{Basis, Check, Stage};
use crate::evidence::cluster::Kind;
use crate::finding::Severity;

pub(super) const CHECK: Check = Check {
    id: "scheduling-insufficient-cpu",
    title: "Too little CPU for the pod",
    rows: &[2],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run: |view| shortages(view, |resource| resource == "cpu"),
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, warning};
    use crate::evidence::cluster::Kind;

    const FULL: &str = "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.";

    fn pending(cpu: &str, message: &str) -> Thing {
        pod("shop/web-0")
            .set("spec.containers.0.resources.requests.cpu", cpu)
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    #[test]
    fn a_request_above_the_largest_node_and_one_above_what_is_left_are_told_apart() {
        let large = node("worker-2").set("status.allocatable.cpu", "7910m");
        let taken = pod("shop/batch-0").set("spec.containers.0.resources.requests.cpu", "3500m");
        let nodes = || cluster().with(node("worker-1")).with(large.clone()).with(taken.clone());
        let verdict = nodes().with(pending("16", FULL)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("requests 16 cpu, more than the largest node has (worker-2: 7.91)");
        let busy = taken.clone().set("metadata.name", "batch-1").set("spec.nodeName", "worker-2");
        let verdict = nodes().with(busy).with(pending("6", FULL)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("requests 6 cpu, but no node has more than 4.41 of it left (the largest, worker-2, has 7.91)");
    }

    #[test]
    fn nodes_that_the_pod_may_not_use_are_not_the_largest() {
        let control = node("control-1").set("status.allocatable.cpu", "64").set(
            "spec.taints",
            serde_json::json!([{ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" }]),
        );
        let text = "0/2 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 1 Insufficient cpu.";
        let verdict = cluster().with(control).with(node("worker-1")).with(pending("8", text));
        verdict.finds(&CHECK, &["pod shop/web-0"]).says("the largest node has (worker-1: 4)");
    }

    #[test]
    fn the_reason_that_rules_out_most_nodes_counts_and_ties_count_both() {
        let memory = "0/8 nodes are available: 1 Insufficient cpu, 7 Insufficient memory.";
        cluster().with(pending("1", memory)).is_fine(&CHECK);
        let both = "0/8 nodes are available: 4 Insufficient cpu, 4 Insufficient memory.";
        cluster().with(pending("1", both)).finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn labels_that_other_nodes_lack_are_there_by_design() {
        // Of a DaemonSet's pod all nodes but one "didn't match": the one that is meant decides.
        let text = "0/8 nodes are available: 1 Insufficient cpu, 7 node(s) didn't match Pod's node affinity/selector.";
        cluster().with(pending("1", text)).finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn the_text_is_enough_without_nodes_and_preemption_is_no_reason() {
        let event = warning("Pod", "shop/web-0", "FailedScheduling", FULL);
        cluster()
            .with(pending("2", ""))
            .with(event)
            .without(Kind::Node)
            .finds(&CHECK, &["pod shop/web-0"])
            .says("requests 2 cpu, which no node has left");
        let other =
            "0/2 nodes are available: 2 Too many pods. preemption: 0/2 nodes are available: 2 Insufficient cpu.";
        cluster().with(pending("2", other)).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
