//! A service asks for a load balancer and has waited too long for its address.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, LoadBalancerAddress, ObjectRef, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "load-balancer-pending",
    title: "Load balancer gets no address",
    rows: &[77],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Service, Kind::Event],
    hygiene: false,
    run,
};

/// Seconds that clouds need for a load balancer; they give it an address early on.
const BALANCER: i64 = 180;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for service in view.snapshot.services.iter().filter(|s| s.spec.kind == "LoadBalancer" && !s.metadata.is_going()) {
        let object = service.metadata.object(Kind::Service);
        let waits = !service.status.load_balancer.ingress.iter().any(is_address);
        let failing = view.warnings(&object).iter().any(|e| e.reason.contains("LoadBalancer"));
        let late = failing || view.lasts(service.metadata.creation_timestamp, BALANCER);
        if waits && late && !is_at_it(view, &object) {
            verdict.found(fault(view, service, object));
        }
    }
    verdict
}

fn is_address(address: &LoadBalancerAddress) -> bool {
    !address.ip.is_empty() || !address.hostname.is_empty()
}

/// Whether somebody has just begun: an old service may have become a load balancer a minute ago.
fn is_at_it(view: &View<'_>, object: &ObjectRef) -> bool {
    let began = |e: &&Event| matches!(e.reason.as_str(), "EnsuringLoadBalancer" | "Type") && !e.is_warning();
    let first = |e: &Event| if e.first_timestamp.0.is_some() { e.first_timestamp } else { e.event_time };
    let mut begins = view.events(object).into_iter().filter(began).map(first).filter(|since| since.0.is_some());
    view.warnings(object).is_empty() && begins.any(|since| !view.lasts(since, view.thresholds.settle))
}

fn fault(view: &View<'_>, service: &Service, object: ObjectRef) -> Fault {
    let warnings = view.warnings(&object);
    let class = service.spec.load_balancer_class.as_deref();
    let asked = class.map_or_else(String::new, |class| format!(" of class {class}"));
    let why = match (warnings.first(), class) {
        (Some(event), _) => format!("{} ({} times)", event.reason, event.times()),
        (None, Some(class)) => format!("no controller has answered for the class {class}"),
        (None, None) => "no controller has answered".to_owned(),
    };
    let fault = Fault::on(object, &format!("its load balancer{asked} has no address: {why}"));
    let fault = warnings.iter().fold(fault, |fault, e| fault.seen(format!("event {}", e.reason), e.text()));
    fault
        .seen("spec.loadBalancerClass", class.unwrap_or_default())
        .seen("spec.type", &*service.spec.kind)
        .fact("service", &service.metadata.name)
        .since(service.metadata.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, service, warning};

    const WEB: &[&str] = &["service shop/web"];

    fn balanced() -> Thing {
        service("shop/web").set("spec.type", "LoadBalancer").set("status.loadBalancer", json!({}))
    }

    #[test]
    fn the_reason_stands_in_the_events() {
        let text = "Error syncing load balancer: failed to ensure load balancer: could not find any suitable subnets for creating the ELB";
        let failed = warning("Service", "shop/web", "SyncLoadBalancerFailed", text);
        let verdict = cluster().with(balanced()).with(failed).finds(&CHECK, WEB);
        verdict.says("its load balancer has no address: SyncLoadBalancerFailed (4 times)");
        assert_eq!(verdict.faults[0].statements[0].text, text);
    }

    #[test]
    fn a_failure_is_told_without_waiting() {
        let failed = warning("Service", "shop/web", "SyncLoadBalancerFailed", "quota exceeded");
        let young = balanced().set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
        cluster().with(young).with(failed).finds(&CHECK, WEB);
    }

    #[test]
    fn nobody_who_answers_is_told_with_the_class() {
        cluster().with(balanced()).finds(&CHECK, WEB).says("no controller has answered");
        let classed = balanced().set("spec.loadBalancerClass", "tailscale");
        cluster().with(classed).finds(&CHECK, WEB).says("no controller has answered for the class tailscale");
        let blank = balanced().set("status.loadBalancer.ingress", json!([{}]));
        cluster().with(blank).finds(&CHECK, WEB);
    }

    #[test]
    fn an_address_a_start_and_another_type_are_fine() {
        let named = json!([{ "hostname": "a1b2.elb.example.com" }]);
        cluster().with(balanced().set("status.loadBalancer.ingress", named)).is_fine(&CHECK);
        cluster().with(balanced().set("metadata.creationTimestamp", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        cluster().with(balanced().set("metadata.deletionTimestamp", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        cluster().with(service("shop/web")).is_fine(&CHECK);
    }

    #[test]
    fn an_old_service_that_has_just_become_a_load_balancer_may_wait() {
        let begun = warning("Service", "shop/web", "EnsuringLoadBalancer", "Ensuring load balancer")
            .set("type", "Normal")
            .set("firstTimestamp", "2026-11-26T11:58:00Z");
        cluster().with(balanced()).with(begun).is_fine(&CHECK);
    }
}
