//! cert-manager does not get a certificate: the first one never came, or a renewal fails.

use super::denials::{denied, in_words, quoted};
use super::ended_pods::DAY;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "certificate-not-ready",
    title: "Certificate not issued",
    rows: &[131],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Certificate, Kind::CertificateRequest, Kind::Issuer, Kind::ClusterIssuer],
    hygiene: false,
    run,
};

const GROUP: &str = "cert-manager.io";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for certificate in view.snapshot.customs(Kind::Certificate).iter().filter(|c| !c.metadata.is_going()) {
        let Some(condition) = trouble(view, certificate) else { continue };
        let culprit = culprit(view, certificate).unwrap_or_else(|why| {
            verdict.unknown(why);
            None
        });
        let missing = culprit.as_ref().filter(|c| c.is_missing);
        let why = missing.map_or_else(|| in_words(&condition), |c| format!("{} does not exist", c.object));
        let fault = requested(view, certificate, fault(view, certificate, &condition, &why));
        verdict.found(match culprit {
            Some(issuer) => fault.because_of(issuer.object),
            None => fault,
        });
    }
    let requests = view.snapshot.customs(Kind::CertificateRequest).iter();
    verdict.faults.extend(requests.filter_map(|request| refused(view, request)));
    verdict
}

/// A request that failed and that no certificate tells of: those of drivers and of persons. Tries of yesterday are history.
fn refused(view: &View<'_>, request: &Custom) -> Option<Fault> {
    let told = request.metadata.controller().is_some_and(|owner| owner.kind == "Certificate");
    let ready = denied(view, request, "Ready").filter(|c| matches!(c.reason.as_str(), "Failed" | "Denied"))?;
    if told || request.metadata.is_going() || !view.is_recent(ready.last_transition_time, DAY) {
        return None;
    }
    let name = &request.metadata.name;
    let message = format!("the certificate that request {name} asks for is not issued ({})", in_words(&ready));
    let fault = quoted(Fault::on(request.metadata.object(Kind::CertificateRequest), &message), &ready);
    let issuer = request.text(&["spec", "issuerRef", "name"]).unwrap_or_default();
    Some(fault.fact("issuer", issuer).severity(Severity::Medium))
}

/// The condition that says that it is not there or not renewed. A renewal that goes well leaves `Ready` alone.
fn trouble(view: &View<'_>, certificate: &Custom) -> Option<Condition> {
    let renewal = || denied(view, certificate, "Issuing").filter(|c| c.reason == "Failed");
    denied(view, certificate, "Ready").or_else(renewal)
}

/// Whether what is in the `Secret` still serves: then nobody notices yet.
fn is_valid(view: &View<'_>, certificate: &Custom) -> bool {
    let end = certificate.text(&["status", "notAfter"]).and_then(|t| t.parse().ok());
    end.is_some_and(|end: jiff::Timestamp| end > view.now)
}

fn fault(view: &View<'_>, certificate: &Custom, condition: &Condition, why: &str) -> Fault {
    let valid = is_valid(view, certificate);
    let what = if valid { "cannot be renewed, although the old one is still valid" } else { "is not issued" };
    let name = &certificate.metadata.name;
    let message = format!("certificate {name} {what} ({why})");
    let fault = quoted(Fault::on(certificate.metadata.object(Kind::Certificate), &message), condition)
        .fact("certificate", name)
        .fact("secret", certificate.text(&["spec", "secretName"]).unwrap_or_default());
    if valid { fault.severity(Severity::Medium) } else { fault }
}

/// Adds what the newest request says: the certificate itself often only says that it does not exist.
fn requested(view: &View<'_>, certificate: &Custom, fault: Fault) -> Fault {
    let requests = view.snapshot.customs(Kind::CertificateRequest).iter();
    let own = requests.filter(|r| view.owners(&r.metadata).contains(&fault.subject));
    let Some(newest) = own.max_by_key(|r| r.metadata.creation_timestamp) else { return fault };
    let path = format!("certificaterequest {} status.conditions", newest.metadata.name);
    let told = |c: &Condition| match c.kind.as_str() {
        "Ready" => c.status == "False",
        "Denied" | "InvalidRequest" => c.status == "True",
        _ => false,
    };
    let fault = fault.fact("issuer", certificate.text(&["spec", "issuerRef", "name"]).unwrap_or_default());
    newest.conditions().into_iter().filter(told).fold(fault, |fault, c| {
        let path = format!("{path}[{}]", c.kind);
        fault.seen(format!("{path}.message"), c.message).seen(format!("{path}.reason"), c.reason)
    })
}

/// The issuer that is to blame.
struct Culprit {
    object: ObjectRef,
    is_missing: bool,
}

