//! A container runs and was restarted often, the last time not long ago.

use super::killer::story;
use super::termination::{End, show_events, warnings};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Pod, PodContainer, Time};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "container-restarts-high",
    title: "Container was restarted often",
    rows: &[28],
    severity: Severity::Medium,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

/// Seconds after which the last restart is past: restarts of an old pod add up over months.
const DAY: i64 = 86_400;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in view.snapshot.pods.iter().filter(|pod| !pod.is_over() && !pod.metadata.is_going()) {
        for container in pod.each_container().filter(|container| restarts_often(view, *container)) {
            verdict.found(fault(view, pod, container));
        }
    }
    verdict
}

/// A container that does not run has a check of its own: it loops, waits or ended.
fn restarts_often(view: &View<'_>, container: PodContainer<'_>) -> bool {
    let recent = last(container).age(view.now).is_some_and(|age| age <= DAY);
    container.status.state.running.is_some() && container.status.restart_count > view.thresholds.restarts && recent
}

/// When it ended last; where that is forgotten, when it began again.
fn last(container: PodContainer<'_>) -> Time {
    let status = container.status;
    let ended = status.last_state.terminated.as_ref().map(|end| end.finished_at).filter(|time| time.0.is_some());
    ended.or(status.state.running.as_ref().map(|running| running.started_at)).unwrap_or_default()
}

fn fault<'v>(view: &View<'v>, pod: &'v Pod, container: PodContainer<'v>) -> Fault {
    let (name, count) = (&container.status.name, container.status.restart_count);
    let end = End::of(pod, container);
    let ago = Span(last(container).age(view.now).unwrap_or_default());
    let how = end.map(|end| told(view, &end)).unwrap_or_default();
    let sentence = format!("container {name} was restarted {count} times, the last time {ago} ago{how}; it runs again");
    let mut fault = Fault::on(pod.metadata.object(Kind::Pod), &sentence).fact("container", name);
    if let Some(end) = end {
        fault = end.show(fault);
    }
    show_events(fault.since(last(container)), &warnings(view, pod, name))
}

fn told<'v>(view: &View<'v>, end: &End<'v>) -> String {
    let said = end.last_words();
    format!(" after {}{said}", story(view, end))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod};

    fn restarted(count: i64, at: &str) -> Thing {
        pod("shop/web-0").set("status.containerStatuses.0.restartCount", count).set(
            "status.containerStatuses.0.lastState.terminated",
            json!({ "reason": "Error", "exitCode": 139, "finishedAt": at }),
        )
    }

    #[test]
    fn many_restarts_are_told_with_how_the_last_life_ended() {
        let found = cluster().with(restarted(9, "2026-11-26T09:00:00Z")).finds(&CHECK, &["pod shop/web-0"]);
        found.says(
            "container web was restarted 9 times, the last time 3 hours ago after exit code 139 (invalid memory access",
        );
    }

    #[test]
    fn an_old_pod_whose_restarts_are_past_and_a_few_restarts_are_fine() {
        cluster().with(restarted(40, "2026-11-22T09:00:00Z")).is_fine(&CHECK);
        cluster().with(restarted(5, "2026-11-26T09:00:00Z")).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn the_runtime_may_have_forgotten_the_last_life() {
        let forgotten = |at: &str| {
            pod("shop/web-0")
                .set("status.containerStatuses.0.restartCount", 9)
                .set("status.containerStatuses.0.state.running.startedAt", at)
        };
        cluster()
            .with(forgotten("2026-11-26T11:40:00Z"))
            .finds(&CHECK, &["pod shop/web-0"])
            .says("20 minutes ago; it runs");
        cluster().with(forgotten("2026-11-20T08:00:05Z")).is_fine(&CHECK);
    }

    #[test]
    fn a_crash_loop_tells_of_its_restarts_itself() {
        let looping = restarted(9, "2026-11-26T11:55:00Z")
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }));
        cluster().with(looping).is_fine(&CHECK);
    }
}
