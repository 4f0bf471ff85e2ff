//! A node is cordoned: it takes no new pods until somebody remembers.

use super::node_life::is_leaving;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, Time};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-cordoned",
    title: "Node is cordoned",
    rows: &[109],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Node],
    hygiene: false,
    run,
};

/// What the controller adds when a node is cordoned; its time is that of the cordon.
const TAINT: &str = "node.kubernetes.io/unschedulable";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for node in view.snapshot.nodes.iter().filter(|n| n.spec.unschedulable && !is_leaving(n)) {
        let since = cordoned_at(node);
        // An update that goes from node to node cordons each of them for a short while.
        if since.0.is_none() || view.lasts(since, view.thresholds.settle) {
            verdict.found(fault(view, node, since));
        }
    }
    verdict
}

fn cordoned_at(node: &Node) -> Time {
    node.spec.taints.iter().find(|t| t.key == TAINT).map(|t| t.time_added).unwrap_or_default()
}

fn fault(view: &View<'_>, node: &Node, since: Time) -> Fault {
    let name = &node.metadata.name;
    let pods = view.pods_on(name).iter().filter(|p| !p.is_over()).count();
    let left = match pods {
        0 => String::new(),
        1 => "; 1 pod is on it".to_owned(),
        more => format!("; {more} pods are on it"),
    };
    let when = since.0.map(|time| format!(" since {time}")).unwrap_or_default();
    Fault::on(
        node.metadata.object(Kind::Node),
        &format!("the node has been cordoned{when} and takes no new pods{left}"),
    )
    .seen("spec.unschedulable", "true")
    .fact("node", name)
    .since(since)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod};

    fn cordoned(at: &str) -> Thing {
        let taint = json!([{ "key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": at }]);
        node("worker-1").set("spec.unschedulable", true).set("spec.taints", taint)
    }

    #[test]
    fn a_cordon_that_stays_is_told() {
        let over = pod("shop/once").set("status.phase", "Succeeded");
        let all = cluster().with(cordoned("2026-11-24T09:00:00Z")).with(pod("shop/web-0")).with(over);
        all.finds(&CHECK, &["node worker-1"]).says("since 2026-11-24T09:00:00Z and takes no new pods; 1 pod is on it");
        cluster().with(node("worker-1").set("spec.unschedulable", true)).finds(&CHECK, &["node worker-1"]);
    }

    #[test]
    fn an_update_under_way_and_a_node_that_leaves_are_fine() {
        cluster().with(cordoned("2026-11-26T11:58:00Z")).with(node("worker-2")).is_fine(&CHECK);
        let leaving = json!([{ "key": "karpenter.sh/disrupted", "effect": "NoSchedule" }]);
        cluster().with(cordoned("2026-11-24T09:00:00Z").set("spec.taints", leaving)).is_fine(&CHECK);
    }
}
