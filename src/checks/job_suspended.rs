//! A job or cron job is suspended: it does not run until somebody lets it.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Job, Kind, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "job-suspended",
    title: "Job is suspended",
    rows: &[53],
    severity: Severity::Info,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::CronJob, Kind::Job],
    hygiene: true,
    run,
};

/// Kueue lets jobs wait in a queue by suspending them.
const QUEUE: &str = "kueue.x-k8s.io/queue-name";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for cron in view.snapshot.cron_jobs.iter().filter(|c| c.spec.suspend && !c.metadata.is_going()) {
        verdict.found(
            Fault::on(cron.metadata.object(Kind::CronJob), "it is suspended, so no job is started")
                .seen("spec.suspend", "true"),
        );
    }
    for job in view.snapshot.jobs.iter().filter(|j| waits(j)) {
        let since = condition(&job.status.conditions, "Suspended").filter(|c| c.status == "True");
        verdict.found(
            Fault::on(job.metadata.object(Kind::Job), "it is suspended, so none of its pods runs")
                .seen("spec.suspend", "true")
                .since(since.map(|c| c.last_transition_time).unwrap_or_default()),
        );
    }
    verdict
}

fn waits(job: &Job) -> bool {
    job.spec.suspend && !job.is_over() && !job.metadata.is_going() && !job.metadata.labels.contains_key(QUEUE)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn job() -> Thing {
        thing("batch/v1", "Job", "shop/load").set("spec.suspend", true)
    }

    #[test]
    fn what_is_suspended_is_told() {
        let cron = thing("batch/v1", "CronJob", "shop/backup").set("spec.suspend", true);
        cluster().with(cron).with(job()).as_manifests().finds(&CHECK, &["cronjob shop/backup", "job shop/load"]);
    }

    #[test]
    fn a_job_that_runs_or_is_over_or_waits_in_a_queue_is_fine() {
        cluster().with(job().set("spec.suspend", false)).is_fine(&CHECK);
        cluster().with(job().condition("Complete", "True", "CompletionsReached")).is_fine(&CHECK);
        cluster().with(job().set("metadata.labels.kueue~x-k8s~io/queue-name", "batch")).is_fine(&CHECK);
    }
}
