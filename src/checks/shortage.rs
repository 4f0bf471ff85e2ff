//! Pods that fit on no node because too little of a resource is left: how much they request, and how much there is.

use super::amount::number;
use super::node_fit::{left, offered, open_nodes};
use super::scheduling::Barrier;
use super::unplaced::{Unplaced, unplaced};
use super::{Verdict, View};
use crate::evidence::cluster::{Kind, Node};
use crate::finding::Fault;

/// The pods that miss a resource of the given ones most.
pub(super) fn shortages(view: &View<'_>, asked: fn(&str) -> bool) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in unplaced(view) {
        for barrier in pod.barriers(view) {
            if let Barrier::Resource(resource) = barrier
                && asked(resource)
            {
                verdict.found(fault(view, &pod, resource));
            }
        }
    }
    verdict
}

fn fault(view: &View<'_>, pod: &Unplaced<'_>, resource: &str) -> Fault {
    let wanted = pod.pod.spec.request(resource);
    let nodes = open_nodes(view, &pod.pod.spec);
    let largest = nodes.iter().copied().max_by(|a, b| offered(a, resource).total_cmp(&offered(b, resource)));
    let free = most_left(view, &nodes, resource);
    let message = sentence(resource, wanted, largest, free);
    let requested = if wanted > 0.0 { number(resource, wanted) } else { String::new() };
    let fault = pod.fault(view, &message).fact("resource", resource).fact("requested", requested);
    let fault = free.into_iter().fold(fault, |f, free| f.fact("available", number(resource, free)));
    largest.into_iter().fold(fault, |f, node| f.fact("node", &node.metadata.name))
}

/// The most that a node has left; unknown where not every pod was read.
fn most_left(view: &View<'_>, nodes: &[&Node], resource: &str) -> Option<f64> {
    view.snapshot.reads.complete(Kind::Pod, "").ok()?;
    nodes.iter().map(|n| left(view, n, resource).max(0.0)).max_by(f64::total_cmp)
}

fn sentence(resource: &str, wanted: f64, largest: Option<&Node>, free: Option<f64>) -> String {
    let requests = if wanted > 0.0 {
        format!("the pod requests {} {resource}", number(resource, wanted))
    } else {
        format!("the pod requests {resource}")
    };
    let Some(node) = largest else { return format!("{requests}, which no node has left") };
    let (name, has) = (&node.metadata.name, offered(node, resource));
    let size = number(resource, has);
    // What is left speaks against the scheduler where a pod has ended since.
    let free = free.filter(|free| *free < wanted).map(|free| number(resource, free));
    match free {
        _ if has <= 0.0 => format!("{requests}, which no node offers"),
        _ if wanted > has => format!("{requests}, more than the largest node has ({name}: {size})"),
        Some(free) => {
            format!("{requests}, but no node has more than {free} of it left (the largest, {name}, has {size})")
        }
        None => format!("{requests}, which no node has left (the largest, {name}, has {size})"),
    }
}
