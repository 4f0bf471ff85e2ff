//! A vertical autoscaler finds no pods, or its configuration cannot be worked with: its recommendations are old or none.

use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "vpa-not-working",
    title: "Vertical autoscaler does not work",
    rows: &[],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::VerticalPodAutoscaler],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for vpa in view.snapshot.customs(Kind::VerticalPodAutoscaler).iter().filter(|v| !v.metadata.is_going()) {
        let target = target(vpa);
        for condition in vpa.conditions().iter().filter(|c| holds(view, c)) {
            let rests = target.as_ref().is_some_and(|t| rests(view, t));
            if condition.kind == "ConfigUnsupported" || (condition.kind == "NoPodsMatched" && !rests) {
                verdict.found(fault(view, vpa, condition, target.as_ref()));
                break;
            }
        }
    }
    verdict
}

fn holds(view: &View<'_>, condition: &Condition) -> bool {
    let lasts = condition.last_transition_time.age(view.now).is_none_or(|age| age >= view.thresholds.settle);
    condition.status == "True" && lasts
}

fn target(vpa: &Custom) -> Option<ObjectRef> {
    let text = |key: &str| vpa.text(&["spec", "targetRef", key]);
    let kind = Kind::of(text("apiVersion").unwrap_or_default(), text("kind")?)?;
    Some(ObjectRef::new(kind, &vpa.metadata.namespace, text("name")?))
}

/// Whether a target has no pods on purpose: it is at zero, or its pods come and go.
fn rests(view: &View<'_>, target: &ObjectRef) -> bool {
    let zero = view.workload(target).is_some_and(|w| target.kind != Kind::DaemonSet && w.wanted() == 0);
    zero || matches!(target.kind, Kind::Job | Kind::CronJob)
}

fn fault(view: &View<'_>, vpa: &Custom, condition: &Condition, target: Option<&ObjectRef>) -> Fault {
    let text = |key: &str| vpa.text(&["spec", "targetRef", key]).unwrap_or_default();
    let named = format!("{} {}", text("kind").to_ascii_lowercase(), text("name"));
    let message = match condition.kind.as_str() {
        "NoPodsMatched" => format!("the autoscaler finds no pods of {named}"),
        _ => format!("the autoscaler cannot work with {named} as it is configured"),
    };
    let fault = Fault::on(vpa.metadata.object(Kind::VerticalPodAutoscaler), &message)
        .seen(format!("status.conditions[{}].message", condition.kind), condition.message.as_str())
        .fact("vpa", &vpa.metadata.name)
        .fact("target", named)
        .since(condition.last_transition_time);
    match target {
        Some(object) if view.lookup(object.kind, &object.namespace, &object.name) == Lookup::Missing => {
            fault.because_of(object.clone())
        }
        Some(object) => fault.involving(object.clone()),
        None => fault,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, workload};

    const WEB: &str = "verticalpodautoscaler shop/web";

    fn vpa() -> Thing {
        thing("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", "shop/web")
            .set("spec.targetRef", json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": "web" }))
            .condition("RecommendationProvided", "True", "")
    }

    #[test]
    fn no_pods_and_an_unsupported_configuration_are_found() {
        let alone = vpa().condition("NoPodsMatched", "True", "NoPodsMatched");
        cluster()
            .with(alone)
            .finds(&CHECK, &[WEB])
            .says("the autoscaler finds no pods of deployment web")
            .blames("deployment shop/web");
        let odd = vpa()
            .condition("ConfigUnsupported", "True", "")
            .set("status.conditions.1.message", "Cannot read targetRef. Reason: scale not available");
        let verdict = cluster().with(odd).with(workload("Deployment", "shop/web", 2)).finds(&CHECK, &[WEB]);
        assert!(verdict.faults[0].statements[0].text.contains("targetRef"));
    }

    #[test]
    fn a_target_at_zero_a_timed_one_and_other_conditions_are_fine() {
        let alone = vpa().condition("NoPodsMatched", "True", "NoPodsMatched");
        cluster().with(alone.clone()).with(workload("Deployment", "shop/web", 0)).is_fine(&CHECK);
        let timed = json!({ "apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly" });
        cluster().with(alone.clone().set("spec.targetRef", timed)).is_fine(&CHECK);
        cluster().with(alone.set("status.conditions.1.lastTransitionTime", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        cluster()
            .with(vpa().condition("LowConfidence", "True", "").condition("NoPodsMatched", "False", ""))
            .is_fine(&CHECK);
    }
}
