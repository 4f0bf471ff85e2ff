//! A node runs almost as many pods as its kubelet allows: there may be room for cpu and memory, but not for pods.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, Quantity};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-pods-full",
    title: "Node is near its limit of pods",
    rows: &[112],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Node, Kind::Pod],
    hygiene: false,
    run,
};

/// Percent of the limit that are almost all of it, as in the alert `KubeletTooManyPods`.
const FULL: usize = 95;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    if view.snapshot.nodes.is_empty() {
        return verdict;
    }
    for node in &view.snapshot.nodes {
        let pods = view.pods_on(&node.metadata.name).iter().filter(|p| !p.is_over()).count();
        if let Some(limit) = limit(node).filter(|limit| pods.saturating_mul(100) >= limit.saturating_mul(FULL)) {
            verdict.found(fault(node, pods, limit));
        }
    }
    // What was counted is there in any case; only more could be.
    view.snapshot.reads.complete(Kind::Pod, "").unwrap_or_else(|why| verdict.unknown(why));
    verdict
}

fn limit(node: &Node) -> Option<usize> {
    let stated: &Quantity = node.status.allocatable.get("pods")?;
    // A node that is made for one pod, as those of Fargate are, is full by design.
    stated.0.parse().ok().filter(|limit| *limit > 1)
}

fn fault(node: &Node, pods: usize, limit: usize) -> Fault {
    let message = format!("{pods} pods are on the node and it takes {limit}");
    Fault::on(node.metadata.object(Kind::Node), &message)
        .seen("status.allocatable.pods", limit.to_string())
        .fact("node", &node.metadata.name)
        .fact("used", pods.to_string())
        .fact("limit", limit.to_string())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Cluster, cluster, node, pod};
    use crate::evidence::cluster::Kind;

    fn with(pods: usize, limit: &str) -> Cluster {
        let all = cluster().with(node("worker-1").set("status.allocatable.pods", limit));
        (0..pods).fold(all, |all, n| all.with(pod(&format!("shop/web-{n}"))))
    }

    #[test]
    fn almost_all_is_full() {
        with(19, "20").finds(&CHECK, &["node worker-1"]).says("19 pods are on the node and it takes 20");
        with(18, "20").is_fine(&CHECK);
    }

    #[test]
    fn pods_that_are_over_take_no_place() {
        let over = |n: usize| pod(&format!("shop/job-{n}")).set("status.phase", "Succeeded");
        (0..5).fold(with(15, "20"), |all, n| all.with(over(n))).is_fine(&CHECK);
        with(1, "20").without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }

    #[test]
    fn a_node_for_one_pod_is_full_by_design_and_no_limit_is_too_large() {
        with(1, "1").is_fine(&CHECK);
        with(1, "18446744073709551615").is_fine(&CHECK);
    }
}
