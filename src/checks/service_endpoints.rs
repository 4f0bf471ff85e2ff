//! Who stands behind a service: what checks of services, and of what leads to them, ask.

use super::waiting::{NOT_CREATED, NOT_STARTED, PULL, UNUSABLE, Wait};
use super::{Endpoints, View};
use crate::evidence::cluster::{Kind, Meta, Pod, Service, Time, Workload, condition};

/// The endpoints of a service by its `EndpointSlice`s. Where these were not read (`kubectl cluster-info dump` never writes
/// them), by its pods.
///
/// # Errors
/// Why they are not known.
pub(super) fn endpoints(view: &View<'_>, service: &Service) -> Result<Endpoints, String> {
    view.endpoints(service).or_else(|unread| by_pods(view, service).ok_or(unread))
}

fn by_pods(view: &View<'_>, service: &Service) -> Option<Endpoints> {
    view.snapshot.reads.complete(Kind::Pod, &service.metadata.namespace).ok()?;
    if service.spec.selector.is_empty() {
        return None;
    }
    let addressed = live_pods(view, service).into_iter().filter(|p| !p.status.pod_ip.is_empty());
    let is_ready = |pod: &Pod| pod.is_ready() || service.spec.publish_not_ready_addresses;
    let (ready, not_ready): (Vec<_>, Vec<_>) = addressed.partition(|p| is_ready(p));
    Some(Endpoints { ready: ready.len(), not_ready: not_ready.len() })
}

/// Pods behind a service that are neither over nor about to go: a completed pod serves nobody.
pub(super) fn live_pods<'s>(view: &View<'s>, service: &Service) -> Vec<&'s Pod> {
    view.pods_behind(service).into_iter().filter(|p| !p.is_over() && !p.metadata.is_going()).collect()
}

/// Workloads whose pods a service would select.
pub(super) fn workloads<'s>(view: &View<'s>, service: &Service) -> Vec<(Kind, &'s Workload)> {
    let selector = &service.spec.selector;
    let selected = |w: &Workload| selector.iter().all(|(key, v)| w.spec.template.metadata.labels.get(key) == Some(v));
    let own = view.workloads_in(&service.metadata.namespace).iter().copied();
    own.filter(|(_, w)| !selector.is_empty() && w.metadata.controller().is_none() && selected(w)).collect()
}

/// Whether a service may be without endpoints for a moment: every pod has just been made and starts, or the last ones are going.
pub(super) fn is_settling(view: &View<'_>, service: &Service) -> bool {
    let live = live_pods(view, service);
    if live.is_empty() {
        let goes =
            |pod: &Pod| pod.metadata.is_going() && !view.lasts(pod.metadata.deletion_timestamp, view.thresholds.settle);
        return view.pods_behind(service).into_iter().any(goes);
    }
    live.iter().all(|p| is_young(view, &p.metadata)) && !live.iter().all(|p| is_held(p))
}

/// Whether a container of a pod does not come up, so that waiting does not help: its image, its making, its crashes.
fn is_held(pod: &Pod) -> bool {
    let held = |reason: &str| {
        reason == "CrashLoopBackOff"
            || [PULL, UNUSABLE, NOT_CREATED, NOT_STARTED].iter().any(|all| all.contains(&reason))
    };
    pod.each_container().filter_map(|container| Wait::of(pod, container)).any(|wait| held(wait.reason))
}

/// Whether an object has just been made; not where its age is not known.
pub(super) fn is_young(view: &View<'_>, meta: &Meta) -> bool {
    meta.creation_timestamp.age(view.now).is_some_and(|age| age < view.thresholds.settle)
}

/// Since when a pod has not been ready.
pub(super) fn unready_since(pod: &Pod) -> Time {
    let unready = condition(&pod.status.conditions, "Ready").filter(|c| c.status != "True");
    unready.map(|c| c.last_transition_time).unwrap_or_default()
}

/// Names of pods, as a sentence names them; of many the first.
pub(super) fn names(pods: &[&Pod]) -> String {
    const MOST: usize = 4;
    let first: Vec<&str> = pods.iter().take(MOST).map(|p| p.metadata.name.as_str()).collect();
    let more = pods.len().saturating_sub(MOST);
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}
