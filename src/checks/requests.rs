//! Containers without a request for a resource: an autoscaler that aims at a share of the request cannot count with them.

use super::View;
use crate::evidence::cluster::{Container, Kind, ObjectRef, Pod, PodSpec};

/// Containers of a workload (all, or only the one named) that state no request.
///
/// Its newest pod tells, because what a `LimitRange`, a webhook or an injector adds is in it; the template only where there is no pod.
///
/// # Errors
/// Why nobody can say.
pub(super) fn lacking<'s>(
    view: &View<'s>,
    workload: &ObjectRef,
    resource: &str,
    container: &str,
) -> Result<Vec<&'s str>, String> {
    let living = view.pods_of(workload).iter().copied().filter(|p| !p.is_over() && !p.metadata.is_going());
    if let Some(newest) = living.max_by_key(|p| p.metadata.creation_timestamp) {
        return Ok(bare(&newest.spec, resource, container));
    }
    let Some(made) = view.workload(workload) else { return Ok(Vec::new()) };
    let bare = bare(&made.spec.template.spec, resource, container);
    if bare.is_empty() || has_default(view, &workload.namespace, resource) {
        return Ok(Vec::new());
    }
    view.snapshot.reads.complete(Kind::LimitRange, &workload.namespace)?;
    Ok(bare)
}

/// A pod that carries the labels of a workload and is none of its own, with a container that states no request: the
/// autoscaler counts it in, because it goes by labels; the requests even of one that is over.
pub(super) fn stranger<'s>(
    view: &View<'s>,
    workload: &ObjectRef,
    resource: &str,
    container: &str,
) -> Option<(&'s Pod, &'s str)> {
    let selector = &view.workload(workload)?.spec.selector.0;
    let pods = view.pods_matching(&workload.namespace, selector).into_iter();
    pods.filter(|p| !p.metadata.is_going() && is_strange(view, p, workload))
        .find_map(|p| Some((p, *bare(&p.spec, resource, container).first()?)))
}

/// Whether a pod belongs to somebody else. Where its owner was not read, nobody can say, and it is taken for the workload's own.
fn is_strange(view: &View<'_>, pod: &Pod, workload: &ObjectRef) -> bool {
    let top = view.top(&pod.metadata.object(Kind::Pod));
    view.meta(&top).is_some() && !view.owners(&pod.metadata).contains(workload)
}

/// Containers that run side by side and state neither a request nor a limit, which counts as one.
fn bare<'p>(spec: &'p PodSpec, resource: &str, only: &str) -> Vec<&'p str> {
    // What the pod asks for as a whole counts, unless one container is meant.
    if only.is_empty() && spec.resources.request(resource).is_some() {
        return Vec::new();
    }
    let counted = spec.running_containers().filter(|c| only.is_empty() || c.name == only);
    let states = |c: &Container| [&c.resources.requests, &c.resources.limits].iter().any(|r| r.contains_key(resource));
    counted.filter(|c| !states(c)).map(|c| c.name.as_str()).collect()
}

fn has_default(view: &View<'_>, namespace: &str, resource: &str) -> bool {
    let ranges = view.snapshot.limit_ranges.iter().filter(|r| r.metadata.namespace == namespace);
    let mut limits = ranges.flat_map(|r| &r.spec.limits).filter(|l| l.kind == "Container");
    limits.any(|l| l.default_request.contains_key(resource) || l.default.contains_key(resource))
}
