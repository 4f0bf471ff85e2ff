//! Pods failed as a whole, and nobody's job told them to: a kubelet turned them away, or they ended with an error for good.

use super::ended_pods::{DAY, Ended, by_owner, is_replaced};
use super::gist::gist;
use super::pod_lost::loss;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Pod};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "pod-phase-bad",
    title: "Pods failed",
    rows: &[30],
    severity: Severity::Medium,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let all = by_owner(view, is_bad).into_iter();
    let faults = all.filter(|ended| matters(view, ended)).map(|ended| fault(view, &ended));
    Verdict { faults: faults.collect(), ..Verdict::default() }
}

/// What was evicted or lost, and what a job tried, is told by others.
fn is_bad(pod: &Pod) -> bool {
    let phase = pod.status.phase.as_str();
    let good = matches!(phase, "" | "Pending" | "Running" | "Succeeded");
    !good && pod.status.reason != "Evicted" && loss(pod).is_none() && !is_told_by_its_owner(pod)
}

/// Jobs, and what other controllers run to its end (workflows, pipelines), say themselves that an attempt failed. What a kubelet turned away they cannot know.
fn is_told_by_its_owner(pod: &Pod) -> bool {
    let Some(owner) = pod.metadata.controller() else { return false };
    let known = Kind::of(&owner.api_version, &owner.kind).is_some_and(Kind::is_workload);
    owner.kind == "Job" || (!known && pod.status.reason.is_empty())
}

/// For an hour where the place is filled again, for a day where it is not.
fn matters(view: &View<'_>, ended: &Ended<'_>) -> bool {
    let span = if is_replaced(view, &ended.owner) { view.thresholds.recent } else { DAY };
    view.is_recent(ended.when(), span)
}

fn fault(view: &View<'_>, ended: &Ended<'_>) -> Fault {
    let newest = ended.newest();
    let phase = newest.map_or("", |pod| pod.status.phase.as_str()).to_lowercase();
    let ago = ended.when().age(view.now).map(|age| format!(", the last {} ago", Span(age)));
    let why = newest.map(reason).unwrap_or_default();
    let sentence = format!("{} {phase}{}{why}", ended.count(), ago.unwrap_or_default());
    let fault = ended.pods.iter().fold(Fault::on(ended.owner.clone(), &sentence), |fault, pod| {
        let path = format!("pod {} status", pod.metadata.name);
        let said = fault.seen(format!("{path}.message"), pod.status.message.as_str());
        said.seen(format!("{path}.reason"), pod.status.reason.as_str()).involving(pod.metadata.object(Kind::Pod))
    });
    let fault = fault
        .fact("pod", newest.map_or("", |pod| pod.metadata.name.as_str()))
        .fact("node", newest.map_or("", |pod| pod.spec.node_name.as_str()))
        .since(ended.when());
    if is_replaced(view, &ended.owner) { fault.severity(Severity::Low) } else { fault }
}

/// `: OutOfcpu: Pod was rejected: …`, or how its container ended.
fn reason(pod: &Pod) -> String {
    let status = &pod.status;
    let ends = pod.each_container().filter_map(|c| Some((c.status, c.status.state.terminated.as_ref()?)));
    let mut bad = ends.filter(|(_, end)| end.exit_code != 0);
    match (status.reason.as_str(), status.message.as_str()) {
        ("", "") => bad.next().map_or(String::new(), |(container, end)| {
            format!(": container {} ended with exit code {}", container.name, end.exit_code)
        }),
        (reason, "") => format!(": {reason}"),
        ("", message) => format!(": {}", gist(message)),
        (reason, message) => format!(": {reason}: {}", gist(message)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, workload};
    use crate::finding::Severity;

    const SHORT: &str =
        "Pod was rejected: Node didn't have enough resource: cpu, requested: 500, used: 3800, capacity: 3920";

    fn rejected(name: &str) -> Thing {
        pod(name)
            .set("status", json!({ "phase": "Failed", "reason": "OutOfcpu", "message": SHORT, "startTime": "2026-11-26T11:50:00Z" }))
            .owned_by("apps/v1", "DaemonSet", "agent")
    }

    fn agents(ready: i64) -> Thing {
        workload("DaemonSet", "shop/agent", 3).set("status.numberReady", ready)
    }

    #[test]
    fn pods_that_a_kubelet_turns_away_are_one_fault_of_their_workload() {
        let all = cluster().with(agents(2)).with(rejected("shop/agent-a")).with(rejected("shop/agent-b"));
        let verdict = all.finds(&CHECK, &["daemonset shop/agent"]);
        verdict.says("2 pods failed, the last 10 minutes ago: OutOfcpu: Pod was rejected");
        assert!(verdict.faults[0].statements.iter().any(|s| s.text == SHORT));
    }

    #[test]
    fn a_pod_alone_tells_how_its_container_ended() {
        let end = json!({ "terminated": { "exitCode": 3, "reason": "Error", "finishedAt": "2026-11-26T11:50:00Z" } });
        let tool = pod("shop/tool").set("status.phase", "Failed").set("status.containerStatuses.0.state", end);
        cluster().with(tool).finds(&CHECK, &["pod shop/tool"]).says("container web ended with exit code 3");
    }

    #[test]
    fn what_was_replaced_is_low_for_an_hour() {
        let verdict = cluster().with(agents(3)).with(rejected("shop/agent-a")).finds(&CHECK, &["daemonset shop/agent"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
        let old = |at| rejected("shop/agent-a").set("status.startTime", at);
        cluster().with(agents(3)).with(old("2026-11-26T10:00:00Z")).is_fine(&CHECK);
        cluster().with(agents(2)).with(old("2026-11-26T10:00:00Z")).finds(&CHECK, &["daemonset shop/agent"]);
        cluster().with(agents(2)).with(old("2026-11-22T10:00:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn what_others_tell_and_a_pod_that_runs_or_is_done_are_none() {
        let failed = |name: &str| pod(name).set("status.phase", "Failed");
        cluster().with(failed("shop/load").owned_by("batch/v1", "Job", "load")).is_fine(&CHECK);
        cluster().with(failed("ci/build").owned_by("argoproj.io/v1alpha1", "Workflow", "build")).is_fine(&CHECK);
        cluster().with(failed("shop/web").set("status.reason", "Evicted")).is_fine(&CHECK);
        cluster().with(failed("shop/web").set("status.reason", "NodeLost")).is_fine(&CHECK);
        cluster().with(pod("shop/web").set("status.phase", "Succeeded")).with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
