//! A service has pods, or should have, and none of them gets its traffic.

use super::service_endpoints::{endpoints, is_settling, live_pods, names, unready_since, workloads};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, LabelSelector, Pod, Service, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-without-endpoints",
    title: "Service without endpoints",
    rows: &[70],
    severity: Severity::High,
    stage: Stage::Service,
    basis: Basis::Status,
    // Not `EndpointSlice`: without them the pods tell.
    needs: &[Kind::Service, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for service in view.snapshot.services.iter().filter(|s| serves(s) && !view.is_fresh(&s.metadata)) {
        match look(view, service) {
            Ok(Some(fault)) => verdict.found(fault),
            Ok(None) => {}
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Whether endpoints are to be expected: not where somebody else keeps them, or where they are only a lock.
fn serves(service: &Service) -> bool {
    let lock = service.metadata.annotations.get("control-plane.alpha.kubernetes.io/leader").is_some();
    service.spec.kind != "ExternalName" && !service.spec.selector.is_empty() && !lock && !service.metadata.is_going()
}

fn look(view: &View<'_>, service: &Service) -> Result<Option<Fault>, String> {
    if endpoints(view, service)?.ready > 0 {
        return Ok(None);
    }
    view.snapshot.reads.complete(Kind::Pod, &service.metadata.namespace)?;
    if is_settling(view, service) {
        return Ok(None);
    }
    let pods = live_pods(view, service);
    Ok(if pods.is_empty() { deserted(view, service) } else { Some(unready(service, &pods)) })
}

/// No pod at all, although a workload wants some. Where none does, it is scaled to zero, or `service-selects-nothing` tells it.
fn deserted(view: &View<'_>, service: &Service) -> Option<Fault> {
    let mut wanting = workloads(view, service).into_iter().filter(|(_, w)| !view.is_fresh(&w.metadata));
    let (kind, workload, wanted) = wanting.find_map(|(kind, w)| Some((kind, w, wanted(kind, w)?)))?;
    let (word, name) = (kind.word(), &workload.metadata.name);
    Some(fault(service, &format!("it has no pod, although {word} {name} wants {wanted}")))
}

/// How many pods a workload wants, if any.
fn wanted(kind: Kind, workload: &Workload) -> Option<i64> {
    let wanted = match kind {
        Kind::DaemonSet => workload.status.desired_number_scheduled,
        _ => workload.wanted(),
    };
    (wanted > 0).then_some(wanted)
}

fn unready(service: &Service, pods: &[&Pod]) -> Fault {
    let ready: Vec<&Pod> = pods.iter().copied().filter(|p| p.is_ready()).collect();
    let said = match (ready.len(), pods.len()) {
        (0, 1) => format!("its only pod is not ready: {}", names(pods)),
        (0, count) => format!("none of its {count} pods is ready: {}", names(pods)),
        _ => format!("no EndpointSlice lists an address, although pods are ready: {}", names(&ready)),
    };
    fault(service, &said).since(pods.iter().map(|p| unready_since(p)).max().unwrap_or_default())
}

fn fault(service: &Service, said: &str) -> Fault {
    let selector = LabelSelector { match_labels: service.spec.selector.clone(), ..LabelSelector::default() };
    Fault::on(service.metadata.object(Kind::Service), &format!("no endpoint is ready: {said}"))
        .seen("spec.selector", selector.to_string())
        .fact("service", &service.metadata.name)
        .fact("selector", selector.to_string())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, endpoints, pod, service, workload};
    use crate::evidence::cluster::Kind;

    const WEB: &[&str] = &["service shop/web"];
    const LATELY: &str = "2026-11-26T11:58:00Z";

    fn unready(name: &str) -> Thing {
        pod(name).condition("Ready", "False", "ContainersNotReady")
    }

    #[test]
    fn a_service_whose_pods_are_not_ready_is_told_with_their_names() {
        let web = cluster().with(service("shop/web")).with(endpoints("shop/web", 0, 2));
        let verdict = web.with(unready("shop/web-0")).with(unready("shop/web-1")).finds(&CHECK, WEB);
        verdict.says("no endpoint is ready: none of its 2 pods is ready: web-0, web-1");
        assert_eq!(verdict.faults[0].since.0.map(|t| t.to_string()).as_deref(), Some("2026-11-26T11:00:00Z"));
        let web = cluster().with(service("shop/web")).with(endpoints("shop/web", 1, 1));
        web.with(unready("shop/web-0")).with(pod("shop/web-1")).is_fine(&CHECK);
    }

    #[test]
    fn without_endpoint_slices_the_pods_tell() {
        let dump = || cluster().with(service("shop/web")).without(Kind::EndpointSlice);
        dump().with(unready("shop/web-0")).finds(&CHECK, WEB).says("its only pod is not ready: web-0");
        dump().with(pod("shop/web-0")).is_fine(&CHECK);
        let early = service("shop/web").set("spec.publishNotReadyAddresses", true);
        let dump = cluster().with(early).without(Kind::EndpointSlice);
        dump.with(unready("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_workload_that_gets_no_pods_is_no_workload_at_zero() {
        let web = |replicas| cluster().with(service("shop/web")).with(workload("Deployment", "shop/web", replicas));
        web(2).finds(&CHECK, WEB).says("it has no pod, although deployment web wants 2");
        web(0).is_fine(&CHECK);
        web(0).with(pod("shop/web-0").set("status.phase", "Succeeded")).is_fine(&CHECK);
        cluster().with(service("shop/web")).is_fine(&CHECK);
    }

    #[test]
    fn a_start_under_way_and_a_change_of_pods_are_quiet() {
        let web = || cluster().with(service("shop/web")).with(workload("Deployment", "shop/web", 1));
        web().with(unready("shop/web-0").set("metadata.creationTimestamp", LATELY)).is_fine(&CHECK);
        web().with(pod("shop/web-0").set("metadata.deletionTimestamp", LATELY)).is_fine(&CHECK);
        let new = service("shop/web").set("metadata.creationTimestamp", "2026-11-26T11:59:50Z");
        cluster().with(new).with(unready("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn ready_pods_that_no_slice_lists_point_at_the_controller() {
        let web = cluster().with(service("shop/web")).with(pod("shop/web-0"));
        web.finds(&CHECK, WEB).says("no EndpointSlice lists an address, although pods are ready: web-0");
    }

    #[test]
    fn external_names_locks_and_services_without_selector_are_fine() {
        let fine = |service: Thing| cluster().with(service).with(unready("shop/web-0")).is_fine(&CHECK);
        fine(service("shop/web").set("spec.type", "ExternalName"));
        fine(service("shop/web").unset("spec.selector"));
        fine(service("shop/web").set("metadata.annotations.control-plane~alpha~kubernetes~io/leader", "{}"));
    }

    #[test]
    fn pods_that_may_not_be_read_leave_it_open() {
        let web = || cluster().with(service("shop/web")).without(Kind::Pod);
        web().cannot_say(&CHECK, "pods: forbidden");
        web().without(Kind::EndpointSlice).cannot_say(&CHECK, "endpointslices: forbidden");
    }
}
