//! The state of a cluster as a whole: verdict, nodes, causes, and what was not looked at.

use jiff::Timestamp;

use crate::checks::{Examined, View};
use crate::evidence::cluster::{Condition, Kind, Node, Origin, Quantity, Read, condition};
use crate::finding::Severity;
use crate::text::Count;

use super::{ClusterCause, Ignored};

/// The state of a cluster in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing of severity medium or worse was found.
    Healthy,
    /// Something does not work as it should.
    Degraded,
    /// Users are affected widely, or data is at risk.
    Critical,
    /// It could not be read.
    Unreachable,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Critical => "critical",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A node, in a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeRow {
    /// Its name.
    pub name: String,
    /// Whether it is ready; `None` where it does not say (`Unknown`).
    pub ready: Option<bool>,
    /// What it is short of: `memory`, `disk`, `pid`, `network`.
    pub pressure: Vec<&'static str>,
    /// Takes no new pods.
    pub cordoned: bool,
    /// Version of its kubelet.
    pub version: String,
    /// Pods on it that are not over.
    pub pods: usize,
    /// Pods that it can have.
    pub pods_allocatable: Option<f64>,
    /// Cores.
    pub cpu: Share,
    /// Bytes.
    pub memory: Share,
}

/// What there is of a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// What pods may have.
    pub allocatable: Option<f64>,
    /// What pods ask for.
    pub requested: f64,
    /// What is used, where it is measured.
    pub used: Option<f64>,
}

/// The state of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// In one word.
    pub verdict: Verdict,
    /// Where it was read from.
    pub origin: Origin,
    /// When.
    pub at: Timestamp,
    /// Version of the API server.
    pub version: Option<String>,
    /// What is wrong, the worst first.
    pub causes: Vec<ClusterCause>,
    /// The nodes, by name.
    pub nodes: Vec<NodeRow>,
    /// What was found and is to be ignored.
    pub ignored: Vec<Ignored>,
    /// Which checks ran, which could not, and what was not seen.
    pub examined: Examined,
    /// What could not be read, in sentences.
    pub notes: Vec<String>,
    /// Objects that were looked at.
    pub objects: usize,
    /// Whether the pods of all namespaces were read: else nodes have more than is counted.
    pub all_pods: bool,
}

pub(super) fn health(view: &View<'_>, examined: Examined, causes: Vec<ClusterCause>, ignored: Vec<Ignored>) -> Health {
    let snapshot = view.snapshot;
    let mut notes = snapshot.remarks.clone();
    let blind = is_blind(view);
    if blind {
        let gaps: Vec<String> = MAIN.iter().flat_map(|kind| snapshot.reads.gaps(*kind)).collect();
        let gaps = not_looked_at(gaps.iter().map(String::as_str));
        notes.insert(
            0,
            format!(
                "nothing that runs could be read: {}; the role `view` is enough, in one namespace with `-n NAMESPACE`",
                gaps.join("; ")
            ),
        );
    }
    Health {
        verdict: if blind { Verdict::Unreachable } else { verdict(&causes) },
        origin: snapshot.origin.clone(),
        at: view.now,
        version: snapshot.version.clone(),
        nodes: nodes(view),
        notes,
        objects: snapshot.size(),
        all_pods: snapshot.reads.complete(Kind::Pod, "").is_ok(),
        causes,
        ignored,
        examined,
    }
}

/// Whether nothing was read of what makes a cluster: then nobody can say that it is well.
fn is_blind(view: &View<'_>) -> bool {
    let live = matches!(view.snapshot.origin, Origin::Live(_));
    let unread = |kind: &Kind| match view.snapshot.reads.of(*kind) {
        Some(Read::Whole | Read::NotServed) => false,
        Some(Read::Namespaces(known)) => known.is_empty(),
        Some(Read::Part(_) | Read::Not(_)) | None => view.snapshot.metas(*kind).is_empty(),
    };
    live && MAIN.iter().all(unread)
}

/// The kinds that make a cluster.
const MAIN: [Kind; 6] = [Kind::Pod, Kind::Node, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::Service];

