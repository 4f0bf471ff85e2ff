//! Where programs and controllers complain: last words of containers, conditions, warnings.

use super::View;
use crate::evidence::cluster::{Condition, Event, Kind, ObjectRef, Pod, PodContainer};

/// The object that a text stands on, the field, and the text.
pub(super) type Text<'s> = (ObjectRef, String, &'s str);

/// Every text in which something may complain.
pub(super) fn complaints<'s>(view: &View<'s>) -> Vec<Text<'s>> {
    let snapshot = view.snapshot;
    let pods = snapshot.pods.iter().filter(|pod| pod.status.phase != "Succeeded" && !pod.metadata.is_going());
    let ends = pods.clone().flat_map(|pod| pod.each_container().flat_map(move |c| last_words(view, pod, c)));
    let of_pods = pods.flat_map(|p| of_conditions(p.metadata.object(Kind::Pod), &p.status.conditions));
    let workloads =
        snapshot.workloads().flat_map(|(kind, w)| of_conditions(w.metadata.object(kind), &w.status.conditions));
    let scalers = snapshot.autoscalers.iter();
    let scalers =
        scalers.flat_map(|a| of_conditions(a.metadata.object(Kind::HorizontalPodAutoscaler), &a.status.conditions));
    let recent = |e: &&Event| e.is_warning() && view.is_recent(e.last(), view.thresholds.recent);
    let events = snapshot.events.iter().filter(recent).filter_map(of_event);
    ends.chain(of_pods).chain(workloads).chain(scalers).chain(of_customs(view)).chain(events).collect()
}

/// What a container said at its end. Where it has run again for long, that is over.
fn last_words<'s>(view: &View<'_>, pod: &'s Pod, container: PodContainer<'s>) -> Vec<Text<'s>> {
    let status = container.status;
    let over = |at| status.state.running.is_some() && !view.is_recent(at, view.thresholds.recent);
    let before = status.last_state.terminated.as_ref().filter(|end| !over(end.finished_at));
    let ends = [("state", status.state.terminated.as_ref()), ("lastState", before)];
    let path = container.path(pod);
    let said = ends.into_iter().filter_map(|(field, end)| Some((field, end?)));
    said.map(|(field, end)| {
        (pod.metadata.object(Kind::Pod), format!("{path}.{field}.terminated.message"), end.message.as_str())
    })
    .collect()
}

fn of_conditions(object: ObjectRef, conditions: &[Condition]) -> impl Iterator<Item = Text<'_>> {
    conditions
        .iter()
        .map(move |c| (object.clone(), format!("status.conditions[{}].message", c.kind), c.message.as_str()))
}

/// Objects of add-ons say it in conditions, too; they are kept as they came.
fn of_customs<'s>(view: &View<'s>) -> impl Iterator<Item = Text<'s>> {
    let all = view.snapshot.custom.iter().flat_map(|(kind, objects)| objects.iter().map(move |o| (*kind, o)));
    all.flat_map(|(kind, object)| {
        let conditions = object.status.get("conditions").and_then(|c| c.as_array()).into_iter().flatten();
        conditions.filter_map(move |c| {
            let field = format!("status.conditions[{}].message", c["type"].as_str().unwrap_or_default());
            Some((object.metadata.object(kind), field, c["message"].as_str()?))
        })
    })
}

/// An event about an object of a kind that nobody reads is no loss: its controller says the same elsewhere.
fn of_event(event: &Event) -> Option<Text<'_>> {
    let about = event.object();
    let kind = Kind::of(&about.api_version, &about.kind).or_else(|| Kind::from_word(&about.kind))?;
    Some((ObjectRef::new(kind, &about.namespace, &about.name), format!("event {}", event.reason), event.text()))
}
