//! The load balancer of an `Ingress` reports that one of its ports does not work.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Ingress, Kind, LoadBalancerAddress};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ingress-load-balancer-error",
    title: "Load balancer of an Ingress reports an error",
    rows: &[82],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Ingress],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for ingress in view.snapshot.ingresses.iter().filter(|i| !i.metadata.is_going()) {
        let broken: Vec<Broken<'_>> = ingress.status.load_balancer.ingress.iter().flat_map(broken).collect();
        if let Some(first) = broken.first() {
            verdict.found(fault(view, ingress, first, &broken));
        }
    }
    verdict
}

/// A port of a load balancer that does not work.
struct Broken<'i> {
    address: &'i str,
    port: i64,
    error: &'i str,
}

fn broken(balancer: &LoadBalancerAddress) -> impl Iterator<Item = Broken<'_>> {
    let address = if balancer.hostname.is_empty() { &balancer.ip } else { &balancer.hostname };
    balancer.ports.iter().filter_map(move |p| {
        let error = p.error.as_deref().filter(|error| !error.is_empty())?;
        Some(Broken { address, port: p.port, error })
    })
}

fn fault(view: &View<'_>, ingress: &Ingress, first: &Broken<'_>, all: &[Broken<'_>]) -> Fault {
    let object = ingress.metadata.object(Kind::Ingress);
    let warnings = view.warnings(&object);
    let Broken { address, port, error } = first;
    let more = if all.len() > 1 { format!(" (and {} more)", all.len() - 1) } else { String::new() };
    let fault = Fault::on(object, &format!("load balancer {address} reports {error} for port {port}{more}"));
    let field = |port| format!("status.loadBalancer.ingress[].ports[{port}].error");
    let fault = all.iter().fold(fault, |fault, b| fault.seen(field(b.port), b.error));
    let fault = warnings.iter().fold(fault, |fault, e| fault.seen(format!("event {}", e.reason), e.text()));
    fault.fact("ingress", &ingress.metadata.name).fact("port", port.to_string()).fact("address", *address)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::ingress_routes::ingress;
    use crate::checks::testing::{Cluster, cluster, warning};

    fn with(ports: &serde_json::Value) -> Cluster {
        let balancer = json!([{ "ip": "192.0.2.7", "ports": ports }]);
        cluster().with(ingress("shop/web", "shop.example.com").set("status.loadBalancer.ingress", balancer))
    }

    #[test]
    fn the_error_of_a_port_is_told_with_the_events() {
        let failed = json!([{ "port": 80, "protocol": "TCP" }, { "port": 443, "protocol": "TCP", "error": "cloud.example.com/CertificateMissing" }]);
        let event = warning("Ingress", "shop/web", "Sync", "certificate shop-tls was not found");
        let verdict = with(&failed).with(event).finds(&CHECK, &["ingress shop/web"]);
        verdict.says("load balancer 192.0.2.7 reports cloud.example.com/CertificateMissing for port 443");
        assert_eq!(verdict.faults[0].statements.len(), 2);
    }

    #[test]
    fn ports_without_an_error_and_no_load_balancer_are_fine() {
        with(&json!([{ "port": 443, "protocol": "TCP", "error": "" }])).is_fine(&CHECK);
        with(&json!(null)).is_fine(&CHECK);
        cluster().with(ingress("shop/web", "shop.example.com")).is_fine(&CHECK);
    }
}
