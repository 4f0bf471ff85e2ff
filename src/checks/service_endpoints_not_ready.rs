//! Some pods of a service have not been ready for a while: the others carry their traffic.

use super::service_endpoints::{endpoints, live_pods, names, unready_since};
use super::{Basis, Check, Stage, Verdict, View, roll_out};
use crate::evidence::cluster::{Kind, Pod, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-endpoints-not-ready",
    title: "Some endpoints of a service are not ready",
    rows: &[71],
    severity: Severity::Medium,
    stage: Stage::Service,
    basis: Basis::Status,
    needs: &[Kind::Service, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let services = view.snapshot.services.iter().filter(|s| !s.spec.publish_not_ready_addresses);
    for service in services.filter(|s| s.spec.kind != "ExternalName" && !s.metadata.is_going()) {
        let pods = live_pods(view, service);
        let late: Vec<&Pod> = pods.iter().copied().filter(|p| is_late(view, p)).collect();
        if late.is_empty() {
            continue;
        }
        match endpoints(view, service) {
            // Nobody at all: `service-without-endpoints` tells it.
            Ok(endpoints) if endpoints.ready == 0 => {}
            Ok(_) => verdict.found(fault(service, &pods, &late)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Whether a pod has an address and has not been ready for longer than a start or a roll-out takes.
fn is_late(view: &View<'_>, pod: &Pod) -> bool {
    let lasts = !pod.is_ready() && view.lasts(unready_since(pod), view.thresholds.settle);
    lasts && !pod.status.pod_ip.is_empty() && !roll_out::is_under_way(view, &view.top(&pod.metadata.object(Kind::Pod)))
}

fn fault(service: &Service, pods: &[&Pod], late: &[&Pod]) -> Fault {
    let verb = if late.len() == 1 { "is" } else { "are" };
    let said = format!("{} of {} pods behind it {verb} not ready: {}", late.len(), pods.len(), names(late));
    Fault::on(service.metadata.object(Kind::Service), &said)
        .fact("service", &service.metadata.name)
        .since(late.iter().map(|p| unready_since(p)).min().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, endpoints, pod, service, workload};
    use crate::evidence::cluster::Kind;

    fn unready() -> Thing {
        pod("shop/web-1").condition("Ready", "False", "ContainersNotReady")
    }

    fn half() -> Cluster {
        cluster().with(service("shop/web")).with(pod("shop/web-0")).with(endpoints("shop/web", 1, 1))
    }

    #[test]
    fn one_of_two_that_is_not_ready_is_named() {
        half().with(unready()).finds(&CHECK, &["service shop/web"]).says("1 of 2 pods behind it is not ready: web-1");
    }

    #[test]
    fn a_start_a_drain_and_a_finished_pod_are_quiet() {
        half().with(pod("shop/web-1")).is_fine(&CHECK);
        half().with(unready().set("status.conditions.1.lastTransitionTime", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        // An endpoint that is terminating is listed as not ready for as long as its grace lasts.
        half().with(unready().set("metadata.deletionTimestamp", "2026-11-26T12:00:10Z")).is_fine(&CHECK);
        half().with(unready().set("status.phase", "Succeeded")).is_fine(&CHECK);
    }

    #[test]
    fn a_roll_out_is_quiet_and_one_that_hangs_is_not() {
        let web = |status, reason| workload("Deployment", "shop/web", 2).condition("Progressing", status, reason);
        let owned = || unready().owned_by("apps/v1", "Deployment", "web");
        half().with(owned()).with(web("True", "ReplicaSetUpdated")).is_fine(&CHECK);
        half().with(owned()).with(web("False", "ProgressDeadlineExceeded")).finds(&CHECK, &["service shop/web"]);
    }

    #[test]
    fn pods_that_are_published_early_and_services_without_any_are_left_alone() {
        let early = service("shop/web").set("spec.publishNotReadyAddresses", true);
        cluster().with(early).with(pod("shop/web-0")).with(unready()).is_fine(&CHECK);
        cluster().with(service("shop/web")).with(unready()).with(endpoints("shop/web", 0, 1)).is_fine(&CHECK);
        let dump = cluster().with(service("shop/web")).with(pod("shop/web-0")).with(unready());
        dump.without(Kind::EndpointSlice).finds(&CHECK, &["service shop/web"]);
    }
}
