//! Which claims a pod uses, and through which of its volumes.

use std::borrow::Cow;

use crate::evidence::cluster::Pod;

/// The claims of a pod by the names of its volumes. One that lives and dies with the pod is named after both.
pub(super) fn claims_of(pod: &Pod) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    pod.spec.volumes.iter().filter_map(|volume| {
        let named = volume.persistent_volume_claim.as_ref().map(|claim| Cow::Borrowed(claim.claim_name.as_str()));
        let own = || volume.ephemeral.as_ref().map(|_| Cow::Owned(format!("{}-{}", pod.metadata.name, volume.name)));
        Some((&*volume.name, named.or_else(own)?))
    })
}
