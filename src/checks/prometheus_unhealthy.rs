//! The Prometheus operator says that a Prometheus does not run or cannot be brought to what is asked for.

use super::denials::{in_words, quoted, standing};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, Meta};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "prometheus-unhealthy",
    title: "Prometheus does not work",
    rows: &[136],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::Prometheus],
    hygiene: false,
    run,
};

/// What is told, the most telling first. `Degraded` is a status of its own here: some replicas work.
const BAD: [(&str, &str, &str); 4] = [
    // A configuration that is refused is mostly why no replica works.
    ("Reconciled", "False", "cannot be configured as asked"),
    ("Available", "False", "has no replica that works"),
    ("Available", "Degraded", "has fewer replicas than asked for"),
    ("Reconciled", "Degraded", "is configured only in part"),
];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for prometheus in view.snapshot.customs(Kind::Prometheus).iter().filter(|p| !is_off(p)) {
        let bad = BAD.iter().find_map(|(kind, status, what)| Some((what, standing(view, prometheus, kind, status)?)));
        verdict.faults.extend(bad.map(|(what, condition)| fault(view, prometheus, what, &condition)));
    }
    verdict
}

/// Whether somebody stopped it.
fn is_off(prometheus: &Custom) -> bool {
    prometheus.metadata.is_going() || prometheus.spec["paused"] == true || prometheus.spec["replicas"] == 0
}

fn fault(view: &View<'_>, prometheus: &Custom, what: &str, condition: &Condition) -> Fault {
    let name = &prometheus.metadata.name;
    let message = format!("Prometheus {name} {what} ({})", in_words(condition));
    let fault = quoted(Fault::on(prometheus.metadata.object(Kind::Prometheus), &message), condition);
    let none = standing(view, prometheus, "Available", "False").filter(|c| c.kind != condition.kind);
    let fault = none.into_iter().fold(fault.fact("prometheus", name), |fault, c| quoted(fault, &c));
    let fault = fault.since(condition.last_transition_time);
    let fault = if condition.status == "Degraded" { fault.severity(Severity::Low) } else { fault };
    let space = &prometheus.metadata.namespace;
    let own = |meta: &Meta| meta.controller().is_some_and(|o| o.kind == "Prometheus" && o.name == *name);
    let sets = view.snapshot.stateful_sets.iter().map(|s| &s.metadata);
    sets.filter(|meta| meta.namespace == *space && own(meta))
        .map(|meta| meta.object(Kind::StatefulSet))
        .fold(fault, Fault::involving)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, workload};
    use crate::finding::Severity;

    const K8S: &str = "prometheus monitoring/k8s";

    fn prometheus(available: &str, reconciled: &str) -> Thing {
        thing("monitoring.coreos.com/v1", "Prometheus", "monitoring/k8s")
            .condition("Available", available, "NoPodReady")
            .condition("Reconciled", reconciled, "ReconciliationFailed")
    }

    #[test]
    fn one_without_pods_hangs_on_its_stateful_set() {
        let set = workload("StatefulSet", "monitoring/prometheus-k8s", 1);
        let set = set.owned_by("monitoring.coreos.com/v1", "Prometheus", "k8s");
        let told = cluster().with(prometheus("False", "True")).with(set).finds(&CHECK, &[K8S]);
        assert_eq!(told.says("no replica").faults[0].involves[0].to_string(), "statefulset monitoring/prometheus-k8s");
    }

    #[test]
    fn a_configuration_that_is_refused_is_told_and_a_missing_replica_is_less_bad() {
        let message = "creating config failed: scrape config 3: invalid relabeling";
        let refused = prometheus("True", "False").set("status.conditions.1.message", message);
        cluster().with(refused).finds(&CHECK, &[K8S]).says("ReconciliationFailed: creating config failed");
        let wrapped = format!(
            "synchronizing failed: {} : couldn't find secret monitoring/basic-auth",
            "loading of objects failed: ".repeat(9)
        );
        let none = prometheus("False", "False").set("status.conditions.1.message", wrapped);
        cluster().with(none).finds(&CHECK, &[K8S]).says("couldn't find secret monitoring/basic-auth");
        let less = cluster().with(prometheus("Degraded", "True")).finds(&CHECK, &[K8S]);
        assert_eq!(less.faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn one_that_works_starts_or_was_stopped_is_fine() {
        cluster().with(prometheus("True", "True")).is_fine(&CHECK);
        cluster().with(prometheus("False", "False").set("spec.paused", true)).is_fine(&CHECK);
        let young = prometheus("False", "True").set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(young).is_fine(&CHECK);
    }
}
