//! The API that serves cpu and memory of pods is not there, or does not answer, and autoscalers need it.

use super::autoscaling::{denied, wants_resources};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{ApiService, Autoscaler, Condition, Kind, ObjectRef, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "metrics-server-missing",
    title: "Metrics API is not available",
    rows: &[63],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::HorizontalPodAutoscaler, Kind::APIService],
    hygiene: false,
    run,
};

const NAME: &str = "v1beta1.metrics.k8s.io";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let users = users(view);
    if users.is_empty() {
        return verdict;
    }
    match view.snapshot.api_services.iter().find(|s| s.metadata.name == NAME) {
        Some(service) => {
            let down = unavailable(view, service);
            verdict.faults.extend(down.into_iter().flat_map(|c| users.iter().map(|user| unanswered(user.clone(), c))));
        }
        None => match view.snapshot.reads.complete(Kind::APIService, "") {
            Err(why) if !is_told_to_be_absent(view) => verdict.unknown(why),
            Ok(()) | Err(_) => verdict.faults.extend(users.into_iter().map(absent)),
        },
    }
    verdict
}

/// The autoscalers that need it and do not have it. Where nobody does, a cluster without it is well.
fn users(view: &View<'_>) -> Vec<ObjectRef> {
    let horizontal =
        view.snapshot.autoscalers.iter().filter(|a| !a.metadata.is_going() && wants_resources(a) && !is_served(a));
    let vertical = view.snapshot.customs(Kind::VerticalPodAutoscaler).iter();
    let horizontal = horizontal.map(|a| a.metadata.object(Kind::HorizontalPodAutoscaler));
    horizontal.chain(vertical.map(|a| a.metadata.object(Kind::VerticalPodAutoscaler))).collect()
}

/// Whether an autoscaler works, so that somebody answers it.
fn is_served(hpa: &Autoscaler) -> bool {
    condition(&hpa.status.conditions, "ScalingActive").is_some_and(|c| c.status == "True")
}

/// Whether an autoscaler was told that nobody serves it, which is as good where `APIService`s may not be read.
fn is_told_to_be_absent(view: &View<'_>) -> bool {
    let mut said = view.snapshot.autoscalers.iter().filter_map(|a| denied(a, "ScalingActive"));
    said.any(|c| c.message.contains("could not find the requested resource (get pods.metrics.k8s.io)"))
}

/// The condition that says so, if it is no restart.
fn unavailable<'s>(view: &View<'_>, service: &'s ApiService) -> Option<&'s Condition> {
    let down = condition(&service.status.conditions, "Available").filter(|c| c.status == "False")?;
    view.lasts(down.last_transition_time, view.thresholds.settle).then_some(down)
}

fn absent(user: ObjectRef) -> Fault {
    fault(user, &format!("the autoscaler needs the metrics API, which is not installed (no APIService {NAME})"))
}

fn unanswered(user: ObjectRef, down: &Condition) -> Fault {
    fault(
        user,
        &format!("the autoscaler needs the metrics API, which does not answer (APIService {NAME}: {})", down.reason),
    )
    .seen(format!("apiservice {NAME} status.conditions[Available].message"), down.message.as_str())
    .since(down.last_transition_time)
}

fn fault(user: ObjectRef, message: &str) -> Fault {
    let hpa = Some(user.name.clone()).filter(|_| user.kind == Kind::HorizontalPodAutoscaler).unwrap_or_default();
    Fault::on(user, message).because_of(ObjectRef::new(Kind::APIService, "", NAME)).fact("hpa", hpa)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CHECK, NAME};
    use crate::checks::autoscaling::hpa;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::evidence::cluster::Kind;

    const WEB: &str = "horizontalpodautoscaler shop/web";

    fn blind() -> Thing {
        hpa("shop/web").condition("ScalingActive", "False", "FailedGetResourceMetric")
    }

    #[test]
    fn autoscalers_without_the_api_are_found_and_it_is_to_blame() {
        let vertical = thing("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", "shop/db");
        cluster()
            .with(blind())
            .with(vertical)
            .finds(&CHECK, &[WEB, "verticalpodautoscaler shop/db"])
            .says("no APIService v1beta1.metrics.k8s.io")
            .blames("apiservice v1beta1.metrics.k8s.io");
        cluster().with(blind()).without(Kind::APIService).cannot_say(&CHECK, "apiservices: forbidden");
    }

    #[test]
    fn an_api_that_does_not_answer_says_why_and_a_restart_is_none() {
        let api = |at: &str| {
            thing("apiregistration.k8s.io/v1", "APIService", NAME)
                .condition("Available", "False", "MissingEndpoints")
                .set("status.conditions.0.lastTransitionTime", at)
        };
        let old = cluster().with(blind()).with(api("2026-11-26T09:00:00Z"));
        old.finds(&CHECK, &[WEB]).says("MissingEndpoints");
        cluster().with(blind()).with(api("2026-11-26T11:58:00Z")).is_fine(&CHECK);
        let well = api("2026-11-26T09:00:00Z").condition("Available", "True", "Passed");
        cluster().with(blind()).with(well).is_fine(&CHECK);
    }

    #[test]
    fn where_apis_may_not_be_read_an_autoscaler_may_know() {
        // A dump of the usual kinds holds no APIServices.
        let message = "unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";
        let told = blind().set("status.conditions.2.message", message);
        cluster().with(told).without(Kind::APIService).finds(&CHECK, &[WEB]).says("no APIService");
    }

    #[test]
    fn where_nobody_needs_it_it_may_be_missing() {
        cluster().is_fine(&CHECK);
        // It scales, so somebody answers it.
        cluster().with(hpa("shop/web")).is_fine(&CHECK);
        let external = json!([{ "type": "External", "external": { "metric": { "name": "queue" } } }]);
        cluster().with(blind().set("spec.metrics", external)).is_fine(&CHECK);
    }
}
