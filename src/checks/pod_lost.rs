//! A pod ended with its node, or nobody knows what became of it: the node shut down, went away or forgot its containers.

use super::ended_pods::{DAY, is_replaced, when};
use super::job_outcome::is_settled;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, Pod, condition};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "pod-lost",
    title: "Pod was lost with its node",
    rows: &[31],
    severity: Severity::High,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::Job],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in view.snapshot.pods.iter().filter(|pod| !pod.metadata.is_going() && pod.status.phase != "Succeeded") {
        let Some(loss) = loss(pod).filter(|_| !is_settled(view, pod)) else { continue };
        let replaced = is_replaced(view, &view.top(&pod.metadata.object(Kind::Pod)));
        // A pod that is not over is a state and no record, however long it has lasted.
        if view.is_recent(when(pod), DAY) || !(replaced || pod.is_over()) {
            verdict.found(fault(view, pod, &loss, replaced));
        }
    }
    verdict
}

/// How a pod was lost, where that stands, and what stands there.
pub(super) struct Loss<'p> {
    how: &'static str,
    field: String,
    text: &'p str,
}

/// How a pod was lost. Evictions and pods that made room end the same way, and are told by their own reasons.
pub(super) fn loss(pod: &Pod) -> Option<Loss<'_>> {
    let (reason, message) = (pod.status.reason.as_str(), pod.status.message.as_str());
    let text = if message.is_empty() { reason } else { message };
    let said = |how| Some(Loss { how, field: "status.message".into(), text });
    match reason {
        "Evicted" | "Preempting" => None,
        "NodeLost" => said("its node was lost"),
        // `Shutdown` is what kubelets before 1.22 said.
        "Terminated" | "Shutdown" if message.to_lowercase().contains("shut") => said("its node shut down"),
        "NodeShutdown" => said("it was turned away because its node was shutting down"),
        _ if pod.status.phase == "Unknown" => {
            Some(Loss { how: "its node no longer reports it", field: "status.phase".into(), text: "Unknown" })
        }
        _ => stopped(pod).or_else(|| forgotten(pod)),
    }
}

/// The kubelet ended the whole pod.
fn stopped(pod: &Pod) -> Option<Loss<'_>> {
    let said = condition(&pod.status.conditions, "DisruptionTarget")?;
    let by_kubelet = said.status == "True" && said.reason == "TerminationByKubelet" && pod.is_over();
    let text = if said.message.is_empty() { &said.reason } else { &said.message };
    let field = "status.conditions[DisruptionTarget].message".into();
    by_kubelet.then_some(Loss { how: "the kubelet ended it", field, text })
}

/// The kubelet does not find a container any more; the exit code that it writes is made up.
fn forgotten(pod: &Pod) -> Option<Loss<'_>> {
    let container = pod.each_container().find(|container| {
        let end = container.status.state.terminated.as_ref();
        end.is_some_and(|end| end.reason == "ContainerStatusUnknown")
    })?;
    let end = container.status.state.terminated.as_ref()?;
    let text = if end.message.is_empty() { &end.reason } else { &end.message };
    let field = format!("{}.state.terminated.message", container.path(pod));
    Some(Loss { how: "its containers were gone when the kubelet looked for them", field, text })
}

fn fault(view: &View<'_>, pod: &Pod, loss: &Loss<'_>, replaced: bool) -> Fault {
    let when = when(pod);
    let ago = when.age(view.now).map(|age| format!(" {} ago", Span(age))).unwrap_or_default();
    let node = pod.spec.node_name.as_str();
    let on = if node.is_empty() { String::new() } else { format!(" on node {node}") };
    let now = if replaced { "; it was replaced" } else { "; it was not replaced" };
    let fault = Fault::on(pod.metadata.object(Kind::Pod), &format!("the pod{on} was lost{ago}: {}{now}", loss.how))
        .seen(loss.field.as_str(), loss.text)
        .seen("status.reason", pod.status.reason.as_str())
        .fact("node", node)
        .since(when);
    let fault = if replaced { fault.severity(Severity::Low) } else { fault };
    if node.is_empty() { fault } else { fault.because_of(ObjectRef::new(Kind::Node, "", node)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, workload};
    use crate::finding::Severity;

    fn failed(reason: &str, message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Failed")
            .set("status.reason", reason)
            .set("status.message", message)
            .condition("Ready", "False", "PodFailed")
            .owned_by("apps/v1", "StatefulSet", "web")
    }

    fn set(ready: i64) -> Thing {
        workload("StatefulSet", "shop/web", 2).set("status.readyReplicas", ready)
    }

    #[test]
    fn a_pod_that_ended_with_its_node_blames_the_node() {
        for (reason, message) in [
            ("NodeLost", "Node worker-1 which was running pod web-0 is unresponsive"),
            ("Terminated", "Pod was terminated in response to imminent node shutdown."),
            ("NodeShutdown", "Pod was rejected as the node is shutting down."),
            ("Shutdown", "Node is shutting, evicting pods"),
        ] {
            let verdict = cluster().with(failed(reason, message)).with(set(1)).finds(&CHECK, &["pod shop/web-0"]);
            verdict.says("the pod on node worker-1 was lost").blames("node worker-1");
            assert_eq!(verdict.faults[0].statements[0].text, message);
        }
    }

    #[test]
    fn a_pod_that_nobody_reports_and_one_whose_containers_are_gone_are_lost() {
        let unknown = failed("", "").set("status.phase", "Unknown");
        cluster().with(unknown).with(set(1)).finds(&CHECK, &["pod shop/web-0"]).says("no longer reports it");
        let end = json!({ "exitCode": 137, "reason": "ContainerStatusUnknown",
            "message": "The container could not be located when the pod was terminated" });
        let gone = failed("", "").set("status.containerStatuses.0.state", json!({ "terminated": end }));
        cluster().with(gone).with(set(1)).finds(&CHECK, &["pod shop/web-0"]).says("were gone when the kubelet looked");
        let target = failed("", "").condition("DisruptionTarget", "True", "TerminationByKubelet");
        cluster().with(target).with(set(1)).finds(&CHECK, &["pod shop/web-0"]).says("the kubelet ended it");
    }

    #[test]
    fn a_pod_that_was_replaced_is_low_and_after_a_day_nothing() {
        let shut = || failed("Terminated", "Pod was terminated in response to imminent node shutdown.");
        let verdict = cluster().with(shut()).with(set(2)).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
        let old = shut().set("status.conditions.1.lastTransitionTime", "2026-11-20T08:00:00Z");
        cluster().with(old).with(set(2)).is_fine(&CHECK);
    }

    #[test]
    fn an_eviction_a_plain_failure_and_a_pod_that_runs_are_none() {
        let target = |reason| failed(reason, "").condition("DisruptionTarget", "True", "TerminationByKubelet");
        cluster().with(target("Evicted")).with(set(1)).is_fine(&CHECK);
        cluster().with(target("Preempting")).with(set(1)).is_fine(&CHECK);
        cluster().with(failed("DeadlineExceeded", "Pod was active on the node longer")).with(set(1)).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_record_of_last_week_is_history_and_a_pod_that_nobody_reports_is_not() {
        let old = |thing: Thing| thing.set("status.conditions.1.lastTransitionTime", "2026-11-20T08:00:00Z");
        let shut = failed("Terminated", "Pod was terminated in response to imminent node shutdown.");
        cluster().with(old(shut)).with(set(1)).is_fine(&CHECK);
        let unknown = failed("", "").set("status.phase", "Unknown");
        cluster().with(old(unknown)).with(set(1)).finds(&CHECK, &["pod shop/web-0"]);
    }
}
