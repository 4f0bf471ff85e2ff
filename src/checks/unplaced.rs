//! Pods that the scheduler found no node for, and what keeps them out.

use super::node_fit::{is_pinned, known_nodes, offered, selects, untolerated, would_take};
use super::scale_up;
use super::scheduling::{Barrier, Refusal};
use super::{Verdict, View};
use crate::evidence::cluster::{Condition, Event, Kind, Node, ObjectRef, Pod, Taint, condition};
use crate::finding::{Fault, Severity};

/// How taints begin by which Kubernetes marks nodes that are not well.
const ILL: &str = "node.kubernetes.io/";

/// Taints by which control planes keep ordinary pods away.
const CONTROL_PLANE: [&str; 2] = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/// Seconds in which no autoscaler may have looked at a pod yet: what it waits for is the very refusal of the scheduler.
const FIRST_LOOK: i64 = 30;

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

    /// What keeps it out: the reason that rules out the most of the nodes that are meant, or several where they rule out as many.
    ///
    /// Three reasons are there by design and do not count: labels, if some node has the right ones and stumbles over something else; a cordon of nodes that
    /// would not fit anyway; and taints that somebody gave to nodes that the pod does not ask for, beside nodes without them. What no node could ever give
    /// comes before what is taken for now.
    pub(super) fn barriers(&self, view: &View<'_>) -> Vec<Barrier<'s>> {
        let Some(refusal) = &self.refusal else { return Vec::new() };
        let counts = refusal.counts();
        let nodes = known_nodes(view);
        // A tainted node is not asked for its labels, so that the scheduler may say nothing of them.
        let unmet =
            !is_pinned(&self.pod.spec) && !nodes.is_empty() && !nodes.iter().any(|n| selects(&self.pod.spec, n));
        if unmet && counts.iter().any(|(barrier, _)| matches!(barrier, Barrier::NodeAffinity | Barrier::Taint)) {
            return vec![Barrier::NodeAffinity];
        }
        let weighed = counts.into_iter().map(|(barrier, nodes)| (barrier, self.weight(view, barrier, nodes)));
        let mut counts: Vec<_> = weighed.filter(|(_, nodes)| *nodes > 0).collect();
        if counts.iter().any(|(barrier, _)| self.is_beyond(view, *barrier)) {
            counts.retain(|(barrier, _)| self.is_beyond(view, *barrier));
        }
        let most = counts.iter().map(|(_, nodes)| *nodes).max();
        counts.into_iter().filter(|(_, nodes)| Some(*nodes) == most).map(|(barrier, _)| barrier).collect()
    }

    /// How many of the nodes that a reason rules out are nodes that the pod is meant for.
    fn weight(&self, view: &View<'_>, barrier: Barrier<'_>, said: usize) -> usize {
        let known = !known_nodes(view).is_empty();
        match barrier {
            Barrier::NodeAffinity if self.has_its_node(view) => 0,
            Barrier::Taint if known => self.tainted(view).len(),
            Barrier::Cordon if known => self.cordoned(view).len(),
            _ => said,
        }
    }

    /// The nodes that are meant for it but for a taint. Where nodes without one stumble over something else, only what Kubernetes itself taints counts.
    pub(super) fn tainted(&self, view: &View<'s>) -> Vec<(&'s Taint, &'s Node)> {
        let spec = &self.pod.spec;
        let late = self.refusal.as_ref().is_some_and(|r| r.counts().iter().any(|(barrier, _)| barrier.comes_late()));
        let counts = |taint: &Taint| !late || taint.key.starts_with(ILL);
        // The scheduler counts a cordoned node as such, whatever its taints.
        let meant = known_nodes(view).iter().filter(|n| !n.spec.unschedulable && selects(spec, n));
        let tainted = meant.filter_map(|n| Some((untolerated(spec, n)?, n)));
        let counted: Vec<_> = tainted.filter(|(taint, _)| counts(taint)).collect();
        // Beside others, the nodes of the control plane are not meant.
        let ordinary = |(taint, _): &&(&Taint, &Node)| !CONTROL_PLANE.contains(&taint.key.as_str());
        let others: Vec<_> = counted.iter().filter(ordinary).copied().collect();
        let alone = self.refusal.as_ref().is_some_and(|r| r.counts().len() < 2);
        if others.is_empty() && alone { counted } else { others }
    }

    /// Whether it asks for more of a resource than any node that is meant for it has, however empty.
    fn is_beyond(&self, view: &View<'_>, barrier: Barrier<'_>) -> bool {
        let Barrier::Resource(resource) = barrier else { return false };
        let mut meant = known_nodes(view).iter().filter(|n| selects(&self.pod.spec, n)).peekable();
        let asked = self.pod.spec.request(resource);
        meant.peek().is_some() && meant.all(|node| offered(node, resource) < asked)
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
