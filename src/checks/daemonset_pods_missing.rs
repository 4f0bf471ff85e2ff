//! Nodes have been without a ready pod of a daemon set for longer than a start takes.

use std::collections::BTreeSet;

use super::daemon_nodes::{belongs, listed, node_of};
use super::node_life::is_leaving;
use super::roll_out::DEADLINE;
use super::unready::{earliest, unready_since};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{IntOrString, Kind, Node, ObjectRef, Pod, Time, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "daemonset-pods-missing",
    title: "DaemonSet misses pods",
    rows: &[49],
    severity: Severity::High,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::DaemonSet, Kind::Pod, Kind::Node],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for daemons in view.snapshot.daemon_sets.iter().filter(|d| lacks(d)) {
        let object = daemons.metadata.object(Kind::DaemonSet);
        if let Err(why) = view.snapshot.reads.complete(Kind::Pod, &object.namespace) {
            verdict.unknown(why);
            continue;
        }
        let mut gaps = unready(view, daemons, &object);
        match empty(view, daemons, &object) {
            Ok(more) => gaps.extend(more),
            Err(why) => verdict.unknown(why),
        }
        if !gaps.is_empty() {
            verdict.found(fault(view, daemons, &object, &gaps));
        }
    }
    verdict
}

fn lacks(daemons: &Workload) -> bool {
    let short = daemons.status.number_ready < daemons.status.desired_number_scheduled;
    short && !daemons.metadata.is_going() && daemons.is_observed()
}

/// A node without a ready pod.
struct Gap<'v> {
    node: &'v str,
    pod: Option<&'v Pod>,
    since: Time,
}

/// Nodes whose pod has not been ready for too long. Beside an old pod that still serves, a new one may take its time.
fn unready<'v>(view: &'v View<'_>, daemons: &Workload, object: &ObjectRef) -> Vec<Gap<'v>> {
    let patience = patience(view, daemons);
    let is_well = |pod: &Pod| pod.is_ready() && !pod.metadata.is_going();
    let pods = view.pods_of(object).iter().copied();
    let living: BTreeSet<&str> = pods.clone().filter(|pod| !pod.is_over()).filter_map(node_of).collect();
    // The record of a pod that failed says nothing of the one in its place.
    let counts = |pod: &&Pod| !(pod.is_over() && node_of(pod).is_some_and(|node| living.contains(node)));
    let (well, other): (Vec<&Pod>, Vec<&Pod>) = pods.filter(counts).partition(|pod| is_well(pod));
    let served: BTreeSet<&str> = well.into_iter().filter_map(node_of).collect();
    let stays = |node: &str| view.node(node).is_none_or(|node| !is_leaving(node));
    let gaps = other
        .into_iter()
        .filter_map(|pod| Some(Gap { node: node_of(pod)?, pod: Some(pod), since: unready_since(pod) }));
    gaps.filter(|gap| view.lasts(gap.since, patience) && !served.contains(gap.node) && stays(gap.node)).collect()
}

/// Nodes that should have a pod and have none at all, but for those that joined just now.
fn empty<'v>(view: &'v View<'_>, daemons: &Workload, object: &ObjectRef) -> Result<Vec<Gap<'v>>, String> {
    let (status, settle) = (&daemons.status, view.thresholds.settle);
    let young = !view.lasts(daemons.metadata.creation_timestamp, settle);
    if status.current_number_scheduled >= status.desired_number_scheduled || young {
        return Ok(Vec::new());
    }
    view.snapshot.reads.complete(Kind::Node, "")?;
    let taken: BTreeSet<&str> = view.pods_of(object).iter().copied().filter_map(node_of).collect();
    let lacks = |node: &&Node| {
        let settled = view.lasts(node.metadata.creation_timestamp, settle) && !is_leaving(node);
        let free = !taken.contains(node.metadata.name.as_str());
        settled && free && belongs(&daemons.spec.template.spec, node)
    };
    let gap = |node: &'v Node| Gap { node: &node.metadata.name, pod: None, since: Time::default() };
    Ok(view.snapshot.nodes.iter().filter(lacks).map(gap).collect())
}

/// Seconds that a node may be without a ready pod. A roll-out that takes no more pods away than it may gets longer.
fn patience(view: &View<'_>, daemons: &Workload) -> i64 {
    let (status, strategy) = (&daemons.status, &daemons.spec.update_strategy);
    let replaces = status.updated_number_scheduled < status.desired_number_scheduled && strategy.kind != "OnDelete";
    let missing = status.desired_number_scheduled.saturating_sub(status.number_available);
    let settle = view.thresholds.settle.saturating_add(daemons.spec.min_ready_seconds.unwrap_or(0));
    if replaces && missing <= may_be_missing(daemons) { settle.max(DEADLINE) } else { settle }
}

/// Pods that a roll-out may take away at a time: one where nothing is said; a percentage is rounded up.
fn may_be_missing(daemons: &Workload) -> i64 {
    let desired = daemons.status.desired_number_scheduled;
    match &daemons.spec.update_strategy.rolling_update.max_unavailable {
        Some(IntOrString::Int(number)) => *number,
        Some(IntOrString::Name(share)) => {
            let percent = share.trim_end_matches('%').parse::<i64>().unwrap_or(0);
            desired.saturating_mul(percent).saturating_add(99) / 100
        }
        None => 1,
    }
}

