//! Autoscalers may ask for more than the nodes have: at the next peak pods stay pending, unless something adds nodes.

use super::amount::amount;
use super::autoscaling::{Target, named, target};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Autoscaler, Kind, Node, PodSpec, Quantity};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "hpa-exceeds-capacity",
    title: "Autoscalers may exceed the nodes",
    rows: &[64],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::HorizontalPodAutoscaler, Kind::Node, Kind::Pod, Kind::Deployment, Kind::ConfigMap],
    hygiene: true,
    run,
};

/// Programs that add nodes. Of one that the cloud runs out of sight, its `ConfigMap` and its events are seen.
const GROWERS: [&str; 4] = ["cluster-autoscaler", "karpenter", "castai", "spotinst"];

/// Labels of nodes that are made as they are needed.
const ENDLESS: [&str; 3] =
    ["eks.amazonaws.com/compute-type", "karpenter.sh/nodepool", "kubernetes.azure.com/virtual-node"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    if view.snapshot.autoscalers.is_empty() || view.snapshot.nodes.is_empty() || grows(view) {
        return verdict;
    }
    if let Err(why) = sees_all(view) {
        verdict.unknown(why);
        return verdict;
    }
    for resource in ["cpu", "memory"] {
        let demands = demands(view, resource);
        let alone: Vec<Fault> = demands.iter().filter_map(|d| alone(view, d, resource)).collect();
        let together = if alone.is_empty() { together(view, &demands, resource) } else { None };
        verdict.faults.extend(alone.into_iter().chain(together));
    }
    verdict
}

/// Whether something adds nodes.
fn grows(view: &View<'_>) -> bool {
    let snapshot = view.snapshot;
    let adds = |name: &str| GROWERS.iter().any(|grower| name.contains(grower));
    let pools = [Kind::NodePool, Kind::NodeClaim].into_iter().any(|kind| !snapshot.customs(kind).is_empty());
    pools
        || snapshot.deployments.iter().any(|d| adds(&d.metadata.name))
        || snapshot.config_maps.iter().any(|c| adds(&c.metadata.name))
        || snapshot.events.iter().any(|e| adds(&e.source.component) || adds(&e.reporting_component))
        || snapshot.nodes.iter().any(|n| ENDLESS.iter().any(|label| n.metadata.labels.contains_key(*label)))
}

/// Whether what adds nodes would have been seen, and all nodes.
fn sees_all(view: &View<'_>) -> Result<(), String> {
    let places =
        [(Kind::Node, ""), (Kind::Deployment, "kube-system"), (Kind::ConfigMap, "kube-system"), (Kind::NodePool, "")];
    places.iter().try_for_each(|(kind, namespace)| view.snapshot.reads.complete(*kind, namespace))
}

/// What an autoscaler asks for at its maximum.
struct Demand<'s> {
    hpa: &'s Autoscaler,
    pod: &'s PodSpec,
    amount: f64,
}

fn demands<'s>(view: &View<'s>, resource: &str) -> Vec<Demand<'s>> {
    let demand = |hpa: &'s Autoscaler| {
        let Target::Found(object) = target(view, &hpa.metadata.namespace, &hpa.spec.scale_target_ref) else {
            return None;
        };
        let pod = &view.workload(&object)?.spec.template.spec;
        let most = u32::try_from(hpa.spec.max_replicas).ok()?;
        Some(Demand { hpa, pod, amount: f64::from(most) * pod.request(resource) })
    };
    view.snapshot.autoscalers.iter().filter_map(demand).collect()
}

fn alone(view: &View<'_>, demand: &Demand<'_>, resource: &str) -> Option<Fault> {
    let nodes: Vec<&Node> = view.snapshot.nodes.iter().filter(|n| takes(n, demand.pod)).collect();
    let room: f64 = nodes.iter().map(|n| room(view, n, resource)).sum();
    let (most, target) = (demand.hpa.spec.max_replicas, named(&demand.hpa.spec.scale_target_ref));
    let (asked, has) = (amount(resource, demand.amount), amount(resource, room));
    let (fit, all) = (nodes.len(), view.snapshot.nodes.len());
    let message = format!(
        "{most} replicas of {target} ask for {asked}, and the nodes that take them ({fit} of {all}) have {has}"
    );
    (demand.amount > room).then(|| fault(demand.hpa, resource, &message))
}

