//! Who killed a container: the kernel for memory, the kubelet for a probe, the system for reasons of its own, or nobody knows.

use super::View;
use super::termination::End;
use crate::evidence::cluster::{Event, Kind, ObjectRef, condition};

/// Exit code of a program that was killed: 128 and SIGKILL.
const KILLED: i64 = 137;
/// Exit code of a program that was asked to stop and did not handle it: 128 and SIGTERM.
const STOPPED: i64 = 143;
/// Seconds that an end may take unless its pod says otherwise.
pub(super) const GRACE: i64 = 30;
/// Seconds by which an event may be behind: a kubelet that has said much about a pod says more only every five minutes.
pub(super) const SLACK: i64 = 360;
/// Seconds by which an event of the system and the end that it caused may lie apart: a node that restarts needs a while to report.
const NEAR: i64 = 600;

/// Reasons of events about a pod that the system ended. The words alone say nothing: `preemptible` may be the name of a node, and schedulers speak of
/// preemption whenever they find no place.
const POD_EVENTS: &[&str] =
    &["Preempted", "Preempting", "Evicted", "TaintManagerEviction", "NodeShutdown", "SandboxChanged"];
/// Reasons of events about a node on which containers die. `OOMKilling` is none: it tells of one container, and not of which.
const NODE_EVENTS: &[&str] = &["Rebooted", "NodeShutdown", "SystemOOM", "SpotInterruption"];

/// Who killed a container.
#[derive(Clone, Debug)]
pub(super) enum Killer<'v> {
    /// The kernel, for memory.
    Memory,
    /// The kubelet, because a probe failed.
    Probe {
        /// `liveness` or `startup`.
        probe: &'static str,
        /// What says so.
        event: &'v Event,
    },
    /// The system, for reasons of its own.
    System {
        /// Where that is said: `event Rebooted`, `status.conditions[DisruptionTarget]`.
        field: String,
        /// What is said.
        text: &'v str,
        /// It is the node that is to blame.
        node: bool,
    },
    /// Somebody.
    Unknown,
}

/// Who killed a container; `None` where it ended by itself, or was asked to and nobody says why.
pub(super) fn killer<'v>(view: &View<'v>, end: &End<'v>) -> Option<Killer<'v>> {
    if end.how.reason == "OOMKilled" {
        return Some(Killer::Memory);
    }
    let killed = matches!(end.how.exit_code, KILLED | STOPPED);
    let probe = probe(view, end, killed);
    let system = || if killed { system(view, end) } else { None };
    let unknown = || (end.how.exit_code == KILLED).then_some(Killer::Unknown);
    probe.or_else(system).or_else(unknown)
}

/// How a container ended, in words, with who did it where that is known.
pub(super) fn story<'v>(view: &View<'v>, end: &End<'v>) -> String {
    match killer(view, end) {
        Some(Killer::Memory) => format!("exit code {} (killed for memory)", end.how.exit_code),
        Some(Killer::Probe { probe, .. }) => {
            format!("exit code {} (the kubelet stopped it because its {probe} probe failed)", end.how.exit_code)
        }
        _ => end.words(),
    }
}

/// A probe that ended the container. A program that handles SIGTERM ends with a code of its own, even 0: then only the kubelet's word that it stopped
/// the container counts.
fn probe<'v>(view: &View<'v>, end: &End<'v>, killed: bool) -> Option<Killer<'v>> {
    let events = view.events(&end.pod.metadata.object(Kind::Pod)).into_iter();
    let own = |e: &&Event| e.container().is_none_or(|name| name == end.name()) && is_fresh(view, e, end);
    let counts = |e: &&Event| e.reason == "Killing" || (killed && e.reason == "Unhealthy");
    let mut told = events.filter(own).filter(counts);
    told.find_map(|event| Some(Killer::Probe { probe: probe_in(event.text())?, event }))
}

/// The probe that a text blames. A readiness probe never stops a container.
fn probe_in(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    ["liveness", "startup"].into_iter().find(|probe| text.contains(&format!("{probe} probe")))
}

/// Whether an event is no older than the end that it may explain. It may be younger: the next life of the container goes the same way.
fn is_fresh(view: &View<'_>, event: &Event, end: &End<'_>) -> bool {
    let grace = end.pod.spec.termination_grace_period_seconds.unwrap_or(GRACE);
    let times = event.last().0.zip(end.how.finished_at.0);
    let fresh = times
        .is_none_or(|(said, ended)| said.as_second().saturating_add(grace).saturating_add(SLACK) >= ended.as_second());
    fresh && view.is_recent(event.last(), view.thresholds.recent)
}

/// What says that the system ended the container: a condition or an event of its pod, or an event of its node at that time.
fn system<'v>(view: &View<'v>, end: &End<'v>) -> Option<Killer<'v>> {
    disruption(end).or_else(|| pod_event(view, end)).or_else(|| node_event(view, end))
}

fn disruption<'v>(end: &End<'v>) -> Option<Killer<'v>> {
    let said = condition(&end.pod.status.conditions, "DisruptionTarget").filter(|c| c.status == "True")?;
    let text = if said.message.is_empty() { &said.reason } else { &said.message };
    Some(Killer::System { field: "status.conditions[DisruptionTarget].message".into(), text, node: false })
}

fn pod_event<'v>(view: &View<'v>, end: &End<'v>) -> Option<Killer<'v>> {
    let mut events = view.events(&end.pod.metadata.object(Kind::Pod)).into_iter();
    let shutdown = |e: &Event| e.text().contains("node shutdown");
    // The taint manager also tells of what it does after all not do.
    let listed = |e: &Event| POD_EVENTS.contains(&e.reason.as_str()) && !e.text().starts_with("Cancelling");
    let event = events.find(|e| (listed(e) || shutdown(e)) && is_near(e, end))?;
    Some(Killer::System { field: format!("event {}", event.reason), text: event.text(), node: shutdown(event) })
}

fn node_event<'v>(view: &View<'v>, end: &End<'v>) -> Option<Killer<'v>> {
    let node = ObjectRef::new(Kind::Node, "", &end.pod.spec.node_name);
    let mut events = view.events(&node).into_iter();
    let event = events.find(|e| NODE_EVENTS.contains(&e.reason.as_str()) && is_near(e, end))?;
    Some(Killer::System { field: format!("event {}", event.reason), text: event.text(), node: true })
}

/// Whether an event happened about when the container ended.
fn is_near(event: &Event, end: &End<'_>) -> bool {
    let times = event.last().0.zip(end.how.finished_at.0);
    times.is_some_and(|(said, ended)| (said.as_second() - ended.as_second()).abs() <= NEAR)
}
