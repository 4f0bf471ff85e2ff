//! A disruption budget lets no pod go: drains, upgrades and scale-downs of nodes wait for it.

use super::budgets::{autoscaler_of, protects, replicated};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Budget, Condition, IntOrString, Kind, ObjectRef, Workload, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "budget-blocks-disruption",
    title: "Disruption budget lets no pod go",
    rows: &[65],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::PodDisruptionBudget],
    hygiene: false,
    run,
};

/// Why a budget lets no pod go.
enum Block {
    /// Its controller cannot count its pods.
    Uncounted,
    /// It demands all the pods that there are, however well they are.
    Always(i64),
    /// Too few of them are well.
    Unhealthy,
}

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for budget in view.snapshot.budgets.iter().filter(|b| !b.metadata.is_going()) {
        if let Some(block) = block(view, budget).filter(|block| lasts(view, budget, block)) {
            verdict.found(fault(budget, &block));
        }
    }
    verdict
}

/// Whether its numbers are about what is asked for now.
fn is_current(budget: &Budget) -> bool {
    let seen = budget.status.observed_generation.zip(budget.metadata.generation);
    seen.is_none_or(|(seen, asked)| seen >= asked)
}

/// Every eviction and every roll-out uses a budget up for a moment. One that demands all pods is not used up.
fn lasts(view: &View<'_>, budget: &Budget, block: &Block) -> bool {
    if matches!(block, Block::Always(_)) {
        return !view.is_fresh(&budget.metadata);
    }
    let since = allowed(budget).map(|c| c.last_transition_time).unwrap_or_default();
    since.age(view.now).is_none_or(|age| age >= view.thresholds.settle)
}

fn allowed(budget: &Budget) -> Option<&Condition> {
    condition(&budget.status.conditions, "DisruptionAllowed")
}

fn block(view: &View<'_>, budget: &Budget) -> Option<Block> {
    let status = &budget.status;
    if status.disruptions_allowed > 0 {
        return None;
    }
    if allowed(budget).is_some_and(|c| c.status == "False" && c.reason == "SyncFailed") {
        return Some(Block::Uncounted);
    }
    if status.expected_pods == 0 || !is_current(budget) {
        return None;
    }
    let pods = usual_pods(view, budget);
    if status.desired_healthy >= pods || demands_all(budget) {
        return Some(Block::Always(pods.min(status.expected_pods)));
    }
    // More than enough are well, so that evictions are under way; or all are, and an autoscaler could make more.
    let short = status.current_healthy <= status.desired_healthy && status.current_healthy < status.expected_pods;
    short.then_some(Block::Unhealthy)
}

/// Whether it demands every pod, however many there are.
fn demands_all(budget: &Budget) -> bool {
    let says = |value: &Option<IntOrString>, all: &[&str]| {
        value.as_ref().is_some_and(|v| all.contains(&v.to_string().as_str()))
    };
    says(&budget.spec.max_unavailable, &["0", "0%"]) || says(&budget.spec.min_available, &["100%"])
}

/// How many pods there may be outside of a roll-out, which counts the new ones beside the old: the replicas of the workloads, or what autoscalers may make of
/// them, if all pods are theirs.
fn usual_pods(view: &View<'_>, budget: &Budget) -> i64 {
    let namespace = &budget.metadata.namespace;
    let workloads = replicated(view)
        .filter(|(_, w)| w.metadata.namespace == *namespace && protects(budget, &w.spec.template.metadata.labels));
    let most = |object: &ObjectRef, w: &Workload| {
        autoscaler_of(view, object).map_or(w.wanted(), |a| a.spec.max_replicas.max(w.wanted()))
    };
    let wanted: Vec<(ObjectRef, i64)> = workloads
        .map(|(kind, w)| (w.metadata.object(kind), w))
        .map(|(object, w)| (object.clone(), most(&object, w)))
        .collect();
    let pods = view.pods_in(namespace).iter().filter(|p| protects(budget, &p.metadata.labels));
    let mut tops = pods.map(|p| view.top(&p.metadata.object(Kind::Pod)));
    let total = wanted.iter().fold(0, |sum: i64, (_, replicas)| sum.saturating_add(*replicas));
    let all_theirs = tops.all(|top| wanted.iter().any(|(workload, _)| *workload == top));
    if total > 0 && all_theirs { total } else { budget.status.expected_pods }
}

