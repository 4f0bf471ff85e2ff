//! A program cannot write because its file system is full, or a volume that was made larger is not larger yet.
//!
//! The API does not say how full a volume is; what programs and kubelets say of it is all that there is.

use std::borrow::Cow;

use super::claim_users::claims_of;
use super::gist::gist;
use super::termination::End;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Claim, Condition, Container, Event, Kind, ObjectRef, Pod, VolumeMount};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "volume-nearly-full",
    title: "Volume or file system is full",
    rows: &[103],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::PersistentVolumeClaim, Kind::Event],
    hygiene: false,
    run,
};

/// What the C library says, and with it nearly every program.
const FULL: &[&str] = &["no space left on device", "disk quota exceeded"];

/// Paths of the node's own file systems in the texts of kubelets and runtimes.
const OF_THE_NODE: &[&str] =
    &["/var/lib/kubelet", "/var/lib/containerd", "/var/lib/docker", "/var/lib/containers", "/run/"];

/// Conditions by which a claim says that it did not become larger.
const NOT_LARGER: &[&str] = &["FileSystemResizePending", "ControllerResizeError", "NodeResizeError"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let full = |end: &End<'_>| end.how.exit_code != 0 && is_full(&end.how.message);
    for end in End::all(view).filter(full).filter(|end| end.matters(view, view.thresholds.recent)) {
        verdict.found(end_fault(&end));
    }
    for pod in view.snapshot.pods.iter().filter(|p| !p.is_over() && !p.is_ready() && !p.metadata.is_going()) {
        if let Some(event) = warned(view, pod) {
            verdict.found(event_fault(pod, event));
        }
    }
    for claim in &view.snapshot.claims {
        if let Some(said) = claim.status.conditions.iter().find(|c| is_late(view, c)) {
            verdict.found(resize_fault(claim, said));
        }
    }
    verdict
}

fn is_full(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    FULL.iter().any(|words| text.contains(words))
}

fn end_fault(end: &End<'_>) -> Fault {
    let words = format!("container {} could not write: {}", end.name(), telling(&end.how.message));
    let mount = end.spec().and_then(|c| mount(c, &end.how.message));
    let place = mount.map_or_else(String::new, |m| format!(" ({})", place(end.pod, m)));
    let fault = end.show(Fault::on(end.pod.metadata.object(Kind::Pod), &format!("{words}{place}")));
    match mount.and_then(|m| claim_at(end.pod, m)) {
        Some(claim) => {
            let fault = fault.fact("pvc", &*claim).fact("path", mount.map_or("", |m| m.mount_path.as_str()));
            fault.because_of(ObjectRef::new(Kind::PersistentVolumeClaim, &end.pod.metadata.namespace, &claim))
        }
        None => fault,
    }
}

/// The line that says it.
fn telling(text: &str) -> String {
    gist(text.lines().find(|line| is_full(line)).unwrap_or(text))
}

/// The mount that a text names a path of; the deepest.
fn mount<'c>(container: &'c Container, text: &str) -> Option<&'c VolumeMount> {
    let named = |m: &&VolumeMount| m.mount_path.len() > 1 && text.contains(m.mount_path.trim_end_matches('/'));
    container.volume_mounts.iter().filter(named).max_by_key(|m| m.mount_path.len())
}

fn claim_at<'p>(pod: &'p Pod, mount: &VolumeMount) -> Option<Cow<'p, str>> {
    claims_of(pod).find(|(volume, _)| **volume == *mount.name).map(|(_, claim)| claim)
}

fn place(pod: &Pod, mount: &VolumeMount) -> String {
    match claim_at(pod, mount) {
        Some(claim) => format!("claim {claim} at {}", mount.mount_path),
        None => format!("volume {} at {}", mount.name, mount.mount_path),
    }
}

fn warned<'s>(view: &View<'s>, pod: &Pod) -> Option<&'s Event> {
    view.warnings(&pod.metadata.object(Kind::Pod)).into_iter().find(|e| is_full(e.text()))
}

