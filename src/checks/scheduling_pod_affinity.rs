//! A rule between pods leaves no node: affinity, anti-affinity, spreading, host ports.

use std::collections::BTreeSet;

use super::node_fit::{known_nodes, selects, untolerated};
use super::scheduling::Barrier;
use super::unplaced::{Unplaced, unplaced};
use super::{Basis, Check, Stage, Verdict, View, scale_up};
use crate::evidence::cluster::{Kind, Node, ObjectRef, PodAffinity, PodAffinityTerm, PodSpec, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "scheduling-pod-affinity",
    title: "Rule between pods leaves no node",
    rows: &[7],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Pod, Kind::Node],
    hygiene: false,
    run,
};

const HOST: &str = "kubernetes.io/hostname";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut told: BTreeSet<ObjectRef> = BTreeSet::new();
    for pod in unplaced(view) {
        if pod.barriers(view).contains(&Barrier::PodRule) {
            told.extend(view.owners(&pod.pod.metadata));
            verdict.found(pod.fault(view, &sentence(&pod)));
        }
    }
    for (kind, workload) in view.snapshot.workloads().filter(|(kind, w)| misses_pods(view, *kind, w)) {
        let object = workload.metadata.object(kind);
        match lonely(workload) {
            Some(rule) if !told.contains(&object) => count(view, &mut verdict, object, workload, rule),
            _ => {}
        }
    }
    verdict
}

/// Whether a workload has fewer pods than it wants, which manifests do not say. What waits for a node that is on its way is left alone.
fn misses_pods(view: &View<'_>, kind: Kind, workload: &Workload) -> bool {
    let object = workload.metadata.object(kind);
    let waits = || view.pods_of(&object).iter().any(|p| scale_up::is_coming(view, &p.metadata.object(Kind::Pod)));
    let misses = view.is_manifests() || (workload.status.available_replicas < workload.wanted() && !waits());
    kind != Kind::DaemonSet && workload.metadata.controller().is_none() && !workload.metadata.is_going() && misses
}

/// The rule of a workload that no two of its pods may be on the same node.
fn lonely(workload: &Workload) -> Option<&PodAffinityTerm> {
    let template = &workload.spec.template;
    let keeps_off_its_own = |t: &&PodAffinityTerm| {
        let here = t.namespaces.is_empty() || t.namespaces.contains(&workload.metadata.namespace);
        t.topology_key == HOST
            && here
            && t.label_selector.as_ref().is_some_and(|s| s.matches(&template.metadata.labels))
    };
    required(&template.spec.affinity.pod_anti_affinity).iter().find(keeps_off_its_own)
}

/// Compares the replicas of a lonely workload with the nodes that can take them.
fn count(view: &View<'_>, verdict: &mut Verdict, object: ObjectRef, workload: &Workload, rule: &PodAffinityTerm) {
    if let Err(why) = view.snapshot.reads.complete(Kind::Node, "") {
        return verdict.unknown(why);
    }
    let nodes = known_nodes(view).iter().filter(|n| could_take(&workload.spec.template.spec, n)).count();
    let replicas = workload.wanted();
    if i64::try_from(nodes).unwrap_or(i64::MAX) >= replicas {
        return;
    }
    let can = if nodes == 1 { "1 node can".to_owned() } else { format!("{nodes} nodes can") };
    let message =
        format!("{replicas} replicas may not share nodes (anti-affinity to {}), and only {can} take one", pods(rule));
    let fault = Fault::on(object, &message)
        .seen("spec.template.spec.affinity.podAntiAffinity", in_words(rule, "not with"))
        .fact("selector", selector(rule));
    verdict.found(fault);
}

/// Whether a node can take the pods on a good day: a cordon and the taints of an ill node pass.
fn could_take(spec: &PodSpec, node: &Node) -> bool {
    selects(spec, node) && untolerated(spec, node).is_none_or(|t| t.key.starts_with("node.kubernetes.io/"))
}

/// The rules that the scheduler names, with what the pod says of them.
fn sentence(pod: &Unplaced<'_>) -> String {
    let affinity = &pod.pod.spec.affinity;
    let reasons: Vec<&str> = pod.refusal.iter().flat_map(|r| r.about(Barrier::PodRule)).map(|r| r.text).collect();
    let says = |part: &str| reasons.iter().any(|r| r.contains(part));
    let mut rules = Vec::new();
    if says("anti-affinity") && !says("existing pods anti-affinity") {
        rules.extend(required(&affinity.pod_anti_affinity).iter().map(|t| in_words(t, "not with")));
    }
    if says("pod affinity") {
        rules.extend(required(&affinity.pod_affinity).iter().map(|t| in_words(t, "only with")));
    }
    if says("existing pods anti-affinity") {
        rules.push("pods that are there keep it off by their own anti-affinity".to_owned());
    }
    if says("topology spread") {
        rules.extend(spreads(&pod.pod.spec));
    }
    if says("free ports") {
        rules.push("its host ports are taken".to_owned());
    }
    let rules = if rules.is_empty() { reasons.join(", ") } else { rules.join("; ") };
    format!("the rules between pods leave no node: {rules}")
}

