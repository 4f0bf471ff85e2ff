//! A kubelet evicted pods, because its node ran short or because they used more than they may. One fault for each workload: hundreds of records are one reason.

use super::ended_pods::{DAY, Ended, by_owner, is_replaced};
use super::gist::gist;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, ObjectRef, Pod};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "pod-evicted",
    title: "Pods were evicted",
    rows: &[29],
    severity: Severity::High,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::Job],
    hygiene: false,
    run,
};

/// Beginnings of messages that blame the node, not the pod.
const NODE_SHORT: [&str; 3] =
    ["The node was low on", "The node had condition", "Pod was rejected: The node had condition"];

fn run(view: &View<'_>) -> Verdict {
    let faults = by_owner(view, is_evicted).into_iter().map(|ended| fault(view, &ended));
    Verdict { faults: faults.collect(), ..Verdict::default() }
}

fn is_evicted(pod: &Pod) -> bool {
    pod.status.reason == "Evicted"
}

/// Low where it is history, medium where others have taken over already.
fn severity(view: &View<'_>, ended: &Ended<'_>) -> Severity {
    match is_replaced(view, &ended.owner) {
        _ if !view.is_recent(ended.when(), DAY) => Severity::Low,
        true => Severity::Medium,
        false => Severity::High,
    }
}

fn fault(view: &View<'_>, ended: &Ended<'_>) -> Fault {
    let newest = ended.newest();
    let message = newest.map_or("", |pod| pod.status.message.as_str());
    let ago = ended.when().age(view.now).map(|age| format!(", the last {} ago", Span(age)));
    let replaced = if is_replaced(view, &ended.owner) { " and replaced" } else { "" };
    let why = if message.is_empty() { String::new() } else { format!(": {}", gist(message)) };
    let many = ended.count();
    let sentence = format!("{many} evicted{replaced}{}{why}", ago.unwrap_or_default());
    let fault = ended.pods.iter().fold(Fault::on(ended.owner.clone(), &sentence), |fault, pod| {
        fault.seen(format!("pod {} status.message", pod.metadata.name), pod.status.message.as_str())
    });
    let fault = ended.pods.iter().fold(fault, |fault, pod| fault.involving(pod.metadata.object(Kind::Pod)));
    let fault = fault
        .seen("status.reason", "Evicted")
        .fact("pod", newest.map_or("", |pod| pod.metadata.name.as_str()))
        .fact("node", newest.map_or("", |pod| pod.spec.node_name.as_str()))
        .severity(severity(view, ended))
        .since(ended.when());
    match ended.node().filter(|node| NODE_SHORT.iter().any(|start| message.starts_with(start)) && is_short(view, node))
    {
        Some(node) => fault.because_of(node),
        None => fault,
    }
}

/// Whether a node is still short of something. One that has recovered is to blame for nothing that happens on it now.
fn is_short(view: &View<'_>, node: &ObjectRef) -> bool {
    let short = |node: &Node| node.status.conditions.iter().any(|c| c.kind.ends_with("Pressure") && c.status == "True");
    view.node(&node.name).is_some_and(short)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, pod, thing, workload};
    use crate::finding::Severity;

    const MEMORY: &str = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 74Mi. Container web was using 900Mi, request is 128Mi.";

    fn evicted(name: &str, at: &str) -> Thing {
        pod(name)
            .set("status.phase", "Failed")
            .set("status.reason", "Evicted")
            .set("status.message", MEMORY)
            .unset("status.containerStatuses")
            .unset("status.conditions")
            .set("status.startTime", at)
            .owned_by("apps/v1", "ReplicaSet", "web-5d7f")
    }

    fn set(ready: i64) -> Thing {
        let set = workload("ReplicaSet", "shop/web-5d7f", 2).owned_by("apps/v1", "Deployment", "web");
        set.set("status.readyReplicas", ready)
    }

    fn web(ready: i64) -> Thing {
        workload("Deployment", "shop/web", 2).set("status.readyReplicas", ready)
    }

    #[test]
    fn many_evicted_pods_of_a_workload_are_one_fault() {
        let all = || {
            let all = cluster().with(web(1)).with(set(1)).with(evicted("shop/web-a", "2026-11-26T11:30:00Z"));
            all.with(evicted("shop/web-b", "2026-11-26T11:45:00Z"))
        };
        let well = all().with(node("worker-1")).finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(well.faults[0].culprit, None, "a node that has recovered is to blame for nothing");
        let short = node("worker-1").condition("MemoryPressure", "True", "KubeletHasInsufficientMemory");
        let verdict = all().with(short).finds(&CHECK, &["deployment shop/web"]);
        verdict.says("2 pods evicted, the last 15 minutes ago: The node was low on resource: memory");
        verdict.blames("node worker-1");
        assert_eq!(verdict.faults[0].severity, Some(Severity::High));
    }

    #[test]
    fn what_was_replaced_is_less_bad_and_after_a_day_history() {
        let severity = |at| {
            let all = cluster().with(web(2)).with(set(2)).with(evicted("shop/web-a", at));
            all.finds(&CHECK, &["deployment shop/web"]).faults[0].severity
        };
        assert_eq!(severity("2026-11-26T11:45:00Z"), Some(Severity::Medium));
        assert_eq!(severity("2026-11-20T11:45:00Z"), Some(Severity::Low));
    }

    #[test]
    fn a_pod_that_broke_its_own_limit_does_not_blame_the_node() {
        let own = evicted("shop/web-a", "2026-11-26T11:45:00Z")
            .set("status.message", "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ");
        let verdict = cluster().with(web(1)).with(set(1)).with(own).finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.faults[0].culprit, None);
    }

    #[test]
    fn a_pod_without_owner_stays_away() {
        let alone = evicted("shop/tool", "2026-11-26T11:45:00Z").unset("metadata.ownerReferences");
        cluster().with(alone).finds(&CHECK, &["pod shop/tool"]).says("one pod evicted, the last 15 minutes ago");
    }

    #[test]
    fn a_job_that_succeeded_after_all_and_a_pod_that_runs_are_fine() {
        let attempt = evicted("shop/load-a", "2026-11-26T11:45:00Z").owned_by("batch/v1", "Job", "load");
        let job = thing("batch/v1", "Job", "shop/load").condition("Complete", "True", "");
        cluster().with(attempt).with(job).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_roll_out_does_not_make_history_urgent_and_a_replacement_need_not_be_ready() {
        let old = cluster().with(web(1)).with(set(1)).with(evicted("shop/web-a", "2026-11-20T11:45:00Z"));
        let verdict = old.finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
        let starting = |name| pod(name).set("status.phase", "Pending").owned_by("apps/v1", "ReplicaSet", "web-5d7f");
        let all = cluster().with(web(0)).with(set(0)).with(evicted("shop/web-a", "2026-11-26T11:58:00Z"));
        let verdict = all.with(starting("shop/web-b")).with(starting("shop/web-c"));
        let verdict = verdict.finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Medium));
    }
}