fn fault(budget: &Budget, block: &Block) -> Fault {
    let status = &budget.status;
    let message = match block {
        Block::Uncounted => "the controller cannot count the pods of the budget, so it lets none go".to_owned(),
        Block::Always(pods) => {
            let noun = if *pods == 1 { "pod" } else { "pods" };
            format!(
                "{} of {pods} {noun} leaves no room: it can never be satisfied, even when all are healthy",
                demand(budget)
            )
        }
        Block::Unhealthy => format!(
            "only {} of {} pods are healthy now and {} must be, so none may go",
            status.current_healthy, status.expected_pods, status.desired_healthy
        ),
    };
    let fault = Fault::on(budget.metadata.object(Kind::PodDisruptionBudget), &message);
    let fault = allowed(budget).into_iter().fold(fault, |fault, c| {
        let fault = fault.seen("status.conditions[DisruptionAllowed].message", c.message.as_str());
        fault.seen("status.conditions[DisruptionAllowed].reason", c.reason.as_str()).since(c.last_transition_time)
    });
    let fault = fault
        .fact("policy", &budget.metadata.name)
        .fact("requested", status.desired_healthy.to_string())
        .fact("available", status.current_healthy.to_string());
    // Operators of databases hold their primary with such a budget, and move it before a drain.
    let by_operator = matches!(block, Block::Always(_)) && budget.metadata.controller().is_some();
    // One pod that is well is the usual state of many, and no fault until a node is drained.
    let calm = matches!(block, Block::Always(1)) && status.current_healthy >= status.desired_healthy;
    if by_operator || calm { fault.severity(Severity::Low) } else { fault }
}

