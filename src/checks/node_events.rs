//! Events about nodes. Nodes themselves need not be readable for them: events are often allowed where nodes are not.

use std::collections::BTreeSet;

use super::{Lookup, View};
use crate::evidence::cluster::{Event, Kind, ObjectRef};

/// Nodes with recent events that say something, each with these events, the newest first.
pub(super) fn nodes_with<'s>(view: &View<'s>, says: impl Fn(&Event) -> bool) -> Vec<(ObjectRef, Vec<&'s Event>)> {
    let about = view.snapshot.events.iter().map(Event::object).filter(|o| o.kind == "Node");
    let names: BTreeSet<&str> = about.map(|o| o.name.as_str()).collect();
    let nodes = names.into_iter().map(|name| ObjectRef::new(Kind::Node, "", name));
    // Events outlive a node that an autoscaler took away.
    let nodes = nodes.filter(|n| view.lookup(Kind::Node, "", &n.name) != Lookup::Missing);
    let recent = |e: &&Event| says(e) && view.is_recent(e.last(), view.thresholds.recent);
    let with = nodes.map(|node| {
        let events: Vec<&Event> = view.events(&node).into_iter().filter(recent).collect();
        (node, events)
    });
    with.filter(|(_, events)| !events.is_empty()).collect()
}
