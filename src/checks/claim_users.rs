//! Which pods use a claim, and through which of their volumes.

use super::View;
use crate::evidence::cluster::{Meta, Pod};

/// The claims of a pod by the names of its volumes. One that lives and dies with the pod is named after both.
pub(super) fn claims_of(pod: &Pod) -> impl Iterator<Item = (&str, String)> {
    pod.spec.volumes.iter().filter_map(|volume| {
        let named = volume.persistent_volume_claim.as_ref().map(|claim| claim.claim_name.clone());
        let own = || volume.ephemeral.as_ref().map(|_| format!("{}-{}", pod.metadata.name, volume.name));
        Some((&*volume.name, named.or_else(own)?))
    })
}

/// The pods that use a claim and are not over.
pub(super) fn users<'s>(view: &View<'s>, claim: &Meta) -> Vec<&'s Pod> {
    let uses = |pod: &&Pod| !pod.is_over() && claims_of(pod).any(|(_, name)| name == claim.name);
    view.pods_in(&claim.namespace).iter().copied().filter(uses).collect()
}