fn event_fault(pod: &Pod, event: &Event) -> Fault {
    let who = event.container().map_or_else(|| "the pod".to_owned(), |name| format!("container {name}"));
    let text = event.text();
    let node = &pod.spec.node_name;
    let of_node = OF_THE_NODE.iter().any(|path| text.contains(path)) && !text.contains("kubernetes.io~csi");
    let place = if of_node && !node.is_empty() { format!(" on the disk of node {node}") } else { String::new() };
    let fault = Fault::on(pod.metadata.object(Kind::Pod), &format!("{who} cannot be run{place}: {}", telling(text)))
        .seen(format!("event {}", event.reason), text)
        .fact("container", event.container().unwrap_or_default())
        .fact("node", node)
        .since(event.last());
    if place.is_empty() { fault } else { fault.because_of(ObjectRef::new(Kind::Node, "", node)) }
}

fn is_late(view: &View<'_>, said: &Condition) -> bool {
    let late = view.lasts(said.last_transition_time, view.thresholds.settle);
    NOT_LARGER.contains(&said.kind.as_str()) && said.status == "True" && late
}

fn resize_fault(claim: &Claim, said: &Condition) -> Fault {
    let amount =
        |of: &crate::evidence::cluster::Resources| of.get("storage").map(ToString::to_string).unwrap_or_default();
    let (asked, has) = (amount(&claim.spec.resources.requests), amount(&claim.status.capacity));
    let why = if said.message.is_empty() { said.kind.clone() } else { gist(&said.message) };
    let message = format!("the claim should have {asked} and still has {has}: {why}");
    Fault::on(claim.metadata.object(Kind::PersistentVolumeClaim), &message)
        .severity(Severity::Medium)
        .seen(format!("status.conditions[{}].message", said.kind), said.message.as_str())
        .fact("pvc", &claim.metadata.name)
        .since(said.last_transition_time)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, pod, warning};

    const POD: &str = "pod shop/db-0";

    fn ended(message: &str) -> Thing {
        let end = json!({ "reason": "Error", "exitCode": 1, "message": message, "finishedAt": "2026-11-26T11:55:00Z" });
        pod("shop/db-0")
            .set("spec.volumes", json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]))
            .set("spec.containers.0.volumeMounts", json!([{ "name": "d", "mountPath": "/var/lib/db" }]))
            .set("status.containerStatuses.0.lastState.terminated", end)
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }))
            .condition("Ready", "False", "")
    }

    #[test]
    fn the_claim_whose_path_the_program_names_is_to_blame() {
        let text = "starting\nPANIC: could not write to file \"/var/lib/db/wal/7\": No space left on device\n";
        let found = cluster().with(ended(text)).finds(&CHECK, &[POD]);
        found.says("container web could not write: PANIC").says("(claim data at /var/lib/db)");
        found.blames("persistentvolumeclaim shop/data");
        cluster().with(ended("write /tmp/x: disk quota exceeded")).finds(&CHECK, &[POD]).says("disk quota exceeded");
        cluster().with(ended("panic: no such host")).is_fine(&CHECK);
    }

    #[test]
    fn what_the_kubelet_cannot_write_is_on_the_node() {
        let text = "failed to create pod sandbox: mkdir /var/lib/containerd/tmpmounts/1: no space left on device";
        let warned = warning("Pod", "shop/db-0", "FailedCreatePodSandBox", text);
        let starting = pod("shop/db-0").set("status.phase", "Pending").condition("Ready", "False", "");
        let found = cluster().with(starting).with(warned.clone()).finds(&CHECK, &[POD]);
        found.says("on the disk of node worker-1").blames("node worker-1");
        cluster().with(pod("shop/db-0")).with(warned).is_fine(&CHECK);
    }

    #[test]
    fn a_claim_that_does_not_grow_is_told_after_a_while() {
        let grown = claim("shop/data").set("spec.resources.requests.storage", "20Gi");
        let pending = grown.clone().condition("FileSystemResizePending", "True", "");
        let found = cluster().with(pending).finds(&CHECK, &["persistentvolumeclaim shop/data"]);
        found.says("should have 20Gi and still has 8Gi: FileSystemResizePending");
        cluster().with(grown.condition("Resizing", "True", "")).is_fine(&CHECK);
        cluster().with(claim("shop/data")).is_fine(&CHECK);
    }
}
