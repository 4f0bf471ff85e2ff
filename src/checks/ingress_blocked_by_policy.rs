//! Something outside leads to a service, and policies let nothing in to its pods.

use std::collections::BTreeSet;

use super::policies::{Target, Way, counted, has_others, restricting, targets};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, NetworkPolicy, ObjectRef, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ingress-blocked-by-policy",
    title: "NetworkPolicy blocks what an Ingress leads to",
    rows: &[91],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::NetworkPolicy, Kind::Service, Kind::Ingress, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let targets = targets(view);
    for (service, from) in entered(view) {
        let behind: Vec<&Target<'_>> = targets.iter().filter(|t| is_behind(service, t)).collect();
        let Some(policy) = shut(view, &behind) else { continue };
        match view.snapshot.reads.complete(Kind::NetworkPolicy, &service.metadata.namespace) {
            Ok(()) => verdict.found(fault(view, service, &from, policy, behind.len())),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Services that are reached from outside, with what leads to them.
fn entered<'s>(view: &View<'s>) -> Vec<(&'s Service, ObjectRef)> {
    let routes = [Kind::Ingress, Kind::HTTPRoute, Kind::GRPCRoute];
    let routes = routes.into_iter().flat_map(|kind| view.snapshot.metas(kind).into_iter().map(move |m| m.object(kind)));
    let led = routes.flat_map(|route| view.parts(&route).into_iter().map(move |part| (part, route.clone())));
    let led = led.filter_map(|(part, route)| Some((view.service(&part.namespace, &part.name)?, route)));
    let balanced = view.snapshot.services.iter().filter(|s| s.spec.kind == "LoadBalancer");
    let mut known = BTreeSet::new();
    let all = led.chain(balanced.map(|s| (s, s.metadata.object(Kind::Service))));
    all.filter(|(s, _)| known.insert((&s.metadata.namespace, &s.metadata.name))).collect()
}

fn is_behind(service: &Service, target: &Target<'_>) -> bool {
    let selector = &service.spec.selector;
    let same = target.object.namespace == service.metadata.namespace && !selector.is_empty();
    same && selector.iter().all(|(key, value)| target.labels.get(key) == Some(value))
}

/// The policy that shuts every one of the pods in. Only without any rule it is certain that nothing passes: a rule may mean
/// the controller, wherever it runs.
fn shut<'s>(view: &View<'s>, behind: &[&Target<'_>]) -> Option<&'s NetworkPolicy> {
    let closed = |target: &&Target<'_>| {
        let policies = restricting(view, target, Way::In);
        let nothing = policies.iter().all(|p| Way::In.rules(p).is_empty());
        policies.first().copied().filter(|_| nothing)
    };
    let blamed: Option<Vec<&NetworkPolicy>> = behind.iter().map(closed).collect();
    blamed?.first().copied()
}

fn fault(view: &View<'_>, service: &Service, from: &ObjectRef, policy: &NetworkPolicy, pods: usize) -> Fault {
    let name = &policy.metadata.name;
    let (object, other) = (service.metadata.object(Kind::Service), has_others(view));
    let way = if *from == object { "its load balancer".to_owned() } else { from.to_string() };
    let unless = if other { ", unless a policy of another kind does" } else { "" };
    let message =
        format!("{way} leads to {}, into which no policy lets anything (NetworkPolicy {name}){unless}", counted(pods));
    let fault = Fault::on(object, &message)
        .seen(format!("NetworkPolicy {name} spec.podSelector"), policy.spec.pod_selector.to_string())
        .because_of(policy.metadata.object(Kind::NetworkPolicy))
        .fact("policy", name)
        .fact("service", &service.metadata.name)
        .since(policy.metadata.creation_timestamp);
    let fault = if from.kind == Kind::Ingress { fault.fact("ingress", &from.name) } else { fault };
    if other { fault.severity(Severity::Medium) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::ingress_routes::ingress;
    use crate::checks::policies::policy;
    use crate::checks::testing::{Cluster, cluster, pod, service};
    use crate::evidence::cluster::Kind;

    fn shop() -> Cluster {
        cluster().with(service("shop/web")).with(pod("shop/web-0")).with(ingress("shop/web", "shop.example.com"))
    }

    #[test]
    fn a_policy_without_rules_shuts_out_what_an_ingress_leads_to() {
        let verdict = shop().with(policy("shop/deny")).finds(&CHECK, &["service shop/web"]);
        verdict.says("ingress shop/web leads to 1 pod").blames("networkpolicy shop/deny");
        let balanced = cluster().with(service("shop/web").set("spec.type", "LoadBalancer")).with(pod("shop/web-0"));
        balanced.with(policy("shop/deny")).finds(&CHECK, &["service shop/web"]).says("its load balancer");
    }

    #[test]
    fn any_rule_for_the_pods_may_be_the_right_one() {
        let allow = policy("shop/allow").set("spec.ingress", json!([{ "from": [{ "namespaceSelector": {} }] }]));
        shop().with(policy("shop/deny")).with(allow).is_fine(&CHECK);
        let out = policy("shop/out").set("spec.policyTypes", json!(["Egress"]));
        shop().with(out).is_fine(&CHECK);
        shop().with(policy("other/deny")).is_fine(&CHECK);
    }

    #[test]
    fn a_service_of_the_inside_and_policies_that_are_not_read_are_no_fault() {
        cluster().with(service("shop/web")).with(pod("shop/web-0")).with(policy("shop/deny")).is_fine(&CHECK);
        shop().with(policy("shop/deny")).without(Kind::NetworkPolicy).cannot_say(&CHECK, "networkpolicies");
    }
}
