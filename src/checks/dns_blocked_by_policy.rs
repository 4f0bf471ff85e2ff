//! A policy lets pods send something, or nothing, but in no case ask for names.

use std::collections::BTreeMap;

use super::cluster_dns::NAMESPACES;
use super::policies::{Target, Way, counted, has_others, restricting, targets};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{IntOrString, Kind, LabelSelector, NetworkPeer, NetworkPolicy, NetworkPort};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "dns-blocked-by-policy",
    title: "NetworkPolicy blocks DNS",
    rows: &[90],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::NetworkPolicy, Kind::Pod],
    hygiene: false,
    run,
};

/// Name of the label that every namespace has.
const NAME: &str = "kubernetes.io/metadata.name";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut cut: BTreeMap<(&str, &str), (&NetworkPolicy, usize, bool)> = BTreeMap::new();
    let mut open: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for target in targets(view).iter().filter(|t| asks_for_names(t)) {
        let policies = restricting(view, target, Way::Out);
        // Another policy that was not read might allow it.
        if let Err(why) = view.snapshot.reads.complete(Kind::NetworkPolicy, &target.object.namespace) {
            verdict.unknown(why);
            continue;
        }
        let Some(policy) = to_blame(&policies) else { continue };
        let mut is_open = policies.iter().map(|p| {
            let name = (p.metadata.namespace.as_str(), p.metadata.name.as_str());
            *open.entry(name).or_insert_with(|| allows_names(view, p))
        });
        if is_open.any(|open| open) {
            continue;
        }
        let isolated = policies.iter().all(|p| Way::Out.rules(p).is_empty());
        let seen = cut.entry((&policy.metadata.namespace, &policy.metadata.name)).or_insert((policy, 0, true));
        seen.1 += 1;
        seen.2 &= isolated;
    }
    verdict.faults.extend(cut.into_values().map(|(policy, pods, isolated)| fault(view, policy, pods, isolated)));
    verdict
}

/// Not pods that bring name servers of their own, or ask those of the node.
fn asks_for_names(target: &Target<'_>) -> bool {
    matches!(target.spec.dns_policy.as_str(), "" | "ClusterFirst")
}

/// Of several policies the one that allows nothing: the others only do not repair what it does.
fn to_blame<'s>(policies: &[&'s NetworkPolicy]) -> Option<&'s NetworkPolicy> {
    policies.iter().min_by_key(|p| (!Way::Out.rules(p).is_empty(), &p.metadata.name)).copied()
}

fn allows_names(view: &View<'_>, policy: &NetworkPolicy) -> bool {
    Way::Out.rules(policy).iter().any(|rule| {
        let port = rule.ports.is_empty() || rule.ports.iter().any(is_dns);
        port && (rule.to.is_empty() || rule.to.iter().any(|peer| may_be_dns(view, policy, peer)))
    })
}

/// The port as clients see it or as pods listen (`OpenShift`: 5353); a name is that of a port of the server.
fn is_dns(port: &NetworkPort) -> bool {
    let within = |from: i64| [53, 5353].iter().any(|dns| (from..=port.end_port.unwrap_or(from)).contains(dns));
    port.protocol == "UDP"
        && match &port.port {
            None | Some(IntOrString::Name(_)) => true,
            Some(IntOrString::Int(number)) => within(*number),
        }
}

/// Whether the servers of names may be among the peers. Of addresses, and of labels that are not known, it is taken to be so.
fn may_be_dns(view: &View<'_>, policy: &NetworkPolicy, peer: &NetworkPeer) -> bool {
    let Some(namespaces) = &peer.namespace_selector else {
        let inside = NAMESPACES.contains(&policy.metadata.namespace.as_str());
        return peer.ip_block.is_some() || inside;
    };
    NAMESPACES.iter().any(|name| fits(view, namespaces, name) && selects_server(view, peer, name))
}

