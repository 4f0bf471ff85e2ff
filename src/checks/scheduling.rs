//! What the scheduler says of a pod that no node takes: `0/8 nodes are available: 2 Insufficient cpu, 6 Too many pods. preemption: …`.
//!
//! Each node is counted under the first thing that rules it out, but under every resource that it lacks. The wordings are those of Kubernetes 1.20 to 1.36.

/// What rules a node out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Barrier<'t> {
    /// A taint that the pod does not tolerate.
    Taint,
    /// It is cordoned.
    Cordon,
    /// Its labels are not those that the pod asks for.
    NodeAffinity,
    /// A rule between pods: affinity, anti-affinity, spreading, host ports.
    PodRule,
    /// Too little of this is left.
    Resource(&'t str),
    /// It has as many pods as it may.
    PodLimit,
    /// A volume of the pod cannot be used there.
    Volume,
    /// Something else, in the scheduler's words.
    Other(&'t str),
}

/// Wordings by what they mean. The first that is part of a text counts: texts about volumes speak of node affinity too.
const WORDINGS: &[(&str, Barrier<'static>)] = &[
    ("Too many pods", Barrier::PodLimit),
    ("untolerated taint", Barrier::Taint),
    ("had taint", Barrier::Taint),
    ("were unschedulable", Barrier::Cordon),
    ("volume", Barrier::Volume),
    ("Volume", Barrier::Volume),
    ("enough free storage", Barrier::Volume),
    ("node affinity", Barrier::NodeAffinity),
    ("node selector", Barrier::NodeAffinity),
    ("plugin(s) [NodeAffinity]", Barrier::NodeAffinity),
    ("plugin NodeAffinity", Barrier::NodeAffinity),
    ("plugin [NodeAffinity]", Barrier::NodeAffinity),
    ("pod affinity terms conflict", Barrier::NodeAffinity),
    ("pod affinity", Barrier::PodRule),
    ("anti-affinity", Barrier::PodRule),
    ("topology spread", Barrier::PodRule),
    ("free ports", Barrier::PodRule),
];

impl<'t> Barrier<'t> {
    fn of(text: &'t str) -> Self {
        match text.strip_prefix("Insufficient ") {
            Some("pods") => return Self::PodLimit,
            Some(resource) => return Self::Resource(resource),
            None => {}
        }
        let known = WORDINGS.iter().find(|(wording, _)| text.contains(wording));
        known.map_or(Self::Other(text), |(_, barrier)| *barrier)
    }

    /// Whether a node that stumbles here has passed taints and labels, which the scheduler asks about first.
    pub(super) fn comes_late(self) -> bool {
        matches!(self, Self::PodRule | Self::Resource(_) | Self::PodLimit | Self::Volume)
    }
}

/// A reason with the number of nodes that it rules out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reason<'t> {
    pub(super) nodes: usize,
    pub(super) text: &'t str,
    pub(super) barrier: Barrier<'t>,
}

/// What the scheduler says of a pod that no node takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal<'t> {
    /// Nodes that it looked at.
    pub(super) nodes: usize,
    /// The reasons as they are written.
    pub(super) words: &'t str,
    /// The reasons one by one.
    pub(super) reasons: Vec<Reason<'t>>,
}