fn spreads(spec: &PodSpec) -> impl Iterator<Item = String> {
    let hard = spec.topology_spread_constraints.iter().filter(|s| s.when_unsatisfiable != "ScheduleAnyway");
    hard.map(|s| format!("spread evenly over {} (maxSkew {})", s.topology_key, s.max_skew))
}

fn required(affinity: &PodAffinity) -> &[PodAffinityTerm] {
    &affinity.required_during_scheduling_ignored_during_execution
}

/// `not with app=web on the same kubernetes.io/hostname`.
fn in_words(term: &PodAffinityTerm, with: &str) -> String {
    format!("{with} {} on the same {}", pods(term), term.topology_key)
}

fn pods(term: &PodAffinityTerm) -> String {
    let selector = selector(term);
    if selector.is_empty() { "any pod".to_owned() } else { selector }
}

fn selector(term: &PodAffinityTerm) -> String {
    term.label_selector.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, workload};
    use crate::evidence::cluster::Kind;

    const ANTI: &str = "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution";

    fn rule() -> Value {
        json!([{ "labelSelector": { "matchLabels": { "app": "web" } }, "topologyKey": "kubernetes.io/hostname" }])
    }

    fn pending(message: &str) -> Thing {
        pod("shop/web-3")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    fn lonely(replicas: i64) -> Thing {
        workload("StatefulSet", "shop/web", replicas).set(&format!("spec.template.{ANTI}"), rule())
    }

    #[test]
    fn the_rule_is_named_in_every_spelling_of_the_scheduler() {
        for text in [
            "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
            "0/3 nodes are available: 3 node(s) didn't match pod affinity/anti-affinity, 3 node(s) didn't match pod anti-affinity rules.",
        ] {
            let verdict = cluster().with(pending(text).set(ANTI, rule())).finds(&CHECK, &["pod shop/web-3"]);
            verdict.says("not with app=web on the same kubernetes.io/hostname");
        }
        let existing = "0/3 nodes are available: 3 node(s) didn't satisfy existing pods anti-affinity rules.";
        cluster().with(pending(existing)).finds(&CHECK, &["pod shop/web-3"]).says("pods that are there keep it off");
        let ports = "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports.";
        cluster().with(pending(ports)).finds(&CHECK, &["pod shop/web-3"]).says("its host ports are taken");
        let spread = json!([{ "topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule" }]);
        let text = "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.";
        let spread = pending(text).set("spec.topologySpreadConstraints", spread);
        cluster().with(spread).finds(&CHECK, &["pod shop/web-3"]).says("spread evenly over zone (maxSkew 1)");
    }

    #[test]
    fn more_lonely_replicas_than_nodes_are_found_in_manifests_and_in_a_cluster() {
        let two = || cluster().with(node("worker-1")).with(node("worker-2"));
        let says = "3 replicas may not share nodes (anti-affinity to app=web), and only 2 nodes can take one";
        two().with(lonely(3)).as_manifests().finds(&CHECK, &["statefulset shop/web"]).says(says);
        let missing = lonely(3).set("status.availableReplicas", 2);
        two().with(missing.clone()).finds(&CHECK, &["statefulset shop/web"]).says(says);
        two().with(lonely(2)).as_manifests().is_fine(&CHECK);
        cluster().with(missing).without(Kind::Node).cannot_say(&CHECK, "nodes: forbidden");
    }

    #[test]
    fn a_node_under_repair_counts_and_a_control_plane_does_not() {
        let taint = |key: &str| json!([{ "key": key, "effect": "NoSchedule" }]);
        let ill =
            node("worker-2").set("spec.unschedulable", true).set("spec.taints", taint("node.kubernetes.io/not-ready"));
        let missing = || lonely(2).set("status.availableReplicas", 1);
        cluster().with(node("worker-1")).with(ill).with(missing()).is_fine(&CHECK);
        let control = node("control-1").set("spec.taints", taint("node-role.kubernetes.io/control-plane"));
        cluster().with(node("worker-1")).with(control).with(missing()).finds(&CHECK, &["statefulset shop/web"]);
    }

    #[test]
    fn a_pod_speaks_for_its_workload() {
        let text = "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.";
        let third = pending(text).owned_by("apps/v1", "StatefulSet", "web");
        let missing = lonely(3).set("status.availableReplicas", 2);
        cluster()
            .with(node("worker-1"))
            .with(node("worker-2"))
            .with(missing)
            .with(third)
            .finds(&CHECK, &["pod shop/web-3"]);
    }

    #[test]
    fn other_pods_another_topology_and_a_wish_are_fine() {
        let anti = format!("spec.template.{ANTI}");
        let one = || cluster().with(node("worker-1"));
        one()
            .with(lonely(3).set(&format!("{anti}.0.labelSelector.matchLabels.app"), "db"))
            .as_manifests()
            .is_fine(&CHECK);
        one().with(lonely(3).set(&format!("{anti}.0.topologyKey"), "zone")).as_manifests().is_fine(&CHECK);
        let wish = "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution";
        let wish = workload("Deployment", "shop/web", 3).set(wish, json!([{ "weight": 1 }]));
        one().with(wish).as_manifests().is_fine(&CHECK);
    }
}
