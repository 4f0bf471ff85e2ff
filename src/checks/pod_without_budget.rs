//! Several pods do the same work and no disruption budget says how many of them must stay when nodes are drained.

use super::budgets::{autoscaler_of, protects, replicated};
use super::platform::is_platform;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "pod-without-budget",
    title: "Replicas without a disruption budget",
    rows: &[67],
    severity: Severity::Info,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::PodDisruptionBudget, Kind::Deployment, Kind::StatefulSet],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (kind, workload) in replicated(view).filter(|(_, w)| !is_platform(&w.metadata.namespace)) {
        let object = workload.metadata.object(kind);
        let replicas = replicas(view, &object, workload);
        if workload.metadata.is_going() || replicas < 2 || is_protected(view, workload) {
            continue;
        }
        let message = format!("no disruption budget protects the {replicas} replicas");
        match view.snapshot.reads.complete(Kind::PodDisruptionBudget, &object.namespace) {
            Ok(()) => verdict.found(Fault::on(object, &message)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// How many there are; where an autoscaler decides and the manifest leaves it out, how many there are at least.
fn replicas(view: &View<'_>, object: &ObjectRef, workload: &Workload) -> i64 {
    workload.spec.replicas.or_else(|| autoscaler_of(view, object).and_then(|a| a.spec.min_replicas)).unwrap_or(1)
}

fn is_protected(view: &View<'_>, workload: &Workload) -> bool {
    let near = view.snapshot.budgets.iter().filter(|b| b.metadata.namespace == workload.metadata.namespace);
    near.into_iter().any(|b| protects(b, &workload.spec.template.metadata.labels))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::autoscaling::hpa;
    use crate::checks::budgets::budget;
    use crate::checks::testing::{cluster, workload};
    use crate::evidence::cluster::Kind;

    const WEB: &str = "deployment shop/web";

    #[test]
    fn replicas_without_a_budget_are_told_once_for_each_workload() {
        let set = workload("ReplicaSet", "shop/web-5d", 3).owned_by("apps/v1", "Deployment", "web");
        cluster()
            .with(workload("Deployment", "shop/web", 3))
            .with(set)
            .finds(&CHECK, &[WEB])
            .says("no disruption budget protects the 3 replicas");
        let floor = workload("Deployment", "shop/web", 3).set("spec.replicas", Value::Null);
        cluster().with(floor.clone()).with(hpa("shop/web")).finds(&CHECK, &[WEB]).says("the 2 replicas");
        cluster().with(floor).is_fine(&CHECK);
    }

    #[test]
    fn a_budget_by_labels_or_expressions_is_enough_in_its_own_namespace() {
        let web = workload("Deployment", "shop/web", 3);
        cluster().with(web.clone()).with(budget("shop/web")).is_fine(&CHECK);
        let expression = json!({ "matchExpressions": [{ "key": "app", "operator": "In", "values": ["web"] }] });
        cluster().with(web.clone()).with(budget("shop/web").set("spec.selector", expression)).is_fine(&CHECK);
        cluster().with(web).with(budget("other/web")).finds(&CHECK, &[WEB]);
    }

    #[test]
    fn single_pods_daemons_and_the_platform_need_none() {
        cluster()
            .with(workload("Deployment", "shop/web", 1))
            .with(workload("DaemonSet", "shop/agent", 5))
            .with(workload("Deployment", "kube-system/coredns", 2))
            .is_fine(&CHECK);
        let blind = cluster().with(workload("Deployment", "shop/web", 3)).without(Kind::PodDisruptionBudget);
        blind.cannot_say(&CHECK, "poddisruptionbudgets: forbidden");
    }
}
