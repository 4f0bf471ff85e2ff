//! An autoscaler aims at a share of a request that a container does not state: the share cannot be computed, and nothing is scaled.

use super::autoscaling::{Share, Target, named, shares, target, told};
use super::requests::{lacking, stranger};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Autoscaler, Kind, ObjectRef, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "hpa-requests-missing",
    title: "Autoscaled containers have no request",
    rows: &[62],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::HorizontalPodAutoscaler, Kind::Deployment, Kind::StatefulSet, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for hpa in view.snapshot.autoscalers.iter().filter(|a| !a.metadata.is_going()) {
        match target(view, &hpa.metadata.namespace, &hpa.spec.scale_target_ref) {
            Target::Found(workload) => look(view, hpa, &workload, &mut verdict),
            Target::Unknown(why) => verdict.unknown(why),
            // The check of targets tells it.
            Target::Missing(_) | Target::Unfit | Target::Foreign => {}
        }
    }
    verdict
}

fn look(view: &View<'_>, hpa: &Autoscaler, workload: &ObjectRef, verdict: &mut Verdict) {
    for share in shares(hpa) {
        match lacking(view, workload, share.resource, share.container) {
            Ok(names) if !names.is_empty() => verdict.found(own(view, hpa, workload, &share, &names)),
            Ok(_) => verdict.faults.extend(strange(view, hpa, workload, &share)),
            Err(why) => verdict.unknown(why),
        }
    }
}

fn own(view: &View<'_>, hpa: &Autoscaler, workload: &ObjectRef, share: &Share<'_>, names: &[&str]) -> Fault {
    let target = named(&hpa.spec.scale_target_ref);
    let list = names.join(", ");
    let (noun, verb) = if names.len() == 1 { ("container", "has") } else { ("containers", "have") };
    let message = format!(
        "the autoscaler aims at a share of the {} request, and {noun} {list} of {target} {verb} none",
        share.resource
    );
    fault(view, hpa, share, &message, names.first().unwrap_or(&"")).because_of(workload.clone())
}

fn strange(view: &View<'_>, hpa: &Autoscaler, workload: &ObjectRef, share: &Share<'_>) -> Option<Fault> {
    let (pod, container) = stranger(view, workload, share.resource, share.container)?;
    let (target, name) = (named(&hpa.spec.scale_target_ref), &pod.metadata.name);
    let message = format!(
        "the autoscaler aims at a share of the {} request, and pod {name}, which has the labels of {target} but is none of its own, has none in container {container}",
        share.resource,
    );
    let object = pod.metadata.object(Kind::Pod);
    Some(fault(view, hpa, share, &message, container).because_of(view.top(&object)).fact("pod", name))
}

