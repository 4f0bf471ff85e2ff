//! Two `Ingress`es claim the same host and path, and lead them to different places.

use std::collections::BTreeMap;

use super::ingress_routes::{Route, class, is_aws, is_gce, is_gke, routes, serving_class};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Ingress, IngressService, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ingress-conflict",
    title: "Two Ingresses claim the same host and path",
    rows: &[83],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Ingress],
    hygiene: false,
    run,
};

/// What can be claimed once: of a class, a host and a path, compared in one of two ways.
type Claim<'i> = (Option<&'i str>, &'i str, &'i str, bool);

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut holders: BTreeMap<Claim<'_>, (&Ingress, &IngressService)> = BTreeMap::new();
    for ingress in by_age(view) {
        let lost: Vec<(Route<'_>, &Ingress)> = routes(ingress)
            .into_iter()
            .filter_map(|route| {
                let claim = (serving_class(view, ingress), route.host, route.path?, route.exact);
                let (holder, service) = *holders.entry(claim).or_insert((ingress, route.service));
                differs(ingress, route.service, holder, service).then_some((route, holder))
            })
            .collect();
        if let Some((route, holder)) = lost.first() {
            verdict.found(fault(ingress, route, holder, lost.len()));
        }
    }
    verdict
}

/// The `Ingress`es that share their paths with others, the oldest first: controllers let it win.
fn by_age<'s>(view: &View<'s>) -> Vec<&'s Ingress> {
    // These get a load balancer each, so that only names of DNS could collide.
    let gke = is_gke(view);
    let alone = |i: &Ingress| is_aws(view, i) || is_gce(i) || (gke && class(i).is_none());
    let shares = |i: &&Ingress| !alone(i) && !is_canary(i) && !i.metadata.is_going();
    let mut all: Vec<&Ingress> = view.snapshot.ingresses.iter().filter(shares).collect();
    all.sort_by_key(|i| (i.metadata.creation_timestamp, &i.metadata.namespace, &i.metadata.name));
    all
}

/// Whether it takes a part of another one's traffic on purpose.
fn is_canary(ingress: &Ingress) -> bool {
    ingress.metadata.annotations.0.iter().any(|(key, value)| key.ends_with("/canary") && value == "true")
}

/// Whether two claims lead to different places; twice the same does no harm.
fn differs(ingress: &Ingress, service: &IngressService, holder: &Ingress, held: &IngressService) -> bool {
    let another =
        holder.metadata.name != ingress.metadata.name || holder.metadata.namespace != ingress.metadata.namespace;
    another && (service != held || holder.metadata.namespace != ingress.metadata.namespace)
}

fn fault(ingress: &Ingress, route: &Route<'_>, holder: &Ingress, count: usize) -> Fault {
    let holder = holder.metadata.object(Kind::Ingress);
    let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
    Fault::on(ingress.metadata.object(Kind::Ingress), &format!("{route}{more} is claimed by {holder} already"))
        .seen(format!("{}.name", route.field()), &route.service.name)
        .fact("ingress", &ingress.metadata.name)
        .fact("host", route.host)
        .fact("service", &route.service.name)
        .fact("rule_path", route.removable(ingress).unwrap_or_default())
        .involving(holder)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::ingress_routes::{ingress, ingress_class};
    use crate::checks::testing::{Thing, cluster, node};

    const HOST: &str = "shop.example.com";

    fn newer() -> Thing {
        ingress("shop/next", HOST)
            .set("metadata.creationTimestamp", "2026-11-25T08:00:00Z")
            .set("spec.rules.0.http.paths.0.backend.service.name", "next")
    }

    #[test]
    fn the_newer_one_of_two_loses() {
        let verdict = cluster().with(newer()).with(ingress("shop/web", HOST)).finds(&CHECK, &["ingress shop/next"]);
        verdict.says("shop.example.com/ is claimed by ingress shop/web already");
        let other = ingress("pay/web", HOST);
        cluster().with(other).with(ingress("shop/web", HOST)).finds(&CHECK, &["ingress shop/web"]);
    }

    #[test]
    fn what_is_taken_out_is_the_path_that_is_claimed_twice() {
        let taken = |thing: Thing| {
            let verdict = cluster().with(thing).with(ingress("shop/web", HOST)).finds(&CHECK, &["ingress shop/next"]);
            verdict.faults[0].facts.iter().find(|(name, _)| *name == "rule_path").map(|(_, value)| value.clone())
        };
        let path = |path: &str| serde_json::json!({ "path": path, "pathType": "Prefix", "backend": { "service": { "name": "next", "port": { "number": 80 } } } });
        let rule = |host: &str, paths: &[&str]| serde_json::json!({ "host": host, "http": { "paths": paths.iter().map(|p| path(p)).collect::<Vec<_>>() } });
        let rules = |all: &[serde_json::Value]| newer().set("spec.rules", all.to_vec());
        let other = || rule("next.example.com", &["/"]);
        assert_eq!(
            taken(rules(&[other(), rule(HOST, &["/next", "/"])])).as_deref(),
            Some("/spec/rules/1/http/paths/1")
        );
        assert_eq!(taken(rules(&[other(), rule(HOST, &["/"])])).as_deref(), Some("/spec/rules/1"));
        assert_eq!(taken(rules(&[rule(HOST, &["/"])])), None);
    }

    #[test]
    fn another_class_path_or_way_to_compare_is_no_conflict() {
        let fine = |thing: Thing| cluster().with(ingress("shop/web", HOST)).with(thing).is_fine(&CHECK);
        fine(newer().set("spec.ingressClassName", "internal"));
        fine(newer().set("spec.rules.0.http.paths.0.path", "/next"));
        fine(newer().set("spec.rules.0.http.paths.0.pathType", "Exact"));
        fine(newer().set("spec.rules.0.http.paths.0.backend.service.name", "web"));
    }

    #[test]
    fn no_class_is_the_default_one() {
        let default =
            ingress_class("nginx").set("metadata.annotations.ingressclass~kubernetes~io/is-default-class", "true");
        let classless = newer().unset("spec.ingressClassName");
        cluster().with(ingress("shop/web", HOST)).with(classless).with(default).finds(&CHECK, &["ingress shop/next"]);
    }

    #[test]
    fn canaries_and_load_balancers_of_their_own_are_fine() {
        let canary = newer().set("metadata.annotations.nginx~ingress~kubernetes~io/canary", "true");
        cluster().with(ingress("shop/web", HOST)).with(canary).is_fine(&CHECK);
        let alb = |thing: Thing| thing.set("spec.ingressClassName", "alb");
        cluster().with(alb(ingress("shop/web", HOST))).with(alb(newer())).is_fine(&CHECK);
    }

    #[test]
    fn without_a_class_gke_makes_a_load_balancer_for_each() {
        let classless = |thing: Thing| thing.unset("spec.ingressClassName");
        let two = || cluster().with(classless(newer())).with(classless(ingress("shop/web", HOST)));
        two().finds(&CHECK, &["ingress shop/next"]);
        two().with(node("gke-1").set("metadata.labels.cloud~google~com/gke-nodepool", "pool")).is_fine(&CHECK);
    }
}
