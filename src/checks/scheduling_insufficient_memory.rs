//! A pod requests more memory than any node has left.

use super::shortage::shortages;
use super::{Basis, Check, Stage};
use crate::evidence::cluster::Kind;
use crate::finding::Severity;

pub(super) const CHECK: Check = Check {
    id: "scheduling-insufficient-memory",
    title: "Too little memory for the pod",
    rows: &[2],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run: |view| shortages(view, |resource| resource == "memory"),
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod};

    fn pending(memory: &str, message: &str) -> Thing {
        pod("shop/web-0")
            .set("spec.containers.0.resources.requests.memory", memory)
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    #[test]
    fn request_and_largest_node_are_named() {
        let text = "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
        let verdict = cluster().with(node("worker-1")).with(pending("64Gi", text)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("the pod requests 64Gi memory, more than the largest node has (worker-1: 16Gi)");
        assert!(verdict.faults[0].facts.contains(&("requested", "64Gi".into())));
    }

    #[test]
    fn cordon_and_taint_of_single_nodes_are_not_the_cause() {
        let text = "0/8 nodes are available: 1 node(s) were unschedulable, 1 node(s) had untolerated taint(s), 6 Insufficient memory. \
            no new claims to deallocate, preemption: 0/8 nodes are available: 2 Preemption is not helpful for scheduling.";
        cluster()
            .with(pending("4Gi", text))
            .finds(&CHECK, &["pod shop/web-0"])
            .says("4Gi memory, which no node has left");
    }

    #[test]
    fn control_planes_beside_full_nodes_are_not_the_cause_however_many_they_are() {
        let text = "0/5 nodes are available: 2 Insufficient memory, 3 node(s) had untolerated taint(s).";
        let taint = serde_json::json!([{ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" }]);
        let control_planes = ["cp-1", "cp-2", "cp-3"].map(|name| node(name).set("spec.taints", taint.clone()));
        let nodes = control_planes.into_iter().chain([node("worker-1"), node("worker-2")]);
        let full = nodes.fold(cluster(), crate::checks::testing::Cluster::with).with(pending("64Gi", text));
        full.finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn pools_of_others_are_not_the_cause_and_what_no_node_could_give_comes_first() {
        let text =
            "0/8 nodes are available: 5 node(s) had untolerated taint(s), 2 Insufficient cpu, 1 Insufficient memory.";
        let taint = serde_json::json!([{ "key": "pool", "value": "gpu", "effect": "NoSchedule" }]);
        let pool =
            ["gpu-1", "gpu-2", "gpu-3", "gpu-4", "gpu-5"].map(|name| node(name).set("spec.taints", taint.clone()));
        let nodes = pool.into_iter().chain(["worker-1", "worker-2", "worker-3"].map(node));
        let full = nodes.fold(cluster(), crate::checks::testing::Cluster::with).with(pending("64Gi", text));
        full.finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn a_limit_without_a_request_is_the_request() {
        let text = "0/1 nodes are available: 1 Insufficient memory.";
        let limited = pending("1Gi", text)
            .unset("spec.containers.0.resources.requests")
            .set("spec.containers.0.resources.limits.memory", "20Gi");
        cluster().with(node("worker-1")).with(limited).finds(&CHECK, &["pod shop/web-0"]).says("requests 20Gi memory");
    }

    #[test]
    fn a_pod_that_runs_and_one_that_misses_something_else_are_none() {
        cluster().with(pod("shop/web-0")).with(node("worker-1")).is_fine(&CHECK);
        cluster().with(pending("1Gi", "0/3 nodes are available: 3 Insufficient cpu.")).is_fine(&CHECK);
    }
}
