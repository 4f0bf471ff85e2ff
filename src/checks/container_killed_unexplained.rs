//! A container was killed from outside, and nothing that can be seen says by whom.

use super::killer::{Killer, killer};
use super::termination::{End, restarts, show_events, warnings};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-killed-unexplained",
    title: "Container killed, nobody says why",
    rows: &[15],
    severity: Severity::Medium,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event, Kind::Job],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // A crash loop tells of its kills itself.
    let ends = End::all(view).filter(|end| !end.is_looping() && end.matters(view, view.thresholds.crash));
    for end in ends.filter(|end| matches!(killer(view, end), Some(Killer::Unknown))) {
        // Without events a probe or the system may have done it.
        match view.snapshot.reads.complete(Kind::Event, &end.pod.metadata.namespace) {
            Ok(()) => verdict.found(fault(view, &end)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

fn fault<'v>(view: &View<'v>, end: &End<'v>) -> Fault {
    let again = if end.runs_again() { "; it runs again" } else { "" };
    let sentence = format!(
        "container {} was killed with exit code {}{}, not for memory, by no probe, and no event says why{again}",
        end.name(),
        end.how.exit_code,
        restarts(end.container)
    );
    let fault = end.show(Fault::on(end.pod.metadata.object(Kind::Pod), &sentence));
    show_events(fault, &warnings(view, end.pod, end.name()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning};
    use crate::evidence::cluster::Kind;

    fn killed(reason: &str, at: &str) -> Thing {
        pod("shop/web-0").set("status.containerStatuses.0.restartCount", 2).set(
            "status.containerStatuses.0.lastState.terminated",
            json!({ "reason": reason, "exitCode": 137, "finishedAt": at }),
        )
    }

    #[test]
    fn a_kill_without_a_reason_is_found() {
        let found = cluster().with(killed("Error", "2026-11-26T11:55:00Z")).finds(&CHECK, &["pod shop/web-0"]);
        found.says("container web was killed with exit code 137 (2 restarts), not for memory");
    }

    #[test]
    fn a_kill_with_a_reason_is_told_by_another_check() {
        cluster().with(killed("OOMKilled", "2026-11-26T11:55:00Z")).is_fine(&CHECK);
        let probe = warning("Pod", "shop/web-0", "Killing", "Container web failed liveness probe, will be restarted");
        cluster().with(killed("Error", "2026-11-26T11:55:10Z")).with(probe).is_fine(&CHECK);
        let looping = killed("Error", "2026-11-26T11:55:00Z")
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }));
        cluster().with(looping).is_fine(&CHECK);
    }

    #[test]
    fn an_old_kill_a_lost_container_and_a_pod_that_goes_are_fine() {
        cluster().with(killed("Error", "2026-11-26T09:00:00Z")).is_fine(&CHECK);
        cluster().with(killed("ContainerStatusUnknown", "2026-11-26T11:55:00Z")).is_fine(&CHECK);
        let going = killed("Error", "2026-11-26T11:55:00Z").set("metadata.deletionTimestamp", "2026-11-26T11:54:30Z");
        cluster().with(going).is_fine(&CHECK);
    }

    #[test]
    fn without_events_nobody_can_say_that_there_is_no_reason() {
        let killed = killed("Error", "2026-11-26T11:55:00Z");
        cluster().with(killed).without(Kind::Event).cannot_say(&CHECK, "events: forbidden");
    }
}
