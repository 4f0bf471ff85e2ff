//! A route of the Gateway API hangs on a gateway, or leads to a service or port, that is not there or not allowed.

use serde_json::Value;

use super::gateways::{conditions, refused, tell, worded};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "route-backend-missing",
    title: "Route leads nowhere",
    rows: &[86],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::HTTPRoute, Kind::GRPCRoute, Kind::Gateway, Kind::Service, Kind::ReferenceGrant],
    hygiene: false,
    run,
};

/// A reference in a route.
struct Reference<'r> {
    route: &'r Custom,
    from: ObjectRef,
    to: ObjectRef,
    value: &'r Value,
}

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for kind in [Kind::HTTPRoute, Kind::GRPCRoute] {
        for route in view.snapshot.customs(kind).iter().filter(|r| !r.metadata.is_going()) {
            let before = verdict.faults.len();
            by_spec(view, kind, route, &mut verdict);
            // The status only repeats what the spec shows.
            if verdict.faults.len() == before {
                verdict.faults.extend(by_status(view, kind, route));
            }
        }
    }
    verdict
}

fn by_spec(view: &View<'_>, kind: Kind, route: &Custom, verdict: &mut Verdict) {
    if view.is_fresh(&route.metadata) {
        return;
    }
    let mut told: Vec<(ObjectRef, Option<i64>)> = Vec::new();
    for reference in references(kind, route) {
        let key = (reference.to.clone(), reference.value["port"].as_i64());
        if told.contains(&key) {
            continue;
        }
        told.push(key);
        match look(view, &reference) {
            Ok(found) => verdict.faults.extend(found),
            Err(why) => verdict.unknown(why),
        }
    }
}

/// The gateways, and the services that get traffic.
fn references(kind: Kind, route: &Custom) -> Vec<Reference<'_>> {
    let of = |value, name, to| reference(kind, route, value, name, to);
    let parents = route.spec["parentRefs"].as_array().into_iter().flatten();
    let parents = parents.filter_map(|value| of(value, "Gateway", Kind::Gateway));
    let rules = route.spec["rules"].as_array().into_iter().flatten();
    let backends = rules.flat_map(|rule| rule["backendRefs"].as_array().into_iter().flatten());
    let backends = backends.filter(|b| b["weight"].as_i64() != Some(0));
    parents.chain(backends.filter_map(|value| of(value, "Service", Kind::Service))).collect()
}

/// What a reference means: left out, its kind is the usual one and its namespace that of the route.
fn reference<'r>(kind: Kind, route: &'r Custom, value: &'r Value, usual: &str, to: Kind) -> Option<Reference<'r>> {
    let text = |key: &str| value[key].as_str();
    let group = text("group").is_none_or(|g| g == to.info().group);
    if !group || text("kind").is_some_and(|k| k != usual) {
        return None;
    }
    let to = ObjectRef::new(to, text("namespace").unwrap_or(&route.metadata.namespace), text("name")?);
    Some(Reference { route, from: route.metadata.object(kind), to, value })
}

fn look(view: &View<'_>, reference: &Reference<'_>) -> Result<Option<Fault>, String> {
    let to = &reference.to;
    // Manifests of an application seldom bring the gateway.
    if to.kind == Kind::Gateway && view.is_manifests() && view.snapshot.customs(Kind::Gateway).is_empty() {
        return Ok(None);
    }
    match view.lookup(to.kind, &to.namespace, &to.name) {
        Lookup::Unknown(why) => return Err(why),
        Lookup::Missing => return Ok(Some(fault(reference, "which does not exist").because_of(to.clone()))),
        Lookup::Found if to.kind == Kind::Gateway => return Ok(None),
        Lookup::Found => {}
    }
    if let Some(port) = reference.value["port"].as_i64().filter(|port| lacks(view, to, *port)) {
        return Ok(Some(fault(reference, &format!("which has no port {port}")).fact("port", port.to_string())));
    }
    if to.namespace == reference.from.namespace || is_granted(view, reference) {
        return Ok(None);
    }
    view.snapshot.reads.complete(Kind::ReferenceGrant, &to.namespace)?;
    let missing = format!("but no ReferenceGrant of namespace {} allows it", to.namespace);
    Ok(Some(fault(reference, &missing)))
}

fn lacks(view: &View<'_>, service: &ObjectRef, port: i64) -> bool {
    let service = view.service(&service.namespace, &service.name);
    service.is_some_and(|s| !s.spec.ports.is_empty() && s.spec.ports.iter().all(|p| p.port != port))
}

