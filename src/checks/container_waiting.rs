//! A container waits for longer than a start takes, for a reason that no other check knows.

use super::gist::gist;
use super::termination::show_events;
use super::waiting::{NOT_CREATED, NOT_STARTED, OTHERS, PULL, UNUSABLE, Wait};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Time};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "container-waiting",
    title: "Container waits for long",
    rows: &[26],
    severity: Severity::Medium,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let told = |reason| [PULL, UNUSABLE, NOT_CREATED, NOT_STARTED, OTHERS].iter().any(|all| all.contains(&reason));
    for wait in Wait::all(view).filter(|wait| !told(wait.reason)) {
        if view.lasts(since(&wait), view.thresholds.settle) {
            verdict.found(fault(view, &wait));
        }
    }
    verdict
}

/// Since when it waits at most: since it ended last, or since the kubelet took its pod. A state carries no time itself.
fn since(wait: &Wait<'_>) -> Time {
    let ended = wait.container.status.last_state.terminated.as_ref().map(|end| end.finished_at);
    let times = ended.into_iter().chain([wait.pod.status.start_time, wait.pod.metadata.creation_timestamp]);
    times.into_iter().find(|time| time.0.is_some()).unwrap_or_default()
}

fn fault<'v>(view: &View<'v>, wait: &Wait<'v>) -> Fault {
    let events = wait.warnings(view);
    let since = since(wait);
    let long = Span(since.age(view.now).unwrap_or_default());
    let said = wait.texts(&events).first().map(|text| format!(": {}", gist(text))).unwrap_or_default();
    let sentence = format!("container {} waits ({}) for {long}{said}", wait.name(), wait.reason);
    show_events(wait.show(Fault::on(wait.pod.metadata.object(Kind::Pod), &sentence)), &events).since(since)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod};

    fn waiting(reason: &str, since: &str) -> Thing {
        pod("shop/web-0")
            .set("status.startTime", since)
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": reason, "message": "no luck" } }))
    }

    #[test]
    fn a_reason_that_nobody_knows_is_told_after_a_while() {
        let found =
            cluster().with(waiting("KillContainerError", "2026-11-26T11:40:00Z")).finds(&CHECK, &["pod shop/web-0"]);
        found.says("container web waits (KillContainerError) for 20 minutes: no luck");
        cluster().with(waiting("KillContainerError", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        // The container of an old pod that ended a minute ago waits for a minute.
        let ended = waiting("KillContainerError", "2026-11-20T08:00:00Z")
            .set("status.containerStatuses.0.lastState.terminated.finishedAt", "2026-11-26T11:59:00Z");
        cluster().with(ended).is_fine(&CHECK);
    }

    #[test]
    fn reasons_with_a_check_of_their_own_and_a_pod_that_is_well_are_none() {
        for reason in
            ["ContainerCreating", "PodInitializing", "CrashLoopBackOff", "ErrImagePull", "RunContainerError", ""]
        {
            cluster().with(waiting(reason, "2026-11-26T11:40:00Z")).is_fine(&CHECK);
        }
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
