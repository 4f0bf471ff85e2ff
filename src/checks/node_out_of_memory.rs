//! The kernel of a node killed a process for want of memory.

use super::node_events::nodes_with;
use super::node_fit::a_few;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "node-out-of-memory",
    title: "Kernel of a node kills processes for memory",
    rows: &[115],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Event, Kind::Node],
    hygiene: false,
    run,
};

/// What the kernel says when not the node but a container is at its limit.
const OF_CONTAINER: &str = "Memory cgroup out of memory";

fn run(view: &View<'_>) -> Verdict {
    let nodes = nodes_with(view, |e| e.is_warning() && is_kill(e)).into_iter();
    Verdict { faults: nodes.map(|(node, events)| fault(node, &events)).collect(), ..Verdict::default() }
}

fn is_kill(event: &Event) -> bool {
    matches!(event.reason.as_str(), "SystemOOM" | "OOMKilling") || event.text().contains(OF_CONTAINER)
}

fn fault(node: ObjectRef, events: &[&Event]) -> Fault {
    let mut victims: Vec<&str> = Vec::new();
    for victim in events.iter().filter_map(|e| victim(e.text())) {
        if !victims.contains(&victim) {
            victims.push(victim);
        }
    }
    let who = if victims.is_empty() { "a process".to_owned() } else { a_few(&victims) };
    let contained = events.iter().all(|e| e.text().contains(OF_CONTAINER));
    let why = if contained { "because its container was at its memory limit" } else { "because memory ran out" };
    let times: i64 = events.iter().map(|e| e.times()).sum();
    let name = node.name.clone();
    let fault = Fault::on(node, &format!("the kernel of the node killed {who} {why} ({times} times)"))
        .fact("node", name)
        .fact("process", victims.first().copied().unwrap_or_default())
        .since(events.first().map(|e| e.last()).unwrap_or_default());
    let fault = events.iter().fold(fault, |f, event| f.seen(format!("event {}", event.reason), event.text()));
    if contained { fault.severity(Severity::Medium) } else { fault }
}

/// The process that was killed: `victim process: java, pid: 4711` of a kubelet, `Killed process 4711 (java)` of the kernel.
fn victim(text: &str) -> Option<&str> {
    let kubelet = text.split_once("victim process: ").map(|(_, rest)| rest.split(',').next().unwrap_or(rest));
    let kernel = || {
        let (_, rest) = text.split_once("process ")?;
        let (_, rest) = rest.split_once('(')?;
        rest.split_once(')').map(|(name, _)| name)
    };
    kubelet.or_else(kernel).map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, node, warning};
    use crate::finding::Severity;

    #[test]
    fn the_process_is_named() {
        let kubelet =
            warning("Node", "worker-1", "SystemOOM", "System OOM encountered, victim process: java, pid: 4711");
        let verdict = cluster().with(node("worker-1")).with(kubelet).finds(&CHECK, &["node worker-1"]);
        verdict.says("the kernel of the node killed java because memory ran out (4 times)");
        assert!(verdict.faults[0].facts.contains(&("process", "java".into())));
    }

    #[test]
    fn a_container_at_its_limit_does_not_say_that_the_node_is_short() {
        let text = "Memory cgroup out of memory: Killed process 4711 (python3) total-vm:98304kB, anon-rss:65536kB";
        let limit = warning("Node", "worker-1", "OOMKilling", text);
        let verdict = cluster().with(node("worker-1")).with(limit).finds(&CHECK, &["node worker-1"]);
        verdict.says("killed python3 because its container was at its memory limit");
        assert_eq!(verdict.faults[0].severity, Some(Severity::Medium));
    }

    #[test]
    fn what_is_long_ago_and_other_warnings_are_fine() {
        let old = warning("Node", "worker-1", "SystemOOM", "System OOM encountered, victim process: java, pid: 1");
        let old = old.set("lastTimestamp", "2026-11-26T02:00:00Z");
        let start = warning("Node", "worker-1", "InvalidDiskCapacity", "invalid capacity 0 on image filesystem");
        cluster().with(node("worker-1")).with(old).with(start).is_fine(&CHECK);
    }
}