fn fault(view: &View<'_>, daemons: &Workload, object: &ObjectRef, gaps: &[Gap<'_>]) -> Fault {
    let (ready, wanted) = (daemons.status.number_ready, daemons.status.desired_number_scheduled);
    let nodes: Vec<&str> = gaps.iter().map(|gap| gap.node).collect();
    let message = format!("{ready} of {wanted} nodes have a ready pod, not {}", listed(&nodes));
    let fault = Fault::on(object.clone(), &message)
        .fact("node", nodes.first().copied().unwrap_or_default())
        .fact("wanted", wanted.to_string())
        .fact("ready", ready.to_string())
        .since(earliest(gaps.iter().map(|gap| gap.since)));
    let fault = nodes.iter().fold(fault, |f, node| f.involving(ObjectRef::new(Kind::Node, "", node)));
    let pods = gaps.iter().filter_map(|gap| gap.pod).take(told::PODS);
    let fault = pods.fold(fault, |f, pod| told::pod(f, view, pod));
    told::warnings(fault, view, object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, workload};
    use crate::evidence::cluster::Kind;

    fn daemons(ready: i64) -> Thing {
        workload("DaemonSet", "kube-system/agent", 2)
            .set("status.numberReady", ready)
            .set("status.numberAvailable", ready)
    }

    fn on(worker: &str) -> Thing {
        pod(&format!("kube-system/agent-{worker}")).set("spec.nodeName", worker).owned_by(
            "apps/v1",
            "DaemonSet",
            "agent",
        )
    }

    fn unready_on(worker: &str, since: &str) -> Thing {
        on(worker)
            .condition("Ready", "False", "ContainersNotReady")
            .set("status.conditions.1.lastTransitionTime", since)
    }

    #[test]
    fn nodes_whose_pod_is_not_ready_or_missing_are_named() {
        let told = cluster()
            .with(daemons(1))
            .with(node("worker-1"))
            .with(node("worker-2"))
            .with(on("worker-1"))
            .with(unready_on("worker-2", "2026-11-26T11:00:00Z"))
            .finds(&CHECK, &["daemonset kube-system/agent"]);
        told.says("1 of 2 nodes have a ready pod, not worker-2");
        assert_eq!(told.faults[0].involves[0].to_string(), "node worker-2");
        cluster()
            .with(daemons(1).set("status.currentNumberScheduled", 1))
            .with(node("worker-1"))
            .with(node("worker-2"))
            .with(node("gpu-1").set("spec.taints", json!([{ "key": "gpu", "effect": "NoSchedule" }])))
            .with(on("worker-1"))
            .finds(&CHECK, &["daemonset kube-system/agent"])
            .says("not worker-2");
    }

    #[test]
    fn a_pod_that_waits_for_its_node_names_it() {
        let term = json!({ "matchFields": [{ "key": "metadata.name", "operator": "In", "values": ["worker-2"] }] });
        let affinity = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
        let pending =
            unready_on("worker-2", "2026-11-26T11:00:00Z").unset("spec.nodeName").set(affinity, json!([term]));
        cluster().with(daemons(1)).with(pending).finds(&CHECK, &["daemonset kube-system/agent"]).says("not worker-2");
    }

    #[test]
    fn a_roll_out_within_its_budget_and_young_or_leaving_nodes_are_fine() {
        let rolling = daemons(1).set("status.updatedNumberScheduled", 1);
        cluster().with(rolling.clone()).with(unready_on("worker-2", "2026-11-26T11:53:00Z")).is_fine(&CHECK);
        let still = unready_on("worker-2", "2026-11-26T11:45:00Z");
        cluster().with(rolling).with(still.clone()).finds(&CHECK, &["daemonset kube-system/agent"]);
        let young = node("worker-2").set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
        let one = daemons(1).set("status.currentNumberScheduled", 1);
        cluster().with(one).with(node("worker-1")).with(young).with(on("worker-1")).is_fine(&CHECK);
        let taints = json!([{ "key": "ToBeDeletedByClusterAutoscaler", "effect": "NoSchedule" }]);
        cluster().with(daemons(1)).with(node("worker-2").set("spec.taints", taints)).with(still).is_fine(&CHECK);
    }

    #[test]
    fn an_old_pod_that_serves_beside_a_new_one_is_enough() {
        let surge = unready_on("worker-2", "2026-11-26T11:00:00Z").set("metadata.name", "agent-new");
        cluster().with(daemons(1)).with(on("worker-2")).with(surge).is_fine(&CHECK);
    }

    #[test]
    fn what_is_hidden_is_not_missing() {
        cluster().with(daemons(1)).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
        let one = daemons(1).set("status.currentNumberScheduled", 1);
        cluster().with(one).without(Kind::Node).cannot_say(&CHECK, "nodes: forbidden");
        cluster().with(daemons(2)).is_fine(&CHECK);
    }

    #[test]
    fn the_record_of_a_pod_that_failed_says_nothing_of_the_one_in_its_place() {
        let record = unready_on("worker-2", "2026-11-20T11:00:00Z").set("status.phase", "Failed");
        let starts = unready_on("worker-2", "2026-11-26T11:59:50Z").set("metadata.name", "agent-new");
        cluster().with(daemons(1)).with(record.clone()).with(starts).is_fine(&CHECK);
        cluster().with(daemons(1)).with(record).finds(&CHECK, &["daemonset kube-system/agent"]);
    }

    #[test]
    fn numbers_of_any_size_are_borne() {
        let rolling = daemons(1)
            .set("status.updatedNumberScheduled", 1)
            .set("status.numberAvailable", i64::MIN)
            .set("spec.minReadySeconds", i64::MAX)
            .set("spec.updateStrategy.rollingUpdate.maxUnavailable", format!("{}%", i64::MAX));
        cluster().with(rolling).with(unready_on("worker-2", "2026-11-26T11:00:00Z")).is_fine(&CHECK);
    }
}
