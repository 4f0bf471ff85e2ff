//! Who makes a `Secret` that is not there yet.

use super::View;
use crate::evidence::cluster::{Custom, Kind, ObjectRef};

/// The object of an add-on that is to write this `Secret`.
pub(super) fn maker(view: &View<'_>, namespace: &str, secret: &str) -> Option<ObjectRef> {
    let certificates = view.snapshot.customs(Kind::Certificate).iter();
    let certificates = certificates.filter(|c| c.text(&["spec", "secretName"]) == Some(secret));
    let certificates = certificates.map(|c| c.metadata.object(Kind::Certificate));
    let externals = view.snapshot.customs(Kind::ExternalSecret).iter().filter(|e| target(e) == secret);
    let externals = externals.map(|e| e.metadata.object(Kind::ExternalSecret));
    certificates.chain(externals).find(|object| object.namespace == namespace)
}

/// The `Secret` of an `ExternalSecret`; of its own name where none is given.
fn target(external: &Custom) -> &str {
    let named = external.text(&["spec", "target", "name"]).filter(|name| !name.is_empty());
    named.unwrap_or(&external.metadata.name)
}
