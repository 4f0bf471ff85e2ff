//! An `Ingress` leads to a port that its service does not have.

use super::ingress_routes::{Route, routes};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Ingress, IngressPort, IntOrString, Kind, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ingress-port-missing",
    title: "Port of an Ingress is not one of its service",
    rows: &[80],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Ingress, Kind::Service],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for ingress in view.snapshot.ingresses.iter().filter(|i| !i.metadata.is_going()) {
        let mut told = Vec::new();
        for route in routes(ingress) {
            // A service that is missing is told by `ingress-service-missing`.
            let Some(service) = view.service(&ingress.metadata.namespace, &route.service.name) else { continue };
            if !told.contains(&route.service) && lacks(service, &route.service.port) {
                verdict.found(fault(ingress, service, &route));
                told.push(route.service);
            }
        }
    }
    verdict
}

/// Whether a service has no such port. An external name has any: controllers take the number as it is.
fn lacks(service: &Service, port: &IngressPort) -> bool {
    if service.spec.kind == "ExternalName" {
        return false;
    }
    match port.number {
        Some(number) => service.spec.ports.iter().all(|p| p.port != number),
        None => !port.name.is_empty() && service.spec.ports.iter().all(|p| p.name != port.name),
    }
}

fn fault(ingress: &Ingress, service: &Service, route: &Route<'_>) -> Fault {
    let (name, asked) = (&service.metadata.name, worded(&route.service.port));
    let ports: Vec<String> =
        service.spec.ports.iter().map(|p| format!("{} {}", p.port, p.name).trim_end().to_owned()).collect();
    let ports = if ports.is_empty() { "none".to_owned() } else { ports.join(", ") };
    let targets = service.spec.ports.iter().any(|p| is_target(&p.target(), &route.service.port));
    let hint = if targets { "; it is the port of the pods" } else { "" };
    let fault = Fault::on(
        ingress.metadata.object(Kind::Ingress),
        &format!("{route} leads to port {asked} of service {name}, which has {ports}{hint}"),
    )
    .seen(format!("{}.port", route.field()), asked.as_str())
    .fact("ingress", &ingress.metadata.name)
    .fact("service", name)
    .fact("port", asked)
    .fact("host", route.host)
    .fact("backend", route.backend());
    let fault = match &*service.spec.ports {
        [only] => fault.fact("service_port", only.port.to_string()),
        _ => fault,
    };
    // ingress-nginx takes the port of the pods as well, other controllers do not.
    if targets { fault.severity(Severity::Medium) } else { fault }
}

fn worded(port: &IngressPort) -> String {
    port.number.map_or_else(|| port.name.clone(), |number| number.to_string())
}

fn is_target(target: &IntOrString, port: &IngressPort) -> bool {
    match target {
        IntOrString::Int(number) => port.number == Some(*number),
        IntOrString::Name(name) => port.number.is_none() && *name == port.name,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::ingress_routes::ingress;
    use crate::checks::testing::{Cluster, cluster, service};
    use crate::finding::Severity;

    const WEB: &[&str] = &["ingress shop/web"];

    fn to(port: Value) -> Cluster {
        let web = ingress("shop/web", "shop.example.com").set("spec.rules.0.http.paths.0.backend.service.port", port);
        cluster().with(web)
    }

    #[test]
    fn a_number_and_a_name_that_the_service_lacks_are_found() {
        let verdict = to(json!({ "number": 8443 })).with(service("shop/web")).finds(&CHECK, WEB);
        verdict.says("shop.example.com/ leads to port 8443 of service web, which has 80 http");
        to(json!({ "name": "https" })).with(service("shop/web")).finds(&CHECK, WEB).says("port https of service web");
        to(json!({ "number": 80 })).with(service("shop/web")).is_fine(&CHECK);
        to(json!({ "name": "http" })).with(service("shop/web")).is_fine(&CHECK);
    }

    #[test]
    fn the_port_of_the_pods_is_told_as_what_it_is() {
        let web = service("shop/web").set("spec.ports.0.targetPort", 8080);
        let verdict = to(json!({ "number": 8080 })).with(web).finds(&CHECK, WEB);
        verdict.says("which has 80 http; it is the port of the pods");
        assert_eq!(verdict.faults[0].severity, Some(Severity::Medium));
    }

    #[test]
    fn what_repairs_it_names_the_path_that_is_wrong() {
        let path = |name: &str, port: i64| json!({ "path": format!("/{name}"), "backend": { "service": { "name": name, "port": { "number": port } } } });
        let two = ingress("shop/web", "a.example.com").set(
            "spec.rules.1",
            json!({ "host": "b.example.com", "http": { "paths": [path("web", 80), path("web", 8443)] } }),
        );
        let fact = |cluster: Cluster, name: &str| {
            let verdict = cluster.with(two.clone()).finds(&CHECK, WEB);
            verdict.faults[0].facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        };
        let one = || cluster().with(service("shop/web"));
        assert_eq!(fact(one(), "backend").as_deref(), Some("/spec/rules/1/http/paths/1/backend"));
        assert_eq!(fact(one(), "service_port").as_deref(), Some("80"));
        let several = json!([{ "name": "http", "port": 80 }, { "name": "https", "port": 443 }]);
        assert_eq!(fact(cluster().with(service("shop/web").set("spec.ports", several)), "service_port"), None);
    }

    #[test]
    fn a_missing_service_and_an_external_name_are_another_matter() {
        to(json!({ "number": 8080 })).is_fine(&CHECK);
        let away = service("shop/web").set("spec.type", "ExternalName").unset("spec.ports");
        to(json!({ "number": 443 })).with(away).is_fine(&CHECK);
    }
}