impl<'t> Refusal<'t> {
    /// Reads the text. What it says of preemption is left out: that speaks of the same nodes once more.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let (head, rest) = text.split_once("available: ")?;
        let words = rest.split_once(". ").map_or(rest, |(first, _)| first).trim().trim_end_matches('.');
        let stated = head.split_once('/').and_then(|(_, rest)| counted(rest)).map(|(nodes, _)| nodes);
        let reasons: Vec<Reason<'t>> = parts(words).into_iter().map(|part| reason(part, stated)).collect();
        let nodes = stated.unwrap_or_else(|| reasons.iter().map(|r| r.nodes).sum());
        Some(Self { nodes, words, reasons })
    }

    /// The reasons of one kind.
    pub(super) fn about(&self, barrier: Barrier<'_>) -> impl Iterator<Item = &Reason<'t>> {
        self.reasons.iter().filter(move |r| r.barrier == barrier)
    }

    /// How many nodes each kind of reason rules out.
    pub(super) fn counts(&self) -> Vec<(Barrier<'t>, usize)> {
        let mut counts: Vec<(Barrier<'t>, usize)> = Vec::new();
        for reason in self.reasons.iter().filter(|r| !self.is_said_twice(r)) {
            match counts.iter_mut().find(|(barrier, _)| *barrier == reason.barrier) {
                Some((_, nodes)) => *nodes += reason.nodes,
                None => counts.push((reason.barrier, reason.nodes)),
            }
        }
        counts
    }

    /// Whether some node has the labels that the pod asks for, as far as the text shows it.
    pub(super) fn has_fitting_labels(&self) -> bool {
        self.reasons.iter().any(|r| r.barrier.comes_late())
    }

    /// The taints that it names, as `key=value` or `key`; Kubernetes 1.35 names none.
    pub(super) fn taints(&self) -> Vec<String> {
        let inner = |r: &Reason<'t>| r.text.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(t, _)| t);
        let taint = |text: &str| match text.split_once(": ").unwrap_or((text.trim_end_matches(':'), "")) {
            (key, "") => key.to_owned(),
            (key, value) => format!("{key}={value}"),
        };
        self.about(Barrier::Taint).filter_map(inner).map(taint).collect()
    }

    /// Up to 1.21 a node that breaks a rule between pods was counted twice: under both rules together, and under the one.
    fn is_said_twice(&self, reason: &Reason<'_>) -> bool {
        let both = |text: &str| text.contains("affinity/anti-affinity");
        both(reason.text) && self.about(Barrier::PodRule).any(|r| !both(r.text))
    }
}

/// `3 Insufficient cpu` as number and rest.
fn counted(text: &str) -> Option<(usize, &str)> {
    let (number, rest) = text.split_once(' ')?;
    Some((number.parse().ok()?, rest))
}

/// The reasons of a list. They may hold commas themselves, but each begins with a number.
fn parts(words: &str) -> Vec<&str> {
    let commas = words.match_indices(", ").map(|(at, _)| at);
    let ends = commas.filter(|at| counted(&words[at + 2..]).is_some()).chain([words.len()]);
    let mut start = 0;
    ends.map(|end| &words[std::mem::replace(&mut start, end + 2)..end]).collect()
}

/// A reason without a number, as of a missing claim, is about every node.
fn reason(part: &str, all: Option<usize>) -> Reason<'_> {
    let (nodes, text) = counted(part).unwrap_or((all.unwrap_or(1), part));
    Reason { nodes, text, barrier: Barrier::of(text) }
}

#[cfg(test)]
mod tests {
    use super::{Barrier, Refusal};

    fn counts(text: &str) -> Vec<(Barrier<'_>, usize)> {
        Refusal::of(text).expect("a refusal").counts()
    }

    #[test]
    fn preemption_counts_the_same_nodes_again_and_is_left_out() {
        let text = "0/8 nodes are available: 1 node(s) were unschedulable, 1 node(s) had untolerated taint(s), 6 Insufficient memory. \
            no new claims to deallocate, preemption: 0/8 nodes are available: 2 Preemption is not helpful for scheduling, \
            6 No preemption victims found for incoming pod.";
        let refusal = Refusal::of(text).expect("a refusal");
        assert_eq!(refusal.nodes, 8);
        assert!(refusal.words.ends_with("6 Insufficient memory"));
        let found = [(Barrier::Cordon, 1), (Barrier::Taint, 1), (Barrier::Resource("memory"), 6)];
        assert_eq!(refusal.counts(), found);
    }

