//! Somebody warns of a service: its load balancer, its address, its endpoints.

use super::service_endpoints::live_pods;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, ObjectRef, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-warning-events",
    title: "Warnings about a service",
    rows: &[74],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::Service, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for service in view.snapshot.services.iter().filter(|s| !s.metadata.is_going()) {
        let object = service.metadata.object(Kind::Service);
        let mut warnings = standing(view, &object);
        if warnings.iter().any(|e| is_of_endpoints(e)) && has_its_endpoints(view, service) {
            warnings.retain(|e| !is_of_endpoints(e));
        }
        if !warnings.is_empty() {
            verdict.found(fault(service, object, &warnings));
        }
    }
    verdict
}

/// Warnings that nothing has made good since, the newest first.
fn standing<'s>(view: &View<'s>, object: &ObjectRef) -> Vec<&'s Event> {
    let healed = view.events(object).into_iter().filter(|e| makes_good(e)).map(Event::last).max().unwrap_or_default();
    view.warnings(object).into_iter().filter(|e| e.last() > healed && !is_conflict(e)).collect()
}

/// Whether a controller says that it got through after all.
fn makes_good(event: &Event) -> bool {
    let done = ["EnsuredLoadBalancer", "UpdatedLoadBalancer", "SuccessfullyReconciled", "IPAllocated"];
    !event.is_warning() && done.contains(&event.reason.as_str())
}

/// Whether the endpoints controller could not write; it tries again and does not say that it got through.
fn is_of_endpoints(event: &Event) -> bool {
    ["FailedToUpdateEndpoint", "FailedToUpdateEndpointSlices", "FailedToCreateEndpoint"]
        .contains(&event.reason.as_str())
}

/// Whether as many endpoints are ready as pods are, once for each family of addresses.
fn has_its_endpoints(view: &View<'_>, service: &Service) -> bool {
    let pods_are_known = view.snapshot.reads.complete(Kind::Pod, &service.metadata.namespace).is_ok();
    let early = service.spec.publish_not_ready_addresses;
    let ready = live_pods(view, service).into_iter().filter(|p| (early || p.is_ready()) && !p.status.pod_ip.is_empty());
    let ready = ready.count();
    pods_are_known && view.endpoints(service).is_ok_and(|e| e.ready == ready || e.ready == 2 * ready)
}

/// Whether the controller did not reach the API server: its address in the text is no address of the service.
fn is_of_api_server(text: &str) -> bool {
    let refused = ["connection refused", "i/o timeout", "TLS handshake timeout", "EOF", "connection reset"];
    let api = ["/api/v1/", "/apis/", ":6443"];
    refused.iter().any(|words| text.contains(words)) && api.iter().any(|words| text.contains(words))
}

/// Two writers met, and the later one tries again: that is how the API works.
fn is_conflict(event: &Event) -> bool {
    event.text().contains("the object has been modified")
}

fn fault(service: &Service, object: ObjectRef, warnings: &[&Event]) -> Fault {
    let mut reasons: Vec<&str> = Vec::new();
    for event in warnings {
        if !reasons.contains(&event.reason.as_str()) {
            reasons.push(&event.reason);
        }
    }
    let times: i64 = warnings.iter().map(|e| e.times()).sum();
    let said = if times == 1 { "warned of once" } else { "warned of" };
    let count = if times == 1 { String::new() } else { format!(" {times} times") };
    let (away, other): (Vec<&Event>, Vec<&Event>) = warnings.iter().partition(|e| is_of_api_server(e.text()));
    let why = if away.is_empty() { "" } else { ", because a controller did not reach the API server" };
    let fault = Fault::on(object, &format!("{said}{count} lately: {}{why}", reasons.join(", ")));
    let seen = other.iter().fold(fault, |fault, e| fault.seen(format!("event {}", e.reason), e.text()));
    seen.fact("service", &service.metadata.name)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, endpoints, pod, service, warning};

    fn warned(reason: &str, text: &str) -> Thing {
        warning("Service", "shop/web", reason, text)
    }

    fn web() -> Cluster {
        cluster().with(service("shop/web"))
    }

    #[test]
    fn a_warning_is_told_with_its_text() {
        let text = "Error syncing load balancer: quota exceeded";
        let event = warned("SyncLoadBalancerFailed", text);
        let verdict = web().with(event).finds(&CHECK, &["service shop/web"]);
        verdict.says("warned of 4 times lately: SyncLoadBalancerFailed");
        assert_eq!(verdict.faults[0].statements[0].text, text);
    }

    #[test]
    fn what_is_over_or_tried_again_is_quiet() {
        let failed = || warned("SyncLoadBalancerFailed", "Error syncing load balancer: throttled");
        let done = warned("EnsuredLoadBalancer", "Ensured load balancer")
            .set("type", "Normal")
            .set("lastTimestamp", "2026-11-26T11:58:00Z");
        web().with(failed()).with(done).is_fine(&CHECK);
        web().with(failed().set("lastTimestamp", "2026-11-26T08:00:00Z")).is_fine(&CHECK);
        let conflict = "Operation cannot be fulfilled on endpoints \"web\": the object has been modified";
        web().with(warned("FailedToUpdateEndpoint", conflict)).is_fine(&CHECK);
    }

    #[test]
    fn endpoints_that_are_as_they_should_be_are_quiet() {
        let text = "Error updating Endpoint Slices for Service shop/web: Post \"https://127.0.0.1:6443/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices\": dial tcp 127.0.0.1:6443: connect: connection refused";
        let failed = || web().with(warned("FailedToUpdateEndpointSlices", text)).with(pod("shop/web-0"));
        failed().with(endpoints("shop/web", 1, 0)).is_fine(&CHECK);
        let stale = failed().finds(&CHECK, &["service shop/web"]);
        stale.says("FailedToUpdateEndpointSlices, because a controller did not reach the API server");
        assert!(stale.faults[0].statements.is_empty());
        failed().with(endpoints("shop/web", 3, 0)).finds(&CHECK, &["service shop/web"]);
    }

    #[test]
    fn another_service_of_the_same_name_is_not_meant() {
        web().with(warning("Service", "pay/web", "SyncLoadBalancerFailed", "no subnet")).is_fine(&CHECK);
        web().with(warning("Pod", "shop/web", "BackOff", "back-off")).is_fine(&CHECK);
    }

    #[test]
    fn events_that_claim_any_number_of_times_are_borne() {
        let many = |name: &str| {
            warned("SyncLoadBalancerFailed", "no subnet").set("metadata.name", name).set("count", i64::MAX)
        };
        web().with(many("web.17")).with(many("web.18")).finds(&CHECK, &["service shop/web"]);
    }
}