fn fault(view: &View<'_>, hpa: &Autoscaler, share: &Share<'_>, message: &str, container: &str) -> Fault {
    let fault = Fault::on(hpa.metadata.object(Kind::HorizontalPodAutoscaler), message);
    let fault = told(view, hpa, fault).fact("container", container).fact("resource", share.resource);
    // Older controllers leave sidecars out, and another metric may be enough: it says itself whether it works.
    let works = condition(&hpa.status.conditions, "ScalingActive").is_some_and(|c| c.status == "True");
    if works { fault.severity(Severity::Low) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::autoscaling::hpa;
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const WEB: &str = "horizontalpodautoscaler shop/web";
    const TEMPLATE: &str = "spec.template.spec.containers.0.resources";

    fn without_request() -> Thing {
        workload("Deployment", "shop/web", 2).set(TEMPLATE, json!({ "limits": { "memory": "256Mi" } }))
    }

    #[test]
    fn one_container_without_the_request_of_the_metric_is_enough() {
        // k8sgpt asks whether all containers lack requests or limits.
        let sidecar = json!({ "name": "envoy", "resources": { "requests": { "memory": "64Mi" } } });
        let two = workload("Deployment", "shop/web", 2).set("spec.template.spec.containers.1", sidecar.clone());
        let verdict = cluster().with(hpa("shop/web")).with(two).finds(&CHECK, &[WEB]);
        verdict.says("container envoy of deployment web has none").blames("deployment shop/web");
        let mut native = sidecar;
        native["restartPolicy"] = "Always".into();
        let native = workload("Deployment", "shop/web", 2).set("spec.template.spec.initContainers.0", native);
        cluster().with(hpa("shop/web")).with(native).finds(&CHECK, &[WEB]).says("envoy");
    }

    #[test]
    fn a_request_without_a_limit_a_limit_alone_and_a_default_are_enough() {
        cluster().with(hpa("shop/web")).with(workload("Deployment", "shop/web", 2)).is_fine(&CHECK);
        let limit = workload("Deployment", "shop/web", 2).set(TEMPLATE, json!({ "limits": { "cpu": "1" } }));
        cluster().with(hpa("shop/web")).with(limit).is_fine(&CHECK);
        let limits = json!([{ "type": "Container", "defaultRequest": { "cpu": "100m" } }]);
        let default = thing("v1", "LimitRange", "shop/defaults").set("spec.limits", limits);
        cluster().with(hpa("shop/web")).with(without_request()).with(default).is_fine(&CHECK);
        let blind = cluster().with(hpa("shop/web")).with(without_request()).without(Kind::LimitRange);
        blind.cannot_say(&CHECK, "limitranges: forbidden");
    }

    #[test]
    fn only_the_container_and_the_target_that_it_aims_at_count() {
        let one = json!([{ "type": "ContainerResource", "containerResource": { "name": "cpu", "container": "web", "target": { "type": "Utilization", "averageUtilization": 60 } } }]);
        let two = workload("Deployment", "shop/web", 2).set("spec.template.spec.containers.1.name", "envoy");
        cluster().with(hpa("shop/web").set("spec.metrics", one)).with(two).is_fine(&CHECK);
        let amount = json!([{ "type": "Resource", "resource": { "name": "cpu", "target": { "type": "AverageValue", "averageValue": "500m" } } }]);
        cluster().with(hpa("shop/web").set("spec.metrics", amount)).with(without_request()).is_fine(&CHECK);
        // Without metrics the API fills in cpu.
        let plain = hpa("shop/web").unset("spec.metrics");
        cluster().with(plain).with(without_request()).as_manifests().finds(&CHECK, &[WEB]);
    }

    #[test]
    fn the_newest_pod_tells_what_a_webhook_added() {
        let set = workload("ReplicaSet", "shop/web-5d", 1).owned_by("apps/v1", "Deployment", "web");
        let filled = pod("shop/web-5d-x").owned_by("apps/v1", "ReplicaSet", "web-5d");
        let both = |pod: Thing, web: Thing| cluster().with(hpa("shop/web")).with(web).with(set.clone()).with(pod);
        both(filled.clone(), without_request()).is_fine(&CHECK);
        let injected = filled.set("spec.containers.1.name", "istio-proxy");
        both(injected, workload("Deployment", "shop/web", 2)).finds(&CHECK, &[WEB]).says("container istio-proxy");
    }

    #[test]
    fn a_pod_of_somebody_else_with_the_same_labels_counts_too() {
        let stray = pod("shop/migrate").set("spec.containers.0.resources", json!({}));
        cluster()
            .with(hpa("shop/web"))
            .with(workload("Deployment", "shop/web", 2))
            .with(stray)
            .finds(&CHECK, &[WEB])
            .says("pod migrate, which has the labels of deployment web but is none of its own")
            .blames("pod shop/migrate");
    }

    #[test]
    fn an_autoscaler_that_works_all_the_same_is_less_bad() {
        let severity = |status: &str| {
            let all = cluster().with(hpa("shop/web").condition("ScalingActive", status, "")).with(without_request());
            all.finds(&CHECK, &[WEB]).faults[0].severity
        };
        assert_eq!(severity("True"), Some(Severity::Low));
        assert_eq!(severity("False"), None);
    }
}
