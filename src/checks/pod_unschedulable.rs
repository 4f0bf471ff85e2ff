//! A pod is pending because the scheduler finds no node for it.

use super::claim_users::claims_of;
use super::scheduling::Refusal;
use super::unplaced::{Unplaced, unplaced};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};
use crate::redact::Quote;

pub(super) const CHECK: Check = Check {
    id: "pod-unschedulable",
    title: "No node takes the pod",
    rows: &[1],
    severity: Severity::High,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::Pod],
    hygiene: false,
    run,
};

/// Characters of the scheduler's words that are shown; a taint of its own on each node makes them endless.
const SHOWN: usize = 240;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in unplaced(view) {
        verdict.found(blame_claim(view, &pod, pod.fault(view, &sentence(&pod))));
    }
    verdict
}

/// The claims that have no volume yet, where that is what the scheduler waits for: the first is to blame, so that it is one thing with the claim's own fault.
fn blame_claim(view: &View<'_>, pod: &Unplaced<'_>, fault: Fault) -> Fault {
    if !pod.text.contains("PersistentVolumeClaim") {
        return fault;
    }
    let namespace = &pod.pod.metadata.namespace;
    let named: Vec<_> = claims_of(pod.pod).map(|(_, claim)| claim).collect();
    let known = named.iter().filter_map(|claim| view.claim(namespace, claim));
    let mut pending = known.filter(|claim| claim.status.phase == "Pending");
    if let Some(first) = pending.next() {
        let object = first.metadata.object(Kind::PersistentVolumeClaim);
        let others = pending.map(|claim| claim.metadata.object(Kind::PersistentVolumeClaim));
        return others.fold(fault.fact("pvc", &first.metadata.name).because_of(object), Fault::involving);
    }
    match named.as_slice() {
        [only] => fault.fact("pvc", only.as_ref()),
        _ => fault,
    }
}

fn sentence(pod: &Unplaced<'_>) -> String {
    match &pod.refusal {
        Some(Refusal { nodes: 0, .. }) => "the cluster has no node that could take it".to_owned(),
        Some(refusal) => format!("none of {} nodes takes it: {}", refusal.nodes, Quote::of(refusal.words).cut(SHOWN)),
        None if pod.text.is_empty() => "the scheduler finds no node for it and does not say why".to_owned(),
        None => format!("the scheduler finds no node for it: {}", Quote::of(pod.text).cut(SHOWN)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, pod, warning};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const FULL: &str = "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";

    fn pending(message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    #[test]
    fn the_scheduler_is_quoted_without_what_it_says_of_preemption() {
        let verdict = cluster().with(pending(FULL)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("none of 3 nodes takes it: 3 Insufficient cpu");
        assert!(!verdict.faults[0].message.as_str().contains("preemption"));
        assert_eq!(verdict.faults[0].statements[0].text, FULL);
    }

    #[test]
    fn a_claim_without_a_volume_is_to_blame() {
        let waits = pending("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.")
            .set("spec.volumes", json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]));
        let data = claim("shop/data").set("status.phase", "Pending");
        let all = cluster().with(waits.clone()).with(data);
        all.finds(&CHECK, &["pod shop/web-0"]).blames("persistentvolumeclaim shop/data");
        let bound = cluster().with(waits).with(claim("shop/data")).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(bound.faults[0].culprit, None);
    }

    #[test]
    fn the_claim_is_named_even_where_it_was_not_read() {
        let waits = |names: &[&str]| {
            let volume = |n: &&str| json!({ "name": n, "persistentVolumeClaim": { "claimName": n } });
            pending("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.")
                .set("spec.volumes", names.iter().map(volume).collect::<Vec<_>>())
        };
        let unread = |names: &[&str]| {
            let all = cluster().with(waits(names)).without(Kind::PersistentVolumeClaim);
            all.finds(&CHECK, &["pod shop/web-0"]).faults.remove(0)
        };
        assert!(unread(&["data"]).facts.contains(&("pvc", "data".into())));
        assert_eq!(unread(&["data", "logs"]).facts, Vec::new());
        let claims = |name: &str| claim(&format!("shop/{name}")).set("status.phase", "Pending");
        let both = cluster().with(waits(&["data", "logs"])).with(claims("data")).with(claims("logs"));
        let verdict = both.finds(&CHECK, &["pod shop/web-0"]);
        verdict.blames("persistentvolumeclaim shop/data");
        assert_eq!(verdict.faults[0].involves.len(), 1);
    }

    #[test]
    fn an_event_speaks_where_the_condition_is_silent() {
        let event = warning("Pod", "shop/web-0", "FailedScheduling", FULL);
        cluster().with(pending("")).with(event).finds(&CHECK, &["pod shop/web-0"]).says("3 Insufficient cpu");
        let silent = cluster().with(pending("")).finds(&CHECK, &["pod shop/web-0"]);
        silent.says("does not say why");
        let none = cluster().with(pending("no nodes available to schedule pods"));
        none.finds(&CHECK, &["pod shop/web-0"]).says("no nodes available to schedule pods");
    }

    #[test]
    fn while_a_node_is_on_its_way_it_is_a_small_fault() {
        let coming =
            warning("Pod", "shop/web-0", "TriggeredScaleUp", "pod triggered scale-up: [{workers 3->4 (max: 9)}]")
                .set("type", "Normal");
        let verdict = cluster().with(pending(FULL)).with(coming.clone()).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("a node is on its way");
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
        let long_ago = coming.set("lastTimestamp", "2026-11-26T11:20:00Z");
        let verdict = cluster().with(pending(FULL)).with(long_ago).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.faults[0].severity, None);
    }

    #[test]
    fn a_pod_that_was_placed_runs_ends_or_goes_is_none() {
        let placed = pending("").condition("PodScheduled", "True", "").set("spec.nodeName", "worker-1");
        cluster().with(placed).with(pod("shop/web-1")).is_fine(&CHECK);
        cluster().with(pending(FULL).set("status.phase", "Failed")).is_fine(&CHECK);
        cluster().with(pending(FULL).set("metadata.deletionTimestamp", "2026-11-26T11:59:00Z")).is_fine(&CHECK);
        cluster().with(pending(FULL).condition("PodScheduled", "False", "SchedulingGated")).is_fine(&CHECK);
    }

    #[test]
    fn at_first_an_autoscaler_may_not_have_looked_yet() {
        let condition = |at: &str| json!([{ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": FULL, "lastTransitionTime": at }]);
        let severity = |at: &str| {
            let waiting = pending(FULL).set("status.conditions", condition(at));
            cluster().with(waiting).finds(&CHECK, &["pod shop/web-0"]).faults[0].severity
        };
        assert_eq!(severity("2026-11-26T11:59:40Z"), Some(Severity::Low));
        assert_eq!(severity("2026-11-26T11:58:00Z"), None);
    }
}
