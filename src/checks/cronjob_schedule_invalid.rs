//! The schedule or time zone of a cron job cannot be read, or names no day that exists: it never runs.

use super::schedule::{has_zone, parse};
use super::time_zone::zone_fault;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{CronJob, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "cronjob-schedule-invalid",
    title: "CronJob has no valid schedule",
    rows: &[54],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::CronJob],
    hygiene: false,
    run,
};

/// Reasons by which the controller says that it cannot read it.
pub(super) const REFUSALS: &[&str] = &["UnparseableSchedule", "InvalidSchedule", "UnknownTimeZone"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for cron in view.snapshot.cron_jobs.iter().filter(|c| !c.metadata.is_going()) {
        if let Some(fault) = of_schedule(view, cron).or_else(|| of_zone(cron)).or_else(|| said(view, cron)) {
            verdict.found(fault);
        }
    }
    verdict
}

fn of_schedule(view: &View<'_>, cron: &CronJob) -> Option<Fault> {
    let text = cron.spec.schedule.as_str();
    let why = match parse(text) {
        Err(why) => why,
        Ok(schedule) => {
            let now = view.now.to_zoned(jiff::tz::TimeZone::UTC).datetime();
            if schedule.after(now).is_none() {
                "it names no day that exists".to_owned()
            } else {
                twice(view, cron)?.to_owned()
            }
        }
    };
    Some(fault(cron, &format!("the schedule {text:?} is not valid: {why}")).seen("spec.schedule", text))
}

/// A zone in the schedule is borne in objects of old; new ones are refused.
fn twice(view: &View<'_>, cron: &CronJob) -> Option<&'static str> {
    if !has_zone(&cron.spec.schedule) {
        None
    } else if cron.spec.time_zone.is_some() {
        Some("the zone stands in it and in timeZone")
    } else {
        view.is_manifests().then_some("the API refuses a zone in it, it belongs into timeZone")
    }
}

fn of_zone(cron: &CronJob) -> Option<Fault> {
    let zone = cron.spec.time_zone.as_deref()?;
    let why = zone_fault(zone)?;
    Some(fault(cron, &format!("the time zone is not valid: {why}")).seen("spec.timeZone", zone))
}

/// What the controller says itself, for it knows every zone; but not what it said of the text before.
fn said(view: &View<'_>, cron: &CronJob) -> Option<Fault> {
    let warnings = view.warnings(&cron.metadata.object(Kind::CronJob)).into_iter();
    let mut refusals = warnings.filter(|e| REFUSALS.contains(&e.reason.as_str()));
    let refusal = refusals.find(|e| {
        // The controller quotes the zone: `Europe/Paris` must not be found in `Europe/Pariss`.
        let zone = cron.spec.time_zone.as_ref().map(|zone| format!("{zone:?}"));
        let current = if e.reason == "UnknownTimeZone" { zone } else { Some(cron.spec.schedule.clone()) };
        current.is_some_and(|current| e.text().contains(&current))
    })?;
    let message = format!("its schedule is refused: {}", refusal.text().trim_end_matches('.'));
    Some(fault(cron, &message).seen(format!("event {}", refusal.reason), refusal.text()))
}

fn fault(cron: &CronJob, message: &str) -> Fault {
    Fault::on(cron.metadata.object(Kind::CronJob), message)
        .fact("cronjob", &cron.metadata.name)
        .fact("schedule", &cron.spec.schedule)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, warning};

    fn cron(schedule: &str) -> Thing {
        thing("batch/v1", "CronJob", "shop/backup").set("spec.schedule", schedule)
    }

    #[test]
    fn a_schedule_that_is_no_schedule_is_found_with_the_reason() {
        let told = cluster().with(cron("0 3 * * 7")).as_manifests().finds(&CHECK, &["cronjob shop/backup"]);
        told.says("the schedule \"0 3 * * 7\" is not valid: day of week \"7\": 7 is above 6 (Sunday is 0)");
        cluster().with(cron("0 0 31 2 *")).finds(&CHECK, &["cronjob shop/backup"]).says("no day that exists");
        cluster().with(cron("0 3 * * mon-fri")).is_fine(&CHECK);
        cluster().with(cron("@daily")).is_fine(&CHECK);
    }

    #[test]
    fn a_zone_must_have_the_form_of_one_and_stand_in_one_place() {
        let berlin = cron("0 3 * * *").set("spec.timeZone", "Europe/Berlin");
        cluster().with(berlin.clone()).is_fine(&CHECK);
        cluster().with(berlin.clone().set("spec.timeZone", "Local")).finds(&CHECK, &["cronjob shop/backup"]);
        cluster().with(berlin.set("spec.schedule", "TZ=UTC 0 3 * * *")).finds(&CHECK, &["cronjob shop/backup"]);
        cluster().with(cron("TZ=UTC 0 3 * * *")).is_fine(&CHECK);
        cluster().with(cron("TZ=UTC 0 3 * * *")).as_manifests().finds(&CHECK, &["cronjob shop/backup"]);
    }

    #[test]
    fn a_zone_that_only_the_controller_knows_to_be_wrong_is_found_by_its_words() {
        let text = "invalid timeZone: \"Europe/Pariss\": unknown time zone Europe/Pariss";
        let said = warning("CronJob", "shop/backup", "UnknownTimeZone", text);
        let paris = |zone: &str| cluster().with(cron("0 3 * * *").set("spec.timeZone", zone)).with(said.clone());
        paris("Europe/Pariss").finds(&CHECK, &["cronjob shop/backup"]).says("unknown time zone Europe/Pariss");
        paris("Europe/Paris").is_fine(&CHECK);
    }
}
