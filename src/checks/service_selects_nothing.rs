//! The selector of a service fits no pod: nobody ever answers behind it.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, LabelSelector, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-selects-nothing",
    title: "Service selects no pod",
    rows: &[72],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Service, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for service in
        view.snapshot.services.iter().filter(|s| s.spec.kind != "ExternalName" && !s.spec.selector.is_empty())
    {
        if selects(view, service) {
            continue;
        }
        match view.snapshot.reads.complete(Kind::Pod, &service.metadata.namespace) {
            Ok(()) => verdict.found(fault(service)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Whether a pod, or the template of a workload, which may be scaled to zero, carries the labels.
fn selects(view: &View<'_>, service: &Service) -> bool {
    let namespace = &service.metadata.namespace;
    let selector = LabelSelector { match_labels: service.spec.selector.clone(), ..LabelSelector::default() };
    let templates = view.snapshot.workloads().filter(|(_, w)| w.metadata.namespace == *namespace);
    let mut templates = templates.map(|(_, w)| &w.spec.template.metadata.labels);
    !view.pods_behind(service).is_empty() || templates.any(|labels| selector.matches(labels))
}

fn fault(service: &Service) -> Fault {
    let selector =
        LabelSelector { match_labels: service.spec.selector.clone(), ..LabelSelector::default() }.to_string();
    Fault::on(
        service.metadata.object(Kind::Service),
        &format!("no pod of namespace {} has the labels {selector}", service.metadata.namespace),
    )
    .seen("spec.selector", selector.as_str())
    .fact("service", &service.metadata.name)
    .fact("selector", selector)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, pod, service, workload};
    use crate::evidence::cluster::Kind;

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
}
