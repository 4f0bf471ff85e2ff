//! How a service is open to the outside, where there are better ways.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-exposure",
    title: "Service opened carelessly",
    rows: &[76],
    severity: Severity::Info,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Service],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for service in &view.snapshot.services {
        for (field, value, said) in remarks(service) {
            verdict.found(
                Fault::on(service.metadata.object(Kind::Service), &said)
                    .seen(field, value)
                    .fact("service", &service.metadata.name),
            );
        }
    }
    verdict
}

/// What is to be said: the field, what stands in it, and a sentence.
fn remarks(service: &Service) -> Vec<(&'static str, String, String)> {
    let spec = &service.spec;
    let mut remarks = Vec::new();
    if spec.kind == "NodePort" {
        let ports: Vec<String> = spec.ports.iter().filter_map(|p| p.node_port).map(|port| port.to_string()).collect();
        let ports = if ports.is_empty() { "a port".to_owned() } else { format!("port {}", ports.join(", ")) };
        remarks.push(("spec.type", spec.kind.clone(), format!("every node is open for it on {ports}")));
    }
    let policy = spec.external_traffic_policy.as_str();
    if spec.kind == "LoadBalancer" && matches!(policy, "" | "Cluster") {
        let said = "its load balancer sends traffic through any node, which hides the client's address";
        remarks.push(("spec.externalTrafficPolicy", "Cluster".to_owned(), said.to_owned()));
    }
    let unnamed: Vec<String> = spec.ports.iter().filter(|p| p.name.is_empty()).map(|p| p.port.to_string()).collect();
    if spec.ports.len() > 1 && !unnamed.is_empty() {
        let said = format!("port {} has no name, which several ports need", unnamed.join(", "));
        remarks.push(("spec.ports", unnamed.join(", "), said));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{cluster, service};

    const WEB: &str = "service shop/web";

    #[test]
    fn node_ports_and_hidden_clients_are_remarked() {
        let node = service("shop/web").set("spec.type", "NodePort").set("spec.ports.0.nodePort", 30080);
        cluster().with(node).finds(&CHECK, &[WEB]).says("every node is open for it on port 30080");
        let balanced = service("shop/web").set("spec.type", "LoadBalancer");
        cluster().with(balanced.clone()).finds(&CHECK, &[WEB]).says("hides the client's address");
        cluster().with(balanced.set("spec.externalTrafficPolicy", "Local")).is_fine(&CHECK);
    }

    #[test]
    fn several_ports_need_names_and_one_does_not() {
        let ports = json!([{ "name": "http", "port": 80 }, { "port": 9090 }]);
        cluster()
            .with(service("shop/web").set("spec.ports", ports))
            .finds(&CHECK, &[WEB])
            .says("port 9090 has no name");
        cluster().with(service("shop/web").set("spec.ports", json!([{ "port": 80 }]))).is_fine(&CHECK);
    }
}