/// All of them together, told on the one that asks for most.
fn together(view: &View<'_>, demands: &[Demand<'_>], resource: &str) -> Option<Fault> {
    let usable = view.snapshot.nodes.iter().filter(|n| demands.iter().any(|d| takes(n, d.pod)));
    let room: f64 = usable.map(|n| room(view, n, resource)).sum();
    let asked: f64 = demands.iter().map(|d| d.amount).sum();
    let largest = demands.iter().max_by(|a, b| a.amount.total_cmp(&b.amount))?;
    let (count, asks, has) = (demands.len(), amount(resource, asked), amount(resource, room));
    let message = format!(
        "all {count} autoscalers at their maximum ask for {asks}, and the nodes have {has}; this one asks for most"
    );
    (asked > room).then(|| fault(largest.hpa, resource, &message))
}

fn fault(hpa: &Autoscaler, resource: &str, message: &str) -> Fault {
    let object = hpa.metadata.object(Kind::HorizontalPodAutoscaler);
    Fault::on(object, message).fact("hpa", &hpa.metadata.name).fact("resource", resource)
}

/// Whether a node takes such pods. What the node itself reports (not ready, pressure) passes and is not looked at.
fn takes(node: &Node, pod: &PodSpec) -> bool {
    let taints =
        node.spec.taints.iter().filter(|t| t.effect != "PreferNoSchedule" && !t.key.starts_with("node.kubernetes.io/"));
    !node.spec.unschedulable
        && taints.into_iter().all(|taint| pod.tolerations.iter().any(|t| t.bears(taint)))
        && pod.node_selector.iter().all(|(key, value)| node.metadata.labels.get(key) == Some(value))
}

/// What a node has beside its daemons.
fn room(view: &View<'_>, node: &Node, resource: &str) -> f64 {
    let has = node.status.allocatable.get(resource).and_then(Quantity::value).unwrap_or(0.0);
    let daemons = view.pods_on(&node.metadata.name).iter().filter(|p| !p.is_over());
    let daemons = daemons.filter(|p| p.metadata.controller().is_some_and(|o| o.kind == "DaemonSet"));
    (has - daemons.map(|p| p.spec.request(resource)).sum::<f64>()).max(0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::autoscaling::hpa;
    use crate::checks::testing::{Cluster, Thing, cluster, node, pod, thing, workload};
    use crate::evidence::cluster::Kind;

    const WEB: &str = "horizontalpodautoscaler shop/web";
    const ASKS: &str = "spec.template.spec.containers.0.resources.requests.cpu";

    /// A deployment that may have 10 replicas of so many cpus.
    fn scaled(cluster: Cluster, name: &str, cpu: &str) -> Cluster {
        cluster.with(hpa(name)).with(workload("Deployment", name, 2).set(ASKS, cpu))
    }

    fn small() -> Cluster {
        cluster().with(node("worker-1"))
    }

    #[test]
    fn one_autoscaler_or_all_together_may_ask_for_too_much() {
        scaled(small(), "shop/web", "500m")
            .finds(&CHECK, &[WEB])
            .says("10 replicas of deployment web ask for 5 cpu, and the nodes that take them (1 of 1) have 4 cpu");
        let two = scaled(scaled(small(), "shop/api", "150m"), "shop/web", "300m");
        two.finds(&CHECK, &[WEB]).says("all 2 autoscalers at their maximum ask for 4.5 cpu");
        scaled(small(), "shop/web", "300m").is_fine(&CHECK);
    }

    #[test]
    fn daemons_cordons_and_taints_take_room_away() {
        let daemon = pod("kube-system/agent-x").owned_by("apps/v1", "DaemonSet", "agent");
        let daemon = daemon.set("spec.containers.0.resources.requests.cpu", "1500m");
        scaled(small().with(daemon), "shop/web", "300m").finds(&CHECK, &[WEB]).says("have 2.5 cpu");
        let two = |second: Thing| scaled(small().with(second), "shop/web", "500m");
        two(node("worker-2")).is_fine(&CHECK);
        two(node("worker-2").set("spec.unschedulable", true)).finds(&CHECK, &[WEB]);
        two(node("worker-2").set("spec.taints", json!([{ "key": "gpu", "effect": "NoSchedule" }])))
            .finds(&CHECK, &[WEB]);
    }

    #[test]
    fn where_nodes_are_added_there_is_no_end() {
        let grown = |thing: Thing| scaled(small().with(thing), "shop/web", "5").is_fine(&CHECK);
        grown(thing("karpenter.sh/v1", "NodePool", "default"));
        grown(thing("v1", "ConfigMap", "kube-system/cluster-autoscaler-status"));
        grown(workload("Deployment", "kube-system/aws-cluster-autoscaler", 1));
    }

    #[test]
    fn without_a_look_at_kube_system_nobody_can_say() {
        scaled(small(), "shop/web", "5").without(Kind::ConfigMap).cannot_say(&CHECK, "configmaps: forbidden");
        scaled(cluster().without(Kind::Node), "shop/web", "5").is_fine(&CHECK);
    }
}
