//! A policy lets everything through, or nothing: worth knowing before another one is written.

use super::platform::is_platform;
use super::policies::{Target, Way, counted, restricting, targets};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, NetworkPolicy};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "network-policy-denies-all",
    title: "NetworkPolicy lets everything or nothing through",
    rows: &[88],
    severity: Severity::Info,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::NetworkPolicy, Kind::Pod],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let targets = targets(view);
    for policy in view.snapshot.network_policies.iter().filter(|p| !is_platform(&p.metadata.namespace)) {
        let said: Vec<String> =
            [Way::In, Way::Out].into_iter().filter_map(|way| look(view, &targets, policy, way)).collect();
        if said.is_empty() {
            continue;
        }
        match view.snapshot.reads.complete(Kind::NetworkPolicy, &policy.metadata.namespace) {
            Ok(()) => verdict.found(fault(policy, &said.join("; "))),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

fn look(view: &View<'_>, targets: &[Target<'_>], policy: &NetworkPolicy, way: Way) -> Option<String> {
    let traffic = if way == Way::In { "in" } else { "out" };
    if !way.is_restricted(policy) {
        return None;
    }
    // A selector of expressions alone is a selector too; only for a whole namespace other policies are in vain.
    if way.is_open(policy) && policy.spec.pod_selector.is_empty() {
        return Some(format!(
            "everything may pass {traffic} for all pods of the namespace, whatever other policies say"
        ));
    }
    if !way.rules(policy).is_empty() {
        return None;
    }
    let own = targets.iter().filter(|t| t.object.namespace == policy.metadata.namespace);
    let shut = own.filter(|t| policy.spec.pod_selector.matches(t.labels) && is_shut(view, t, way)).count();
    (shut > 0).then(|| format!("nothing may pass {traffic} for {}, and no other policy allows it", counted(shut)))
}

/// Whether no policy allows anything.
fn is_shut(view: &View<'_>, target: &Target<'_>, way: Way) -> bool {
    restricting(view, target, way).iter().all(|p| way.rules(p).is_empty())
}

fn fault(policy: &NetworkPolicy, said: &str) -> Fault {
    Fault::on(policy.metadata.object(Kind::NetworkPolicy), said)
        .seen("spec.podSelector", policy.spec.pod_selector.to_string())
        .fact("policy", &policy.metadata.name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::policies::policy;
    use crate::checks::testing::{cluster, pod};

    const DENY: &[&str] = &["networkpolicy shop/deny"];

    #[test]
    fn everything_and_nothing_are_told_where_they_are_in_effect() {
        cluster()
            .with(policy("shop/deny"))
            .with(pod("shop/web-0"))
            .finds(&CHECK, DENY)
            .says("nothing may pass in for 1 pod");
        let open = policy("shop/deny").set("spec.ingress", json!([{}]));
        cluster().with(open).with(pod("shop/web-0")).finds(&CHECK, DENY).says("everything may pass in");
        cluster().with(policy("shop/deny")).is_fine(&CHECK);
    }

    #[test]
    fn a_selector_of_expressions_is_not_all_pods_and_a_deny_beside_an_allow_is_not_in_effect() {
        // k8sgpt takes every policy without matchLabels for one that allows everything.
        let some = json!([{ "key": "app", "operator": "In", "values": ["web"] }]);
        let open = policy("shop/open").set("spec.podSelector.matchExpressions", some).set("spec.ingress", json!([{}]));
        cluster().with(open).with(policy("shop/deny")).with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
