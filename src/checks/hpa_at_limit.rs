//! An autoscaler wants more pods than it may have, and has wanted them for a while: the load is above what was planned for.

use super::autoscaling::{denied, named};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Autoscaler, Condition, Kind, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "hpa-at-limit",
    title: "Autoscaler is at its maximum",
    rows: &[61],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::HorizontalPodAutoscaler],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for hpa in view.snapshot.autoscalers.iter().filter(|a| !a.metadata.is_going()) {
        // As many at least as at most is a wish, not a limit.
        if let Some(condition) =
            limited(view, hpa).filter(|_| hpa.spec.min_replicas.unwrap_or(1) < hpa.spec.max_replicas)
        {
            verdict.found(fault(hpa, condition));
        }
    }
    verdict
}

/// The condition that says so, if it has for longer than a peak. Without metrics it is not written any more, and says nothing about now.
fn limited<'h>(view: &View<'_>, hpa: &'h Autoscaler) -> Option<&'h Condition> {
    let limited = condition(&hpa.status.conditions, "ScalingLimited")?;
    let holds =
        limited.status == "True" && limited.reason == "TooManyReplicas" && denied(hpa, "ScalingActive").is_none();
    (holds && view.lasts(limited.last_transition_time, view.thresholds.settle)).then_some(limited)
}

fn fault(hpa: &Autoscaler, condition: &Condition) -> Fault {
    let (target, most) = (named(&hpa.spec.scale_target_ref), hpa.spec.max_replicas);
    Fault::on(
        hpa.metadata.object(Kind::HorizontalPodAutoscaler),
        &format!("the autoscaler wants more than {most} replicas of {target}, which is its maximum"),
    )
    .seen("status.conditions[ScalingLimited].message", condition.message.as_str())
    .fact("hpa", &hpa.metadata.name)
    .fact("limit", most.to_string())
    .since(condition.last_transition_time)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::autoscaling::hpa;
    use crate::checks::testing::{Thing, cluster};

    fn limited(reason: &str) -> Thing {
        hpa("shop/web").condition("ScalingLimited", "True", reason)
    }

    #[test]
    fn wanting_more_than_the_maximum_for_an_hour_is_found() {
        cluster()
            .with(limited("TooManyReplicas"))
            .finds(&CHECK, &["horizontalpodautoscaler shop/web"])
            .says("the autoscaler wants more than 10 replicas of deployment web");
    }

    #[test]
    fn the_floor_a_short_peak_and_a_fixed_size_are_healthy() {
        // k8sgpt reported autoscalers at their minimum (#1667).
        cluster().with(limited("TooFewReplicas")).is_fine(&CHECK);
        cluster().with(limited("ScaleUpLimit")).is_fine(&CHECK);
        cluster().with(limited("TooManyReplicas").set("spec.minReplicas", 10)).is_fine(&CHECK);
        let peak = limited("TooManyReplicas").set("status.conditions.2.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(peak).is_fine(&CHECK);
        cluster().with(hpa("shop/web")).is_fine(&CHECK);
    }

    #[test]
    fn a_condition_from_before_the_metrics_went_says_nothing() {
        let stale = limited("TooManyReplicas").condition("ScalingActive", "False", "FailedGetResourceMetric");
        cluster().with(stale).is_fine(&CHECK);
    }
}
