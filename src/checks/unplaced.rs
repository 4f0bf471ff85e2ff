//! Pods that the scheduler found no node for, and what keeps them out.

use super::node_fit::{is_pinned, known_nodes, selects, untolerated, would_take};
use super::scale_up;
use super::scheduling::{Barrier, Refusal};
use super::{Verdict, View};
use crate::evidence::cluster::{Condition, Event, Kind, Node, ObjectRef, Pod, Taint, condition};
use crate::finding::{Fault, Severity};

/// Taints by which control planes keep ordinary pods away.
const CONTROL_PLANE: [&str; 2] = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/// Seconds in which no autoscaler may have looked at a pod yet: what it waits for is the very refusal of the scheduler.
const FIRST_LOOK: i64 = 60;

/// A pod that the scheduler found no node for.
pub(super) struct Unplaced<'s> {
    pub(super) pod: &'s Pod,
    /// Where the scheduler says why.
    field: &'static str,
    /// What it says.
    pub(super) text: &'s str,
    /// The same, taken apart.
    pub(super) refusal: Option<Refusal<'s>>,
    condition: &'s Condition,
}

/// The pods that the scheduler found no node for.
pub(super) fn unplaced<'s>(view: &View<'s>) -> Vec<Unplaced<'s>> {
    let pods = view.snapshot.pods.iter().filter(|p| waits_for_a_node(p));
    pods.filter_map(|pod| Some(Unplaced::new(view, pod, unschedulable(pod)?))).collect()
}

/// Whether a pod is still without a node; one that is being deleted needs none any more.
pub(super) fn waits_for_a_node(pod: &Pod) -> bool {
    pod.status.phase == "Pending" && pod.spec.node_name.is_empty() && !pod.metadata.is_going()
}

fn unschedulable(pod: &Pod) -> Option<&Condition> {
    condition(&pod.status.conditions, "PodScheduled").filter(|c| c.status == "False" && c.reason == "Unschedulable")
}

impl<'s> Unplaced<'s> {
    /// The condition is written with every attempt; an event may be an hour old and counts only where the condition says nothing.
    fn new(view: &View<'s>, pod: &'s Pod, condition: &'s Condition) -> Self {
        let object = pod.metadata.object(Kind::Pod);
        let said = |e: &&Event| e.reason == "FailedScheduling" && Refusal::of(e.text()).is_some();
        let event = view.warnings(&object).into_iter().find(said).map(Event::text);
        let (field, text) = match event.filter(|_| condition.message.is_empty()) {
            Some(text) => ("event FailedScheduling", text),
            None => ("status.conditions[PodScheduled].message", condition.message.as_str()),
        };
        Self { pod, field, text, refusal: Refusal::of(text), condition }
    }

    pub(super) fn object(&self) -> ObjectRef {
        self.pod.metadata.object(Kind::Pod)
    }

    /// What keeps it out: the reason that rules out the most nodes, or several where they rule out as many.
    ///
    /// Three reasons are there by design and do not count: labels, if some node has the right ones and stumbles over something else; a cordon of nodes that
    /// would not fit anyway; and the taint of control planes beside other nodes.
    pub(super) fn barriers(&self, view: &View<'_>) -> Vec<Barrier<'s>> {
        let counts = self.refusal.as_ref().map(Refusal::counts).unwrap_or_default();
        let counts: Vec<_> = counts.into_iter().filter(|(barrier, _)| self.is_real(view, *barrier)).collect();
        let most = counts.iter().map(|(_, nodes)| *nodes).max();
        counts.into_iter().filter(|(_, nodes)| Some(*nodes) == most).map(|(barrier, _)| barrier).collect()
    }

    fn is_real(&self, view: &View<'_>, barrier: Barrier<'_>) -> bool {
        match barrier {
            Barrier::NodeAffinity => !self.has_its_node(view),
            Barrier::Taint => !self.is_kept_from_control_planes(view),
            Barrier::Cordon => known_nodes(view).is_empty() || !self.cordoned(view).is_empty(),
            _ => true,
        }
    }

    /// Whether the taints that keep it out are those of control planes, while other nodes have other reasons.
    fn is_kept_from_control_planes(&self, view: &View<'_>) -> bool {
        let taints: Vec<&Taint> = known_nodes(view).iter().filter_map(|n| untolerated(&self.pod.spec, n)).collect();
        let reasons = self.refusal.as_ref().map_or(0, |r| r.counts().len());
        let of_control_plane = |t: &&Taint| CONTROL_PLANE.contains(&t.key.as_str());
        reasons > 1 && !taints.is_empty() && taints.iter().all(of_control_plane)
    }

    /// Whether some node has the labels that it asks for.
    fn has_its_node(&self, view: &View<'_>) -> bool {
        let spec = &self.pod.spec;
        let refusal = self.refusal.as_ref();
        refusal.is_some_and(|r| r.has_fitting_labels() || (is_pinned(spec) && r.counts().len() > 1))
            || known_nodes(view).iter().any(|n| selects(spec, n))
    }

    /// The cordoned nodes that would take it if they were not.
    pub(super) fn cordoned(&self, view: &View<'s>) -> Vec<&'s Node> {
        let would = |n: &&Node| n.spec.unschedulable && would_take(view, &self.pod.spec, n);
        known_nodes(view).iter().filter(would).collect()
    }

    /// Whether the scheduler has only just refused it.
    fn is_fresh(&self, view: &View<'_>) -> bool {
        self.condition.last_transition_time.age(view.now).is_some_and(|age| age < FIRST_LOOK)
    }

    /// A fault of it, with everything that scheduler and autoscaler say. While a node is or may be on its way it is a small one.
    pub(super) fn fault(&self, view: &View<'_>, message: &str) -> Fault {
        let object = self.object();
        let coming = scale_up::is_coming(view, &object);
        let message = if coming { format!("{message}; a node is on its way") } else { message.to_owned() };
        let mut fault = Fault::on(object.clone(), &message).seen(self.field, self.text);
        for event in other_events(view, &object) {
            fault = fault.seen(format!("event {}", event.reason), event.text());
        }
        fault = fault.since(self.condition.last_transition_time);
        if coming || self.is_fresh(view) { fault.severity(Severity::Low) } else { fault }
    }
}

/// The faults of pods that this barrier keeps out before all others.
pub(super) fn kept_out_by<'s>(
    view: &View<'s>,
    barrier: Barrier<'_>,
    fault: impl Fn(&View<'s>, &Unplaced<'s>) -> Fault,
) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in unplaced(view).into_iter().filter(|pod| pod.barriers(view).contains(&barrier)) {
        verdict.found(fault(view, &pod));
    }
    verdict
}

/// What others than the scheduler say of a pod; the scheduler's last word is known already.
fn other_events<'s>(view: &View<'s>, pod: &ObjectRef) -> Vec<&'s Event> {
    let warnings = view.warnings(pod).into_iter().filter(|e| Refusal::of(e.text()).is_none()).take(3);
    scale_up::declined(view, pod).into_iter().chain(warnings).collect()
}
