//! An `Ingress` leads to a service that does not exist.

use super::ingress_routes::{Route, routes};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Ingress, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ingress-service-missing",
    title: "Service of an Ingress does not exist",
    rows: &[79],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Ingress, Kind::Service],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let settled = |i: &&Ingress| !i.metadata.is_going() && !view.is_fresh(&i.metadata);
    for ingress in view.snapshot.ingresses.iter().filter(settled) {
        let mut told: Vec<&str> = Vec::new();
        for route in routes(ingress) {
            let name = route.service.name.as_str();
            if name.is_empty() || told.contains(&name) {
                continue;
            }
            told.push(name);
            match view.lookup(Kind::Service, &ingress.metadata.namespace, name) {
                Lookup::Found => {}
                Lookup::Unknown(why) => verdict.unknown(why),
                Lookup::Missing => verdict.found(fault(ingress, &route)),
            }
        }
    }
    verdict
}

/// One fault for each service, however many paths lead to it.
fn fault(ingress: &Ingress, route: &Route<'_>) -> Fault {
    let (namespace, name) = (&ingress.metadata.namespace, &route.service.name);
    let same = routes(ingress).iter().filter(|r| r.service.name == *name).count();
    let more = if same > 1 { format!(" (and {} more)", same - 1) } else { String::new() };
    Fault::on(
        ingress.metadata.object(Kind::Ingress),
        &format!("{route}{more} leads to service {name}, which does not exist in namespace {namespace}"),
    )
    .seen(format!("{}.name", route.field()), name)
    .because_of(ObjectRef::new(Kind::Service, namespace, name))
    .fact("ingress", &ingress.metadata.name)
    .fact("service", name)
    .fact("host", route.host)
    .fact("backend", route.backend())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::ingress_routes::ingress;
    use crate::checks::testing::{cluster, service};
    use crate::evidence::cluster::Kind;

    const WEB: &[&str] = &["ingress shop/web"];

    #[test]
    fn a_service_that_does_not_exist_is_to_blame() {
        let verdict = cluster().with(ingress("shop/web", "shop.example.com")).finds(&CHECK, WEB);
        verdict.says("shop.example.com/ leads to service web, which does not exist in namespace shop");
        verdict.blames("service shop/web");
        cluster().with(ingress("shop/web", "shop.example.com")).with(service("shop/web")).is_fine(&CHECK);
        cluster().with(ingress("shop/web", "shop.example.com")).with(service("pay/web")).finds(&CHECK, WEB);
    }

    #[test]
    fn many_paths_to_one_service_are_one_fault_and_the_default_backend_counts() {
        let twice = json!([{ "backend": { "service": { "name": "old", "port": { "number": 80 } } } }, { "path": "/api", "backend": { "service": { "name": "old", "port": { "number": 80 } } } }]);
        let web = ingress("shop/web", "shop.example.com").set("spec.rules.0.http.paths", twice);
        cluster().with(web).finds(&CHECK, WEB).says("shop.example.com/ (and 1 more) leads to service old");
        let default = ingress("shop/web", "").unset("spec.rules").set("spec.defaultBackend.service.name", "old");
        cluster().with(default).finds(&CHECK, WEB).says("the default backend leads to service old");
    }

    #[test]
    fn actions_of_the_aws_controller_and_other_resources_are_no_services() {
        let action =
            ingress("shop/web", "").set("spec.rules.0.http.paths.0.backend.service.port.name", "use-annotation");
        cluster().with(action).is_fine(&CHECK);
        let bucket = json!({ "resource": { "apiGroup": "k8s.example.com", "kind": "Bucket", "name": "static" } });
        cluster().with(ingress("shop/web", "").set("spec.rules.0.http.paths.0.backend", bucket)).is_fine(&CHECK);
    }

    #[test]
    fn services_that_may_not_be_read_are_not_missing() {
        cluster().with(ingress("shop/web", "")).without(Kind::Service).cannot_say(&CHECK, "services: forbidden");
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster()
            .with(ingress("shop/web", "shop.example.com").set("metadata.creationTimestamp", "2026-11-26T11:59:50Z"))
            .is_fine(&CHECK);
    }
}
