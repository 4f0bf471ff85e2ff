//! What disruption budgets protect: shared by the checks of budgets.

use super::{View, sources};
use crate::evidence::cluster::{Autoscaler, Budget, Kind, Map, ObjectRef, Workload};

/// Whether a budget protects pods with these labels. An empty selector is every pod of the namespace, a missing one is none.
pub(super) fn protects(budget: &Budget, labels: &Map<String>) -> bool {
    budget.spec.selector.as_ref().is_some_and(|s| s.matches(labels))
}

/// The controllers of pods that nobody else manages and that a number of replicas is asked of.
pub(super) fn replicated<'s>(view: &View<'s>) -> impl Iterator<Item = (Kind, &'s Workload)> {
    let all = view.snapshot.workloads().filter(|(kind, _)| *kind != Kind::DaemonSet);
    all.filter(|(_, w)| w.metadata.controller().is_none_or(|o| o.kind != "Deployment"))
}

/// The autoscaler that decides on the replicas of a workload.
pub(super) fn autoscaler_of<'s>(view: &View<'s>, object: &ObjectRef) -> Option<&'s Autoscaler> {
    view.snapshot.autoscalers.iter().find(|a| {
        let target = &a.spec.scale_target_ref;
        a.metadata.namespace == object.namespace && target.name == object.name && target.kind == object.kind.name()
    })
}

/// Whether something of the same namespace is or makes pods that a budget protects: pods, or templates that may be at zero.
pub(super) fn has_pods(view: &View<'_>, budget: &Budget) -> bool {
    sources::labels(view, &budget.metadata.namespace).any(|labels| protects(budget, labels))
}

/// A budget that demands two of the pods with the label `app: web`, of which three are well.
#[cfg(test)]
pub(super) fn budget(name: &str) -> crate::checks::testing::Thing {
    crate::checks::testing::thing("policy/v1", "PodDisruptionBudget", name)
        .set("metadata.generation", 1)
        .set("spec.minAvailable", 2)
        .set("spec.selector.matchLabels.app", "web")
        .set("status.expectedPods", 3)
        .set("status.currentHealthy", 3)
        .set("status.desiredHealthy", 2)
        .set("status.disruptionsAllowed", 1)
        .set("status.observedGeneration", 1)
        .condition("DisruptionAllowed", "True", "SufficientPods")
}
