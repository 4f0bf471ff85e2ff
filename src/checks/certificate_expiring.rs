//! A certificate of cert-manager has ended, or ends soon although it should have been renewed by now.

use jiff::Timestamp;

use super::denials::{settled, time};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Custom, Kind, Time};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "certificate-expiring",
    title: "Certificate expired or about to",
    rows: &[131],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Certificate],
    hygiene: false,
    run,
};

const DAY: i64 = 86_400;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for certificate in view.snapshot.customs(Kind::Certificate).iter().filter(|c| !c.metadata.is_going()) {
        let Some(end) = time(certificate, &["status", "notAfter"]).0 else { continue };
        let left = end.as_second() - view.now.as_second();
        if left <= 0 || (left <= view.thresholds.certificate && is_overdue(view, certificate)) {
            verdict.found(fault(certificate, end, left));
        }
    }
    verdict
}

/// Whether its renewal was due. One that lives for a week is always about to end, and well.
fn is_overdue(view: &View<'_>, certificate: &Custom) -> bool {
    settled(view, time(certificate, &["status", "renewalTime"]))
}

fn fault(certificate: &Custom, end: Timestamp, left: i64) -> Fault {
    let name = &certificate.metadata.name;
    let message = if left <= 0 {
        format!("certificate {name} ended at {end}")
    } else {
        format!("certificate {name} ends at {end} ({}), and its renewal is overdue", in_days(left))
    };
    let fault = Fault::on(certificate.metadata.object(Kind::Certificate), &message)
        .seen("status.notAfter", end.to_string())
        .fact("certificate", name)
        .fact("expiry", end.to_string())
        .fact("secret", certificate.text(&["spec", "secretName"]).unwrap_or_default());
    if left <= 0 { fault.since(Time(Some(end))) } else { fault.severity(Severity::Medium) }
}

fn in_days(seconds: i64) -> String {
    match seconds / DAY {
        0 => "within a day".to_owned(),
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::finding::Severity;

    fn certificate(end: &str, renewal: &str) -> Thing {
        thing("cert-manager.io/v1", "Certificate", "shop/web")
            .set("spec.secretName", "web-tls")
            .set("status.notAfter", end)
            .set("status.renewalTime", renewal)
    }

    #[test]
    fn one_that_has_ended_and_one_that_should_have_been_renewed_are_found() {
        cluster()
            .with(certificate("2026-11-25T00:00:00Z", "2026-10-26T00:00:00Z"))
            .finds(&CHECK, &["certificate shop/web"])
            .says("ended at 2026-11-25T00:00:00Z");
        let soon = cluster()
            .with(certificate("2026-12-01T12:00:00Z", "2026-11-10T00:00:00Z"))
            .finds(&CHECK, &["certificate shop/web"]);
        assert_eq!(soon.says("in 5 days").faults[0].severity, Some(Severity::Medium));
    }

    #[test]
    fn a_short_life_before_its_renewal_and_a_long_one_are_fine() {
        cluster().with(certificate("2026-11-29T00:00:00Z", "2026-11-27T00:00:00Z")).is_fine(&CHECK);
        cluster().with(certificate("2027-02-01T00:00:00Z", "2027-01-01T00:00:00Z")).is_fine(&CHECK);
        cluster().with(certificate("2026-11-29T00:00:00Z", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn one_that_was_never_issued_has_no_end() {
        cluster().with(certificate("", "")).is_fine(&CHECK);
    }
}
