//! A taint that no workload bears: the node behind it is paid for and stays empty.

use std::collections::BTreeMap;

use super::node_fit::a_few;
use super::node_life::is_leaving;
use super::templates::{Template, templates};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, ObjectRef, Taint};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-taint-unborne",
    title: "Taint that no workload tolerates",
    rows: &[110],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[
        Kind::Node,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::ReplicaSet,
        Kind::Job,
        Kind::CronJob,
    ],
    hygiene: true,
    run,
};

/// Taints that Kubernetes and its clouds set and remove by themselves, or that keep a control plane to itself.
const SYSTEM: [&str; 3] = ["node.kubernetes.io/", "node-role.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];

/// Who makes the pods that might bear a taint.
const PODS: [Kind; 7] =
    [Kind::Pod, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::ReplicaSet, Kind::Job, Kind::CronJob];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let templates = templates(view);
    for (taint, nodes) in tainted(view).into_values() {
        if templates.iter().any(|t| bears(view, t, taint)) {
            continue;
        }
        match PODS.iter().try_for_each(|kind| view.snapshot.reads.complete(*kind, "")) {
            Ok(()) => verdict.found(fault(taint, &nodes)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Each taint that keeps pods away, once, with its nodes.
fn tainted<'s>(view: &View<'s>) -> BTreeMap<String, (&'s Taint, Vec<&'s Node>)> {
    let mut found: BTreeMap<String, (&Taint, Vec<&Node>)> = BTreeMap::new();
    for node in view.snapshot.nodes.iter().filter(|n| !is_leaving(n)) {
        for taint in node.spec.taints.iter().filter(|t| is_on_purpose(t)) {
            found.entry(in_words(taint)).or_insert_with(|| (taint, Vec::new())).1.push(node);
        }
    }
    found
}

fn is_on_purpose(taint: &Taint) -> bool {
    let keeps_away = matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute");
    keeps_away && !SYSTEM.iter().any(|start| taint.key.starts_with(start))
}

/// Agents that run on every node bear every taint; they do not fill a node.
fn bears(view: &View<'_>, template: &Template<'_>, taint: &Taint) -> bool {
    let agent = is_agent(view, &template.object);
    template.spec.tolerations.iter().any(|t| t.bears(taint) && !(agent && t.key.is_empty()))
}

/// Whether it runs once on each node: a `DaemonSet`, or a pod that a daemon set or the kubelet itself made.
fn is_agent(view: &View<'_>, object: &ObjectRef) -> bool {
    let owner = view.meta(object).and_then(|m| m.controller());
    object.kind == Kind::DaemonSet || owner.is_some_and(|o| matches!(o.kind.as_str(), "DaemonSet" | "Node"))
}

fn in_words(taint: &Taint) -> String {
    let value = if taint.value.is_empty() { String::new() } else { format!("={}", taint.value) };
    format!("{}{value}:{}", taint.key, taint.effect)
}

fn fault(taint: &Taint, nodes: &[&Node]) -> Fault {
    let names: Vec<&str> = nodes.iter().map(|n| n.metadata.name.as_str()).collect();
    let text = in_words(taint);
    let objects: Vec<ObjectRef> = nodes.iter().map(|n| n.metadata.object(Kind::Node)).collect();
    let (first, others) =
        objects.split_first().map_or((ObjectRef::new(Kind::Node, "", ""), &[][..]), |(f, o)| (f.clone(), o));
    let fault = Fault::on(first, &format!("no workload tolerates the taint {text} of {}", a_few(&names)))
        .seen("spec.taints", text.as_str())
        .fact("taint", text)
        .fact("node", names.first().copied().unwrap_or_default());
    others.iter().fold(fault, |fault, node| fault.involving(node.clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, workload};
    use crate::evidence::cluster::Kind;

    fn tainted(name: &str) -> Thing {
        node(name).set("spec.taints", json!([{ "key": "pool", "value": "gpu", "effect": "NoSchedule" }]))
    }

    #[test]
    fn a_taint_is_told_once_for_all_its_nodes() {
        let agent = workload("DaemonSet", "infra/log", 2)
            .set("spec.template.spec.tolerations", json!([{ "operator": "Exists" }]));
        let all = cluster().with(tainted("gpu-1")).with(tainted("gpu-2")).with(agent).with(pod("shop/web-0"));
        all.finds(&CHECK, &["node gpu-1"]).says("no workload tolerates the taint pool=gpu:NoSchedule of gpu-1, gpu-2");
    }

    #[test]
    fn every_way_to_tolerate_counts() {
        // popeye does not know the operator Exists.
        for toleration in [
            json!({ "key": "pool", "operator": "Exists" }),
            json!({ "operator": "Exists" }),
            json!({ "key": "pool", "value": "gpu", "effect": "NoSchedule" }),
        ] {
            let train =
                workload("Deployment", "ml/train", 0).set("spec.template.spec.tolerations", json!([toleration]));
            cluster().with(tainted("gpu-1")).with(train).is_fine(&CHECK);
        }
    }

    #[test]
    fn control_planes_are_fine_and_pods_that_may_not_be_read_are_unknown() {
        let taint = json!([{ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" }]);
        cluster().with(node("cp-1").set("spec.taints", taint)).is_fine(&CHECK);
        cluster().with(tainted("gpu-1")).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }
}
