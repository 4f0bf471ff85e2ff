//! A kubelet does not get a pod ready to start: its sandbox, its network, its volumes or its image do not come.

use super::gist::gist;
use super::mount_culprit::blame;
use super::node_life::is_young;
use super::preparation::{innermost, pull, telling, warnings};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{ContainerStatus, Event, Kind, ObjectRef, Pod, PodContainer, Time, condition};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "container-creating-stuck",
    title: "Container is not created",
    rows: &[21],
    severity: Severity::High,
    stage: Stage::Pod,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

/// Seconds in which a first try may fail: the next one mostly succeeds.
const FIRST_TRY: i64 = 60;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let open = view.snapshot.pods.iter().filter(|pod| !pod.is_over() && !pod.metadata.is_going());
    for pod in open.filter(|pod| !pod.spec.node_name.is_empty()) {
        let Some(container) = uncreated(pod) else { continue };
        let warnings = warnings(view, pod);
        if is_stuck(view, pod, &warnings) {
            verdict.found(fault(view, pod, container, &warnings));
        }
    }
    verdict
}

/// The container whose creation is under way: the first that is not there, where all before it did their work. An init container that runs or fails is
/// another fault. With init containers the kubelet calls a pod without a sandbox `PodInitializing`, too.
fn uncreated(pod: &Pod) -> Option<PodContainer<'_>> {
    pod.each_container().find(|c| !is_done(pod, *c)).filter(|c| is_coming(c.status))
}

/// Of the containers before the others only a sidecar goes on running, and only when it has started does the next one follow.
fn is_done(pod: &Pod, container: PodContainer<'_>) -> bool {
    let status = container.status;
    if container.init {
        return status.state.terminated.as_ref().is_some_and(|end| end.exit_code == 0);
    }
    let sidecar = pod.spec.init_containers.iter().any(|c| c.name == status.name);
    status.state.running.is_some() && !(sidecar && status.started == Some(false))
}

fn is_coming(status: &ContainerStatus) -> bool {
    let waiting = status.state.waiting.as_ref();
    waiting.is_some_and(|w| matches!(w.reason.as_str(), "ContainerCreating" | "PodInitializing"))
}

/// Since when the kubelet could have created it: since it has the pod, or since the last init container ended.
fn since(pod: &Pod) -> Time {
    let placed = condition(&pod.status.conditions, "PodScheduled").map(|c| c.last_transition_time);
    let times = [placed.unwrap_or_default(), pod.status.start_time, pod.metadata.creation_timestamp];
    let placed = times.into_iter().find(|t| t.0.is_some()).unwrap_or_default();
    let ends = pod.status.init_container_statuses.iter().filter_map(|s| s.state.terminated.as_ref());
    ends.map(|end| end.finished_at).chain([placed]).max().unwrap_or_default()
}

fn is_stuck(view: &View<'_>, pod: &Pod, warnings: &[&Event]) -> bool {
    let pending = pod.status.phase == "Pending";
    // The network of a node that has just joined comes last, and its kubelet complains every two seconds until then.
    let joins = view.node(&pod.spec.node_name).is_some_and(|node| is_young(view, node));
    let patience = if joins { view.thresholds.settle } else { FIRST_TRY };
    let again = !joins && warnings.iter().any(|e| e.times() > 2);
    let failing = !warnings.is_empty() && (again || view.lasts(since(pod), patience));
    failing || (pending && view.lasts(since(pod), view.thresholds.settle))
}

