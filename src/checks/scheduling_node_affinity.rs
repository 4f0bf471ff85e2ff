//! No node has the labels that a pod asks for.

use super::node_fit::{demands, known_nodes, unmet};
use super::scheduling::Barrier;
use super::templates::{Template, templates};
use super::unplaced::{Unplaced, kept_out_by};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "scheduling-node-affinity",
    title: "No node has the labels that the pod asks for",
    rows: &[6],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = kept_out_by(view, Barrier::NodeAffinity, fault_of_pod);
    if view.is_manifests() {
        look_at_manifests(view, &mut verdict);
    }
    verdict
}

/// In a cluster only pods that wait count: a pool at zero nodes is made when somebody needs it. Manifests that list nodes list what there will be.
fn look_at_manifests(view: &View<'_>, verdict: &mut Verdict) {
    for template in asking(view) {
        match view.snapshot.reads.complete(Kind::Node, "") {
            Ok(()) => verdict.faults.extend(fault_of_template(view, template)),
            Err(why) => verdict.unknown(why),
        }
    }
}

/// Pods and templates that ask for labels. A `DaemonSet` runs where its labels are, be it nowhere.
fn asking<'v, 's>(view: &'v View<'s>) -> impl Iterator<Item = &'v Template<'s>> {
    let open = |t: &Template<'_>| t.pods > 0 && t.object.kind != Kind::DaemonSet && t.spec.node_name.is_empty();
    templates(view).iter().filter(move |t| open(t) && !demands(t.spec).is_empty())
}

fn fault_of_template(view: &View<'_>, template: &Template<'_>) -> Option<Fault> {
    let spec = template.spec;
    let unmet = unmet(spec, known_nodes(view));
    let first = unmet.first()?.clone();
    let message = format!("no node has {}", unmet.join(", nor "));
    let field = if spec.node_selector.is_empty() { "affinity.nodeAffinity" } else { "nodeSelector" };
    Some(
        Fault::on(template.object.clone(), &message)
            .seen(format!("{}.{field}", template.path), demands(spec))
            .fact("label", label(&first)),
    )
}

fn fault_of_pod(view: &View<'_>, pod: &Unplaced<'_>) -> Fault {
    let spec = &pod.pod.spec;
    let unmet = unmet(spec, known_nodes(view));
    let asked = demands(spec);
    let (message, first) = match unmet.first() {
        Some(first) => (format!("no node has {}", unmet.join(", nor ")), first.as_str()),
        // Nodes that were not read, or a demand that the scheduler itself adds.
        None if asked.is_empty() => ("no node has the labels that the scheduler is set to ask for".into(), ""),
        None => (format!("no node has what the pod asks for: {asked}"), asked.as_str()),
    };
    pod.fault(view, &message).fact("label", label(first))
}

/// The label alone, without what the nodes have instead.
fn label(demand: &str) -> &str {
    let hint = demand.find(" (no node").or_else(|| demand.find(" (nodes have"));
    &demand[..hint.unwrap_or(demand.len())]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, workload};
    use crate::evidence::cluster::Kind;

    const NOWHERE: &str = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

    fn pending(message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .set("spec.nodeSelector", json!({ "pool": "batch", "kubernetes.io/os": "linux" }))
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    fn pooled(name: &str, pool: &str) -> Thing {
        node(name).set("metadata.labels.pool", pool)
    }

    #[test]
    fn the_label_that_no_node_has_is_named_and_the_one_they_have_is_not() {
        let verdict =
            cluster().with(pooled("worker-1", "web")).with(pending(NOWHERE)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("no node has pool=batch (nodes have web)");
        assert!(!verdict.faults[0].message.as_str().contains("os=linux"));
        assert!(verdict.faults[0].facts.contains(&("label", "pool=batch".into())));
        let old = "0/3 nodes are available: 3 node(s) didn't match node selector.";
        cluster()
            .with(node("worker-1"))
            .with(pending(old))
            .finds(&CHECK, &["pod shop/web-0"])
            .says("has the label pool");
    }

    #[test]
    fn labels_that_no_node_has_are_told_though_the_scheduler_stopped_at_taints() {
        let text = "0/3 nodes are available: 3 node(s) had taint {pool: gpu}, that the pod didn't tolerate.";
        let taint = json!([{ "key": "pool", "value": "gpu", "effect": "NoSchedule" }]);
        let tainted = node("worker-1").set("spec.taints", taint);
        let verdict = cluster().with(tainted).with(pending(text)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("no node has the label pool");
    }

    #[test]
    fn nodes_that_were_left_out_by_design_are_no_cause() {
        let text = "0/8 nodes are available: 2 Insufficient cpu, 6 node(s) didn't match Pod's node affinity/selector.";
        cluster().with(pending(text)).without(Kind::Node).is_fine(&CHECK);
        let tainted = "0/8 nodes are available: 1 node(s) had untolerated taint(s), 7 node(s) didn't match Pod's node affinity/selector.";
        cluster().with(pooled("worker-1", "batch")).with(pending(tainted)).is_fine(&CHECK);
    }

    #[test]
    fn a_pod_of_a_daemon_set_is_meant_for_one_node() {
        let term = json!([{ "matchFields": [{ "key": "metadata.name", "operator": "In", "values": ["worker-1"] }] }]);
        let pinned = |text: &str| {
            pending(text).unset("spec.nodeSelector").set(
                "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
                term.clone(),
            )
        };
        let text = "0/8 nodes are available: 1 node(s) had untolerated taint(s), 7 node(s) didn't satisfy plugin(s) [NodeAffinity].";
        cluster().with(pinned(text)).without(Kind::Node).is_fine(&CHECK);
        let verdict = cluster().with(node("worker-2")).with(pinned(NOWHERE)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("no node has metadata.name=worker-1");
    }

    #[test]
    fn without_nodes_everything_that_is_asked_is_named() {
        let verdict = cluster().with(pending(NOWHERE)).without(Kind::Node).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("asks for: kubernetes.io/os=linux and pool=batch");
    }

    #[test]
    fn manifests_with_nodes_are_compared_and_a_cluster_may_make_the_node_later() {
        let asks = || workload("Deployment", "shop/web", 2).set("spec.template.spec.nodeSelector.pool", "batch");
        let nodes = || cluster().with(pooled("worker-1", "web"));
        let verdict = nodes().with(asks()).as_manifests().finds(&CHECK, &["deployment shop/web"]);
        verdict.says("no node has pool=batch");
        nodes().with(asks()).is_fine(&CHECK);
        nodes().with(asks().set("spec.replicas", 0)).as_manifests().is_fine(&CHECK);
        cluster().with(pooled("worker-1", "batch")).with(asks()).as_manifests().is_fine(&CHECK);
        cluster().with(asks()).without(Kind::Node).as_manifests().cannot_say(&CHECK, "nodes: forbidden");
    }
}
