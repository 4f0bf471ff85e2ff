//! The system ended a container for reasons of its own: its node went down or restarted, or its pod had to make room.

use std::collections::BTreeSet;

use super::gist::gist;
use super::killer::{Killer, killer};
use super::termination::End;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-killed-by-system",
    title: "Container killed by the system",
    rows: &[15],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event, Kind::Job],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut told = BTreeSet::new();
    for end in End::all(view).filter(|end| end.matters(view, view.thresholds.recent)) {
        let Some(Killer::System { field, text, node }) = killer(view, &end) else { continue };
        // The containers of a pod die together.
        if told.insert(end.pod.metadata.object(Kind::Pod)) {
            verdict.found(fault(&end, field, text, node));
        }
    }
    verdict
}

fn fault(end: &End<'_>, field: String, text: &str, node: bool) -> Fault {
    let name = &end.pod.spec.node_name;
    let by = if node { format!("its node {name}") } else { "the system".to_owned() };
    let again = if end.runs_again() { "; it runs again" } else { "" };
    let sentence =
        format!("{by} killed container {} (exit code {}): {}{again}", end.name(), end.how.exit_code, gist(text));
    let fault = end.show(Fault::on(end.pod.metadata.object(Kind::Pod), &sentence).seen(field, text));
    let fault = if node { fault.because_of(ObjectRef::new(Kind::Node, "", name)) } else { fault };
    if end.runs_again() { fault.severity(Severity::Low) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning};
    use crate::finding::Severity;

    fn killed() -> Thing {
        pod("shop/web-0").set("status.containerStatuses.0.restartCount", 1).set(
            "status.containerStatuses.0.lastState.terminated",
            json!({ "reason": "Error", "exitCode": 137, "finishedAt": "2026-11-26T11:53:00Z" }),
        )
    }

    #[test]
    fn a_node_that_restarted_is_to_blame() {
        let text = "Node worker-1 has been rebooted, boot id: 2f1c";
        let found = cluster()
            .with(killed())
            .with(warning("Node", "worker-1", "Rebooted", text))
            .finds(&CHECK, &["pod shop/web-0"]);
        found.says("its node worker-1 killed container web (exit code 137): Node worker-1 has been rebooted");
        found.blames("node worker-1");
        assert_eq!(found.faults[0].severity, Some(Severity::Low), "it runs again");
    }

    #[test]
    fn a_pod_that_makes_room_is_found_by_its_condition_and_by_its_event() {
        let end = json!({ "terminated": { "reason": "Error", "exitCode": 137, "finishedAt": "2026-11-26T11:53:00Z" } });
        let failed =
            || pod("shop/web-0").set("status.phase", "Failed").set("status.containerStatuses.0.state", end.clone());
        let evicted = failed().condition("DisruptionTarget", "True", "EvictionByEvictionAPI");
        cluster().with(evicted).finds(&CHECK, &["pod shop/web-0"]).says("EvictionByEvictionAPI");
        let event = warning("Pod", "shop/web-0", "Preempted", "Preempted by pod 7c1e on node worker-1");
        cluster().with(failed()).with(event).finds(&CHECK, &["pod shop/web-0"]).says("Preempted by pod 7c1e");
    }

    #[test]
    fn words_of_the_scheduler_names_of_nodes_and_what_was_cancelled_say_nothing() {
        let say = |reason: &str, text: &str| cluster().with(killed()).with(warning("Pod", "shop/web-0", reason, text));
        say("FailedScheduling", "preemption: 0/8 nodes are available: 8 Preemption is not helpful").is_fine(&CHECK);
        say("Scheduled", "Successfully assigned shop/web-0 to gke-preemptible-pool-1").is_fine(&CHECK);
        say("TaintManagerEviction", "Cancelling deletion of Pod shop/web-0").is_fine(&CHECK);
    }

    #[test]
    fn a_pod_that_says_itself_why_it_was_ended_is_not_told_twice() {
        let end = json!({ "terminated": { "reason": "Error", "exitCode": 137, "finishedAt": "2026-11-26T11:53:00Z" } });
        let evicted = pod("shop/web-0")
            .set("status.phase", "Failed")
            .set("status.reason", "Evicted")
            .set("status.containerStatuses.0.state", end)
            .condition("DisruptionTarget", "True", "TerminationByKubelet");
        cluster().with(evicted).is_fine(&CHECK);
    }
}
