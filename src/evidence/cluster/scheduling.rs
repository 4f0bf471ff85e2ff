//! What a pod asks of its node, and of the pods near it.

use super::meta::{LabelSelector, Requirement, slim};

slim! {
    /// A taint that a pod bears.
    pub struct Toleration {
        /// The taint; every one when empty.
        key: String,
        /// `Equal` when empty, or `Exists`.
        operator: String,
        /// Its value.
        value: String,
        /// Its effect; every one when empty.
        effect: String,
    }

    /// How pods spread.
    pub struct TopologySpread {
        /// Label of nodes that makes the zones.
        topology_key: String,
        /// `DoNotSchedule` or `ScheduleAnyway`.
        when_unsatisfiable: String,
        /// How uneven it may be.
        max_skew: i64,
    }

    /// What a pod's node must or should have.
    pub struct Affinity {
        /// About the node itself.
        node_affinity: NodeAffinity,
        /// Near which pods.
        pod_affinity: PodAffinity,
        /// Away from which pods.
        pod_anti_affinity: PodAffinity,
    }

    /// What a node must have.
    pub struct NodeAffinity {
        /// What it must have.
        required_during_scheduling_ignored_during_execution: NodeSelector,
    }

    /// What a node must have: one of its terms.
    pub struct NodeSelector {
        /// The terms.
        node_selector_terms: Box<[NodeSelectorTerm]>,
    }

    /// A term: all its demands.
    pub struct NodeSelectorTerm {
        /// On labels.
        match_expressions: Box<[Requirement]>,
        /// On fields, in practice `metadata.name`.
        match_fields: Box<[Requirement]>,
    }

    /// Which pods must or must not be near.
    pub struct PodAffinity {
        /// What must hold.
        required_during_scheduling_ignored_during_execution: Box<[PodAffinityTerm]>,
    }

    /// Pods that must or must not be near.
    pub struct PodAffinityTerm {
        /// The pods.
        label_selector: Option<LabelSelector>,
        /// Label of nodes that says what near means.
        topology_key: String,
        /// Their namespaces; the pod's own when empty.
        namespaces: Box<[String]>,
    }
}

impl Toleration {
    /// Whether a taint is borne.
    #[must_use]
    pub fn bears(&self, taint: &super::Taint) -> bool {
        let key = (self.key.is_empty() && self.operator == "Exists") || self.key == taint.key;
        let value = self.operator == "Exists" || self.value == taint.value;
        key && value && (self.effect.is_empty() || self.effect == taint.effect)
    }
}
