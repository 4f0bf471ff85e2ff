//! KEDA cannot scale: its target does not exist or lacks requests, or a trigger cannot be asked.

use serde_json::Value;

use super::autoscaling::{Target, named, target, unfit, warned};
use super::requests::lacking;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, CrossRef, Custom, Event, Kind, ObjectRef, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "keda-scaler-failing",
    title: "KEDA cannot scale",
    rows: &[69],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::ScaledObject, Kind::Deployment, Kind::StatefulSet, Kind::Pod],
    hygiene: false,
    run,
};

/// A trigger that cannot be asked so often, half a minute apart, is no hiccup.
const TIMES: i64 = 3;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for scaled in view.snapshot.customs(Kind::ScaledObject).iter().filter(|s| !s.metadata.is_going() && !is_paused(s)) {
        match by_spec(view, scaled) {
            Ok(found) => verdict.faults.extend(found.or_else(|| by_status(view, scaled))),
            Err(why) => {
                verdict.unknown(why);
                verdict.faults.extend(by_status(view, scaled));
            }
        }
    }
    verdict
}

/// Whether a person stopped it.
fn is_paused(scaled: &Custom) -> bool {
    let written = |name: &str| scaled.metadata.annotations.get(&format!("autoscaling.keda.sh/{name}"));
    let said = condition(&scaled.conditions(), "Paused").is_some_and(|c| c.status == "True");
    said || written("paused-replicas").is_some() || written("paused").is_some_and(|v| v != "false")
}

/// What is wrong with what is asked for.
fn by_spec(view: &View<'_>, scaled: &Custom) -> Result<Option<Fault>, String> {
    let reference = reference(scaled);
    match target(view, &scaled.metadata.namespace, &reference) {
        Target::Found(workload) => without_request(view, scaled, &workload),
        Target::Missing(_) if view.is_fresh(&scaled.metadata) => Ok(None),
        Target::Missing(object) => {
            let message = format!("the ScaledObject scales {}, which does not exist", named(&reference));
            Ok(Some(fault(view, scaled, &message).because_of(object)))
        }
        Target::Unfit => Ok(Some(fault(view, scaled, &unfit(&reference)))),
        Target::Foreign => Ok(None),
        Target::Unknown(why) => Err(why),
    }
}

/// The target; a `Deployment` where no kind is given.
fn reference(scaled: &Custom) -> CrossRef {
    let text = |key: &str| scaled.text(&["spec", "scaleTargetRef", key]).filter(|t| !t.is_empty());
    CrossRef {
        api_version: text("apiVersion").unwrap_or("apps/v1").to_owned(),
        kind: text("kind").unwrap_or("Deployment").to_owned(),
        name: text("name").unwrap_or_default().to_owned(),
        ..CrossRef::default()
    }
}

/// A trigger on a share of the request of a container that states none.
fn without_request(view: &View<'_>, scaled: &Custom, workload: &ObjectRef) -> Result<Option<Fault>, String> {
    for trigger in scaled.spec.get("triggers").and_then(Value::as_array).into_iter().flatten() {
        let text = |path: &str| trigger.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let resource = text("/type");
        // Before KEDA 2.6 the type of the metric stood in the metadata.
        let relative = [text("/metricType"), text("/metadata/type")].contains(&"Utilization");
        if !relative || !["cpu", "memory"].contains(&resource) {
            continue;
        }
        if let Some(container) = lacking(view, workload, resource, text("/metadata/containerName"))?.first() {
            let target = named(&reference(scaled));
            let message = format!(
                "the {resource} trigger needs a {resource} request, and container {container} of {target} has none"
            );
            let fault = fault(view, scaled, &message).because_of(workload.clone());
            return Ok(Some(fault.fact("container", *container).fact("resource", resource)));
        }
    }
    Ok(None)
}

/// What KEDA says of it. In its first minutes it has not asked its triggers yet.
fn by_status(view: &View<'_>, scaled: &Custom) -> Option<Fault> {
    let young = scaled.metadata.creation_timestamp.age(view.now).is_some_and(|age| age < view.thresholds.settle);
    if young {
        return None;
    }
    let conditions = scaled.conditions();
    let bad =
        ["Ready", "Active", "Fallback"].into_iter().filter_map(|kind| condition(&conditions, kind)).find(|c| is_bad(c));
    let message = match bad {
        Some(c) => format!("KEDA reports {} {} ({})", c.kind, c.status, c.reason),
        None => format!("KEDA fails to ask a trigger, {} times by now", failures(view, scaled)?),
    };
    let fault = bad.into_iter().fold(fault(view, scaled, &message), |fault, c| {
        fault.seen(format!("status.conditions[{}].message", c.kind), c.message.as_str())
    });
    Some(fault)
}

