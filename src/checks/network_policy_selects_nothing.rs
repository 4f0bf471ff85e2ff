//! A network policy is about pods, or lets in namespaces, that do not exist: it protects or allows nothing.

use super::platform::is_platform;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, LabelSelector, Map, NetworkPolicy};
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

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let policies = view.snapshot.network_policies.iter();
    for policy in policies.filter(|p| !p.metadata.is_going() && !is_platform(&p.metadata.namespace)) {
        for found in [no_pod(view, policy), no_namespace(view, policy)] {
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
    if selector.is_empty() || labels(view, namespace).iter().any(|labels| selector.matches(labels)) {
        return Ok(None);
    }
    view.snapshot.reads.complete(Kind::Pod, namespace)?;
    let message = format!("no pod of namespace {namespace} is meant by {selector}: the policy does nothing");
    Ok(Some(fault(policy, &message, "spec.podSelector", selector)))
}

/// Labels of the pods of a namespace, and of those that its workloads and jobs would make.
fn labels<'s>(view: &View<'s>, namespace: &str) -> Vec<&'s Map<String>> {
    let snapshot = view.snapshot;
    let workloads = snapshot.workloads().map(|(_, w)| (&w.metadata, &w.spec.template));
    let jobs = snapshot.jobs.iter().map(|j| (&j.metadata, &j.spec.template));
    let crons = snapshot.cron_jobs.iter().map(|c| (&c.metadata, &c.spec.job_template.spec.template));
    let templates = workloads.chain(jobs).chain(crons).filter(|(meta, _)| meta.namespace == namespace);
    let pods = view.pods_in(namespace).iter().map(|p| &p.metadata.labels);
    templates.map(|(_, template)| &template.metadata.labels).chain(pods).collect()
}

fn no_namespace(view: &View<'_>, policy: &NetworkPolicy) -> Result<Option<Fault>, String> {
    let ways = [("ingress", &policy.spec.ingress), ("egress", &policy.spec.egress)];
    let rules = ways.into_iter().flat_map(|(way, rules)| rules.iter().flatten().map(move |rule| (way, rule)));
    let peers = rules.flat_map(|(way, rule)| rule.from.iter().chain(&rule.to).map(move |peer| (way, peer)));
    let mut selectors = peers.filter_map(|(way, peer)| Some((way, peer.namespace_selector.as_ref()?)));
    let Some((way, selector)) = selectors.find(|(_, s)| !s.is_empty() && !fits_any(view, s)) else { return Ok(None) };
    // Manifests rarely bring the namespaces of others.
    if view.is_manifests() {
        return Ok(None);
    }
    view.snapshot.reads.complete(Kind::Namespace, "")?;
    let message = format!("no namespace has the labels {selector}, so that a rule of {way} allows nobody");
    Ok(Some(fault(policy, &message, &format!("spec.{way}.namespaceSelector"), selector)))
}

fn fits_any(view: &View<'_>, selector: &LabelSelector) -> bool {
    view.snapshot.namespaces.iter().any(|namespace| {
        let mut labels = namespace.metadata.labels.clone();
        // Every namespace has it, and old dumps do not show it.
        labels.insert("kubernetes.io/metadata.name".to_owned(), namespace.metadata.name.clone());
        selector.matches(&labels)
    })
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
}