fn is_granted(view: &View<'_>, reference: &Reference<'_>) -> bool {
    let (from, to) = (&reference.from, &reference.to);
    let any = |grant: &Custom, key: &str, fits: &dyn Fn(&Value) -> bool| {
        grant.spec[key].as_array().is_some_and(|list| list.iter().any(fits))
    };
    let sender = |f: &Value| f["kind"] == from.kind.name() && f["namespace"] == from.namespace.as_str();
    let receiver = |t: &Value| t["kind"] == "Service" && t["name"].as_str().is_none_or(|name| name == to.name);
    let grants = view.snapshot.customs(Kind::ReferenceGrant).iter();
    let mut near = grants.filter(|g| g.metadata.namespace == to.namespace);
    near.any(|g| any(g, "from", &sender) && any(g, "to", &receiver))
}

fn fault(reference: &Reference<'_>, what: &str) -> Fault {
    let to = &reference.to;
    let verb = if to.kind == Kind::Gateway { "hangs on" } else { "leads to" };
    let field = if to.kind == Kind::Gateway { "spec.parentRefs" } else { "spec.rules.backendRefs" };
    let fault = Fault::on(reference.from.clone(), &format!("it {verb} {to}, {what}")).seen(field, to.to_string());
    let fault = told(reference.route).iter().fold(fault, |f, c| tell(f, "status.parents", c));
    let fault = fault.fact("route", &reference.from.name);
    if to.kind == Kind::Gateway { fault.fact("gateway", &to.name) } else { fault.fact("service", &to.name) }
}

/// What the controllers refuse of a route.
fn told(route: &Custom) -> Vec<Condition> {
    let parents = route.status["parents"].as_array().into_iter().flatten();
    let all = parents.flat_map(conditions);
    all.filter(|c| c.status == "False" && ["Accepted", "ResolvedRefs"].contains(&c.kind.as_str())).collect()
}

fn by_status(view: &View<'_>, kind: Kind, route: &Custom) -> Option<Fault> {
    let bad = refused(view, &route.metadata, told(route), &["Accepted", "ResolvedRefs"]);
    let first = bad.first()?;
    let fault = Fault::on(route.metadata.object(kind), &format!("the gateway refuses it: {}", worded(first)))
        .fact("route", &route.metadata.name)
        .since(first.last_transition_time);
    Some(bad.iter().fold(fault, |f, c| tell(f, "status.parents", c)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::gateways::made;
    use crate::checks::testing::{Thing, cluster, service};
    use crate::evidence::cluster::Kind;

    const WEB: &[&str] = &["httproute shop/web"];

    fn route() -> Thing {
        made("HTTPRoute", "shop/web")
            .set("spec.parentRefs", json!([{ "name": "edge", "namespace": "infra" }]))
            .set("spec.rules", json!([{ "backendRefs": [{ "name": "web", "port": 80 }] }]))
    }

    fn gateway() -> Thing {
        made("Gateway", "infra/edge")
    }

    #[test]
    fn a_missing_gateway_service_or_port_is_found() {
        cluster().with(route()).with(gateway()).with(service("shop/web")).is_fine(&CHECK);
        let lone = cluster().with(route()).with(service("shop/web")).finds(&CHECK, WEB);
        lone.says("hangs on gateway infra/edge, which does not exist");
        cluster().with(route()).with(gateway()).finds(&CHECK, WEB).blames("service shop/web");
        let other = route().set("spec.rules.0.backendRefs.0.port", 8080);
        cluster().with(other).with(gateway()).with(service("shop/web")).finds(&CHECK, WEB).says("no port 8080");
        cluster().with(route()).with(gateway()).without(Kind::Service).cannot_say(&CHECK, "services: forbidden");
    }

    #[test]
    fn a_service_is_looked_for_in_the_namespace_that_is_named_and_needs_a_grant() {
        // k8sgpt looks in the namespace of the route, whatever is written.
        let far = route().set("spec.rules.0.backendRefs.0.namespace", "pay");
        let with = || cluster().with(far.clone()).with(gateway()).with(service("pay/web"));
        with().finds(&CHECK, WEB).says("no ReferenceGrant of namespace pay allows it");
        let grant = made("ReferenceGrant", "pay/shop")
            .set(
                "spec.from",
                json!([{ "group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "shop" }]),
            )
            .set("spec.to", json!([{ "group": "", "kind": "Service" }]));
        with().with(grant).is_fine(&CHECK);
        with().without(Kind::ReferenceGrant).cannot_say(&CHECK, "referencegrants: forbidden");
    }

    #[test]
    fn what_the_gateway_refuses_is_told_by_type() {
        let refused = json!([{ "conditions": [{ "type": "ResolvedRefs", "status": "True" },
            { "type": "Accepted", "status": "False", "reason": "NotAllowedByListeners", "message": "namespace shop is not allowed" }] }]);
        let bad = route().set("status.parents", refused);
        cluster().with(bad).with(gateway()).with(service("shop/web")).finds(&CHECK, WEB).says("NotAllowedByListeners");
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(route().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }
}
