//! Nobody can tell whether a workload is well, or how much it needs: it has no probes, or its containers request nothing.

use super::platform::is_platform;
use super::requests::lacking;
use super::templates::{Template, templates};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "workload-without-probes",
    title: "Workload without probes or requests",
    rows: &[128],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Spec,
    needs: &[
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::Pod,
        Kind::LimitRange,
    ],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for template in templates(view).iter().filter(|t| stays(t)) {
        let mut lacks = Vec::new();
        if !has_probe(template) {
            lacks.push("no container has a readiness or liveness probe".to_owned());
        }
        for resource in ["cpu", "memory"] {
            match lacking(view, &template.object, resource, "") {
                Ok(names) if names.is_empty() => {}
                Ok(names) => lacks.push(format!("container {} requests no {resource}", names.join(", "))),
                Err(why) => verdict.unknown(why),
            }
        }
        if !lacks.is_empty() {
            verdict.found(fault(template, &lacks));
        }
    }
    verdict
}

/// Whether its pods are there to stay; a job ends by itself, and what the platform runs is the platform's.
fn stays(template: &Template<'_>) -> bool {
    let kind = template.object.kind;
    kind.is_workload() && !matches!(kind, Kind::Job | Kind::CronJob) && !is_platform(&template.object.namespace)
}

/// One probe in a pod is enough: a helper beside the program often has none of its own.
fn has_probe(template: &Template<'_>) -> bool {
    let mut containers = template.spec.running_containers();
    containers.any(|c| c.readiness_probe.is_some() || c.liveness_probe.is_some())
}

fn fault(template: &Template<'_>, lacks: &[String]) -> Fault {
    let containers: Vec<&str> = template.spec.containers.iter().map(|c| c.name.as_str()).collect();
    Fault::on(template.object.clone(), &lacks.join("; "))
        .seen(format!("{}.containers", template.path), lacks.join("; "))
        .fact("container", containers.first().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;

    fn probed() -> Thing {
        let probe = json!({ "httpGet": { "path": "/ready", "port": 8080 } });
        workload("Deployment", "shop/web", 2).set("spec.template.spec.containers.0.readinessProbe", probe)
    }

    #[test]
    fn what_is_missing_is_told_once_for_a_workload() {
        let bare = workload("Deployment", "shop/web", 2).unset("spec.template.spec.containers.0.resources");
        let bare = bare.set("spec.template.spec.containers.0.resources", json!({}));
        let verdict = cluster().with(bare).finds(&CHECK, &["deployment shop/web"]);
        verdict.says("no container has a readiness or liveness probe; container web requests no cpu; container web requests no memory");
    }

    #[test]
    fn a_good_workload_a_job_and_the_platform_are_fine() {
        let dns = workload("Deployment", "kube-system/dns", 2);
        let job =
            thing("batch/v1", "Job", "shop/load").set("spec.template.spec.containers", json!([{ "name": "load" }]));
        cluster().with(probed()).with(dns).with(job).with(pod("kube-system/etcd")).is_fine(&CHECK);
    }

    #[test]
    fn what_a_limit_range_adds_is_not_missing() {
        let bare = probed().set("spec.template.spec.containers.0.resources", json!({}));
        let defaults = json!([{ "type": "Container", "defaultRequest": { "cpu": "50m", "memory": "64Mi" } }]);
        let range = thing("v1", "LimitRange", "shop/defaults").set("spec.limits", defaults);
        cluster().with(bare.clone()).with(range).is_fine(&CHECK);
        cluster().with(bare).without(Kind::LimitRange).cannot_say(&CHECK, "limitranges: forbidden");
    }
}
