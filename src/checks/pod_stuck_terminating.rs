//! A pod was to be gone and is still there: its node does not confirm the end, or a finalizer holds it.

use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, ObjectRef, Pod, condition};
use crate::finding::{Fault, Severity};
use crate::text::Span;
use crate::text::list;

pub(super) const CHECK: Check = Check {
    id: "pod-stuck-terminating",
    title: "Pod does not go",
    rows: &[27],
    severity: Severity::Medium,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Node, Kind::Event],
    hygiene: false,
    run,
};

/// What keeps a pod.
enum Keeper {
    /// Its node is gone, or does not answer: nobody can say that its containers have ended.
    Node(&'static str),
    /// Somebody has to agree first.
    Finalizers(String),
    /// The kubelet has not finished, though its node is well.
    Kubelet,
    /// The node was not read.
    Unknown(String),
}

/// Seconds after the end of the grace in which a kubelet takes volumes and network away.
const LATE: i64 = 120;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // The time stamp of a deletion is the end of the grace: the API server has added it already.
    let late = |pod: &&Pod| view.lasts(pod.metadata.deletion_timestamp, LATE);
    for pod in view.snapshot.pods.iter().filter(late) {
        let keeper = keeper(view, pod);
        if let Keeper::Unknown(why) = &keeper {
            verdict.unknown(why.clone());
        }
        verdict.found(fault(view, pod, &keeper));
    }
    verdict
}

/// A node that is gone for good takes its pods with it, so then it is the finalizers; one that does not answer keeps them whatever finalizers say.
fn keeper(view: &View<'_>, pod: &Pod) -> Keeper {
    let node = pod.spec.node_name.as_str();
    let finalizers = (!pod.metadata.finalizers.is_empty()).then(|| list(&pod.metadata.finalizers));
    if view.node(node).is_some_and(|n| condition(&n.status.conditions, "Ready").is_some_and(|c| c.status != "True")) {
        return Keeper::Node("is not ready, so that nobody confirms its end");
    }
    if let Some(finalizers) = finalizers {
        return Keeper::Finalizers(finalizers);
    }
    if node.is_empty() {
        return Keeper::Kubelet;
    }
    match view.lookup(Kind::Node, "", node) {
        Lookup::Found => Keeper::Kubelet,
        Lookup::Missing => Keeper::Node("does not exist any more"),
        Lookup::Unknown(why) => Keeper::Unknown(why),
    }
}

fn fault(view: &View<'_>, pod: &Pod, keeper: &Keeper) -> Fault {
    let meta = &pod.metadata;
    let node = pod.spec.node_name.as_str();
    let late = Span(meta.deletion_timestamp.age(view.now).unwrap_or_default());
    let warnings = view.warnings(&meta.object(Kind::Pod));
    let why = match keeper {
        Keeper::Node(state) => format!("its node {node} {state}"),
        Keeper::Finalizers(names) => format!("finalizer {names} holds it"),
        Keeper::Kubelet => format!("the kubelet of {node} has not ended it{}", said(&warnings)),
        Keeper::Unknown(_) => format!("nothing holds it, so it waits for its node {node}"),
    };
    let sentence = format!("the pod should have been gone {late} ago: {why}");
    let fault = warnings.iter().fold(Fault::on(meta.object(Kind::Pod), &sentence), |fault, e| {
        fault.seen(format!("event {}", e.reason), e.text())
    });
    let fault = meta.finalizers.iter().fold(fault, |fault, f| fault.seen("metadata.finalizers", f.as_str()));
    let fault = fault
        .seen("metadata.deletionTimestamp", format!("deletion was due {late} ago"))
        .fact("node", node)
        .since(meta.deletion_timestamp);
    // What helps against one keeper harms with another: the runbook tells them apart by these.
    match keeper {
        Keeper::Node(_) => {
            fault.fact("node_gone", node).fact("forceable", node).because_of(ObjectRef::new(Kind::Node, "", node))
        }
        Keeper::Finalizers(names) => fault.fact("finalizer", names.as_str()),
        Keeper::Kubelet => fault.fact("forceable", node),
        Keeper::Unknown(_) => fault,
    }
}

/// What the kubelet says of its trouble with the end.
fn said(warnings: &[&Event]) -> String {
    let about = ["FailedKillPod", "FailedPreStopHook", "ExceededGracePeriod", "FailedUnmount"];
    let event = warnings.iter().find(|e| about.contains(&e.reason.as_str()));
    event.map(|e| format!(": {}", super::gist::gist(e.text()))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, warning};
    use crate::evidence::cluster::Kind;

    fn going(due: &str) -> Thing {
        pod("shop/web-0").set("metadata.deletionTimestamp", due).set("metadata.deletionGracePeriodSeconds", 30)
    }

    #[test]
    fn a_node_that_is_gone_or_does_not_answer_is_to_blame() {
        let late = || going("2026-11-26T11:40:00Z");
        let dead = node("worker-1").condition("Ready", "Unknown", "NodeStatusUnknown");
        let verdict = cluster().with(late()).with(dead).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("should have been gone 20 minutes ago: its node worker-1 is not ready").blames("node worker-1");
        assert!(verdict.faults[0].facts.contains(&("node_gone", "worker-1".into())));
        cluster()
            .with(late())
            .finds(&CHECK, &["pod shop/web-0"])
            .says("does not exist any more")
            .blames("node worker-1");
    }

    #[test]
    fn finalizers_are_named() {
        let held =
            going("2026-11-26T11:40:00Z").set("metadata.finalizers", json!(["batch.kubernetes.io/job-tracking"]));
        let verdict = cluster().with(held).with(node("worker-1")).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("finalizer batch.kubernetes.io/job-tracking holds it");
        assert_eq!(verdict.faults[0].culprit, None);
        assert!(verdict.faults[0].facts.iter().all(|(name, _)| *name != "node_gone"));
    }

    #[test]
    fn a_kubelet_that_cannot_end_it_says_why() {
        let text = "error killing pod: failed to \"KillPodSandbox\": rpc error: code = DeadlineExceeded desc = context deadline exceeded";
        let all = cluster().with(going("2026-11-26T11:40:00Z")).with(node("worker-1"));
        let verdict = all.with(warning("Pod", "shop/web-0", "FailedKillPod", text)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("the kubelet of worker-1 has not ended it: error killing pod");
    }

    #[test]
    fn a_pod_within_its_grace_is_fine_however_long_that_is() {
        // The stamp is in the future while the grace of an hour lasts. popeye warns of every pod that goes.
        let slow = going("2026-11-26T12:40:00Z").set("metadata.deletionGracePeriodSeconds", 3600);
        cluster().with(slow).with(node("worker-1")).is_fine(&CHECK);
        cluster().with(going("2026-11-26T11:58:30Z")).with(node("worker-1")).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).with(node("worker-1")).is_fine(&CHECK);
    }

    #[test]
    fn a_node_that_may_not_be_read_is_not_gone() {
        let verdict =
            cluster().with(going("2026-11-26T11:40:00Z")).without(Kind::Node).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!((verdict.faults[0].culprit.clone(), verdict.unknown.len()), (None, 1));
    }
}
