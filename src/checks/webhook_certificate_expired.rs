//! The authority that a webhook's certificate is checked against has ended: every call to it fails.

use jiff::Timestamp;

use super::certificate_end::last_end;
use super::webhook_targets::{Hook, hooks};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Time};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "webhook-certificate-expired",
    title: "Certificate authority of a webhook has expired",
    rows: &[93],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::ValidatingWebhookConfiguration, Kind::MutatingWebhookConfiguration, Kind::CustomResourceDefinition],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for hook in hooks(view, |a, b| a.ca_bundle == b.ca_bundle) {
        // While an authority is replaced, the old and the new one stand side by side.
        if let Some(end) = last_end(&hook.client.ca_bundle).filter(|end| *end < view.now) {
            verdict.found(fault(&hook, end));
        }
    }
    verdict
}

fn fault(hook: &Hook<'_>, end: Timestamp) -> Fault {
    let said = format!("the caBundle of {} ended at {end}: {}", hook.name(), hook.consequence());
    let fault = Fault::on(hook.object.clone(), &said)
        .seen("clientConfig.caBundle", format!("notAfter {end}"))
        .fact("webhook", hook.names.first().copied().unwrap_or_default())
        .since(Time(Some(end)));
    let fault = hook.client.service.as_ref().map_or(fault.clone(), |service| {
        fault.fact("webhook_service", &service.name).fact("service_namespace", &service.namespace)
    });
    if hook.closed { fault } else { fault.severity(Severity::Low) }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::certificate_end::{ENDED, LASTING, bundle};
    use crate::checks::testing::{Thing, cluster};
    use crate::checks::webhook_targets::{converted, webhooks};
    use crate::finding::Severity;

    fn guard(certificates: &[&str]) -> Thing {
        webhooks("ValidatingWebhookConfiguration", "guard")
            .set("webhooks.0.clientConfig.caBundle", bundle(certificates))
    }

    #[test]
    fn an_authority_that_has_ended_is_told_with_its_end() {
        let verdict = cluster().with(guard(&[ENDED])).finds(&CHECK, &["validatingwebhookconfiguration guard"]);
        verdict.says("the caBundle of guard.example.com ended at 2026-01-01T00:00:00Z: CREATE of pods fails");
        let carts = converted().set("spec.conversion.webhook.clientConfig.caBundle", bundle(&[ENDED]));
        cluster().with(carts).finds(&CHECK, &["customresourcedefinition carts.example.com"]);
    }

    #[test]
    fn one_that_lasts_is_enough_and_none_is_another_matter() {
        cluster().with(guard(&[LASTING])).is_fine(&CHECK);
        cluster().with(guard(&[ENDED, LASTING])).is_fine(&CHECK);
        cluster().with(guard(&["bm9uZQ=="])).is_fine(&CHECK);
        cluster().with(webhooks("ValidatingWebhookConfiguration", "guard")).is_fine(&CHECK);
    }

    #[test]
    fn what_may_be_ignored_weighs_little() {
        let open = guard(&[ENDED]).set("webhooks.0.failurePolicy", "Ignore");
        let verdict = cluster().with(open).finds(&CHECK, &["validatingwebhookconfiguration guard"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }
}
