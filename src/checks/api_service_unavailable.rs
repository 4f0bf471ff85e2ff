//! A group of the API that somebody else serves does not answer: metrics, or what an add-on brings.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{ApiService, Condition, Kind, ObjectRef, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "api-service-unavailable",
    title: "A group of the API is not available",
    rows: &[94],
    severity: Severity::High,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::APIService],
    hygiene: false,
    run,
};

/// The reason where the service that it names is not there.
const NO_SERVICE: &str = "ServiceNotFound";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for api in view.snapshot.api_services.iter().filter(|a| !a.metadata.is_going()) {
        let down = condition(&api.status.conditions, "Available").filter(|c| c.status == "False");
        if let Some(down) = down.filter(|c| !has_just_begun(view, c)) {
            verdict.found(fault(api, down));
        }
    }
    verdict
}

/// A restart of the only pod behind it takes a minute. A service that does not exist is none.
fn has_just_begun(view: &View<'_>, condition: &Condition) -> bool {
    let age = condition.last_transition_time.age(view.now);
    condition.reason != NO_SERVICE && age.is_some_and(|age| age < view.thresholds.settle)
}

fn fault(api: &ApiService, down: &Condition) -> Fault {
    let (group, version) = (&api.spec.group, &api.spec.version);
    let fault = Fault::on(
        api.metadata.object(Kind::APIService),
        &format!("nobody serves {group}/{version} of the API ({})", down.reason),
    )
    .seen("status.conditions[Available].message", down.message.as_str())
    .seen("status.conditions[Available].reason", down.reason.as_str())
    .since(down.last_transition_time);
    let Some(service) = &api.spec.service else { return fault };
    let object = ObjectRef::new(Kind::Service, &service.namespace, &service.name);
    let fault = fault.fact("service", &service.name).fact("namespace", &service.namespace);
    if down.reason == NO_SERVICE { fault.because_of(object) } else { fault.involving(object) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    const METRICS: &[&str] = &["apiservice v1beta1.metrics.k8s.io"];
    const REFUSED: &str = "failing or missing response from https://10.96.3.4:443/apis/metrics.k8s.io/v1beta1: dial tcp 10.96.3.4:443: connect: connection refused";

    fn metrics(status: &str, reason: &str) -> Thing {
        let service = json!({ "namespace": "kube-system", "name": "metrics-server", "port": 443 });
        thing("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io")
            .set("spec", json!({ "group": "metrics.k8s.io", "version": "v1beta1", "service": service }))
            .condition("Available", status, reason)
            .set("status.conditions.0.message", REFUSED)
    }

    #[test]
    fn a_group_that_does_not_answer_is_told_with_the_reason() {
        let verdict = cluster().with(metrics("False", "FailedDiscoveryCheck")).finds(&CHECK, METRICS);
        verdict.says("nobody serves metrics.k8s.io/v1beta1 of the API (FailedDiscoveryCheck)");
        let fault = &verdict.faults[0];
        assert_eq!((fault.statements[0].text.as_str(), fault.involves.len()), (REFUSED, 1));
    }

    #[test]
    fn a_service_that_is_missing_is_to_blame() {
        let verdict = cluster().with(metrics("False", "ServiceNotFound")).finds(&CHECK, METRICS);
        verdict.blames("service kube-system/metrics-server");
    }

    #[test]
    fn one_that_answers_a_local_one_and_a_restart_are_fine() {
        cluster().with(metrics("True", "Passed")).is_fine(&CHECK);
        let local = thing("apiregistration.k8s.io/v1", "APIService", "v1.apps").condition("Available", "True", "Local");
        cluster().with(local).is_fine(&CHECK);
        let late =
            metrics("False", "MissingEndpoints").set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(late).is_fine(&CHECK);
        let gone = metrics("False", "ServiceNotFound");
        let gone = gone.set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(gone).finds(&CHECK, METRICS);
    }
}
