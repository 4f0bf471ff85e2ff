//! The last end of a container: what it says, and whether it still matters.

use super::View;
use super::ended_pods::{DAY, when};
use super::exit_code::meaning;
use super::gist::gist;
use super::job_outcome::is_settled;
use crate::evidence::cluster::{Container, Event, Kind, Pod, PodContainer, PodSpec, Terminated};
use crate::finding::Fault;

/// Reasons of ends of a program that was never started.
const NEVER_STARTED: &[&str] = &["StartError", "ContainerCannotRun"];
/// Reason of an end of which the kubelet knows nothing; the exit code 137 beside it is made up.
const LOST: &str = "ContainerStatusUnknown";

/// The last end of a container.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'p> {
    /// The pod.
    pub pod: &'p Pod,
    /// The container.
    pub container: PodContainer<'p>,
    /// How it ended.
    pub how: &'p Terminated,
    /// `state` or `lastState`.
    field: &'static str,
}

impl<'p> End<'p> {
    /// The end of a container now, or the one of its life before.
    pub(super) fn of(pod: &'p Pod, container: PodContainer<'p>) -> Option<Self> {
        let status = container.status;
        let now = status.state.terminated.as_ref().map(|how| ("state", how));
        let before = || status.last_state.terminated.as_ref().map(|how| ("lastState", how));
        let (field, how) = now.or_else(before)?;
        Some(Self { pod, container, how, field })
    }

    /// The ends that say something about a program that ran.
    pub(super) fn all<'v: 'p>(view: &'p View<'v>) -> impl Iterator<Item = End<'v>> + 'p {
        let ends = telling_pods(view)
            .flat_map(|pod| pod.each_container().filter_map(move |container| End::of(pod, container)));
        ends.filter(|end| end.how.reason != LOST && !end.was_never_started() && !end.is_sidecar_of_the_dead())
    }

    /// The name of the container.
    pub(super) fn name(&self) -> &'p str {
        &self.container.status.name
    }

    /// What was asked for.
    pub(super) fn spec(&self) -> Option<&'p Container> {
        self.pod.spec.all_containers().find(|container| container.name == self.name())
    }

    /// Whether the runtime could not start the program at all.
    pub(super) fn was_never_started(&self) -> bool {
        NEVER_STARTED.contains(&self.how.reason.as_str())
    }

    /// Whether the container is in the state of its end, and not in a life after it.
    pub(super) fn is_now(&self) -> bool {
        self.field == "state"
    }

    /// Whether the container runs again.
    pub(super) fn runs_again(&self) -> bool {
        self.container.status.state.running.is_some()
    }

    /// Whether the container is kept back after its end.
    pub(super) fn is_looping(&self) -> bool {
        is_looping(self.container)
    }

    /// Whether it still matters: the container does not run, or has not run again for long.
    pub(super) fn matters(&self, view: &View<'_>, seconds: i64) -> bool {
        !self.runs_again() || view.is_recent(self.how.finished_at, seconds)
    }

    /// `exit code 127 (the command migrate is not found)`.
    pub(super) fn words(&self) -> String {
        format!("exit code {} ({})", self.how.exit_code, meaning(self.how, self.spec()))
    }

    /// `: panic: no such host`, where the program said something at its end.
    pub(super) fn last_words(&self) -> String {
        let words = gist(&self.how.message);
        if words.is_empty() { words } else { format!(": {words}") }
    }

    /// Adds what the end says to a fault.
    pub(super) fn show(&self, fault: Fault) -> Fault {
        let path = format!("{}.{}.terminated", self.container.path(self.pod), self.field);
        fault
            .seen(format!("{path}.message"), self.how.message.as_str())
            .seen(format!("{path}.exitCode"), format!("exitCode: {}", self.how.exit_code))
            .seen(format!("{path}.reason"), self.how.reason.as_str())
            .fact("container", self.name())
            .fact("image", self.spec().map(|container| container.image.as_str()).unwrap_or_default())
            .fact("exit_code", self.how.exit_code.to_string())
            .fact("node", &self.pod.spec.node_name)
            .since(self.how.finished_at)
    }

    /// A sidecar is stopped when its pod is over: that says nothing.
    fn is_sidecar_of_the_dead(&self) -> bool {
        self.pod.is_over()
            && self.pod.spec.init_containers.iter().any(|c| c.name == self.name() && PodSpec::is_sidecar(c))
    }
}

/// Whether a container is kept back after it ended again and again.
pub(super) fn is_looping(container: PodContainer<'_>) -> bool {
    container.status.state.waiting.as_ref().is_some_and(|waiting| waiting.reason == "CrashLoopBackOff")
}

/// ` (4 restarts)`, where there were some.
pub(super) fn restarts(container: PodContainer<'_>) -> String {
    match container.status.restart_count {
        0 => String::new(),
        1 => " (1 restart)".to_owned(),
        many => format!(" ({many} restarts)"),
    }
}

/// Pods whose containers tell something by their ends. A pod that goes or that ended well ends its containers rightly, one that says itself why it was
/// ended (`Evicted`, `NodeShutdown`) has told it all, an attempt of a job that was made good matters no longer, and what has been over for a day is history.
pub(super) fn telling_pods<'v: 'p, 'p>(view: &'p View<'v>) -> impl Iterator<Item = &'v Pod> + 'p {
    let told = |pod: &Pod| pod.is_over() && !pod.status.reason.is_empty();
    let past = |pod: &Pod| pod.is_over() && !view.is_recent(when(pod), DAY);
    let open =
        move |pod: &&Pod| !pod.metadata.is_going() && pod.status.phase != "Succeeded" && !told(pod) && !past(pod);
    view.snapshot.pods.iter().filter(open).filter(|pod| !is_settled(view, pod))
}

/// Recent warnings about a container: those that name it, and those that name none.
pub(super) fn warnings<'s>(view: &View<'s>, pod: &Pod, container: &str) -> Vec<&'s Event> {
    let events = view.warnings(&pod.metadata.object(Kind::Pod));
    events.into_iter().filter(|event| event.container().is_none_or(|name| name == container)).collect()
}

/// Adds what events say to a fault.
pub(super) fn show_events(fault: Fault, events: &[&Event]) -> Fault {
    events.iter().fold(fault, |fault, event| fault.seen(format!("event {}", event.reason), event.text()))
}
