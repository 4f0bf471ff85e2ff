//! Nobody is ready behind the service of a webhook: what it guards is refused, or passes unchecked.

use super::service_endpoints::{endpoints, is_settling};
use super::webhook_targets::{Hook, hooks, same_service};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Service};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "webhook-unavailable",
    title: "Nobody answers for a webhook",
    rows: &[93],
    severity: Severity::High,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[
        Kind::ValidatingWebhookConfiguration,
        Kind::MutatingWebhookConfiguration,
        Kind::CustomResourceDefinition,
        Kind::Service,
        Kind::Pod,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for hook in hooks(view, same_service) {
        // A service that is missing is told by `webhook-service-missing`.
        let target = hook.client.service.as_ref().and_then(|s| view.service(&s.namespace, &s.name));
        let Some(service) = target.filter(|s| s.spec.kind != "ExternalName" && !is_settling(view, s)) else { continue };
        match endpoints(view, service) {
            Ok(endpoints) if endpoints.ready > 0 => {}
            Ok(_) => verdict.found(fault(&hook, service)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

fn fault(hook: &Hook<'_>, service: &Service) -> Fault {
    let object = service.metadata.object(Kind::Service);
    let said = format!("{} has no ready endpoint behind {object}: {}", hook.name(), hook.consequence());
    let fault = Fault::on(hook.object.clone(), &said)
        .seen("clientConfig.service", format!("{}/{}", object.namespace, object.name))
        .fact("webhook", hook.names.first().copied().unwrap_or_default())
        .fact("webhook_service", &object.name)
        .fact("service_namespace", &object.namespace)
        .involving(object);
    if hook.closed { fault } else { fault.severity(Severity::Low) }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, endpoints, pod, service};
    use crate::checks::webhook_targets::{converted, webhooks};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const GUARD: &[&str] = &["validatingwebhookconfiguration guard"];

    fn guard() -> Cluster {
        cluster().with(webhooks("ValidatingWebhookConfiguration", "guard")).with(service("shop/guard"))
    }

    fn unready() -> Thing {
        pod("shop/guard-0").condition("Ready", "False", "ContainersNotReady")
    }

    #[test]
    fn nobody_ready_is_told_with_what_it_blocks() {
        let verdict = guard().with(unready()).with(endpoints("shop/guard", 0, 1)).finds(&CHECK, GUARD);
        verdict.says("guard.example.com has no ready endpoint behind service shop/guard: CREATE of pods fails");
        assert_eq!(verdict.faults[0].severity, None);
        guard().with(pod("shop/guard-0")).with(endpoints("shop/guard", 1, 0)).is_fine(&CHECK);
    }

    #[test]
    fn completed_pods_serve_nobody_and_say_nothing_against_the_others() {
        // k8sgpt reports a webhook for each pod of its service that is not running, completed ones too.
        let done =
            || pod("shop/guard-setup").set("status.phase", "Succeeded").condition("Ready", "False", "PodCompleted");
        let dump = || guard().without(Kind::EndpointSlice).with(done());
        dump().with(pod("shop/guard-0")).is_fine(&CHECK);
        dump().finds(&CHECK, GUARD);
    }

    #[test]
    fn what_may_be_ignored_weighs_little_and_conversion_much() {
        let open = webhooks("MutatingWebhookConfiguration", "guard").set("webhooks.0.failurePolicy", "Ignore");
        let verdict =
            cluster().with(open).with(service("shop/guard")).finds(&CHECK, &["mutatingwebhookconfiguration guard"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
        let carts = cluster().with(converted()).with(service("shop/guard"));
        carts.finds(&CHECK, &["customresourcedefinition carts.example.com"]).says("conversion of carts fails");
    }

    #[test]
    fn a_start_a_missing_service_and_an_external_name_are_quiet() {
        guard().with(unready().set("metadata.creationTimestamp", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        cluster().with(webhooks("ValidatingWebhookConfiguration", "guard")).is_fine(&CHECK);
        let away = service("shop/guard").set("spec.type", "ExternalName");
        cluster().with(webhooks("ValidatingWebhookConfiguration", "guard")).with(away).is_fine(&CHECK);
    }

    #[test]
    fn a_pod_that_crashes_or_gets_no_image_is_not_starting() {
        let young = || unready().set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
        let waits = |reason: &str| {
            young().set("status.containerStatuses.0.state", serde_json::json!({ "waiting": { "reason": reason } }))
        };
        for reason in ["CrashLoopBackOff", "ImagePullBackOff", "CreateContainerConfigError"] {
            guard().with(waits(reason)).finds(&CHECK, GUARD);
        }
        guard().with(waits("ContainerCreating")).is_fine(&CHECK);
    }

    #[test]
    fn endpoints_that_nobody_may_read_leave_it_open() {
        let blind = guard().without(Kind::EndpointSlice).without(Kind::Pod);
        blind.cannot_say(&CHECK, "endpointslices: forbidden");
    }
}