fn fits(view: &View<'_>, selector: &LabelSelector, namespace: &str) -> bool {
    let known = view.namespace(namespace).map(|n| n.metadata.labels.clone());
    // Of a namespace that was not read only its name is known.
    let mut labels = known.clone().unwrap_or_default();
    labels.insert(NAME.to_owned(), namespace.to_owned());
    let unknown = known.is_none()
        && (selector.match_labels.keys().any(|key| key != NAME)
            || selector.match_expressions.iter().any(|r| r.key != NAME));
    unknown || selector.matches(&labels)
}

/// Without any pod there to compare with, every selector may be right.
fn selects_server(view: &View<'_>, peer: &NetworkPeer, namespace: &str) -> bool {
    let Some(selector) = &peer.pod_selector else { return true };
    let pods = view.pods_in(namespace);
    pods.is_empty() || pods.iter().any(|p| selector.matches(&p.metadata.labels))
}

fn fault(view: &View<'_>, policy: &NetworkPolicy, pods: usize, isolated: bool) -> Fault {
    let other = if has_others(view) { ", unless a policy of another kind does" } else { "" };
    let what = if isolated { "anything out, DNS neither" } else { "UDP port 53 out, though it lets other things out" };
    let message = format!("no policy lets {what}: {} cannot look up names{other}", counted(pods));
    let fault = Fault::on(policy.metadata.object(Kind::NetworkPolicy), &message)
        .seen("spec.podSelector", policy.spec.pod_selector.to_string())
        .fact("policy", &policy.metadata.name)
        .fact("selector", policy.spec.pod_selector.to_string())
        .since(policy.metadata.creation_timestamp);
    // To shut a pod in may be wanted; to let it out without names never is.
    if isolated || !other.is_empty() { fault.severity(Severity::Medium) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::policies::policy;
    use crate::checks::testing::{Thing, cluster, pod, workload};
    use crate::evidence::cluster::Kind;

    const OUT: &[&str] = &["networkpolicy shop/out"];

    fn out(rules: Value) -> Thing {
        policy("shop/out").set("spec.policyTypes", json!(["Egress"])).set("spec.egress", rules)
    }

    #[test]
    fn egress_without_port_53_cuts_the_pods_off() {
        let https = out(json!([{ "ports": [{ "protocol": "TCP", "port": 443 }, { "protocol": "TCP", "port": 53 }] }]));
        let verdict = cluster().with(https).with(pod("shop/web-0")).with(pod("shop/web-1")).finds(&CHECK, OUT);
        verdict.says("no policy lets UDP port 53 out").says("2 pods cannot look up names");
        let none = cluster().with(out(json!([]))).with(workload("Deployment", "shop/web", 1)).as_manifests();
        none.finds(&CHECK, OUT).says("1 pod cannot");
    }

    #[test]
    fn dns_that_any_policy_allows_is_fine() {
        let to = json!([{ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "kube-system" } } }]);
        let udp = json!([{ "protocol": "UDP", "port": 53 }]);
        for rules in
            [json!([{}]), json!([{ "to": to }]), json!([{ "to": to, "ports": udp }]), json!([{ "ports": udp }])]
        {
            let allowing = out(rules).set("metadata.name", "dns");
            cluster().with(out(json!([]))).with(allowing).with(pod("shop/web-0")).is_fine(&CHECK);
        }
        let own = json!([{ "to": [{ "podSelector": {} }] }]);
        cluster().with(out(own)).with(pod("shop/web-0")).finds(&CHECK, OUT);
    }

    #[test]
    fn pods_of_the_node_network_policies_of_ingress_and_what_is_not_read_are_no_fault() {
        let host = pod("shop/web-0").set("spec.hostNetwork", true);
        cluster().with(out(json!([]))).with(host).is_fine(&CHECK);
        cluster().with(policy("shop/in")).with(pod("shop/web-0")).is_fine(&CHECK);
        let blind = cluster().with(out(json!([]))).with(pod("shop/web-0")).without(Kind::NetworkPolicy);
        blind.cannot_say(&CHECK, "networkpolicies: forbidden");
    }
}