    #[test]
    fn taints_are_read_in_the_old_the_newer_and_the_newest_spelling() {
        let old = "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had taint {pool: batch}, that the pod didn't tolerate.";
        assert_eq!(counts(old), [(Barrier::Resource("cpu"), 1), (Barrier::Taint, 2)]);
        assert_eq!(Refusal::of(old).expect("a refusal").taints(), ["pool=batch"]);
        let newer = "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, \
            2 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
        assert_eq!(counts(newer), [(Barrier::Taint, 3)]);
        let named = ["node-role.kubernetes.io/control-plane", "node.kubernetes.io/not-ready"];
        assert_eq!(Refusal::of(newer).expect("a refusal").taints(), named);
        let newest = "0/16 nodes are available: 13 node(s) had untolerated taint(s), 3 node(s) didn't match pod anti-affinity rules.";
        assert_eq!(counts(newest), [(Barrier::Taint, 13), (Barrier::PodRule, 3)]);
        assert!(Refusal::of(newest).expect("a refusal").taints().is_empty());
    }

    #[test]
    fn a_rule_between_pods_that_old_versions_say_twice_counts_once() {
        let text = "0/5 nodes are available: 2 node(s) didn't match pod affinity/anti-affinity, 2 node(s) didn't match pod anti-affinity rules, 3 Insufficient cpu.";
        assert_eq!(counts(text), [(Barrier::PodRule, 2), (Barrier::Resource("cpu"), 3)]);
        let alone = "0/2 nodes are available: 2 node(s) didn't match pod affinity/anti-affinity rules.";
        assert_eq!(counts(alone), [(Barrier::PodRule, 2)]);
    }

    #[test]
    fn labels_are_told_from_volumes_in_every_spelling() {
        for text in [
            "node(s) didn't match Pod's node affinity/selector",
            "node(s) didn't match Pod's node affinity",
            "node(s) didn't match node selector",
            "node(s) didn't match scheduler-enforced node affinity",
            "node(s) didn't satisfy plugin(s) [NodeAffinity]",
        ] {
            assert_eq!(Barrier::of(text), Barrier::NodeAffinity, "{text}");
        }
        for text in [
            "node(s) had volume node affinity conflict",
            "node(s) didn't match PersistentVolume's node affinity",
            "node(s) didn't satisfy plugin(s) [NodeAffinity VolumeBinding] simultaneously",
            "node(s) had no available volume zone",
        ] {
            assert_eq!(Barrier::of(text), Barrier::Volume, "{text}");
        }
        for text in [
            "node(s) didn't match pod affinity rules",
            "node(s) didn't satisfy existing pods anti-affinity rules",
            "node(s) didn't match pod topology spread constraints (missing required label)",
            "node(s) didn't have free ports for the requested pod ports",
        ] {
            assert_eq!(Barrier::of(text), Barrier::PodRule, "{text}");
        }
        assert_eq!(Barrier::of("Insufficient nvidia.com/gpu"), Barrier::Resource("nvidia.com/gpu"));
        assert_eq!(Barrier::of("Insufficient attachable-volumes-csi"), Barrier::Resource("attachable-volumes-csi"));
        assert_eq!(Barrier::of("node(s) were not ready"), Barrier::Other("node(s) were not ready"));
    }

    #[test]
    fn a_reason_without_a_number_is_about_every_node() {
        let text = "0/11 nodes are available: persistentvolumeclaim \"data\" not found. preemption: 0/11 nodes are available: 11 Preemption is not helpful for scheduling.";
        assert_eq!(counts(text), [(Barrier::Volume, 11)]);
        let volcano = "all nodes are unavailable: 2 Insufficient cpu, 1 node(s) were unschedulable.";
        assert_eq!(Refusal::of(volcano).map(|r| r.nodes), Some(3));
    }

    #[test]
    fn other_texts_are_no_refusal() {
        assert_eq!(Refusal::of("no nodes available to schedule pods"), None);
        assert_eq!(Refusal::of("Failed to schedule pod, incompatible with nodepool \"default\""), None);
        assert_eq!(Refusal::of(""), None);
    }
}
