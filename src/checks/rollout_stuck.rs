//! A roll-out has stood still for longer than its deadline, or its pods are refused.

use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Condition, Kind, Workload, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "rollout-stuck",
    title: "Roll-out stands still",
    rows: &[40],
    severity: Severity::High,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::Deployment],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let open = |d: &&Workload| !d.metadata.is_going() && d.is_observed() && !is_done(d);
    for deployment in view.snapshot.deployments.iter().filter(open) {
        if let Some(reason) = stuck(view, deployment) {
            verdict.found(fault(view, deployment, reason));
        }
    }
    verdict
}

/// Whether every pod is of the newest revision and available: a deadline that was missed on the way is history.
fn is_done(deployment: &Workload) -> bool {
    let (wanted, status) = (deployment.wanted(), &deployment.status);
    [status.replicas, status.updated_replicas, status.available_replicas].iter().all(|count| *count == wanted)
}

/// The condition that says so. Who pauses a roll-out knows that it stands; a refusal may heal by itself at once.
fn stuck<'d>(view: &View<'_>, deployment: &'d Workload) -> Option<&'d Condition> {
    let is = |kind, status| condition(&deployment.status.conditions, kind).filter(|c| c.status == status);
    let late = is("Progressing", "False").filter(|_| !deployment.spec.paused);
    let lasts = |c: &&Condition| view.lasts(c.last_transition_time, view.thresholds.settle);
    late.or_else(|| is("ReplicaFailure", "True").filter(lasts))
}

fn fault(view: &View<'_>, deployment: &Workload, why: &Condition) -> Fault {
    let (object, status) = (deployment.metadata.object(Kind::Deployment), &deployment.status);
    let fault = Fault::on(
        object.clone(),
        &format!(
            "the roll-out stands still ({}): {} of {} replicas are of the new revision, {} available",
            why.reason,
            status.updated_replicas,
            deployment.wanted(),
            status.available_replicas
        ),
    )
    .fact("wanted", deployment.wanted().to_string())
    .fact("ready", status.ready_replicas.to_string())
    .since(why.last_transition_time);
    let fault = told::bad_states(fault, &status.conditions);
    told::warnings(fault, view, &object)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, workload};

    const LATE: &str = r#"ReplicaSet "web-6f6bc874f7" has timed out progressing."#;

    /// Three old pods serve, the one new pod does not get ready.
    fn stuck() -> Thing {
        workload("Deployment", "shop/web", 3)
            .set("status.replicas", 4)
            .set("status.updatedReplicas", 1)
            .condition("Progressing", "False", "ProgressDeadlineExceeded")
            .set("status.conditions.1.message", LATE)
    }

    #[test]
    fn a_deadline_that_is_exceeded_is_found_also_while_old_pods_serve() {
        let told = cluster().with(stuck()).finds(&CHECK, &["deployment shop/web"]);
        told.says("stands still (ProgressDeadlineExceeded): 1 of 3 replicas are of the new revision, 3 available");
        assert!(told.faults[0].statements.iter().any(|s| s.text == LATE));
    }

    #[test]
    fn pods_that_are_refused_are_found_once_it_lasts() {
        let refused = |since: &str| {
            workload("Deployment", "shop/web", 3)
                .set("status.updatedReplicas", 1)
                .condition("ReplicaFailure", "True", "FailedCreate")
                .set("status.conditions.2.message", r#"pods "web-" is forbidden: exceeded quota: team"#)
                .set("status.conditions.2.lastTransitionTime", since)
        };
        cluster().with(refused("2026-11-26T11:30:00Z")).finds(&CHECK, &["deployment shop/web"]).says("FailedCreate");
        cluster().with(refused("2026-11-26T11:59:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn a_roll_out_that_moves_or_was_corrected_or_paused_is_fine() {
        cluster().with(workload("Deployment", "shop/web", 3)).is_fine(&CHECK);
        let moves = stuck().condition("Progressing", "True", "ReplicaSetUpdated");
        cluster().with(moves).is_fine(&CHECK);
        cluster().with(stuck().set("metadata.generation", 4)).is_fine(&CHECK);
        cluster().with(stuck().set("spec.paused", true)).is_fine(&CHECK);
        cluster().with(stuck().set("status.replicas", 3).set("status.updatedReplicas", 3)).is_fine(&CHECK);
    }
}
