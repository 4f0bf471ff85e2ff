//! The selector of a service fits no pod: nobody ever answers behind it.

use super::{Basis, Check, Stage, Verdict, View, sources};
use crate::evidence::cluster::{Kind, LabelSelector, Map, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-selects-nothing",
    title: "Service selects no pod",
    rows: &[72],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Service, Kind::Pod, Kind::Deployment, Kind::StatefulSet],
    hygiene: false,
    run,
};

/// Pods, and what makes the pods of nearly every service: where these were not read nothing can be said.
const USUAL: [Kind; 4] = [Kind::Pod, Kind::Deployment, Kind::ReplicaSet, Kind::DaemonSet];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for service in view.snapshot.services.iter().filter(|s| is_meant(view, s) && !selects(view, s, |_, _| true)) {
        let namespace = &service.metadata.namespace;
        let usual = USUAL.iter().try_for_each(|kind| view.snapshot.reads.complete(*kind, namespace));
        match (usual, sources::complete(view, namespace)) {
            (Err(why), _) => verdict.unknown(why),
            (Ok(()), Ok(())) => verdict.found(fault(view, service)),
            // That no pod fits is seen; what else might make one is not.
            (Ok(()), Err(why)) => {
                let fault = fault(view, service);
                let severity = fault.severity.unwrap_or(Severity::Medium).min(Severity::Medium);
                verdict.found(fault.severity(severity));
                verdict.unknown(why);
            }
        }
    }
    verdict
}

/// Whether there should be pods by now: installers make services first, and an operator knows itself when it has none.
fn is_meant(view: &View<'_>, service: &Service) -> bool {
    let meta = &service.metadata;
    let asks = service.spec.kind != "ExternalName" && !service.spec.selector.is_empty();
    asks && meta.controller().is_none() && !meta.is_going() && !view.is_fresh(meta)
}

/// Whether a pod, or what makes pods, carries those of the labels that count.
fn selects(view: &View<'_>, service: &Service, counts: impl Fn(&str, &str) -> bool) -> bool {
    let asked: Vec<_> = service.spec.selector.iter().filter(|(key, value)| counts(key, value)).collect();
    let fits = |labels: &Map<String>| asked.iter().all(|(key, value)| labels.get(*key) == Some(value));
    !asked.is_empty() && sources::labels(view, &service.metadata.namespace).any(fits)
}

/// Whether a label marks a pod that others stand by with: nobody may have that part at the moment.
fn is_part(key: &str, value: &str) -> bool {
    let second = ["replica", "standby", "slave", "follower", "secondary"].contains(&value);
    let first = ["active", "leader", "master", "primary"].iter().any(|word| key.ends_with(word));
    (key.to_ascii_lowercase().ends_with("role") && second) || (first && value == "false") || key.ends_with("standby")
}

fn fault(view: &View<'_>, service: &Service) -> Fault {
    let selector =
        LabelSelector { match_labels: service.spec.selector.clone(), ..LabelSelector::default() }.to_string();
    let fault = Fault::on(
        service.metadata.object(Kind::Service),
        &format!("no pod of namespace {} has the labels {selector}", service.metadata.namespace),
    )
    .seen("spec.selector", selector.as_str())
    .fact("service", &service.metadata.name)
    .fact("selector", selector);
    if selects(view, service, |key, value| !is_part(key, value)) { fault.severity(Severity::Low) } else { fault }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, pod, service, thing, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    #[test]
    fn labels_that_no_pod_has_are_found() {
        let other = service("shop/web").set("spec.selector.app", "wbe");
        cluster().with(other).with(pod("shop/web-0")).finds(&CHECK, &["service shop/web"]).says("app=wbe");
    }

    #[test]
    fn all_labels_count_and_every_pod_is_asked() {
        // popeye asks the first pod only, and one label of several.
        let two = service("shop/web").set("spec.selector.tier", "front");
        let fits = pod("shop/web-1").set("metadata.labels.tier", "front");
        cluster().with(two.clone()).with(pod("shop/web-0")).with(fits).is_fine(&CHECK);
        cluster().with(two).with(pod("shop/web-0")).finds(&CHECK, &["service shop/web"]);
    }

    #[test]
    fn a_workload_without_pods_an_external_name_and_no_selector_are_fine() {
        cluster().with(service("shop/web")).with(workload("Deployment", "shop/web", 0)).is_fine(&CHECK);
        cluster().with(service("shop/web").set("spec.type", "ExternalName")).is_fine(&CHECK);
        cluster().with(service("shop/web").unset("spec.selector")).is_fine(&CHECK);
    }

    #[test]
    fn pods_that_may_not_be_read_are_not_missing() {
        cluster().with(service("shop/web")).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }

    #[test]
    fn workloads_that_may_not_be_read_may_fit_too() {
        cluster().with(service("shop/web")).without(Kind::Deployment).cannot_say(&CHECK, "deployments: forbidden");
        let rare = cluster().with(service("shop/web")).without(Kind::CronJob).finds(&CHECK, &["service shop/web"]);
        assert_eq!(rare.faults[0].severity, Some(Severity::Medium));
    }

    #[test]
    fn a_new_service_that_of_an_operator_and_that_of_a_job_are_fine() {
        cluster()
            .with(service("shop/web").set("metadata.creationTimestamp", "2026-11-26T11:59:50Z"))
            .with(service("shop/db-ro").owned_by("postgresql.cnpg.io/v1", "Cluster", "db"))
            .is_fine(&CHECK);
        let job = thing("batch/v1", "Job", "shop/load").set("spec.template.metadata.labels.app", "web");
        cluster().with(service("shop/web")).with(job).is_fine(&CHECK);
    }

    #[test]
    fn a_part_that_nobody_has_at_the_moment_is_less_bad() {
        let severity = |key: &str, value: &str| {
            let of_part = service("shop/web").set(&format!("spec.selector.{key}"), value);
            cluster().with(of_part).with(pod("shop/web-0")).finds(&CHECK, &["service shop/web"]).faults[0].severity
        };
        assert_eq!(severity("role", "replica"), Some(Severity::Low));
        assert_eq!(severity("vault-active", "false"), Some(Severity::Low));
        assert_eq!(severity("role", "master"), None);
        assert_eq!(severity("role", "front"), None);
    }
}
