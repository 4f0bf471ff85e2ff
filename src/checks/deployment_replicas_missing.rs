//! A deployment has had fewer ready pods than it wants for longer than a start takes.

use super::roll_out::DEADLINE;
use super::unready::{earliest, unready, unready_since};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Condition, Kind, ObjectRef, Time, Workload, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "deployment-replicas-missing",
    title: "Deployment misses replicas",
    rows: &[39],
    severity: Severity::High,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::Deployment, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for deployment in view.snapshot.deployments.iter().filter(|d| lacks(d)) {
        let object = deployment.metadata.object(Kind::Deployment);
        let since = missing_since(view, deployment, &object);
        if view.lasts(since, patience(view, deployment)) {
            verdict.found(fault(view, deployment, &object, since));
        } else if since.0.is_none()
            && let Err(why) = view.snapshot.reads.complete(Kind::Pod, &object.namespace)
        {
            verdict.unknown(why);
        }
    }
    verdict
}

fn lacks(deployment: &Workload) -> bool {
    let status = &deployment.status;
    let there = status.ready_replicas.min(status.available_replicas);
    !deployment.metadata.is_going() && deployment.is_observed() && there < deployment.wanted()
}

fn said<'d>(deployment: &'d Workload, kind: &str, status: &str) -> Option<&'d Condition> {
    condition(&deployment.status.conditions, kind).filter(|c| c.status == status)
}

/// Since when pods are missing. An autoscaler that asks for more pods changes no condition while enough of them are there, so each pod is asked too.
fn missing_since(view: &View<'_>, deployment: &Workload, object: &ObjectRef) -> Time {
    let conditions = [said(deployment, "Available", "False"), said(deployment, "ReplicaFailure", "True")];
    let conditions = conditions.into_iter().flatten().map(|c| c.last_transition_time);
    earliest(unready(view, object).map(unready_since).chain(conditions))
}

/// Seconds that pods may be missing.
fn patience(view: &View<'_>, deployment: &Workload) -> i64 {
    let settle = view.thresholds.settle.saturating_add(deployment.spec.min_ready_seconds.unwrap_or(0));
    if is_rolling_out(view, deployment) {
        settle.max(deployment.spec.progress_deadline_seconds.unwrap_or(DEADLINE))
    } else {
        settle
    }
}

/// Whether a roll-out goes on: pods keep getting ready, or enough of them serve meanwhile.
fn is_rolling_out(view: &View<'_>, deployment: &Workload) -> bool {
    let Some(progress) = said(deployment, "Progressing", "True").filter(|c| c.reason != "NewReplicaSetAvailable")
    else {
        return false;
    };
    let last = progress.last_update_time.max(progress.last_transition_time);
    said(deployment, "Available", "True").is_some() || !view.lasts(last, view.thresholds.settle)
}

fn fault(view: &View<'_>, deployment: &Workload, object: &ObjectRef, since: Time) -> Fault {
    let (wanted, status) = (deployment.wanted(), &deployment.status);
    let (ready, available) = (status.ready_replicas, status.available_replicas);
    let short = if available < ready { format!(", {available} of them for long enough") } else { String::new() };
    let fault = Fault::on(object.clone(), &format!("{ready} of {wanted} replicas are ready{short}"))
        .fact("wanted", wanted.to_string())
        .fact("ready", ready.to_string())
        .since(since);
    let fault = told::bad_states(fault, &status.conditions);
    told::warnings(fault, view, object)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, workload};
    use crate::evidence::cluster::Kind;

    /// Two of three are ready; the third has been waiting since 11:00.
    fn short() -> Thing {
        workload("Deployment", "shop/web", 3).set("status.readyReplicas", 2).set("status.availableReplicas", 2)
    }

    fn unavailable(since: &str) -> Thing {
        short()
            .set("status.conditions.0.status", "False")
            .set("status.conditions.0.reason", "MinimumReplicasUnavailable")
            .set("status.conditions.0.lastTransitionTime", since)
    }

    fn rolling(deployment: Thing, last: &str) -> Thing {
        deployment
            .set("status.conditions.1.reason", "ReplicaSetUpdated")
            .set("status.conditions.1.lastUpdateTime", last)
    }

    fn waiting(name: &str) -> Thing {
        pod(name).condition("Ready", "False", "ContainersNotReady").owned_by("apps/v1", "Deployment", "web")
    }

    #[test]
    fn replicas_that_are_missing_for_long_are_found() {
        let told = cluster().with(unavailable("2026-11-26T11:00:00Z")).finds(&CHECK, &["deployment shop/web"]);
        told.says("2 of 3 replicas are ready");
        let seen: Vec<&str> = told.faults[0].statements.iter().map(|s| s.field.as_str()).collect();
        assert_eq!(seen, ["status.conditions[Available].reason"]);
        cluster().with(short()).with(waiting("shop/web-0")).finds(&CHECK, &["deployment shop/web"]);
    }

    #[test]
    fn a_start_a_roll_out_and_a_change_that_was_not_looked_at_are_fine() {
        // k8sgpt and popeye report every difference between wanted and ready, also in the middle of a roll-out.
        cluster().with(unavailable("2026-11-26T11:58:00Z")).is_fine(&CHECK);
        let moving = rolling(unavailable("2026-11-26T11:53:00Z"), "2026-11-26T11:59:00Z");
        cluster().with(moving).is_fine(&CHECK);
        let within_its_budget = rolling(short(), "2026-11-26T11:54:00Z");
        let young = waiting("shop/web-0").set("status.conditions.1.lastTransitionTime", "2026-11-26T11:54:00Z");
        cluster().with(within_its_budget).with(young).is_fine(&CHECK);
        cluster().with(unavailable("2026-11-26T11:00:00Z").set("metadata.generation", 4)).is_fine(&CHECK);
    }

    #[test]
    fn a_roll_out_that_only_pretends_to_move_is_found() {
        // Pods that crash are ready for a second each, which counts as progress.
        let flapping = rolling(unavailable("2026-11-26T11:30:00Z"), "2026-11-26T11:59:00Z");
        cluster().with(flapping).finds(&CHECK, &["deployment shop/web"]);
        let still = rolling(unavailable("2026-11-26T11:53:00Z"), "2026-11-26T11:53:00Z");
        cluster().with(still).finds(&CHECK, &["deployment shop/web"]);
    }

    #[test]
    fn an_autoscaler_that_asks_for_more_and_a_pause_without_loss_are_fine() {
        let young = waiting("shop/web-0").set("status.conditions.1.lastTransitionTime", "2026-11-26T11:59:30Z");
        cluster().with(short()).with(young).is_fine(&CHECK);
        cluster().with(short()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
        cluster().with(workload("Deployment", "shop/web", 3).set("spec.paused", true)).is_fine(&CHECK);
        cluster().with(workload("Deployment", "shop/web", 0)).is_fine(&CHECK);
    }

    #[test]
    fn a_wait_of_any_length_is_borne() {
        let patient = unavailable("2026-11-26T11:00:00Z").set("spec.minReadySeconds", i64::MAX);
        cluster().with(patient).is_fine(&CHECK);
    }
}
