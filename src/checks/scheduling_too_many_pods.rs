//! The nodes that could take a pod run as many pods as they may.

use super::node_fit::{a_few, left, offered, open_nodes};
use super::scheduling::Barrier;
use super::unplaced::{Unplaced, kept_out_by};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "scheduling-too-many-pods",
    title: "Nodes are at their limit of pods",
    rows: &[9],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    kept_out_by(view, Barrier::PodLimit, fault)
}

fn fault(view: &View<'_>, pod: &Unplaced<'_>) -> Fault {
    let full: Vec<&Node> =
        open_nodes(view, &pod.pod.spec).into_iter().filter(|n| left(view, n, "pods") < 1.0).collect();
    let limits: Vec<String> = full.iter().map(|n| format!("{} {}", n.metadata.name, offered(n, "pods"))).collect();
    let Some(first) = full.first() else {
        let count: usize = pod.refusal.iter().flat_map(|r| r.about(Barrier::PodLimit)).map(|r| r.nodes).sum();
        let nodes = if count == 1 {
            "1 node runs as many pods as it".to_owned()
        } else {
            format!("{count} nodes run as many pods as they")
        };
        return pod.fault(view, &format!("{nodes} may"));
    };
    let shown: Vec<&str> = limits.iter().map(String::as_str).collect();
    pod.fault(view, &format!("the nodes run as many pods as they may ({})", a_few(&shown)))
        .fact("node", &first.metadata.name)
        .fact("limit", offered(first, "pods").to_string())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod};
    use crate::evidence::cluster::Kind;

    const FULL: &str = "0/2 nodes are available: 1 Too many pods, 1 node(s) had untolerated taint(s). preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.";

    fn pending(message: &str) -> Thing {
        pod("shop/web-9")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    #[test]
    fn the_full_nodes_are_named_with_their_limits() {
        let small = node("worker-1").set("status.allocatable.pods", "2");
        let over = pod("shop/old").set("status.phase", "Succeeded");
        let verdict = cluster()
            .with(small)
            .with(node("worker-2"))
            .with(pod("shop/web-0"))
            .with(pod("shop/web-1"))
            .with(over)
            .with(pending(FULL))
            .finds(&CHECK, &["pod shop/web-9"]);
        verdict.says("the nodes run as many pods as they may (worker-1 2)");
        assert!(verdict.faults[0].facts.contains(&("limit", "2".into())));
    }

    #[test]
    fn the_text_is_enough_without_nodes() {
        let text = "0/8 nodes are available: 8 Too many pods.";
        let verdict = cluster().with(pending(text)).without(Kind::Node).finds(&CHECK, &["pod shop/web-9"]);
        verdict.says("8 nodes run as many pods as they may");
    }

    #[test]
    fn another_cause_and_a_full_node_alone_are_none() {
        cluster().with(pending("0/8 nodes are available: 1 Too many pods, 7 Insufficient cpu.")).is_fine(&CHECK);
        let full = node("worker-1").set("status.allocatable.pods", "1");
        cluster().with(full).with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
