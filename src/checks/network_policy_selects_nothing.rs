//! A network policy is about pods, or lets in pods or namespaces, that do not exist: it protects or allows nothing.

use super::platform::is_platform;
use super::{Basis, Check, Stage, Verdict, View, sources};
use crate::evidence::cluster::{Kind, LabelSelector, Namespace, NetworkPeer, NetworkPolicy, NetworkRule};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "network-policy-selects-nothing",
    title: "NetworkPolicy selects nothing",
    rows: &[87],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::NetworkPolicy, Kind::Pod, Kind::Namespace],
    hygiene: false,
    run,
};

/// Beginnings of labels of pods that live for one task: cert-manager's solvers, runs of Tekton.
const PASSING: [&str; 2] = ["acme.cert-manager.io/", "tekton.dev/"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let policies = view.snapshot.network_policies.iter();
    for policy in policies.filter(|p| !p.metadata.is_going() && !is_platform(&p.metadata.namespace)) {
        for found in [no_pod(view, policy), nobody(view, policy)] {
            match found {
                Ok(found) => verdict.faults.extend(found),
                Err(why) => verdict.unknown(why),
            }
        }
    }
    verdict
}

fn no_pod(view: &View<'_>, policy: &NetworkPolicy) -> Result<Option<Fault>, String> {
    let (selector, namespace) = (&policy.spec.pod_selector, &policy.metadata.namespace);
    let fits = || sources::labels(view, namespace).any(|labels| selector.matches(labels));
    if selector.is_empty() || waits_for_pods(policy) || fits() {
        return Ok(None);
    }
    sources::complete(view, namespace)?;
    let message = format!("no pod of namespace {namespace} is meant by {selector}: the policy does nothing");
    Ok(Some(fault(policy, &message, "spec.podSelector", selector)))
}

/// Whether it is about pods that come and go: those of an operator, and those for a single task.
fn waits_for_pods(policy: &NetworkPolicy) -> bool {
    policy.metadata.controller().is_some() || are_passing(&policy.spec.pod_selector)
}

fn are_passing(selector: &LabelSelector) -> bool {
    let selector = selector.to_string();
    PASSING.iter().any(|prefix| selector.contains(prefix))
}

fn nobody<'s>(view: &View<'s>, policy: &'s NetworkPolicy) -> Result<Option<Fault>, String> {
    let ways = [("ingress", &policy.spec.ingress), ("egress", &policy.spec.egress)];
    let mut rules = ways.into_iter().flat_map(|(way, rules)| rules.iter().flatten().map(move |rule| (way, rule)));
    let dead = |(way, rule): (&'static str, &'s NetworkRule)| {
        Some((way, reaches_nobody(view, policy, rule.from.iter().chain(&rule.to))?))
    };
    // Manifests rarely bring the namespaces and clients of others.
    let Some((way, nobody)) = rules.find_map(dead).filter(|_| !view.is_manifests()) else { return Ok(None) };
    Ok(Some(match nobody {
        Nobody::Namespace(selector) => {
            view.snapshot.reads.complete(Kind::Namespace, "")?;
            let message = format!("no namespace has the labels {selector}, so that a rule of {way} allows nobody");
            fault(policy, &message, &format!("spec.{way}.namespaceSelector"), selector)
        }
        Nobody::Pod(selector, spaces) => {
            if *spaces != [policy.metadata.namespace.as_str()] {
                view.snapshot.reads.complete(Kind::Namespace, "")?;
            }
            spaces.iter().try_for_each(|space| sources::complete(view, space))?;
            let place = match &*spaces {
                [only] => format!("of namespace {only} "),
                _ => String::new(),
            };
            let message = format!("no pod {place}has the labels {selector}, so that a rule of {way} allows nobody");
            fault(policy, &message, &format!("spec.{way}.podSelector"), selector)
        }
    }))
}

/// Why a peer is nobody.
enum Nobody<'s> {
    /// No namespace fits.
    Namespace(&'s LabelSelector),
    /// No pod of these namespaces fits.
    Pod(&'s LabelSelector, Vec<&'s str>),
}

/// Why the first of these peers is nobody, where none of them is anybody: one that is there is enough for a rule.
fn reaches_nobody<'s>(
    view: &View<'s>,
    policy: &'s NetworkPolicy,
    peers: impl Iterator<Item = &'s NetworkPeer>,
) -> Option<Nobody<'s>> {
    let dead: Option<Vec<Nobody<'s>>> = peers.map(|peer| is_nobody(view, policy, peer)).collect();
    dead?.into_iter().next()
}

fn is_nobody<'s>(view: &View<'s>, policy: &'s NetworkPolicy, peer: &'s NetworkPeer) -> Option<Nobody<'s>> {
    if peer.ip_block.is_some() {
        return None;
    }
    let spaces: Vec<&str> = match &peer.namespace_selector {
        None => vec![&policy.metadata.namespace],
        Some(selector) => namespaces(view, selector),
    };
    if let Some(selector) = peer.namespace_selector.as_ref().filter(|s| spaces.is_empty() && !s.is_empty()) {
        return Some(Nobody::Namespace(selector));
    }
    let comes_later = |s: &LabelSelector| s.is_empty() || policy.metadata.controller().is_some() || are_passing(s);
    let selector = peer.pod_selector.as_ref().filter(|s| !comes_later(s))?;
    let fits = |space: &&str| sources::labels(view, space).any(|labels| selector.matches(labels));
    (!spaces.is_empty() && !spaces.iter().any(fits)).then_some(Nobody::Pod(selector, spaces))
}

