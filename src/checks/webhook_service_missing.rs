//! The service of a webhook does not exist: mostly the operator is gone and has left its configuration behind.

use super::webhook_targets::{Hook, hooks, same_service};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, ServiceRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "webhook-service-missing",
    title: "Service of a webhook does not exist",
    rows: &[93],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::ValidatingWebhookConfiguration,
        Kind::MutatingWebhookConfiguration,
        Kind::CustomResourceDefinition,
        Kind::Service,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let fresh = |hook: &Hook<'_>| view.meta(&hook.object).is_some_and(|meta| view.is_fresh(meta));
    for hook in hooks(view, same_service).into_iter().filter(|hook| !fresh(hook)) {
        let Some(service) = &hook.client.service else { continue };
        match view.lookup(Kind::Service, &service.namespace, &service.name) {
            Lookup::Found => {}
            Lookup::Unknown(why) => verdict.unknown(why),
            Lookup::Missing => verdict.found(fault(&hook, service)),
        }
    }
    verdict
}

fn fault(hook: &Hook<'_>, service: &ServiceRef) -> Fault {
    let (namespace, name) = (&service.namespace, &service.name);
    let said = format!("{} is served by {namespace}/{name}, which does not exist: {}", hook.name(), hook.consequence());
    let fault = Fault::on(hook.object.clone(), &said)
        .seen("clientConfig.service", format!("{namespace}/{name}"))
        .because_of(ObjectRef::new(Kind::Service, namespace, name))
        .fact("webhook", hook.names.first().copied().unwrap_or_default())
        .fact("webhook_service", name)
        .fact("service_namespace", namespace);
    if hook.closed { fault } else { fault.severity(Severity::Low) }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, service};
    use crate::checks::webhook_targets::{converted, webhooks};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const VALIDATING: &str = "ValidatingWebhookConfiguration";

    #[test]
    fn a_service_that_does_not_exist_is_to_blame_and_what_it_blocks_is_told() {
        let verdict =
            cluster().with(webhooks(VALIDATING, "guard")).finds(&CHECK, &["validatingwebhookconfiguration guard"]);
        verdict.says("guard.example.com is served by shop/guard, which does not exist: CREATE of pods fails");
        verdict.blames("service shop/guard");
        cluster().with(webhooks(VALIDATING, "guard")).with(service("shop/guard")).is_fine(&CHECK);
    }

    #[test]
    fn what_may_be_ignored_weighs_little() {
        // k8sgpt does not look at the failure policy.
        let open = webhooks("MutatingWebhookConfiguration", "guard").set("webhooks.0.failurePolicy", "Ignore");
        let verdict = cluster().with(open).finds(&CHECK, &["mutatingwebhookconfiguration guard"]);
        assert_eq!(verdict.says("requests pass unchecked").faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn webhooks_of_one_service_are_one_fault_and_the_strict_one_counts() {
        let two = webhooks(VALIDATING, "guard").set("webhooks.0.failurePolicy", "Ignore");
        let strict = webhooks(VALIDATING, "strict").0["webhooks"][0].clone();
        let two = two.set("webhooks.1", strict);
        let verdict = cluster().with(two).finds(&CHECK, &["validatingwebhookconfiguration guard"]);
        assert_eq!(verdict.says("strict.example.com is served by").faults[0].severity, None);
    }

    #[test]
    fn of_two_configurations_the_one_that_refuses_is_told_first() {
        let open = webhooks(VALIDATING, "audit").set("webhooks.0.failurePolicy", "Ignore");
        let both = cluster().with(open).with(webhooks("MutatingWebhookConfiguration", "strict"));
        let verdict =
            both.finds(&CHECK, &["mutatingwebhookconfiguration strict", "validatingwebhookconfiguration audit"]);
        assert_eq!(verdict.faults[0].facts[0], ("webhook", "strict.example.com".to_owned()));
    }

    #[test]
    fn conversion_counts_and_a_webhook_outside_of_the_cluster_does_not() {
        let verdict = cluster().with(converted()).finds(&CHECK, &["customresourcedefinition carts.example.com"]);
        verdict.says("conversion of carts fails");
        let idle = converted().set("spec.conversion.strategy", "None");
        cluster().with(idle).is_fine(&CHECK);
        let outside = webhooks(VALIDATING, "guard")
            .unset("webhooks.0.clientConfig.service")
            .set("webhooks.0.clientConfig.url", "https://guard.example.com");
        cluster().with(outside).is_fine(&CHECK);
    }

    #[test]
    fn services_that_may_not_be_read_are_not_missing() {
        let guard = cluster().with(webhooks(VALIDATING, "guard")).without(Kind::Service);
        guard.cannot_say(&CHECK, "services: forbidden");
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster()
            .with(webhooks(VALIDATING, "guard").set("metadata.creationTimestamp", "2026-11-26T11:59:50Z"))
            .is_fine(&CHECK);
    }
}
