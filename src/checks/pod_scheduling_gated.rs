//! A pod is not given to the scheduler, because somebody keeps a gate before it shut.

use super::unplaced::waits_for_a_node;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Kind, Pod, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "pod-scheduling-gated",
    title: "Pod waits at a scheduling gate",
    rows: &[11],
    severity: Severity::Low,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in view.snapshot.pods.iter().filter(|p| waits_for_a_node(p)) {
        let shut = condition(&pod.status.conditions, "PodScheduled").filter(|c| c.reason == "SchedulingGated");
        // A gate is opened by a controller, which may take a moment.
        if let Some(condition) = shut.filter(|_| view.lasts(pod.metadata.creation_timestamp, view.thresholds.settle)) {
            verdict.found(fault(pod, condition));
        }
    }
    verdict
}

fn fault(pod: &Pod, condition: &Condition) -> Fault {
    let gates: Vec<&str> = pod.spec.scheduling_gates.iter().map(|g| g.name.as_str()).collect();
    let gates = gates.join(", ");
    let named = if gates.is_empty() { String::new() } else { format!(": {gates}") };
    Fault::on(pod.metadata.object(Kind::Pod), &format!("the pod waits until its scheduling gates are removed{named}"))
        .seen("status.conditions[PodScheduled].message", condition.message.as_str())
        .seen("spec.schedulingGates", gates)
        .since(pod.metadata.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod};

    fn gated() -> Thing {
        pod("ml/train-0")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .set("spec.schedulingGates", json!([{ "name": "kueue.x-k8s.io/admission" }]))
            .condition("PodScheduled", "False", "SchedulingGated")
            .set("status.conditions.1.message", "Scheduling is blocked due to non-empty scheduling gates")
            .set("status.conditions.1.lastTransitionTime", json!(null))
    }

    #[test]
    fn the_gates_are_named() {
        let verdict = cluster().with(gated()).finds(&CHECK, &["pod ml/train-0"]);
        verdict.says("kueue.x-k8s.io/admission");
    }

    #[test]
    fn a_gate_of_a_moment_and_a_pod_without_one_are_fine() {
        cluster().with(gated().set("metadata.creationTimestamp", "2026-11-26T11:59:00Z")).is_fine(&CHECK);
        cluster().with(gated().condition("PodScheduled", "False", "Unschedulable")).is_fine(&CHECK);
        cluster().with(gated().set("metadata.deletionTimestamp", "2026-11-26T11:59:00Z")).is_fine(&CHECK);
        cluster().with(pod("ml/train-0")).is_fine(&CHECK);
    }
}
