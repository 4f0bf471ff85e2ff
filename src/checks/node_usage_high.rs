//! A node uses most of its cpu or memory. Without metrics nothing is said.

use super::amount::amount;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Metrics, Node, Quantity};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-usage-high",
    title: "Node uses most of what it has",
    rows: &[111],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::NodeMetrics, Kind::Node],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for metrics in view.snapshot.node_metrics.iter().filter(|m| view.is_recent(m.timestamp, view.thresholds.settle)) {
        let Some(node) = view.node(&metrics.metadata.name) else { continue };
        let all = ["cpu", "memory"].iter().filter_map(|resource| filling(node, metrics, resource));
        let high: Vec<Filling> = all.filter(|f| f.percent() > f64::from(limit(view))).collect();
        if !high.is_empty() {
            verdict.found(fault(node, metrics, &high));
        }
    }
    verdict
}

fn limit(view: &View<'_>) -> u8 {
    u8::try_from(view.thresholds.usage).unwrap_or(100)
}

/// What is used of a resource, and what pods may have.
struct Filling {
    resource: &'static str,
    used: f64,
    allocatable: f64,
}

impl Filling {
    fn percent(&self) -> f64 {
        self.used / self.allocatable * 100.0
    }
}

fn filling(node: &Node, metrics: &Metrics, resource: &'static str) -> Option<Filling> {
    let allocatable = node.status.allocatable.get(resource).and_then(Quantity::value).filter(|all| *all > 0.0)?;
    let used = metrics.usage.get(resource).and_then(Quantity::value)?;
    Some(Filling { resource, used, allocatable })
}

fn fault(node: &Node, metrics: &Metrics, high: &[Filling]) -> Fault {
    let one = |f: &Filling| {
        let (used, all) = (amount(f.resource, f.used), amount(f.resource, f.allocatable));
        let what = if f.resource == "memory" { " memory" } else { "" };
        format!("{used} of {all}{what} ({:.0} %)", f.percent())
    };
    let all: Vec<String> = high.iter().map(one).collect();
    Fault::on(
        node.metadata.object(Kind::Node),
        &format!("the node uses most of what pods may have: {}", all.join("; ")),
    )
    .fact("node", &node.metadata.name)
    .fact("resource", high.first().map_or("", |f| f.resource))
    .fact("used", high.first().map(|f| amount(f.resource, f.used)).unwrap_or_default())
    .since(metrics.timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, thing};

    fn metrics(cpu: &str, memory: &str) -> Thing {
        thing("metrics.k8s.io/v1beta1", "NodeMetrics", "worker-1")
            .set("timestamp", "2026-11-26T11:59:30Z")
            .set("usage", json!({ "cpu": cpu, "memory": memory }))
    }

    #[test]
    fn what_is_used_is_held_against_what_pods_may_have() {
        let verdict = cluster().with(node("worker-1")).with(metrics("3800m", "15Gi")).finds(&CHECK, &["node worker-1"]);
        verdict.says("3.8 cpu of 4 cpu (95 %); 15Gi of 16Gi memory (94 %)");
    }

    #[test]
    fn little_use_old_numbers_and_no_numbers_are_fine() {
        cluster().with(node("worker-1")).with(metrics("120345678n", "4Gi")).is_fine(&CHECK);
        let old = metrics("3900m", "15Gi").set("timestamp", "2026-11-26T09:00:00Z");
        cluster().with(node("worker-1")).with(old).is_fine(&CHECK);
        cluster().with(node("worker-1")).is_fine(&CHECK);
    }
}
