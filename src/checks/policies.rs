//! Whom network policies are about, and what they let through together: what any of them allows is allowed.

use super::View;
use super::templates::templates;
use crate::evidence::cluster::{Kind, Map, NetworkPolicy, NetworkRule, ObjectRef, PodSpec};

/// A pod, or what pods will be made from where there is none yet.
pub(super) struct Target<'s> {
    /// What a person edits.
    pub object: ObjectRef,
    /// Its labels.
    pub labels: &'s Map<String>,
    /// What is asked for in it.
    pub spec: &'s PodSpec,
}

/// Traffic in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// What comes in.
    In,
    /// What goes out.
    Out,
}

impl Way {
    /// Whether a policy restricts it.
    pub(super) fn is_restricted(self, policy: &NetworkPolicy) -> bool {
        match self {
            Self::In => policy.spec.restricts_ingress(),
            Self::Out => policy.spec.restricts_egress(),
        }
    }

    /// What a policy allows of it.
    pub(super) fn rules(self, policy: &NetworkPolicy) -> &[NetworkRule] {
        let rules = match self {
            Self::In => &policy.spec.ingress,
            Self::Out => &policy.spec.egress,
        };
        rules.as_deref().unwrap_or_default()
    }

    /// Whether a policy allows all of it.
    pub(super) fn is_open(self, policy: &NetworkPolicy) -> bool {
        let peers = |rule: &NetworkRule| if self == Self::In { rule.from.is_empty() } else { rule.to.is_empty() };
        self.rules(policy).iter().any(|rule| rule.ports.is_empty() && peers(rule))
    }
}

/// Pods that policies can reach, and templates of pods that do not exist yet. A pod in the network of its node is out of their reach.
pub(super) fn targets<'s>(view: &View<'s>) -> Vec<Target<'s>> {
    let live = view.snapshot.pods.iter().filter(|p| !p.is_over() && !p.metadata.is_going());
    let live = live.map(|pod| Target {
        object: view.top(&pod.metadata.object(Kind::Pod)),
        labels: &pod.metadata.labels,
        spec: &pod.spec,
    });
    let made = templates(view).iter().filter(|t| t.object.kind != Kind::Pod && view.pods_of(&t.object).is_empty());
    let made = made.map(|t| Target { object: t.object.clone(), labels: t.labels, spec: t.spec });
    live.chain(made).filter(|t| !t.spec.host_network).collect()
}

/// The policies that select pods with these labels.
pub(super) fn selecting<'s>(view: &View<'s>, target: &Target<'_>) -> Vec<&'s NetworkPolicy> {
    let policies = view.policies_in(&target.object.namespace).iter().copied();
    policies.filter(|p| !p.metadata.is_going() && p.spec.pod_selector.matches(target.labels)).collect()
}

/// The policies that restrict a way of a pod; none of them means that everything passes.
pub(super) fn restricting<'s>(view: &View<'s>, target: &Target<'_>, way: Way) -> Vec<&'s NetworkPolicy> {
    selecting(view, target).into_iter().filter(|p| way.is_restricted(p)).collect()
}

/// Whether the cluster has policies of other kinds, which are not read and may allow more.
pub(super) fn has_others(view: &View<'_>) -> bool {
    const OTHERS: [&str; 4] = [
        "ciliumnetworkpolicies.cilium.io",
        "networkpolicies.crd.projectcalico.org",
        "adminnetworkpolicies.policy.networking.k8s.io",
        "baselineadminnetworkpolicies.policy.networking.k8s.io",
    ];
    view.snapshot.definitions.iter().any(|d| OTHERS.contains(&d.metadata.name.as_str()))
}

/// How many pods, as a sentence says it.
pub(super) fn counted(count: usize) -> String {
    if count == 1 { "1 pod".to_owned() } else { format!("{count} pods") }
}

/// A policy about all pods of its namespace that lets nothing in.
#[cfg(test)]
pub(super) fn policy(name: &str) -> super::testing::Thing {
    super::testing::thing("networking.k8s.io/v1", "NetworkPolicy", name)
        .set("spec", serde_json::json!({ "podSelector": {}, "policyTypes": ["Ingress"] }))
}