fn namespaces<'s>(view: &View<'s>, selector: &LabelSelector) -> Vec<&'s str> {
    let fits = |namespace: &&'s Namespace| {
        let mut labels = namespace.metadata.labels.clone();
        // Every namespace has it, and old dumps do not show it.
        labels.insert("kubernetes.io/metadata.name".to_owned(), namespace.metadata.name.clone());
        selector.matches(&labels)
    };
    view.snapshot.namespaces.iter().filter(fits).map(|n| n.metadata.name.as_str()).collect()
}

fn fault(policy: &NetworkPolicy, message: &str, field: &str, selector: &LabelSelector) -> Fault {
    Fault::on(policy.metadata.object(Kind::NetworkPolicy), message)
        .seen(field, selector.to_string())
        .fact("policy", &policy.metadata.name)
        .fact("selector", selector.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::policies::policy;
    use crate::checks::testing::{cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;

    const DENY: &[&str] = &["networkpolicy shop/deny"];

    #[test]
    fn labels_that_no_pod_and_no_template_has_are_found() {
        let wrong = || policy("shop/deny").set("spec.podSelector.matchLabels.app", "wbe");
        cluster().with(wrong()).with(pod("shop/web-0")).finds(&CHECK, DENY).says("app=wbe");
        cluster().with(wrong()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
        let right = policy("shop/deny").set("spec.podSelector.matchLabels.app", "web");
        cluster().with(right).with(workload("Deployment", "shop/web", 0)).is_fine(&CHECK);
        cluster().with(policy("shop/deny")).is_fine(&CHECK);
    }

    #[test]
    fn a_namespace_that_is_not_there_allows_nobody() {
        let from = |name: &str| {
            let labels = json!({ "matchLabels": { "kubernetes.io/metadata.name": name } });
            let web = policy("shop/deny").set("spec.ingress", json!([{ "from": [{ "namespaceSelector": labels }] }]));
            cluster().with(web).with(thing("v1", "Namespace", "ingress-nginx"))
        };
        from("ingress").finds(&CHECK, DENY).says(
            "no namespace has the labels kubernetes.io/metadata.name=ingress, so that a rule of ingress allows nobody",
        );
        from("ingress-nginx").is_fine(&CHECK);
        from("ingress").as_manifests().is_fine(&CHECK);
        from("ingress").without(Kind::Namespace).cannot_say(&CHECK, "namespaces: forbidden");
    }

    #[test]
    fn pods_that_are_not_there_are_allowed_nothing() {
        let labels = |app: &str| json!({ "matchLabels": { "app": app } });
        let to = |peers: serde_json::Value| {
            let rule = policy("shop/deny").set("spec.ingress", json!([{ "from": peers }]));
            cluster().with(rule).with(pod("shop/web-0")).with(thing("v1", "Namespace", "shop"))
        };
        let wrong = || json!([{ "podSelector": labels("wbe") }]);
        to(wrong())
            .finds(&CHECK, DENY)
            .says("no pod of namespace shop has the labels app=wbe, so that a rule of ingress allows");
        to(wrong()).without(Kind::CronJob).cannot_say(&CHECK, "cronjobs: forbidden");
        to(wrong()).as_manifests().is_fine(&CHECK);
        to(json!([{ "podSelector": labels("web") }])).is_fine(&CHECK);
        to(json!([{ "podSelector": labels("wbe") }, { "podSelector": labels("web") }])).is_fine(&CHECK);
        to(json!([{ "podSelector": labels("wbe") }, { "ipBlock": { "cidr": "10.0.0.0/8" } }])).is_fine(&CHECK);
        to(json!([{ "podSelector": {} }])).is_fine(&CHECK);
        to(json!([{ "podSelector": labels("wbe"), "namespaceSelector": {} }])).finds(&CHECK, DENY);
        let solver = json!({ "matchLabels": { "acme.cert-manager.io/http01-solver": "true" } });
        to(json!([{ "podSelector": solver }])).is_fine(&CHECK);
    }

    #[test]
    fn jobs_between_two_runs_that_may_not_be_read_may_fit_too() {
        let wrong = policy("shop/deny").set("spec.podSelector.matchLabels.app", "report");
        cluster().with(wrong).without(Kind::CronJob).cannot_say(&CHECK, "cronjobs: forbidden");
    }

    #[test]
    fn pods_for_a_single_task_and_those_of_an_operator_may_come_yet() {
        let solver = "spec.podSelector.matchLabels.acme~cert-manager~io/http01-solver";
        cluster().with(policy("shop/deny").set(solver, "true")).is_fine(&CHECK);
        let owned = policy("shop/deny").set("spec.podSelector.matchLabels.app", "db");
        cluster().with(owned.owned_by("postgresql.cnpg.io/v1", "Cluster", "db")).is_fine(&CHECK);
    }

    #[test]
    fn one_namespace_of_several_is_enough_for_a_rule() {
        let peer = |name: &str| json!({ "namespaceSelector": { "matchLabels": { "name": name } } });
        let two = policy("shop/deny").set("spec.ingress", json!([{ "from": [peer("nginx"), peer("traefik")] }]));
        let nginx = thing("v1", "Namespace", "ingress").set("metadata.labels.name", "nginx");
        cluster().with(two.clone()).with(nginx).is_fine(&CHECK);
        cluster().with(two).with(thing("v1", "Namespace", "shop")).finds(&CHECK, DENY).says("name=nginx");
    }
}