/// What it asks for, as it is written.
fn demand(budget: &Budget) -> String {
    match (&budget.spec.max_unavailable, &budget.spec.min_available) {
        (Some(most), _) => format!("maxUnavailable {most}"),
        (None, Some(least)) => format!("minAvailable {least}"),
        (None, None) => "minAvailable 1".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::budgets::budget;
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};
    use crate::finding::Severity;

    const WEB: &str = "poddisruptionbudget shop/web";

    /// A budget that has let no pod go for an hour: pods that are healthy, must be, and are.
    fn blocked(healthy: i64, desired: i64, expected: i64) -> Thing {
        budget("shop/web")
            .set("spec.minAvailable", desired)
            .set("status.currentHealthy", healthy)
            .set("status.desiredHealthy", desired)
            .set("status.expectedPods", expected)
            .set("status.disruptionsAllowed", 0)
            .condition("DisruptionAllowed", "False", "InsufficientPods")
    }

    #[test]
    fn a_budget_that_can_never_be_satisfied_says_so() {
        cluster().with(blocked(1, 1, 1)).finds(&CHECK, &[WEB]).says("minAvailable 1 of 1 pod leaves no room");
        let none = blocked(3, 3, 3).set("spec.minAvailable", Value::Null).set("spec.maxUnavailable", 0);
        cluster().with(none).finds(&CHECK, &[WEB]).says("maxUnavailable 0 of 3 pods leaves no room: it can never be");
        // A pod of a roll-out that stands still is counted in, and gives no room.
        let web = workload("Deployment", "shop/web", 3);
        cluster().with(blocked(3, 3, 4)).with(web).finds(&CHECK, &[WEB]).says("minAvailable 3 of 3 pods");
    }

    #[test]
    fn pods_that_are_not_healthy_are_another_reason() {
        cluster().with(blocked(1, 2, 3)).finds(&CHECK, &[WEB]).says("only 1 of 3 pods are healthy now and 2 must be");
        let bare = pod("shop/web-0");
        let two = workload("Deployment", "shop/web", 2);
        cluster().with(blocked(1, 2, 3)).with(two).with(bare).finds(&CHECK, &[WEB]).says("only 1 of 3");
    }

    #[test]
    fn conditions_go_by_type_and_selectors_by_all_their_demands() {
        // k8sgpt looks at the first condition only, and only where there are matchLabels.
        let expressions = json!({ "matchExpressions": [{ "key": "app", "operator": "In", "values": ["web"] }] });
        let odd = blocked(1, 2, 3).set("spec.selector", expressions).set("status.conditions", json!([]));
        let odd = odd.condition("Other", "True", "").condition("DisruptionAllowed", "False", "InsufficientPods");
        cluster().with(odd.clone()).finds(&CHECK, &[WEB]);
        cluster().with(odd.set("status.conditions.1.lastTransitionTime", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn room_no_pods_a_moment_and_an_old_status_are_fine() {
        cluster().with(budget("shop/web")).is_fine(&CHECK);
        cluster().with(blocked(0, 0, 0)).is_fine(&CHECK);
        let moment = blocked(1, 2, 3).set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(moment).is_fine(&CHECK);
        cluster().with(blocked(1, 1, 1).set("metadata.generation", 2)).is_fine(&CHECK);
        let always = blocked(3, 3, 3).set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(always.clone()).finds(&CHECK, &[WEB]);
        cluster().with(always.set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }

    #[test]
    fn a_controller_that_cannot_count_says_why_and_an_operator_knows_what_it_does() {
        let lost = blocked(0, 0, 0)
            .condition("DisruptionAllowed", "False", "SyncFailed")
            .set("status.conditions.0.message", "jobs.batch does not implement the scale subresource");
        let verdict = cluster().with(lost).finds(&CHECK, &[WEB]);
        assert!(verdict.faults[0].statements[0].text.contains("jobs.batch"));
        let primary = blocked(1, 1, 1).owned_by("postgresql.cnpg.io/v1", "Cluster", "db");
        let verdict = cluster().with(primary).finds(&CHECK, &[WEB]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn an_autoscaler_at_its_floor_has_room_above_unless_every_pod_is_demanded() {
        let hpa = thing("autoscaling/v2", "HorizontalPodAutoscaler", "shop/web")
            .set("spec.scaleTargetRef", json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": "web" }))
            .set("spec.minReplicas", 2)
            .set("spec.maxReplicas", 10);
        let with = |budget: Thing| cluster().with(budget).with(workload("Deployment", "shop/web", 2)).with(hpa.clone());
        with(blocked(2, 2, 2)).is_fine(&CHECK);
        with(blocked(1, 2, 2)).finds(&CHECK, &[WEB]).says("only 1 of 2 pods are healthy");
        with(blocked(2, 2, 2).set("spec.minAvailable", "100%"))
            .finds(&CHECK, &[WEB])
            .says("minAvailable 100% of 2 pods");
    }

    #[test]
    fn a_single_pod_that_is_well_is_no_alarm() {
        let severity = |budget| cluster().with(budget).finds(&CHECK, &[WEB]).faults[0].severity;
        assert_eq!(severity(blocked(1, 1, 1)), Some(Severity::Low));
        assert_eq!(severity(blocked(0, 1, 1)), None);
        assert_eq!(severity(blocked(3, 3, 3)), None);
    }

    #[test]
    fn replicas_of_any_number_are_borne() {
        let many = |name: &str| workload("Deployment", name, i64::MAX);
        cluster().with(blocked(1, 2, 3)).with(many("shop/web")).with(many("shop/next")).finds(&CHECK, &[WEB]);
    }
}
