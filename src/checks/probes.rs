//! Probes: what they ask, how long they may fail, and what the kubelet says when they do.

use super::View;
use super::gist::gist;
use super::killer::{GRACE, SLACK};
use crate::evidence::cluster::{Container, Event, IntOrString, Kind, Pod, PodContainer, Probe, Terminated};
use crate::finding::Fault;

/// Reasons of events about a probe that failed: of the kubelet, and of the one of `OpenShift`. A `ProbeWarning` is no failure.
const FAILED: [&str; 2] = ["Unhealthy", "ProbeError"];
/// Exit codes of a program that was killed, or was asked to stop and did not handle it.
const STOPPED: [i64; 2] = [137, 143];

/// What a probe decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProbeKind {
    /// Whether the container is restarted.
    Liveness,
    /// Whether it gets traffic.
    Readiness,
    /// When the other two begin.
    Startup,
}

impl ProbeKind {
    /// All three.
    pub(super) const ALL: [Self; 3] = [Self::Startup, Self::Readiness, Self::Liveness];

    /// As a person says it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Liveness => "liveness",
            Self::Readiness => "readiness",
            Self::Startup => "startup",
        }
    }

    /// The probe of a container.
    pub(super) fn of(self, container: &Container) -> Option<&Probe> {
        match self {
            Self::Liveness => container.liveness_probe.as_deref(),
            Self::Readiness => container.readiness_probe.as_deref(),
            Self::Startup => container.startup_probe.as_deref(),
        }
    }

    /// Whether an event tells of a failure of such a probe: `Liveness probe failed: …`, `… errored and resulted in …`, `… error: …`.
    fn is_failure(self, event: &Event) -> bool {
        let text = event.text().to_ascii_lowercase();
        let said = text.strip_prefix(self.word()).and_then(|rest| rest.strip_prefix(" probe "));
        FAILED.contains(&event.reason.as_str())
            && said.is_some_and(|s| s.starts_with("failed") || s.starts_with("error"))
    }

    /// Whether an event tells that such a probe ended the container. The kubelet calls that normal, not a warning.
    fn is_kill(self, event: &Event) -> bool {
        event.reason == "Killing" && event.text().contains(&format!("failed {} probe", self.word()))
    }
}

/// The port that a probe asks; a command has none.
pub(super) fn port(probe: &Probe) -> Option<&IntOrString> {
    let other = probe.tcp_socket.as_ref().or(probe.grpc.as_ref());
    probe.http_get.as_ref().map(|get| &get.port).or(other.map(|socket| &socket.port))
}

/// The path that a probe asks for.
fn path(probe: &Probe) -> &str {
    let asked = probe.http_get.as_ref().map(|get| get.path.as_str());
    asked.map_or("", |path| if path.is_empty() { "/" } else { path })
}

/// Whether it asks over HTTP, at a port that has a number.
fn asks_http(probe: &Probe) -> bool {
    probe.http_get.as_ref().is_some_and(|get| matches!(get.port, IntOrString::Int(_)))
}

/// Seconds between two tries.
pub(super) fn period(probe: Option<&Probe>) -> i64 {
    probe.and_then(|p| p.period_seconds).unwrap_or(10).max(1)
}

/// Failures in a row that count.
fn threshold(probe: Option<&Probe>) -> i64 {
    probe.and_then(|p| p.failure_threshold).unwrap_or(3).max(1)
}

/// Seconds from the start of a container until a probe that never succeeds has failed for good.
pub(super) fn window(probe: Option<&Probe>) -> i64 {
    let delay = probe.and_then(|p| p.initial_delay_seconds).unwrap_or(0);
    delay.saturating_add(period(probe).saturating_mul(threshold(probe)))
}

/// What a probe asks: `GET /healthz on port 8080`.
fn question(probe: &Probe) -> String {
    let port = port(probe).map(ToString::to_string).unwrap_or_default();
    match (&probe.http_get, &probe.exec) {
        (Some(get), _) => format!("GET {} on port {port}", if get.path.is_empty() { "/" } else { &get.path }),
        (_, Some(exec)) => format!("command {}", exec.command.first().map_or("without words", String::as_str)),
        _ if probe.grpc.is_some() => format!("gRPC on port {port}"),
        _ => format!("TCP on port {port}"),
    }
}

/// A container with what is said about one of its probes.
pub(super) struct Probed<'v> {
    /// The pod.
    pub(super) pod: &'v Pod,
    /// The container.
    pub(super) container: PodContainer<'v>,
    kind: ProbeKind,
    probe: Option<&'v Probe>,
    failures: Vec<&'v Event>,
    kills: Vec<&'v Event>,
    /// Whether the kubelet says that another probe ended it.
    others: bool,
}

impl<'v> Probed<'v> {
    /// Every container that is or should be running. Of a pod that goes or is over nobody expects an answer.
    pub(super) fn all(view: &View<'v>, kind: ProbeKind) -> Vec<Self> {
        let pods = view.snapshot.pods.iter().filter(|pod| !pod.is_over() && !pod.metadata.is_going());
        pods.flat_map(|pod| pod.each_container().filter(|c| !c.init).map(move |c| Self::of(view, pod, c, kind)))
            .collect()
    }

