//! Pods ask for more than the nodes have without the largest of them: when that one is lost, not every pod finds a place.

use super::amount::amount;
use super::daemon_nodes::is_about_health;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, Pod, Quantity};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "cluster-overcommitted",
    title: "Cluster cannot bear the loss of a node",
    rows: &[113],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::Node, Kind::Pod],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // One node has nothing to fall back on, and an autoscaler replaces what is lost.
    if view.snapshot.nodes.iter().filter(|n| takes_pods(n)).count() < 2 || is_autoscaled(view) {
        return verdict;
    }
    let complete = |kind| view.snapshot.reads.complete(kind, "");
    if let Err(why) = complete(Kind::Node).and_then(|()| complete(Kind::Pod)) {
        verdict.unknown(why);
        return verdict;
    }
    let all = ["cpu", "memory"].iter().filter_map(|resource| shortage(view, resource));
    all.for_each(|short| verdict.found(fault(&short)));
    verdict
}

/// Whether somebody adds nodes when pods find no place: the cluster autoscaler leaves its state in a `ConfigMap`, Karpenter has its own kinds.
fn is_autoscaled(view: &View<'_>) -> bool {
    let state = view.lookup(Kind::ConfigMap, "kube-system", "cluster-autoscaler-status");
    state == Lookup::Found || !view.snapshot.customs(Kind::NodePool).is_empty()
}

/// Whether any pod may come to a node. What is cordoned or ill takes none, and what is set apart by a taint takes only some.
fn takes_pods(node: &Node) -> bool {
    !node.spec.unschedulable && !node.spec.taints.iter().any(|t| t.effect != "PreferNoSchedule")
}

/// Whether a node is set apart for pods of its own, which do not ask for the room of others.
fn is_apart(node: &Node) -> bool {
    node.spec.taints.iter().any(|t| t.effect != "PreferNoSchedule" && !is_about_health(t))
}

/// A resource of which too little is left without the largest node.
struct Shortage<'s> {
    resource: &'static str,
    asked: f64,
    rest: f64,
    largest: &'s Node,
}

fn shortage<'s>(view: &View<'s>, resource: &'static str) -> Option<Shortage<'s>> {
    let has = |node: &Node| node.status.allocatable.get(resource).and_then(Quantity::value).unwrap_or(0.0);
    let nodes: Vec<&Node> = view.snapshot.nodes.iter().filter(|n| takes_pods(n)).collect();
    let largest = nodes.iter().copied().max_by(|a, b| has(a).total_cmp(&has(b)))?;
    let rest = nodes.iter().copied().map(has).sum::<f64>() - has(largest);
    let apart = |pod: &Pod| view.node(&pod.spec.node_name).is_some_and(is_apart);
    let pods = view.snapshot.pods.iter().filter(|p| !p.is_over() && !apart(p));
    let asked: f64 = pods.map(|p| p.spec.request(resource)).sum();
    (asked > rest).then_some(Shortage { resource, asked, rest, largest })
}

fn fault(short: &Shortage<'_>) -> Fault {
    let name = &short.largest.metadata.name;
    let (asked, rest) = (amount(short.resource, short.asked), amount(short.resource, short.rest));
    let what = if short.resource == "memory" { " of memory" } else { "" };
    let message = format!("pods request {asked}{what}; without node {name}, the largest one, the cluster has {rest}");
    Fault::on(short.largest.metadata.object(Kind::Node), &message)
        .fact("node", name)
        .fact("resource", short.resource)
        .fact("requested", asked)
        .fact("available", rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Cluster, cluster, node, pod, thing};
    use crate::evidence::cluster::Kind;

    fn two_nodes(cpu: &str) -> Cluster {
        let big = node("worker-2").set("status.allocatable.cpu", "8");
        let web = pod("shop/web-0").set("spec.containers.0.resources.requests.cpu", cpu);
        cluster().with(node("worker-1")).with(big).with(web)
    }

    #[test]
    fn what_is_left_without_the_largest_node_counts() {
        two_nodes("5").finds(&CHECK, &["node worker-2"]).says("pods request 5 cpu; without node worker-2");
        two_nodes("3").is_fine(&CHECK);
        two_nodes("5").without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }

    #[test]
    fn an_autoscaled_cluster_and_one_of_one_node_are_fine() {
        let state = thing("v1", "ConfigMap", "kube-system/cluster-autoscaler-status");
        two_nodes("5").with(state).is_fine(&CHECK);
        cluster().with(node("worker-1")).with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn nodes_that_are_set_apart_or_cordoned_are_no_room() {
        let tainted = json!([{ "key": "gpu", "effect": "NoSchedule" }]);
        let gpu = node("gpu-1").set("spec.taints", tainted);
        two_nodes("5").with(gpu.clone()).finds(&CHECK, &["node worker-2"]).says("the cluster has 4");
        let train =
            pod("ml/train-0").set("spec.nodeName", "gpu-1").set("spec.containers.0.resources.requests.cpu", "4");
        two_nodes("3").with(gpu).with(train).is_fine(&CHECK);
        let cordoned = node("worker-3").set("spec.unschedulable", true);
        two_nodes("5").with(cordoned).finds(&CHECK, &["node worker-2"]);
    }
}