/// The issuer, where it is to blame: it is not ready, or there is none. Issuers of other groups are not known.
fn culprit(view: &View<'_>, certificate: &Custom) -> Result<Option<Culprit>, String> {
    let text = |key: &str| certificate.text(&["spec", "issuerRef", key]).filter(|t| !t.is_empty());
    let Some(name) = text("name").filter(|_| text("group").unwrap_or(GROUP) == GROUP) else { return Ok(None) };
    let kind = if text("kind") == Some("ClusterIssuer") { Kind::ClusterIssuer } else { Kind::Issuer };
    let issuer = ObjectRef::new(kind, &certificate.metadata.namespace, name);
    match view.lookup(kind, &issuer.namespace, name) {
        Lookup::Missing => Ok(Some(Culprit { object: issuer, is_missing: true })),
        Lookup::Unknown(why) => Err(why),
        Lookup::Found => {
            let all = view.snapshot.customs(kind).iter();
            let mut own = all.filter(|i| i.metadata.object(kind) == issuer);
            let refused = own.any(|i| denied(view, i, "Ready").is_some());
            Ok(refused.then_some(Culprit { object: issuer, is_missing: false }))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::evidence::cluster::Kind;

    const WEB: &str = "certificate shop/web";

    fn certificate(ready: &str) -> Thing {
        thing("cert-manager.io/v1", "Certificate", "shop/web")
            .set("spec", json!({ "secretName": "web-tls", "issuerRef": { "name": "ca" } }))
            .condition("Ready", ready, "DoesNotExist")
    }

    fn issuer(ready: &str) -> Thing {
        thing("cert-manager.io/v1", "Issuer", "shop/ca").condition("Ready", ready, "")
    }

    #[test]
    fn the_newest_request_says_why() {
        let request = |name: &str, created: &str, message: &str| {
            thing("cert-manager.io/v1", "CertificateRequest", name)
                .owned_by("cert-manager.io/v1", "Certificate", "web")
                .set("metadata.creationTimestamp", created)
                .condition("Approved", "True", "cert-manager.io")
                .condition("Ready", "False", "Failed")
                .set("status.conditions.1.message", message)
        };
        let told = cluster()
            .with(certificate("False"))
            .with(issuer("True"))
            .with(request("shop/web-2", "2026-11-26T10:00:00Z", "order is in \"invalid\" state"))
            .with(request("shop/web-1", "2026-11-25T10:00:00Z", "old"))
            .finds(&CHECK, &[WEB]);
        let texts: Vec<&str> = told.faults[0].statements.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(texts, ["DoesNotExist", "order is in \"invalid\" state", "Failed"]);
        assert_eq!(told.faults[0].culprit, None);
    }

    #[test]
    fn an_issuer_that_is_not_ready_or_missing_is_to_blame() {
        cluster().with(certificate("False")).with(issuer("False")).finds(&CHECK, &[WEB]).blames("issuer shop/ca");
        let other = thing("cert-manager.io/v1", "Issuer", "shop/other").condition("Ready", "True", "");
        let verdict = cluster().with(certificate("False")).with(other).finds(&CHECK, &[WEB]);
        verdict.says("certificate web is not issued (issuer shop/ca does not exist)").blames("issuer shop/ca");
        let hidden = cluster().with(certificate("False")).without(Kind::Issuer).finds(&CHECK, &[WEB]);
        assert!(hidden.faults[0].culprit.is_none() && hidden.unknown.contains("issuers: forbidden"));
        let foreign = certificate("False").set("spec.issuerRef.group", "awspca.cert-manager.io");
        assert_eq!(cluster().with(foreign).finds(&CHECK, &[WEB]).faults[0].culprit, None);
    }

    #[test]
    fn one_that_is_ready_under_way_or_being_renewed_is_fine() {
        cluster().with(certificate("True")).with(issuer("True")).is_fine(&CHECK);
        let renewed = certificate("True").condition("Issuing", "True", "Renewing");
        cluster().with(renewed).with(issuer("True")).is_fine(&CHECK);
        let young = certificate("False").set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(young).with(issuer("True")).is_fine(&CHECK);
    }

    #[test]
    fn a_renewal_that_fails_while_the_old_one_is_valid_is_less_bad() {
        let failing =
            certificate("True").condition("Issuing", "False", "Failed").set("status.notAfter", "2026-12-20T00:00:00Z");
        let told = cluster().with(failing).with(issuer("True")).finds(&CHECK, &[WEB]);
        assert_eq!(told.says("still valid").faults[0].severity, Some(crate::finding::Severity::Medium));
    }

    #[test]
    fn a_request_of_a_driver_tells_for_a_day_that_it_failed() {
        let request = thing("cert-manager.io/v1", "CertificateRequest", "shop/csi-1")
            .set("spec.issuerRef.name", "ca")
            .condition("Ready", "False", "Denied");
        let told = cluster().with(request.clone()).finds(&CHECK, &["certificaterequest shop/csi-1"]);
        told.says("request csi-1 asks for is not issued (Denied)");
        cluster().with(request.clone().condition("Ready", "False", "Pending")).is_fine(&CHECK);
        let old = request.clone().set("status.conditions.0.lastTransitionTime", "2026-11-20T10:00:00Z");
        cluster().with(old).is_fine(&CHECK);
        cluster().with(request.owned_by("cert-manager.io/v1", "Certificate", "web")).is_fine(&CHECK);
    }
}