    fn of(view: &View<'v>, pod: &'v Pod, container: PodContainer<'v>, kind: ProbeKind) -> Self {
        let spec = pod.spec.all_containers().find(|c| c.name == container.status.name);
        let probe = spec.and_then(|c| kind.of(c));
        let mut events = view.events(&pod.metadata.object(Kind::Pod));
        // An event that names no container is about those that have such a probe.
        let alone = pod.status.container_statuses.len() == 1;
        let own = |name: Option<&str>| name.map_or(probe.is_some() || alone, |name| name == container.status.name);
        events.retain(|e| own(e.container()) && view.is_recent(e.last(), view.thresholds.recent));
        let told = |is: &dyn Fn(&Event) -> bool| events.iter().copied().filter(|e| is(e)).collect();
        let (failures, kills) = (told(&|e| kind.is_failure(e)), told(&|e| kind.is_kill(e)));
        let others = ProbeKind::ALL.iter().any(|other| *other != kind && events.iter().any(|e| other.is_kill(e)));
        Self { pod, container, kind, probe, failures, kills, others }
    }

    /// The name of the container.
    pub(super) fn name(&self) -> &'v str {
        &self.container.status.name
    }

    /// What was asked for.
    pub(super) fn probe(&self) -> Option<&'v Probe> {
        self.probe
    }

    /// How often it failed lately.
    pub(super) fn times(&self) -> i64 {
        self.failures.iter().map(|e| e.times()).sum()
    }

    /// Whether it failed as often as it may in a row, and may still fail. A single slow answer is not worth a word, and events add up over hours.
    pub(super) fn fails(&self, view: &View<'_>) -> bool {
        let row = threshold(self.probe).saturating_add(1).saturating_mul(period(self.probe));
        let goes_on = |event: &&Event| view.is_recent(event.last(), row.max(SLACK));
        self.times() >= threshold(self.probe) && self.failures.first().is_some_and(goes_on)
    }

    /// How the container ended lately.
    pub(super) fn end(&self, view: &View<'_>) -> Option<&'v Terminated> {
        let status = self.container.status;
        let end = status.state.terminated.as_deref().or(status.last_state.terminated.as_deref());
        end.filter(|end| view.is_recent(end.finished_at, view.thresholds.recent))
    }

    /// Whether the kubelet ended the container because of it. Where its own word for that has expired, the exit code of a program that was stopped stands in.
    pub(super) fn killed(&self, view: &View<'_>) -> bool {
        let stopped =
            |end: &Terminated| STOPPED.contains(&end.exit_code) && end.reason != "OOMKilled" && !self.outlived(end);
        let guessed = || !self.failures.is_empty() && !self.others && self.end(view).is_some_and(stopped);
        !self.kills.is_empty() || guessed()
    }

    /// Whether the container got further than its startup probe lets one that does not start. While it starts again, that probe fails and tells nothing.
    fn outlived(&self, end: &Terminated) -> bool {
        let grace = self.pod.spec.termination_grace_period_seconds.unwrap_or(GRACE);
        let limit = window(self.probe).saturating_add(period(self.probe)).saturating_add(grace);
        let life = end.started_at.0.zip(end.finished_at.0).map(|(from, to)| to.as_second() - from.as_second());
        self.kind == ProbeKind::Startup && life.is_some_and(|life| life > limit)
    }

    /// `the liveness probe of container web (GET /healthz on port 8080)`.
    pub(super) fn title(&self) -> String {
        let question = self.probe.map(|p| format!(" ({})", question(p))).unwrap_or_default();
        format!("the {} probe of container {}{question}", self.kind.word(), self.name())
    }

    /// What it got for an answer: `: HTTP probe failed with statuscode: 503`.
    pub(super) fn answer(&self) -> String {
        let Some(event) = self.failures.first() else { return String::new() };
        let text = event.text().trim();
        format!(": {}", gist(text.split_once(": ").map_or(text, |(_, answer)| answer)))
    }

    /// A fault of the pod, with what is said.
    pub(super) fn fault(&self, sentence: &str) -> Fault {
        let told = self.failures.iter().chain(&self.kills);
        let fault = Fault::on(self.pod.metadata.object(Kind::Pod), sentence);
        told.fold(fault, |fault, e| fault.seen(format!("event {}", e.reason), e.text()))
            .fact("container", self.name())
            .fact("probe", self.kind.word())
            .fact("port", self.probe.and_then(port).map(ToString::to_string).unwrap_or_default())
            .fact("path", self.probe.map(path).unwrap_or_default())
            .fact("other_probe", if self.probe.is_some_and(|p| !asks_http(p)) { "true" } else { "" })
            .fact("never_restarted", if self.container.status.restart_count == 0 { "true" } else { "" })
            .fact("image", &self.container.status.image)
            .fact("node", &self.pod.spec.node_name)
    }
}
