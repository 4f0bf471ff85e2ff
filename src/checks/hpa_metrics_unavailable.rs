//! An autoscaler does not scale, because it cannot read its metrics or cannot set the replicas of its target.

use super::autoscaling::{Target, denied, named, says_missing, target, told};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Autoscaler, Condition, Kind, Meta};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "hpa-metrics-unavailable",
    title: "Autoscaler does not scale",
    rows: &[60],
    severity: Severity::High,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::HorizontalPodAutoscaler],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for hpa in view.snapshot.autoscalers.iter().filter(|a| !a.metadata.is_going() && !is_starting(view, a)) {
        let Some(condition) = stands_still(view, hpa) else { continue };
        match hidden_pods(view, hpa) {
            None => verdict.found(fault(view, hpa, condition)),
            Some(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// The condition that says so, if it has for a while: after a start metrics take a minute or two.
fn stands_still<'h>(view: &View<'_>, hpa: &'h Autoscaler) -> Option<&'h Condition> {
    let inactive = denied(hpa, "ScalingActive").filter(|c| c.reason != "ScalingDisabled");
    // Clusters before 1.12 say False while they only wait after a step.
    let unable = denied(hpa, "AbleToScale").filter(|c| !c.reason.starts_with("Backoff") && !lacks_target(view, hpa));
    let lasts = |c: &&Condition| c.last_transition_time.age(view.now).is_none_or(|age| age >= view.thresholds.settle);
    inactive.into_iter().chain(unable).find(lasts)
}

/// Whether `hpa-target-missing` tells it.
fn lacks_target(view: &View<'_>, hpa: &Autoscaler) -> bool {
    let found = target(view, &hpa.metadata.namespace, &hpa.spec.scale_target_ref);
    says_missing(hpa) && !matches!(found, Target::Found(_))
}

/// Whether its target, or every pod of it, is so young that nobody has measured it. A target that was at zero does not show it in
/// the time of the condition, which was `False` then too.
fn is_starting(view: &View<'_>, hpa: &Autoscaler) -> bool {
    let Target::Found(object) = target(view, &hpa.metadata.namespace, &hpa.spec.scale_target_ref) else { return false };
    let pods = view.pods_of(&object);
    let young = |meta: &Meta| meta.creation_timestamp.age(view.now).is_some_and(|age| age < view.thresholds.settle);
    view.meta(&object).is_some_and(young) || (!pods.is_empty() && pods.iter().all(|p| young(&p.metadata)))
}

/// Why the pods of its target are not known, where none is: they may have started just now.
fn hidden_pods(view: &View<'_>, hpa: &Autoscaler) -> Option<String> {
    let Target::Found(object) = target(view, &hpa.metadata.namespace, &hpa.spec.scale_target_ref) else { return None };
    let none = view.pods_of(&object).is_empty();
    view.snapshot.reads.complete(Kind::Pod, &object.namespace).err().filter(|_| none)
}

fn fault(view: &View<'_>, hpa: &Autoscaler, condition: &Condition) -> Fault {
    let target = named(&hpa.spec.scale_target_ref);
    let what = if condition.kind == "ScalingActive" { "read the metrics of" } else { "set the replicas of" };
    let fault = Fault::on(
        hpa.metadata.object(Kind::HorizontalPodAutoscaler),
        &format!("the autoscaler cannot {what} {target} ({})", condition.reason),
    );
    let fault = fault.seen(format!("status.conditions[{}].message", condition.kind), condition.message.as_str());
    told(view, hpa, fault).since(condition.last_transition_time)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::autoscaling::hpa;
    use crate::checks::testing::{Thing, cluster, pod, warning, workload};
    use crate::evidence::cluster::Kind;

    const WEB: &str = "horizontalpodautoscaler shop/web";
    const ASKED: &str = "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu";

    fn blind() -> Thing {
        hpa("shop/web")
            .condition("ScalingActive", "False", "FailedGetResourceMetric")
            .set("status.conditions.2.message", ASKED)
    }

    fn web() -> Thing {
        workload("Deployment", "shop/web", 2)
    }

    #[test]
    fn an_autoscaler_without_metrics_says_why() {
        let event = warning("HorizontalPodAutoscaler", "shop/web", "FailedGetResourceMetric", "no metrics returned");
        let verdict = cluster().with(blind()).with(web()).with(event).finds(&CHECK, &[WEB]);
        verdict.says("the autoscaler cannot read the metrics of deployment web (FailedGetResourceMetric)");
        let fields: Vec<&str> = verdict.faults[0].statements.iter().map(|s| s.field.as_str()).collect();
        assert_eq!(fields, ["status.conditions[ScalingActive].message", "event FailedGetResourceMetric"]);
        cluster().with(hpa("shop/web")).with(web()).is_fine(&CHECK);
    }

    #[test]
    fn a_target_at_zero_is_deliberate() {
        cluster().with(hpa("shop/web").condition("ScalingActive", "False", "ScalingDisabled")).is_fine(&CHECK);
    }

    #[test]
    fn the_first_minutes_have_no_metrics() {
        let just_now = blind().set("status.conditions.2.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(just_now).with(web()).is_fine(&CHECK);
        // It was at zero until a minute ago: the condition has been False for an hour, the pods are new.
        let set = workload("ReplicaSet", "shop/web-5d", 1).owned_by("apps/v1", "Deployment", "web");
        let young = pod("shop/web-5d-x").owned_by("apps/v1", "ReplicaSet", "web-5d");
        let young = young.set("metadata.creationTimestamp", "2026-11-26T11:59:00Z");
        cluster().with(blind()).with(web()).with(set).with(young).is_fine(&CHECK);
    }

    #[test]
    fn a_missing_target_is_told_by_the_check_of_targets() {
        let refused = |message: &str| {
            hpa("shop/web")
                .condition("AbleToScale", "False", "FailedGetScale")
                .set("status.conditions.2.message", message)
        };
        cluster().with(refused(r#"deployments.apps "web" not found"#)).is_fine(&CHECK);
        let forbidden = refused(r#"deployments.apps "web" is forbidden"#);
        cluster()
            .with(forbidden)
            .with(web())
            .finds(&CHECK, &[WEB])
            .says("the autoscaler cannot set the replicas of deployment web");
    }

    #[test]
    fn pods_that_may_not_be_read_may_have_started_just_now() {
        cluster().with(blind()).with(web()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }
}
