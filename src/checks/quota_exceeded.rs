//! A quota of the namespace refuses the pods of a controller.

use super::refusals::{Refusal, refusals};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "quota-exceeded",
    title: "ResourceQuota refuses pods",
    rows: &[33],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::ReplicaSet, Kind::StatefulSet, Kind::DaemonSet, Kind::Job, Kind::CronJob, Kind::Event],
    hygiene: false,
    run,
};

/// How an answer begins where there is no room, and where the quota counts what the pod does not state.
const ANSWERS: [&str; 2] = ["exceeded quota: ", "failed quota: "];

fn run(view: &View<'_>) -> Verdict {
    let refused = refusals(view, |text| answer(text).is_some());
    Verdict { faults: refused.iter().map(fault).collect(), ..Verdict::default() }
}

/// The part of a text that is about the quota, and the name of it.
fn answer(text: &str) -> Option<(&str, &str)> {
    ANSWERS.iter().find_map(|start| {
        let at = text.find(start)?;
        let name = text[at + start.len()..].split([',', ':', ' ']).next()?;
        Some((&text[at..], name))
    })
}

/// A value of the answer, as in `used: requests.cpu=9`.
fn value<'t>(answer: &'t str, name: &str) -> &'t str {
    answer.split_once(name).map_or("", |(_, rest)| rest.split(", ").next().unwrap_or(rest))
}

fn fault(refusal: &Refusal<'_>) -> Fault {
    let Some((why, quota)) = answer(refusal.answer()) else { return refusal.fault("a quota refuses its pods") };
    refusal
        .fault(&format!("nothing more is created for it: {why}"))
        .because_of(ObjectRef::new(Kind::ResourceQuota, &refusal.of.namespace, quota))
        .fact("quota", quota)
        .fact("requested", value(why, "requested: "))
        .fact("no_room", if why.starts_with(ANSWERS[0]) { "true" } else { "" })
        .fact("used", value(why, "used: "))
        .fact("limit", value(why, "limited: "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, warning, workload};

    const FULL: &str = "pods \"web-5d7f-x2\" is forbidden: exceeded quota: compute, requested: requests.cpu=2, used: requests.cpu=9, limited: requests.cpu=10";
    const UNSAID: &str = "Error creating: pods \"web-5d7f-x2\" is forbidden: failed quota: compute: must specify limits.cpu for: web; limits.memory for: web";

    fn set(there: i64) -> Thing {
        workload("ReplicaSet", "shop/web-5d7f", 3).set("status.replicas", there)
    }

    #[test]
    fn a_full_quota_is_found_in_the_condition() {
        let failed = json!([{ "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": FULL }]);
        // Not only where no pod is there at all.
        let verdict =
            cluster().with(set(2).set("status.conditions", failed)).finds(&CHECK, &["replicaset shop/web-5d7f"]);
        verdict.says("exceeded quota: compute, requested: requests.cpu=2").blames("resourcequota shop/compute");
        assert!(verdict.faults[0].facts.contains(&("used", "requests.cpu=9".to_owned())));
    }

    #[test]
    fn an_event_tells_it_of_every_controller() {
        let job = thing("batch/v1", "Job", "shop/load").set("spec.parallelism", 1);
        let all = cluster()
            .with(set(0))
            .with(job)
            .with(warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", UNSAID))
            .with(warning("Job", "shop/load", "FailedCreate", FULL));
        let verdict = all.finds(&CHECK, &["replicaset shop/web-5d7f", "job shop/load"]);
        verdict.says("must specify limits.cpu for: web").blames("resourcequota shop/compute");
    }

    #[test]
    fn a_refusal_of_what_has_been_created_since_is_over() {
        let event = || warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", FULL);
        cluster().with(set(3)).with(event()).is_fine(&CHECK);
        let old = event().set("lastTimestamp", "2026-11-26T08:00:00Z");
        cluster().with(set(0)).with(old).is_fine(&CHECK);
    }

    #[test]
    fn a_cron_job_that_has_started_a_job_since_is_well() {
        let event = || warning("CronJob", "shop/nightly", "FailedCreate", FULL);
        let job = |at: &str| thing("batch/v1", "CronJob", "shop/nightly").set("status.lastScheduleTime", at);
        cluster().with(job("2026-11-26T11:58:00Z")).with(event()).is_fine(&CHECK);
        cluster().with(job("2026-11-26T10:00:00Z")).with(event()).finds(&CHECK, &["cronjob shop/nightly"]);
    }

    #[test]
    fn another_refusal_is_none_of_ours() {
        let denied = "pods \"web-5d7f-x2\" is forbidden: violates PodSecurity \"restricted:latest\"";
        cluster().with(set(0)).with(warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", denied)).is_fine(&CHECK);
    }
}