fn fault(view: &View<'_>, pod: &Pod, container: PodContainer<'_>, warnings: &[&Event]) -> Fault {
    let since = since(pod);
    let long = since.age(view.now).map(|age| format!(" for {}", Span(age))).unwrap_or_default();
    let pull = pull(view, pod);
    let blind = view.snapshot.reads.complete(Kind::Event, &pod.metadata.namespace).is_err();
    let why = match (telling(warnings), pull) {
        (Some(event), _) => format!(": {}", innermost(event.text())),
        (None, Some(event)) => format!(": {}", gist(event.text())),
        (None, None) if blind => ", and events were not read".to_owned(),
        (None, None) => ", and no recent warning says why".to_owned(),
    };
    let name = &container.status.name;
    let sentence = format!("container {name} has not been created on node {}{long}{why}", pod.spec.node_name);
    let waiting = container.status.state.waiting.as_ref();
    let fault = Fault::on(pod.metadata.object(Kind::Pod), &sentence);
    let fault = warnings.iter().fold(fault, |fault, e| fault.seen(format!("event {}", e.reason), e.text()));
    let fault = pull.into_iter().fold(fault, |fault, e| fault.seen("event Pulling", e.text()));
    let fault = fault
        .seen(format!("{}.state.waiting.reason", container.path(pod)), waiting.map_or("", |w| w.reason.as_str()))
        .fact("container", name)
        .fact("node", &pod.spec.node_name)
        .since(since);
    // A large image takes its time, and without events nobody can see that it comes.
    let fault = if warnings.is_empty() && (pull.is_some() || blind) { fault.severity(Severity::Medium) } else { fault };
    blamed(fault, view, pod, warnings)
}

