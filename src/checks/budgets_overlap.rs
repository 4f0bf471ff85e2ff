//! More than one budget selects the same pod: the API refuses every eviction of it, however much room the budgets leave.

use std::collections::{BTreeMap, BTreeSet};

use super::templates::templates;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Budget, Kind, Map, ObjectRef};
use crate::finding::{Fault, Severity};
use crate::text;

pub(super) const CHECK: Check = Check {
    id: "budgets-overlap",
    title: "Several PodDisruptionBudgets select the same pod",
    rows: &[38],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::PodDisruptionBudget,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut overlaps: BTreeMap<Vec<ObjectRef>, BTreeSet<ObjectRef>> = BTreeMap::new();
    for (object, labels) in selectable(view) {
        let budgets = budgets(view, &object.namespace, labels);
        if budgets.len() > 1 {
            overlaps.entry(budgets).or_default().insert(object);
        }
    }
    Verdict { faults: overlaps.into_iter().filter_map(|(b, o)| fault(view, &b, &o)).collect(), ..Verdict::default() }
}

/// What budgets can select: templates, and pods, whose labels may be others.
fn selectable<'s>(view: &View<'s>) -> Vec<(ObjectRef, &'s Map<String>)> {
    let pods = view.snapshot.pods.iter().filter(|p| !p.is_over() && !p.metadata.is_going());
    let pods = pods.map(|p| (view.top(&p.metadata.object(Kind::Pod)), &p.metadata.labels));
    templates(view).iter().map(|t| (t.object.clone(), t.labels)).chain(pods).collect()
}

/// The budgets that select these labels, by name.
fn budgets(view: &View<'_>, namespace: &str, labels: &Map<String>) -> Vec<ObjectRef> {
    let selects = |b: &&Budget| b.spec.selector.as_ref().is_some_and(|s| s.matches(labels));
    let all = view.snapshot.budgets.iter().filter(|b| b.metadata.namespace == namespace && !b.metadata.is_going());
    let mut found: Vec<ObjectRef> = all.filter(selects).map(|b| b.metadata.object(Kind::PodDisruptionBudget)).collect();
    found.sort();
    found
}

fn fault(view: &View<'_>, budgets: &[ObjectRef], selected: &BTreeSet<ObjectRef>) -> Option<Fault> {
    let (first, others) = budgets.split_first()?;
    let names: Vec<String> = budgets.iter().map(|b| b.name.clone()).collect();
    let pods: Vec<String> = selected.iter().map(|o| format!("{} {}", o.kind.word(), o.name)).take(4).collect();
    let more = selected.len().checked_sub(5).map(|n| format!(" and {} more", n + 1)).unwrap_or_default();
    let message = format!(
        "budgets {} select the same pods ({}{more}), so none of these can be evicted",
        text::list(&names),
        text::list(&pods)
    );
    let selectors =
        view.snapshot.budgets.iter().filter(|b| budgets.contains(&b.metadata.object(Kind::PodDisruptionBudget)));
    let fault = selectors.fold(Fault::on(first.clone(), &message), |fault, budget| {
        let selector = budget.spec.selector.as_ref().map(ToString::to_string).filter(|s| !s.is_empty());
        let field = format!("poddisruptionbudget {} spec.selector", budget.metadata.name);
        fault.seen(field, selector.unwrap_or_else(|| "{} (every pod)".to_owned()))
    });
    let fault = fault.fact("policy", &first.name);
    Some(others.iter().cloned().fold(fault, Fault::involving))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};

    fn budget(name: &str, selector: &serde_json::Value) -> Thing {
        thing("policy/v1", "PodDisruptionBudget", name)
            .set("spec", json!({ "maxUnavailable": 1, "selector": selector }))
    }

    #[test]
    fn two_budgets_over_the_same_pods_are_told_once() {
        let two = || {
            let web = budget("shop/web", &json!({ "matchLabels": { "app": "web" } }));
            cluster().with(budget("shop/all", &json!({}))).with(web)
        };
        let all = two().with(pod("shop/web-0")).with(pod("shop/web-1"));
        let verdict = all.finds(&CHECK, &["poddisruptionbudget shop/all"]);
        verdict.says("budgets all and web select the same pods (pod web-0 and pod web-1)");
        let manifests = two().with(workload("Deployment", "shop/web", 2)).as_manifests();
        manifests.finds(&CHECK, &["poddisruptionbudget shop/all"]).says("deployment web");
    }

    #[test]
    fn budgets_with_their_own_pods_are_fine() {
        let one = budget("shop/web", &json!({ "matchLabels": { "app": "web" } }));
        let expression = json!({ "matchExpressions": [{ "key": "app", "operator": "NotIn", "values": ["web"] }] });
        let elsewhere = budget("other/web", &json!({ "matchLabels": { "app": "web" } }));
        let all = cluster().with(one).with(budget("shop/rest", &expression)).with(elsewhere);
        all.with(pod("shop/web-0")).with(pod("shop/db-0").set("metadata.labels.app", "db")).is_fine(&CHECK);
    }

    #[test]
    fn a_budget_without_a_selector_selects_nothing_and_pods_that_are_over_do_not_count() {
        let none = thing("policy/v1", "PodDisruptionBudget", "shop/none").set("spec.maxUnavailable", 1);
        let web = || budget("shop/web", &json!({ "matchLabels": { "app": "web" } }));
        cluster().with(none).with(web()).with(pod("shop/web-0")).is_fine(&CHECK);
        let over = pod("shop/web-0").set("status.phase", "Succeeded");
        cluster().with(budget("shop/all", &json!({}))).with(web()).with(over).is_fine(&CHECK);
    }
}
