//! A node was restarted not long ago, or goes up and down.

use super::node_events::nodes_with;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-restarted",
    title: "Node restarted or flaps",
    rows: &[116],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Event, Kind::Node],
    hygiene: false,
    run,
};

/// A node that was not ready so often within the time that counts goes up and down. Kubelet and controller may both tell of one time.
const FLAPS: i64 = 3;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (node, events) in nodes_with(view, |e| matches!(e.reason.as_str(), "Rebooted" | "NodeNotReady")) {
        let restarts = times(view, &events, "Rebooted");
        let outages = times(view, &events, "NodeNotReady");
        if restarts > 0 || outages >= FLAPS {
            verdict.found(fault(view, node, &events, (restarts, outages)));
        }
    }
    verdict
}

/// How often it happened of late. A count that began earlier tells only of the last time.
fn times(view: &View<'_>, events: &[&Event], reason: &str) -> i64 {
    let recent = |e: &Event| view.is_recent(e.first_timestamp, view.thresholds.recent);
    let of = |e: &&Event| if recent(e) { e.times() } else { 1 };
    events.iter().filter(|e| e.reason == reason).map(of).sum()
}

fn fault(view: &View<'_>, node: ObjectRef, events: &[&Event], (restarts, outages): (i64, i64)) -> Fault {
    let minutes = view.thresholds.recent / 60;
    let mut said = Vec::new();
    if restarts > 0 {
        said.push(format!("was restarted {}", often(restarts)));
    }
    if outages >= FLAPS {
        said.push(format!("became not ready {}", often(outages)));
    }
    let name = node.name.clone();
    let fault = Fault::on(node, &format!("the node {} in the last {minutes} minutes", said.join(" and ")))
        .fact("node", name)
        .since(events.first().map(|e| e.last()).unwrap_or_default());
    events.iter().fold(fault, |fault, event| fault.seen(format!("event {}", event.reason), event.text()))
}

fn often(times: i64) -> String {
    if times == 1 { "once".to_owned() } else { format!("{times} times") }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, node, warning};

    fn unready(count: i64, first: &str) -> Thing {
        warning("Node", "worker-1", "NodeNotReady", "Node worker-1 status is now: NodeNotReady")
            .set("type", "Normal")
            .set("count", count)
            .set("firstTimestamp", first)
    }

    #[test]
    fn a_restart_is_found() {
        let text = "Node worker-1 has been rebooted, boot id: 4a6f";
        let boot = warning("Node", "worker-1", "Rebooted", text).set("count", 1);
        cluster().with(node("worker-1")).with(boot).finds(&CHECK, &["node worker-1"]).says("was restarted once");
    }

    #[test]
    fn a_node_that_flaps_is_found_and_one_outage_is_none() {
        let flaps = cluster().with(node("worker-1")).with(unready(4, "2026-11-26T11:20:00Z"));
        flaps.finds(&CHECK, &["node worker-1"]).says("became not ready 4 times in the last 60 minutes");
        cluster().with(node("worker-1")).with(unready(1, "2026-11-26T11:20:00Z")).is_fine(&CHECK);
        cluster().with(node("worker-1")).with(unready(9, "2026-11-20T08:00:00Z")).is_fine(&CHECK);
    }
}
