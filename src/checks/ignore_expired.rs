//! An annotation asks to ignore something and has run out, or does not say why.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{KINDS, Kind, Meta, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ignore-expired",
    title: "An ignore has run out or has no reason",
    rows: &[],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Pod],
    hygiene: false,
    run,
};

/// The checks to ignore, by commas, or `*`.
const IGNORE: &str = "idp.dev/ignore";
/// Why. Without it nothing is ignored.
const REASON: &str = "idp.dev/ignore-reason";
/// Until when: a date or a time. Afterwards nothing is ignored.
const UNTIL: &str = "idp.dev/ignore-until";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for info in KINDS {
        for meta in view.snapshot.metas(info.kind) {
            if let Some(what) = annotation(view, meta).err() {
                verdict.found(
                    Fault::on(meta.object(info.kind), &what).seen(
                        format!("metadata.annotations[{IGNORE}]"),
                        meta.annotations.get(IGNORE).unwrap_or_default(),
                    ),
                );
            }
        }
    }
    verdict
}

/// What an object asks to ignore: the checks and the reason.
fn annotation<'m>(view: &View<'_>, meta: &'m Meta) -> Result<Option<(&'m str, &'m str)>, String> {
    let Some(checks) = meta.annotations.get(IGNORE) else { return Ok(None) };
    let reason = meta.annotations.get(REASON).filter(|r| !r.trim().is_empty());
    let Some(reason) = reason else {
        return Err(format!("the annotation {IGNORE} has no reason ({REASON}), so nothing is ignored"));
    };
    let Some(until) = meta.annotations.get(UNTIL) else { return Ok(Some((checks, reason))) };
    let date =
        until.parse::<jiff::civil::Date>().ok().and_then(|d| d.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok());
    let end = until.parse::<jiff::Timestamp>().ok().or(date.map(|d| d.timestamp()));
    match end {
        None => Err(format!("the annotation {UNTIL} is neither a date nor a time ({until}), so nothing is ignored")),
        Some(end) if end <= view.now => Err(format!("the annotation {IGNORE} ran out on {until} ({reason})")),
        Some(_) => Ok(Some((checks, reason))),
    }
}

/// The reason for which an object, its owner or its namespace asks to ignore a fault.
pub(super) fn reason(view: &View<'_>, fault: &Fault) -> Option<String> {
    let subject = &fault.subject;
    let meta = view.meta(subject);
    let owners = meta.map(|m| view.owners(m)).unwrap_or_default();
    let namespace = ObjectRef::new(Kind::Namespace, "", &subject.namespace);
    let metas = meta.into_iter().chain(owners.iter().filter_map(|o| view.meta(o))).chain(view.meta(&namespace));
    let asks = metas.filter_map(|meta| annotation(view, meta).ok().flatten());
    let mut asks = asks.filter(|(checks, _)| checks.split(',').any(|c| c.trim() == "*" || c.trim() == fault.check));
    asks.next().map(|(_, reason)| reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{CHECK, reason};
    use crate::checks::View;
    use crate::checks::testing::{NOW, cluster, pod};
    use crate::evidence::cluster::{Kind, ObjectRef};
    use crate::finding::Fault;

    fn ignoring(reason: &str, until: &str) -> crate::checks::testing::Thing {
        pod("shop/web-0")
            .set("metadata.annotations.idp~dev/ignore", "container-oom-killed")
            .set("metadata.annotations.idp~dev/ignore-reason", reason)
            .set("metadata.annotations.idp~dev/ignore-until", until)
    }

    #[test]
    fn what_ran_out_or_has_no_reason_is_a_finding() {
        cluster()
            .with(ignoring("known", "2026-11-01"))
            .finds(&CHECK, &["pod shop/web-0"])
            .says("ran out on 2026-11-01");
        cluster().with(ignoring("", "2027-01-01")).finds(&CHECK, &["pod shop/web-0"]).says("no reason");
        cluster().with(ignoring("known", "soon")).finds(&CHECK, &["pod shop/web-0"]).says("neither a date");
        cluster().with(ignoring("known", "2027-01-01")).is_fine(&CHECK);
    }

    #[test]
    fn what_is_ignored_has_a_reason() {
        let snapshot = cluster().with(ignoring("known", "2027-01-01")).snapshot();
        let view = View::new(&snapshot, NOW.parse().expect("a time"));
        let fault = |check| Fault { check, ..Fault::on(ObjectRef::new(Kind::Pod, "shop", "web-0"), "x") };
        assert_eq!(reason(&view, &fault("container-oom-killed")).as_deref(), Some("known"));
        assert_eq!(reason(&view, &fault("image-pull-failed")), None);
    }
}