/// Unknown without a reason is how each condition begins; `Active` is false whenever there is nothing to do.
fn is_bad(condition: &Condition) -> bool {
    match (condition.kind.as_str(), condition.status.as_str()) {
        ("Ready", "False") | ("Fallback", "True") => true,
        ("Ready" | "Active", "Unknown") => !condition.reason.is_empty(),
        _ => false,
    }
}

/// How often a trigger could not be asked, if that goes on.
fn failures(view: &View<'_>, scaled: &Custom) -> Option<i64> {
    let warnings = view.warnings(&scaled.metadata.object(Kind::ScaledObject));
    let now = warnings.into_iter().filter(|e| view.is_recent(e.last(), view.thresholds.settle));
    let times: i64 = now.filter(|e| e.reason == "KEDAScalerFailed").map(Event::times).sum();
    (times >= TIMES).then_some(times)
}

fn fault(view: &View<'_>, scaled: &Custom, message: &str) -> Fault {
    let reference = reference(scaled);
    let fault = warned(view, Fault::on(scaled.metadata.object(Kind::ScaledObject), message));
    let deployment = Some(reference.name.as_str()).filter(|_| reference.kind == "Deployment");
    fault
        .fact("scaledobject", &scaled.metadata.name)
        .fact("target", named(&reference))
        .fact("deployment", deployment.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, thing, warning, workload};
    use crate::evidence::cluster::Kind;

    const QUEUE: &str = "scaledobject shop/queue";

    fn scaled() -> Thing {
        thing("keda.sh/v1alpha1", "ScaledObject", "shop/queue")
            .set("spec.scaleTargetRef.name", "web")
            .set("spec.triggers", json!([{ "type": "rabbitmq", "metadata": { "queueName": "orders" } }]))
            .condition("Ready", "True", "ScaledObjectReady")
            .condition("Active", "False", "ScalerNotActive")
    }

    fn with_target(scaled: Thing) -> Cluster {
        cluster().with(scaled).with(workload("Deployment", "shop/web", 1))
    }

    #[test]
    fn a_target_that_does_not_exist_is_to_blame() {
        cluster()
            .with(scaled())
            .finds(&CHECK, &[QUEUE])
            .says("the ScaledObject scales deployment web")
            .blames("deployment shop/web");
        with_target(scaled()).is_fine(&CHECK);
        cluster().with(scaled()).without(Kind::Deployment).cannot_say(&CHECK, "deployments: forbidden");
        let rollout = scaled()
            .set("spec.scaleTargetRef.kind", "Rollout")
            .set("spec.scaleTargetRef.apiVersion", "argoproj.io/v1alpha1");
        cluster().with(rollout).is_fine(&CHECK);
    }

    #[test]
    fn a_trigger_on_cpu_needs_the_request_unless_it_aims_at_an_amount() {
        let trigger = |of: &str| {
            scaled().set("spec.triggers.0", json!({ "type": "cpu", "metricType": of, "metadata": { "value": "60" } }))
        };
        let bare = workload("Deployment", "shop/web", 1).unset("spec.template.spec.containers.0.resources");
        let found = cluster().with(trigger("Utilization")).with(bare.clone()).finds(&CHECK, &[QUEUE]);
        found.says("the cpu trigger needs a cpu request, and container web of deployment web has none");
        with_target(trigger("Utilization")).is_fine(&CHECK);
        cluster().with(trigger("AverageValue")).with(bare).is_fine(&CHECK);
    }

    #[test]
    fn a_trigger_that_cannot_be_asked_is_found_in_conditions_and_events() {
        let failing = scaled().condition("Ready", "False", "TriggerError");
        with_target(failing).finds(&CHECK, &[QUEUE]).says("KEDA reports Ready False (TriggerError)");
        let event = warning(
            "ScaledObject",
            "shop/queue",
            "KEDAScalerFailed",
            "error inspecting rabbitMQ: dial tcp: connection refused",
        );
        let verdict = with_target(scaled()).with(event.clone()).finds(&CHECK, &[QUEUE]);
        assert!(verdict.says("4 times by now").faults[0].statements[0].text.contains("connection refused"));
        with_target(scaled()).with(event.clone().set("count", 1)).is_fine(&CHECK);
        with_target(scaled()).with(event.set("lastTimestamp", "2026-11-26T11:30:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn a_paused_one_and_one_that_has_just_begun_are_fine() {
        let failing = scaled().condition("Ready", "False", "TriggerError");
        with_target(failing.clone().set("metadata.annotations.autoscaling~keda~sh/paused", "true")).is_fine(&CHECK);
        with_target(failing.clone().condition("Paused", "True", "ScaledObjectPaused")).is_fine(&CHECK);
        with_target(failing.set("metadata.creationTimestamp", "2026-11-26T11:59:00Z")).is_fine(&CHECK);
        with_target(scaled().condition("Active", "Unknown", "")).is_fine(&CHECK);
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(scaled().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }
}
