//! A pod that no controller manages: with its node it is gone for good.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Pod};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "pod-unmanaged",
    title: "Pod without a controller",
    rows: &[32],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Pod],
    hygiene: true,
    run,
};

/// Annotations of pods that a kubelet starts from a file, and of pods that a release starts and awaits.
const OTHERWISE_MANAGED: [&str; 5] = [
    "kubernetes.io/config.mirror",
    "kubernetes.io/config.source",
    "helm.sh/hook",
    "argocd.argoproj.io/hook",
    "kubectl.kubernetes.io/debug",
];

fn run(view: &View<'_>) -> Verdict {
    let pods = view.snapshot.pods.iter().filter(|pod| !pod.is_over() && !pod.metadata.is_going());
    Verdict { faults: pods.filter(|pod| is_alone(pod)).map(fault).collect(), ..Verdict::default() }
}

/// Some operators own their pods without being their `controller`: they make them anew all the same.
fn is_alone(pod: &Pod) -> bool {
    let meta = &pod.metadata;
    let managed = OTHERWISE_MANAGED.iter().any(|key| meta.annotations.get(key).is_some());
    // Files of static pods carry no annotation yet.
    let control_plane = meta.labels.get("tier").is_some_and(|tier| tier == "control-plane");
    meta.owner_references.is_empty() && !managed && !control_plane && !is_errand(pod)
}

/// What is to end by itself, such as `kubectl run` for a look around or `kubectl debug node`, is not missed when it is gone.
fn is_errand(pod: &Pod) -> bool {
    matches!(pod.spec.restart_policy.as_str(), "Never" | "OnFailure")
}

fn fault(pod: &Pod) -> Fault {
    let node = pod.spec.node_name.as_str();
    let on = if node.is_empty() { "its node".to_owned() } else { format!("node {node}") };
    Fault::on(
        pod.metadata.object(Kind::Pod),
        &format!("no controller manages the pod, so it is gone for good with {on}"),
    )
    .seen("metadata.ownerReferences", "none")
    .fact("node", node)
    .since(pod.metadata.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{cluster, pod};

    #[test]
    fn a_pod_that_nobody_manages_is_found() {
        let verdict = cluster().with(pod("shop/web-0")).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("so it is gone for good with node worker-1");
        let file = pod("shop/web-0").unset("spec.nodeName").unset("status.phase");
        cluster().with(file).as_manifests().finds(&CHECK, &["pod shop/web-0"]);
    }

    #[test]
    fn pods_of_controllers_operators_and_kubelets_are_fine() {
        cluster().with(pod("shop/web-0").owned_by("apps/v1", "ReplicaSet", "web-5d7f")).is_fine(&CHECK);
        let owner = json!([{ "apiVersion": "db.example.com/v1", "kind": "Cluster", "name": "db", "uid": "u1" }]);
        cluster().with(pod("shop/db-0").set("metadata.ownerReferences", owner)).is_fine(&CHECK);
        let mirror = pod("kube-system/etcd-cp-1").set("metadata.annotations.kubernetes~io/config~mirror", "5f0c");
        cluster().with(mirror).is_fine(&CHECK);
        cluster().with(pod("kube-system/etcd").set("metadata.labels.tier", "control-plane")).is_fine(&CHECK);
    }

    #[test]
    fn errands_hooks_and_what_is_over_are_fine() {
        cluster().with(pod("shop/shell").set("spec.restartPolicy", "Never")).is_fine(&CHECK);
        cluster().with(pod("shop/test").set("metadata.annotations.helm~sh/hook", "test")).is_fine(&CHECK);
        cluster().with(pod("shop/done").set("status.phase", "Succeeded")).is_fine(&CHECK);
    }
}
