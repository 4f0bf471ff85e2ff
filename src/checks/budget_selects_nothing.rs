//! The selector of a disruption budget fits no pod: what it should protect is not protected.

use super::budgets::has_pods;
use super::{Basis, Check, Stage, Verdict, View, sources};
use crate::evidence::cluster::{Budget, Kind, LabelSelector};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "budget-selects-nothing",
    title: "Disruption budget selects no pod",
    rows: &[66],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::PodDisruptionBudget, Kind::Pod, Kind::Deployment, Kind::StatefulSet],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for budget in view.snapshot.budgets.iter().filter(|b| is_meant(b) && !has_pods(view, b)) {
        match sources::complete(view, &budget.metadata.namespace) {
            Ok(()) => verdict.found(fault(budget)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Whether a person wrote it about certain pods. An operator makes budgets for pods to come; an empty selector waits for any pod.
fn is_meant(budget: &Budget) -> bool {
    let every = budget.spec.selector.as_ref().is_some_and(LabelSelector::is_empty);
    !budget.metadata.is_going() && budget.metadata.controller().is_none() && !every
}

fn fault(budget: &Budget) -> Fault {
    let namespace = &budget.metadata.namespace;
    let selector = budget.spec.selector.as_ref().map(ToString::to_string).unwrap_or_default();
    let message = if selector.is_empty() {
        "the budget has no selector, so it protects no pod".to_owned()
    } else {
        format!("no pod and no template of namespace {namespace} has the labels {selector}")
    };
    Fault::on(budget.metadata.object(Kind::PodDisruptionBudget), &message)
        .seen("spec.selector", selector.as_str())
        .fact("policy", &budget.metadata.name)
        .fact("selector", selector)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::budgets::budget;
    use crate::checks::testing::{cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;

    const WEB: &str = "poddisruptionbudget shop/web";

    #[test]
    fn labels_that_no_pod_has_are_found() {
        let typo = budget("shop/web").set("spec.selector.matchLabels.app", "wbe");
        cluster().with(typo.clone()).with(pod("shop/web-0")).finds(&CHECK, &[WEB]).says("app=wbe");
        cluster().with(typo).with(workload("Deployment", "shop/web", 2)).as_manifests().finds(&CHECK, &[WEB]);
        let elsewhere = cluster().with(budget("shop/web")).with(pod("other/web-0"));
        elsewhere.finds(&CHECK, &[WEB]).says("namespace shop");
        let none = budget("shop/web").set("spec.selector", Value::Null);
        cluster().with(none).with(pod("shop/web-0")).finds(&CHECK, &[WEB]).says("the budget has no selector");
    }

    #[test]
    fn a_workload_at_zero_and_the_template_of_a_job_fit_too() {
        cluster().with(budget("shop/web")).with(workload("Deployment", "shop/web", 0)).is_fine(&CHECK);
        let nightly = thing("batch/v1", "CronJob", "shop/nightly")
            .set("spec.jobTemplate.spec.template.metadata.labels", json!({ "app": "web" }));
        cluster().with(budget("shop/web")).with(nightly).is_fine(&CHECK);
        let expression = json!({ "matchExpressions": [{ "key": "app", "operator": "Exists" }] });
        cluster().with(budget("shop/web").set("spec.selector", expression)).with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn an_empty_selector_and_the_budget_of_an_operator_may_wait_for_pods() {
        cluster().with(budget("shop/web").set("spec.selector", json!({}))).is_fine(&CHECK);
        cluster().with(budget("shop/db").owned_by("kafka.strimzi.io/v1", "Kafka", "db")).is_fine(&CHECK);
    }

    #[test]
    fn pods_and_workloads_that_may_not_be_read_are_not_missing() {
        cluster().with(budget("shop/web")).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
        cluster().with(budget("shop/web")).without(Kind::Deployment).cannot_say(&CHECK, "deployments: forbidden");
    }

    #[test]
    fn the_pods_of_jobs_that_may_not_be_read_may_fit_too() {
        cluster().with(budget("shop/web")).without(Kind::CronJob).cannot_say(&CHECK, "cronjobs: forbidden");
    }
}
