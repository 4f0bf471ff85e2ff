//! A detector of problems says that something is wrong with a node. What is bad differs: `KernelDeadlock` when it is true, `StorageReady` when it is false.

use super::gist::gist;
use super::node_life::{is_young, stated};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Kind, Node};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-condition-bad",
    title: "A detector reports a problem of the node",
    rows: &[108],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Node],
    hygiene: false,
    run,
};

/// Conditions that are bad when `True`: of node-problem-detector and of Azure's build of it.
const BAD_WHEN_TRUE: [&str; 15] = [
    "ContainerRuntimeProblem",
    "ContainerRuntimeUnhealthy",
    "CorruptDockerOverlay2",
    "CperHardwareErrorFatal",
    "FilesystemCorruptionProblem",
    "FrequentContainerdRestart",
    "FrequentDockerRestart",
    "FrequentKubeletRestart",
    "FrequentUnregisterNetDevice",
    "KernelDeadlock",
    "KubeletProblem",
    "KubeletUnhealthy",
    "OutOfDisk",
    "ReadonlyFilesystem",
    "XfsShutdown",
];

/// Conditions that are bad when `False`: of Amazon's node monitoring agent, and of k3s and RKE2.
const BAD_WHEN_FALSE: [&str; 6] = [
    "AcceleratedHardwareReady",
    "ContainerRuntimeReady",
    "EtcdIsVoter",
    "KernelReady",
    "NetworkingReady",
    "StorageReady",
];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for node in &view.snapshot.nodes {
        // What is not up yet is expected of a node that joins; what broke is not.
        let joins = is_young(view, node);
        let bad = node.status.conditions.iter().filter(|c| is_bad(c) && !(joins && c.status == "False"));
        bad.for_each(|said| verdict.found(fault(node, said)));
    }
    verdict
}

/// A type that is not in the tables says nothing: nobody knows which of its answers is the good one.
fn is_bad(said: &Condition) -> bool {
    let kind = said.kind.as_str();
    match said.status.as_str() {
        "True" => BAD_WHEN_TRUE.contains(&kind),
        "False" => BAD_WHEN_FALSE.contains(&kind),
        _ => false,
    }
}

fn fault(node: &Node, said: &Condition) -> Fault {
    let reason = if said.reason.is_empty() { String::new() } else { format!(" ({})", said.reason) };
    let words = if said.message.is_empty() { String::new() } else { format!(": {}", gist(&said.message)) };
    stated(node, said, &format!("the node reports {}={}{reason}{words}", said.kind, said.status))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, node};

    #[test]
    fn each_type_is_bad_in_its_own_way() {
        let dead = node("worker-1")
            .condition("KernelDeadlock", "True", "DockerHung")
            .set("status.conditions.4.message", "task dockerd:1234 blocked for more than 120 seconds.");
        let no_disk = node("worker-2").condition("StorageReady", "False", "IODelays");
        let verdict = cluster().with(dead).with(no_disk).finds(&CHECK, &["node worker-1", "node worker-2"]);
        verdict
            .says("KernelDeadlock=True (DockerHung): task dockerd:1234 blocked")
            .says("StorageReady=False (IODelays)");
    }

    #[test]
    fn what_is_not_up_yet_is_expected_of_a_node_that_joins() {
        let young = || node("worker-1").set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
        cluster().with(young().condition("StorageReady", "False", "Starting")).is_fine(&CHECK);
        cluster().with(young().condition("KernelDeadlock", "True", "DockerHung")).finds(&CHECK, &["node worker-1"]);
    }

    #[test]
    fn good_answers_and_types_that_nobody_knows_say_nothing() {
        // k8sgpt reports every type that it does not know, whatever it says.
        let healthy = node("worker-1")
            .condition("KernelDeadlock", "False", "KernelHasNoDeadlock")
            .condition("ReadonlyFilesystem", "False", "FilesystemIsNotReadOnly")
            .condition("EtcdIsVoter", "True", "MemberNotLearner")
            .condition("NetworkingReady", "True", "NetworkingIsReady")
            .condition("KernelReady", "Unknown", "")
            .condition("SriovReady", "False", "")
            .condition("VMEventScheduled", "True", "RebootScheduled");
        cluster().with(healthy).is_fine(&CHECK);
    }
}