/// The first object that one of the warnings names; without one, the node whose network is missing.
fn blamed(fault: Fault, view: &View<'_>, pod: &Pod, warnings: &[&Event]) -> Fault {
    let fault = warnings.iter().fold(fault, |fault, event| {
        if fault.culprit.is_some() { fault } else { blame(fault, view, pod, event.text()) }
    });
    let network = warnings.iter().any(|e| e.reason == "NetworkNotReady");
    if fault.culprit.is_some() || !network {
        return fault;
    }
    fault.because_of(ObjectRef::new(Kind::Node, "", &pod.spec.node_name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, node, pod, warning};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const SANDBOX: &str = "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \
                           \"ff4f7fd11035c73bfe14\": plugin type=\"calico\" failed (add): error getting ClusterInformation: connection is unauthorized";

    fn creating(since: &str) -> Thing {
        pod("shop/web-0")
            .set("metadata.creationTimestamp", since)
            .set("status.phase", "Pending")
            .set("status.startTime", since)
            .unset("status.conditions")
            .set("status.containerStatuses.0.ready", false)
            .set("status.containerStatuses.0.started", false)
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "ContainerCreating" } }))
    }

    fn warn(reason: &str, text: &str) -> Thing {
        warning("Pod", "shop/web-0", reason, text)
    }

    #[test]
    fn the_words_of_the_plug_in_are_told() {
        let all = cluster().with(creating("2026-11-26T11:48:00Z")).with(warn("FailedCreatePodSandBox", SANDBOX));
        let verdict = all.finds(&CHECK, &["pod shop/web-0"]);
        verdict.says(
            "container web has not been created on node worker-1 for 12 minutes: plugin type=\"calico\" failed (add)",
        );
        assert_eq!(verdict.faults[0].statements[0].text, SANDBOX);
    }

    #[test]
    fn a_reason_that_is_not_the_latest_event_and_one_of_the_attacher_count() {
        // k8sgpt wants it to be the latest event, and does not know `FailedAttachVolume`.
        let attach = "Multi-Attach error for volume \"pv-1\" Volume is already exclusively attached to one node";
        let later = warn(
            "FailedMount",
            "Unable to attach or mount volumes: unmounted volumes=[data]: timed out waiting for the condition",
        );
        let mounting = creating("2026-11-26T11:57:00Z")
            .set("spec.volumes", json!([{ "name": "data", "persistentVolumeClaim": { "claimName": "data" } }]));
        let all = cluster().with(mounting).with(claim("shop/data")).with(warn("FailedAttachVolume", attach));
        let all = all.with(later.set("lastTimestamp", "2026-11-26T11:59:00Z").set("metadata.name", "web-0.18"));
        let normal = warn("Scheduled", "assigned").set("type", "Normal").set("lastTimestamp", "2026-11-26T11:59:30Z");
        let verdict = all.with(normal).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("Multi-Attach error").blames("persistentvolumeclaim shop/data");
        assert_eq!(verdict.faults[0].statements.len(), 3);
    }

    #[test]
    fn the_object_that_the_text_names_is_to_blame() {
        let text = "MountVolume.SetUp failed for volume \"config\" : configmap \"settings\" not found";
        let with = |text| cluster().with(creating("2026-11-26T11:57:00Z")).with(warn("FailedMount", text));
        with(text).finds(&CHECK, &["pod shop/web-0"]).blames("configmap shop/settings");
        let text = "MountVolume.SetUp failed for volume \"tls\" : references non-existent secret key: tls.key";
        let keyed = creating("2026-11-26T11:57:00Z")
            .set("spec.volumes", json!([{ "name": "tls", "secret": { "secretName": "web-tls" } }]));
        let verdict = cluster().with(keyed).with(warn("FailedMount", text)).finds(&CHECK, &["pod shop/web-0"]);
        assert!(verdict.blames("secret shop/web-tls").faults[0].facts.contains(&("key", "tls.key".into())));
        let none = "network is not ready: container runtime network not ready: cni plugin not initialized";
        let all = cluster().with(creating("2026-11-26T11:57:00Z")).with(warn("NetworkNotReady", none));
        all.finds(&CHECK, &["pod shop/web-0"]).blames("node worker-1");
        let joins = node("worker-1").set("metadata.creationTimestamp", "2026-11-26T11:56:30Z");
        cluster()
            .with(joins)
            .with(creating("2026-11-26T11:57:00Z"))
            .with(warn("NetworkNotReady", none).set("count", 90))
            .is_fine(&CHECK);
    }

    #[test]
    fn a_pod_that_waits_in_silence_is_told_after_a_while() {
        let silent = creating("2026-11-26T11:50:00Z");
        cluster().with(silent.clone()).finds(&CHECK, &["pod shop/web-0"]).says("no recent warning says why");
        let pulling = warn("Pulling", "Pulling image \"registry.example/shop/web:1.4\"").set("type", "Normal");
        let verdict = cluster().with(silent).with(pulling).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.says("Pulling image").faults[0].severity, Some(Severity::Medium));
    }

    #[test]
    fn a_pod_with_init_containers_waits_under_another_name() {
        let waiting = json!({ "waiting": { "reason": "PodInitializing" } });
        let init = creating("2026-11-26T11:50:00Z")
            .set("spec.initContainers", json!([{ "name": "migrate" }]))
            .set("status.initContainerStatuses", json!([{ "name": "migrate", "state": waiting }]))
            .set("status.containerStatuses.0.state", waiting.clone());
        cluster().with(init.clone()).finds(&CHECK, &["pod shop/web-0"]).says("container migrate has not been created");
        // The init container does its work: that is no matter of creation.
        let running = json!({ "running": { "startedAt": "2026-11-26T11:50:00Z" } });
        cluster().with(init.clone().set("status.initContainerStatuses.0.state", running)).is_fine(&CHECK);
        let done = json!({ "terminated": { "exitCode": 0, "finishedAt": "2026-11-26T11:59:00Z" } });
        cluster().with(init.set("status.initContainerStatuses.0.state", done)).is_fine(&CHECK);
    }

    #[test]
    fn a_start_under_way_a_first_try_and_a_pod_that_runs_are_fine() {
        cluster().with(creating("2026-11-26T11:58:00Z")).is_fine(&CHECK);
        let first =
            warn("FailedMount", "failed to sync configmap cache: timed out waiting for the condition").set("count", 1);
        cluster().with(creating("2026-11-26T11:59:30Z")).with(first.clone()).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).with(first).is_fine(&CHECK);
        cluster().with(creating("2026-11-26T11:50:00Z").set("spec.nodeName", "")).is_fine(&CHECK);
        let going = creating("2026-11-26T11:50:00Z").set("metadata.deletionTimestamp", "2026-11-26T12:00:20Z");
        cluster().with(going).is_fine(&CHECK);
    }

    #[test]
    fn without_events_nobody_can_say_whether_an_image_is_on_its_way() {
        let silent = cluster().with(creating("2026-11-26T11:50:00Z")).without(Kind::Event);
        let verdict = silent.finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.says("events were not read").faults[0].severity, Some(Severity::Medium));
    }
}
