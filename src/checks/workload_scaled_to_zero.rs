//! A workload is scaled to zero by hand: nothing of it runs, on purpose or forgotten.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "workload-scaled-to-zero",
    title: "Workload is scaled to zero",
    rows: &[41],
    severity: Severity::Info,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::ReplicaSet,
        Kind::ReplicationController,
        Kind::HorizontalPodAutoscaler,
        Kind::ScaledObject,
    ],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (kind, workload) in view.snapshot.workloads().filter(|(kind, w)| is_off(*kind, w)) {
        let object = workload.metadata.object(kind);
        if is_scaled_by_another(view, &object) {
            continue;
        }
        match autoscalers_are_known(view, &object.namespace) {
            Ok(()) => verdict
                .found(Fault::on(object, "it is scaled to zero, so none of its pods runs").seen("spec.replicas", "0")),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Whether zero pods are asked for. Nothing said means one; what has an owner is scaled by it (old revisions, operators).
fn is_off(kind: Kind, workload: &Workload) -> bool {
    let meta = &workload.metadata;
    kind != Kind::DaemonSet && workload.spec.replicas == Some(0) && meta.controller().is_none() && !meta.is_going()
}

/// Whether an autoscaler is in charge: zero is then what it found right.
fn is_scaled_by_another(view: &View<'_>, object: &ObjectRef) -> bool {
    let hpas = view.snapshot.autoscalers.iter().filter(|a| a.metadata.namespace == object.namespace);
    let mut hpas = hpas.map(|a| &a.spec.scale_target_ref);
    let scaled = view.snapshot.customs(Kind::ScaledObject).iter();
    let mut scaled = scaled.filter(|s| s.metadata.namespace == object.namespace).map(|s| &s.spec["scaleTargetRef"]);
    hpas.any(|target| target.kind == object.kind.name() && target.name == object.name)
        || scaled.any(|target| {
            // KEDA means a Deployment where no kind is named.
            let kind = target["kind"].as_str().unwrap_or("Deployment");
            kind == object.kind.name() && target["name"] == object.name.as_str()
        })
}

/// KEDA may not be installed, and then it scales nothing.
fn autoscalers_are_known(view: &View<'_>, namespace: &str) -> Result<(), String> {
    let reads = &view.snapshot.reads;
    reads.complete(Kind::HorizontalPodAutoscaler, namespace)?;
    reads.of(Kind::ScaledObject).map_or(Ok(()), |_| reads.complete(Kind::ScaledObject, namespace))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{cluster, thing, workload};
    use crate::evidence::cluster::Kind;

    #[test]
    fn a_workload_that_was_scaled_to_zero_is_told() {
        cluster().with(workload("StatefulSet", "shop/db", 0)).finds(&CHECK, &["statefulset shop/db"]);
    }

    #[test]
    fn nothing_said_is_one_and_an_old_revision_is_history() {
        // k8sgpt takes a missing number for zero.
        cluster().with(workload("Deployment", "shop/web", 1).unset("spec.replicas")).is_fine(&CHECK);
        let old = workload("ReplicaSet", "shop/web-5d7f", 0).owned_by("apps/v1", "Deployment", "web");
        cluster().with(old).is_fine(&CHECK);
    }

    #[test]
    fn what_an_autoscaler_scales_is_its_business() {
        let target = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": "web" });
        let hpa = thing("autoscaling/v2", "HorizontalPodAutoscaler", "shop/web").set("spec.scaleTargetRef", target);
        let keda = thing("keda.sh/v1alpha1", "ScaledObject", "shop/web").set("spec.scaleTargetRef.name", "web");
        let zero = || cluster().with(workload("Deployment", "shop/web", 0));
        zero().with(hpa).is_fine(&CHECK);
        zero().with(keda).is_fine(&CHECK);
        zero().without(Kind::HorizontalPodAutoscaler).cannot_say(&CHECK, "horizontalpodautoscalers");
    }
}
