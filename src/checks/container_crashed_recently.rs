//! A container crashed a moment ago and runs again: it may go the same way soon.

use super::killer::killer;
use super::termination::{End, restarts, show_events, warnings};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "container-crashed-recently",
    title: "Container crashed a moment ago",
    rows: &[13, 16],
    severity: Severity::Medium,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event, Kind::Job],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for end in End::all(view).filter(|end| is_crash(view, end) && killer(view, end).is_none()) {
        verdict.found(fault(view, &end));
    }
    verdict
}

/// Where there are many restarts they are told as such, with the last crash.
fn is_crash(view: &View<'_>, end: &End<'_>) -> bool {
    let recent = end.how.finished_at.age(view.now).is_some_and(|age| age <= view.thresholds.crash);
    let few = end.container.status.restart_count <= view.thresholds.restarts;
    end.runs_again() && end.how.reason == "Error" && recent && few
}

fn fault<'v>(view: &View<'v>, end: &End<'v>) -> Fault {
    let ago = Span(end.how.finished_at.age(view.now).unwrap_or_default());
    let said = end.last_words();
    let sentence = format!(
        "container {} crashed {ago} ago with {}{said}; it runs again{}",
        end.name(),
        end.words(),
        restarts(end.container)
    );
    let fault = end.show(Fault::on(end.pod.metadata.object(Kind::Pod), &sentence));
    show_events(fault, &warnings(view, end.pod, end.name()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod};

    fn crashed(code: i64, at: &str) -> Thing {
        let end = json!({ "reason": "Error", "exitCode": code, "finishedAt": at, "message": "config: no such key\n" });
        pod("shop/web-0")
            .set("status.containerStatuses.0.lastState.terminated", end)
            .set("status.containerStatuses.0.restartCount", 1)
    }

    #[test]
    fn a_crash_of_the_last_quarter_of_an_hour_is_told() {
        let found = cluster().with(crashed(1, "2026-11-26T11:50:00Z")).finds(&CHECK, &["pod shop/web-0"]);
        found.says(
            "container web crashed 10 minutes ago with exit code 1 (the program reports an error): config: no such key",
        );
        cluster().with(crashed(1, "2026-11-26T11:40:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn a_kill_is_told_by_the_checks_of_kills_and_many_restarts_by_theirs() {
        cluster().with(crashed(137, "2026-11-26T11:50:00Z")).is_fine(&CHECK);
        let many = crashed(1, "2026-11-26T11:50:00Z").set("status.containerStatuses.0.restartCount", 9);
        cluster().with(many).is_fine(&CHECK);
    }

    #[test]
    fn a_container_that_does_not_run_again_and_one_that_is_well_are_none() {
        let waits = crashed(1, "2026-11-26T11:50:00Z")
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }));
        cluster().with(waits).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
