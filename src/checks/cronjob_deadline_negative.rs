//! A cron job gives its starts a deadline below zero: every start is too late, and the API refuses the object.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "cronjob-deadline-negative",
    title: "CronJob has a negative starting deadline",
    rows: &[55],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::CronJob],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for cron in &view.snapshot.cron_jobs {
        let Some(seconds) = cron.spec.starting_deadline_seconds.filter(|seconds| *seconds < 0) else { continue };
        verdict.found(
            Fault::on(
                cron.metadata.object(Kind::CronJob),
                &format!("startingDeadlineSeconds is {seconds}, so every start counts as missed"),
            )
            .seen("spec.startingDeadlineSeconds", seconds.to_string())
            .fact("cronjob", &cron.metadata.name),
        );
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, thing};

    #[test]
    fn a_deadline_below_zero_is_found() {
        let cron = thing("batch/v1", "CronJob", "shop/backup").set("spec.startingDeadlineSeconds", -60);
        cluster().with(cron).as_manifests().finds(&CHECK, &["cronjob shop/backup"]).says("is -60");
    }

    #[test]
    fn a_deadline_above_zero_and_none_are_fine() {
        let cron = thing("batch/v1", "CronJob", "shop/backup");
        cluster().with(cron.clone()).is_fine(&CHECK);
        cluster().with(cron.set("spec.startingDeadlineSeconds", 200)).is_fine(&CHECK);
    }
}