fn verdict(causes: &[ClusterCause]) -> Verdict {
    match causes.iter().map(|c| c.cause.severity).max() {
        Some(Severity::Critical) => Verdict::Critical,
        Some(Severity::High | Severity::Medium) => Verdict::Degraded,
        _ => Verdict::Healthy,
    }
}

impl Health {
    /// A cluster that cannot be read.
    #[must_use]
    pub fn unreachable(context: &str, at: Timestamp, why: String) -> Self {
        Self {
            verdict: Verdict::Unreachable,
            origin: Origin::Live(context.to_owned()),
            at,
            version: None,
            causes: Vec::new(),
            nodes: Vec::new(),
            ignored: Vec::new(),
            examined: Examined::default(),
            notes: vec![why],
            objects: 0,
            all_pods: false,
        }
    }

    /// The worst severity of its causes.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.causes.iter().map(|c| c.cause.severity).max()
    }

    /// One sentence on what was looked at: how many checks ran over how many objects.
    #[must_use]
    pub fn coverage(&self) -> String {
        let (ran, silent) = (self.examined.ran.len(), self.examined.silent.len());
        let all = ran + silent;
        format!("{ran} of {} ran over {}", Count(all as u64, "check"), Count(self.objects as u64, "object"))
    }

    /// What was not looked at, each with its reason: `secrets: forbidden`. Of one reason all at once.
    #[must_use]
    pub fn not_looked_at(&self) -> Vec<String> {
        not_looked_at(self.examined.gaps.iter().map(|gap| gap.what.as_str()))
    }
}

/// Gaps (`pods outside of namespace shop: forbidden`) in words, of one reason and one place all at once: `pods, services outside of namespace shop (forbidden)`.
#[must_use]
pub fn not_looked_at<'g>(gaps: impl Iterator<Item = &'g str>) -> Vec<String> {
    let mut together: Vec<((&str, &str), Vec<&str>)> = Vec::new();
    for gap in gaps {
        let (what, why) = gap.split_once(": ").unwrap_or((gap, ""));
        let (kind, place) = what.split_once(' ').unwrap_or((what, ""));
        match together.iter_mut().find(|(known, _)| *known == (why, place)) {
            Some((_, all)) => all.push(kind),
            None => together.push(((why, place), vec![kind])),
        }
    }
    let words = |((why, place), kinds): ((&str, &str), Vec<&str>)| {
        let place = if place.is_empty() { String::new() } else { format!(" {place}") };
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        format!("{}{place}{why}", kinds.join(", "))
    };
    together.into_iter().map(words).collect()
}

fn nodes(view: &View<'_>) -> Vec<NodeRow> {
    let mut rows: Vec<NodeRow> = view.snapshot.nodes.iter().map(|node| row(view, node)).collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn row(view: &View<'_>, node: &Node) -> NodeRow {
    let name = &node.metadata.name;
    let pods: Vec<_> = view.pods_on(name).iter().filter(|p| !p.is_over()).collect();
    let used = view.snapshot.node_metrics.iter().find(|m| m.metadata.name == *name);
    let share = |resource: &str| Share {
        allocatable: node.status.allocatable.get(resource).and_then(Quantity::value),
        // Not `sum`: that of nothing is -0.0, which is shown.
        requested: pods.iter().map(|p| p.spec.request(resource)).fold(0.0, |all, one| all + one),
        used: used.and_then(|m| m.usage.get(resource)).and_then(Quantity::value),
    };
    let says = |kind: &str| condition(&node.status.conditions, kind).map(|c: &Condition| c.status.as_str());
    let short = [
        ("MemoryPressure", "memory"),
        ("DiskPressure", "disk"),
        ("PIDPressure", "pid"),
        ("NetworkUnavailable", "network"),
    ];
    NodeRow {
        name: name.clone(),
        ready: match says("Ready") {
            Some("True") => Some(true),
            Some("False") => Some(false),
            _ => None,
        },
        pressure: short.into_iter().filter(|(kind, _)| says(kind) == Some("True")).map(|(_, word)| word).collect(),
        cordoned: node.spec.unschedulable,
        version: node.status.node_info.kubelet_version.clone(),
        pods: pods.len(),
        pods_allocatable: node.status.allocatable.get("pods").and_then(Quantity::value),
        cpu: share("cpu"),
        memory: share("memory"),
    }
}
