//! A pod requests a GPU or another resource beside CPU and memory, and no node has enough of it left.

use super::shortage::shortages;
use super::{Basis, Check, Stage};
use crate::evidence::cluster::Kind;
use crate::finding::Severity;

pub(super) const CHECK: Check = Check {
    id: "scheduling-insufficient-extended-resource",
    title: "Too little of a special resource for the pod",
    rows: &[3],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run: |view| shortages(view, |resource| !matches!(resource, "cpu" | "memory")),
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod};

    fn pending(resource: &str, count: i64, message: &str) -> Thing {
        let limit = format!("spec.containers.0.resources.limits.{}", resource.replace('.', "~"));
        pod("ml/train-0")
            .set(&limit, count)
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    #[test]
    fn a_resource_that_nobody_offers_is_told_from_one_that_is_taken() {
        let text = "0/1 nodes are available: 1 Insufficient nvidia.com/gpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
        let waiting = pending("nvidia.com/gpu", 1, text);
        let none = cluster().with(node("worker-1")).with(waiting.clone()).finds(&CHECK, &["pod ml/train-0"]);
        none.says("requests 1 nvidia.com/gpu, which no node offers");
        let gpus = node("worker-1").set("status.allocatable.nvidia~com/gpu", "1");
        let holder = pod("ml/note-0").set("spec.containers.0.resources.limits.nvidia~com/gpu", "1");
        let taken = cluster().with(gpus).with(holder).with(waiting).finds(&CHECK, &["pod ml/train-0"]);
        taken.says("no node has more than 0 of it left (the largest, worker-1, has 1)");
        assert!(taken.faults[0].facts.contains(&("resource", "nvidia.com/gpu".into())));
    }

    #[test]
    fn any_domain_counts_not_only_gpus() {
        // k8sgpt and Robusta look for `…/gpu` alone.
        for resource in ["vpc.amazonaws.com/pod-eni", "hugepages-2Mi", "ephemeral-storage"] {
            let text = format!("0/8 nodes are available: 8 Insufficient {resource}.");
            cluster().with(pending(resource, 2, &text)).finds(&CHECK, &["pod ml/train-0"]).says(resource);
        }
    }

    #[test]
    fn cpu_and_memory_are_for_others() {
        let text = "0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient memory.";
        cluster().with(pending("nvidia.com/gpu", 1, text)).is_fine(&CHECK);
        cluster().with(pod("ml/train-0")).with(node("worker-1")).is_fine(&CHECK);
    }
}
