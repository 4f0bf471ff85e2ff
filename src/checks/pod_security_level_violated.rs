//! A template asks for what the Pod Security level of its namespace forbids: no pod of it will be let in.

use std::collections::BTreeMap;

use super::pod_security::Level;
use super::templates::{Template, templates};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, PodSpec};
use crate::finding::{Fault, Severity};
use crate::text;

pub(super) const CHECK: Check = Check {
    id: "pod-security-level-violated",
    title: "Pod Security level forbids the template",
    rows: &[34],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::Namespace,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::Pod,
    ],
    hygiene: false,
    run,
};

const LABEL: &str = "pod-security.kubernetes.io/enforce";

fn run(view: &View<'_>) -> Verdict {
    let levels: BTreeMap<&str, &str> = view
        .snapshot
        .namespaces
        .iter()
        .filter_map(|n| Some((n.metadata.name.as_str(), n.metadata.labels.get(LABEL)?.as_str())))
        .collect();
    let mut verdict = Verdict::default();
    for template in templates(view).iter().filter(|_| !levels.is_empty()) {
        let Some(name) = levels.get(template.object.namespace.as_str()) else { continue };
        let violations = Level::of(name).map(|l| l.violations(admitted(view, template))).unwrap_or_default();
        if !violations.is_empty() {
            verdict.found(fault(view, template, name, &violations));
        }
    }
    verdict
}

/// What admission sees: the newest pod, where there is one, since webhooks may have completed it; else the template.
fn admitted<'s>(view: &View<'s>, template: &Template<'s>) -> &'s PodSpec {
    let newest = template.its_pods(view).max_by_key(|pod| pod.metadata.creation_timestamp);
    newest.map_or(template.spec, |pod| &pod.spec)
}

fn fault<'s>(view: &View<'s>, template: &Template<'s>, level: &str, violations: &[String]) -> Fault {
    let namespace = &template.object.namespace;
    // Pods that are there were made before the level, or somebody is exempt from it.
    let has_pods = template.its_pods(view).next().is_some();
    let outlook = if has_pods { "; its pods are older than the level, the next one will be refused" } else { "" };
    let severity = if has_pods || template.pods == 0 { Severity::Low } else { Severity::High };
    let forbidden = text::list(violations);
    let message = format!("level {level} of namespace {namespace} forbids its pods: {forbidden}{outlook}");
    let seen = |fault: Fault, violation: &String| fault.seen(template.path, violation.as_str());
    let fault = Fault::on(template.object.clone(), &message).severity(severity).fact("policy", level);
    let fault =
        violations.iter().fold(fault, seen).seen(format!("namespace {namespace} metadata.labels[{LABEL}]"), level);
    fault.involving(ObjectRef::new(Kind::Namespace, "", namespace))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CHECK, LABEL};
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};
    use crate::finding::Severity;

    fn namespace(level: &str) -> Thing {
        thing("v1", "Namespace", "shop").set("metadata.labels", json!({ LABEL: level }))
    }

    fn agent() -> Thing {
        workload("Deployment", "shop/agent", 1).set("spec.template.spec.hostNetwork", true)
    }

    #[test]
    fn what_the_level_forbids_is_found_in_the_template() {
        let verdict = cluster().with(namespace("baseline")).with(agent()).finds(&CHECK, &["deployment shop/agent"]);
        verdict.says("level baseline of namespace shop forbids its pods: hostNetwork");
        cluster()
            .with(namespace("restricted"))
            .with(workload("Deployment", "shop/web", 1))
            .as_manifests()
            .finds(&CHECK, &["deployment shop/web"]);
    }

    #[test]
    fn no_level_and_one_that_forbids_nothing_are_fine() {
        cluster().with(namespace("privileged")).with(agent()).is_fine(&CHECK);
        cluster().with(thing("v1", "Namespace", "shop")).with(agent()).is_fine(&CHECK);
        cluster().with(namespace("baseline")).with(workload("Deployment", "shop/web", 1)).is_fine(&CHECK);
    }

    #[test]
    fn pods_that_a_webhook_has_completed_are_fine() {
        let set = workload("Deployment", "shop/web", 1);
        let completed = pod("shop/web-a")
            .owned_by("apps/v1", "Deployment", "web")
            .set("spec.securityContext.runAsNonRoot", true)
            .set("spec.containers.0.securityContext.allowPrivilegeEscalation", false);
        cluster().with(namespace("restricted")).with(set).with(completed).is_fine(&CHECK);
    }

    #[test]
    fn pods_that_were_there_before_the_level_make_it_less_bad() {
        let old = pod("shop/agent-a").owned_by("apps/v1", "Deployment", "agent").set("spec.hostNetwork", true);
        let verdict =
            cluster().with(namespace("baseline")).with(agent()).with(old).finds(&CHECK, &["deployment shop/agent"]);
        assert_eq!(verdict.says("the next one will be refused").faults[0].severity, Some(Severity::Low));
    }
}
