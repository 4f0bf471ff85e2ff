//! Pods of a daemon set run on nodes that it does not want any more: their taints or labels were changed under it.

use super::daemon_nodes::{belongs, is_about_health, listed, node_of, unborne};
use super::node_life::is_leaving;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, ObjectRef, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "daemonset-misscheduled",
    title: "DaemonSet runs where it should not",
    rows: &[50],
    severity: Severity::Low,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::DaemonSet, Kind::Pod, Kind::Node],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let some = |d: &&Workload| d.status.number_misscheduled > 0 && !d.metadata.is_going() && d.is_observed();
    for daemons in view.snapshot.daemon_sets.iter().filter(some) {
        let object = daemons.metadata.object(Kind::DaemonSet);
        match wrong_nodes(view, daemons, &object) {
            Ok(nodes) if nodes.is_empty() => {}
            Ok(nodes) => verdict.found(fault(daemons, object, &nodes)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Nodes that have a pod and should not. A node that an autoscaler takes away, or that is ill, is not meant.
fn wrong_nodes<'v>(view: &'v View<'_>, daemons: &Workload, object: &ObjectRef) -> Result<Vec<&'v Node>, String> {
    view.snapshot.reads.complete(Kind::Pod, &object.namespace)?;
    view.snapshot.reads.complete(Kind::Node, "")?;
    let spec = &daemons.spec.template.spec;
    let pods = view.pods_of(object).iter().copied().filter(|p| !p.is_over() && !p.metadata.is_going());
    let nodes = pods.filter_map(|pod| view.node(node_of(pod)?));
    let meant = |node: &&Node| !is_leaving(node) && !unborne(spec, node).is_some_and(is_about_health);
    Ok(nodes.filter(|node| !belongs(spec, node)).filter(meant).collect())
}

fn fault(daemons: &Workload, object: ObjectRef, nodes: &[&Node]) -> Fault {
    let names: Vec<&str> = nodes.iter().map(|node| node.metadata.name.as_str()).collect();
    let taint = nodes.iter().find_map(|node| unborne(&daemons.spec.template.spec, node));
    let why = taint.map_or_else(
        || "its node selector or affinity does not choose it".to_owned(),
        |taint| format!("it does not tolerate the taint {}:{}", taint.key, taint.effect),
    );
    let message = format!("{} of its pods run where they should not, on {}: {why}", nodes.len(), listed(&names));
    let fault = Fault::on(object, &message)
        .seen("status.numberMisscheduled", daemons.status.number_misscheduled.to_string())
        .fact("node", names.first().copied().unwrap_or_default())
        .fact("taint", taint.map_or("", |t| t.key.as_str()));
    names.iter().fold(fault, |f, name| f.involving(ObjectRef::new(Kind::Node, "", name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, workload};
    use crate::evidence::cluster::Kind;

    fn daemons() -> Thing {
        workload("DaemonSet", "kube-system/agent", 2).set("status.numberMisscheduled", 1)
    }

    fn on_worker() -> Thing {
        pod("kube-system/agent-x7k2p").owned_by("apps/v1", "DaemonSet", "agent")
    }

    fn tainted(key: &str) -> Thing {
        node("worker-1").set("spec.taints", json!([{ "key": key, "effect": "NoSchedule" }]))
    }

    #[test]
    fn a_taint_that_came_later_is_named() {
        cluster()
            .with(daemons())
            .with(on_worker())
            .with(tainted("dedicated"))
            .finds(&CHECK, &["daemonset kube-system/agent"])
            .says("1 of its pods run where they should not, on worker-1: it does not tolerate the taint dedicated:NoSchedule");
    }

    #[test]
    fn a_node_that_goes_or_is_ill_is_no_mistake() {
        // KubeDaemonSetMisScheduled fires whenever the cluster autoscaler drains a node.
        for taint in ["ToBeDeletedByClusterAutoscaler", "karpenter.sh/disrupted", "node.kubernetes.io/not-ready"] {
            cluster().with(daemons()).with(on_worker()).with(tainted(taint)).is_fine(&CHECK);
        }
    }

    #[test]
    fn daemons_at_their_place_are_fine_and_hidden_nodes_are_unknown() {
        cluster().with(daemons().set("status.numberMisscheduled", 0)).with(tainted("dedicated")).is_fine(&CHECK);
        cluster().with(daemons()).with(on_worker()).without(Kind::Node).cannot_say(&CHECK, "nodes: forbidden");
    }
}
