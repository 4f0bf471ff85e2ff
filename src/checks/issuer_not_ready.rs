//! An issuer of cert-manager does not work: nothing that names it gets a certificate.

use super::denials::{denied, in_words, quoted};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "issuer-not-ready",
    title: "Certificate issuer not ready",
    rows: &[131],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Issuer, Kind::ClusterIssuer],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for kind in [Kind::Issuer, Kind::ClusterIssuer] {
        for issuer in view.snapshot.customs(kind).iter().filter(|i| !i.metadata.is_going()) {
            if let Some(ready) = denied(view, issuer, "Ready") {
                verdict.found(fault(kind, issuer, &ready));
            }
        }
    }
    verdict
}

fn fault(kind: Kind, issuer: &Custom, ready: &Condition) -> Fault {
    let name = &issuer.metadata.name;
    let message = format!("{} {name} is not ready ({})", kind.name(), in_words(ready));
    quoted(Fault::on(issuer.metadata.object(kind), &message), ready)
        .fact("kind", kind.name())
        .fact("resource", name)
        .fact("message", ready.message.as_str())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn issuer(kind: &str, name: &str) -> Thing {
        thing("cert-manager.io/v1", kind, name)
    }

    #[test]
    fn an_issuer_that_is_refused_is_told_with_the_words_of_the_authority() {
        let message = "Failed to register ACME account: 429 urn:ietf:params:acme:error:rateLimited: too many requests";
        let refused = issuer("ClusterIssuer", "letsencrypt")
            .condition("Ready", "False", "ErrRegisterACMEAccount")
            .set("status.conditions.0.message", message);
        let verdict = cluster().with(refused).finds(&CHECK, &["clusterissuer letsencrypt"]);
        assert_eq!(verdict.says("ErrRegisterACMEAccount").faults[0].statements[0].text, message);
        let local = issuer("Issuer", "shop/ca").condition("Ready", "False", "ErrGetKeyPair");
        cluster().with(local).finds(&CHECK, &["issuer shop/ca"]);
    }

    #[test]
    fn one_that_works_and_one_that_was_made_a_minute_ago_are_fine() {
        cluster().with(issuer("Issuer", "shop/ca").condition("Ready", "True", "KeyPairVerified")).is_fine(&CHECK);
        let young = issuer("Issuer", "shop/ca")
            .condition("Ready", "False", "ErrInitIssuer")
            .set("status.conditions.0.lastTransitionTime", "2026-11-26T11:59:00Z");
        cluster().with(young).is_fine(&CHECK);
        cluster().with(issuer("Issuer", "shop/ca")).is_fine(&CHECK);
    }
}
