//! The object that a kubelet names when it cannot mount a volume.

use super::View;
use crate::evidence::cluster::{Kind, ObjectRef, Pod, Volume};
use crate::finding::Fault;

/// Words before a quoted name, with the kind of the object.
const NAMED: [(&str, Kind); 5] = [
    ("configmap \"", Kind::ConfigMap),
    ("configmaps \"", Kind::ConfigMap),
    ("secret \"", Kind::Secret),
    ("secrets \"", Kind::Secret),
    ("persistentvolumeclaim \"", Kind::PersistentVolumeClaim),
];

/// Blames the object that a text names, and gives its name to the runbooks.
pub(super) fn blame(fault: Fault, view: &View<'_>, pod: &Pod, text: &str) -> Fault {
    let Some(object) = culprit(view, pod, text) else { return fault };
    let fact = match object.kind {
        Kind::ConfigMap => "configmap",
        Kind::Secret => "secret",
        _ => "pvc",
    };
    let key = between(text, "key: ", ' ').unwrap_or_default();
    fault.fact(fact, &object.name).fact("key", key).because_of(object)
}

/// The `ConfigMap`, `Secret` or claim that a text is about: by its own name, else by that of the volume.
fn culprit(view: &View<'_>, pod: &Pod, text: &str) -> Option<ObjectRef> {
    let of = |kind, name: &str| ObjectRef::new(kind, &pod.metadata.namespace, name);
    let missing = NAMED.iter().find_map(|(word, kind)| {
        let (_, rest) = text.split_once(word)?;
        let (name, rest) = rest.split_once('"')?;
        (rest.starts_with(" not found") || rest.starts_with(" is forbidden")).then(|| of(*kind, name))
    });
    missing.or_else(|| {
        let name = between(text, "volume \"", '"').or_else(|| only(text))?;
        let mut volumes = pod.spec.volumes.iter();
        match volumes.find(|v| *v.name == *name) {
            Some(volume) => source(volume, text).map(|(kind, name)| of(kind, name)),
            None => claim_of(view, pod, name),
        }
    })
}

/// What a volume of the pod is made of. The `ConfigMap` or `Secret` is to blame only where it lacks a key; its kubelet may be slow for reasons of its own.
fn source<'p>(volume: &'p Volume, text: &str) -> Option<(Kind, &'p str)> {
    let claim = volume.persistent_volume_claim.as_ref().map(|c| (Kind::PersistentVolumeClaim, c.claim_name.as_str()));
    let map = volume.config_map.as_ref().map(|c| (Kind::ConfigMap, c.name.as_str()));
    let secret = volume.secret.as_ref().map(|s| (Kind::Secret, s.secret_name.as_str()));
    claim.or_else(|| map.or(secret).filter(|_| text.contains("references non-existent")))
}

/// A claim of the pod by the volume that it is bound to: drivers know claims under that name only.
fn claim_of(view: &View<'_>, pod: &Pod, volume: &str) -> Option<ObjectRef> {
    let claims = pod.spec.volumes.iter().filter_map(|v| v.persistent_volume_claim.as_ref());
    let mut claims = claims.filter_map(|c| view.claim(&pod.metadata.namespace, &c.claim_name));
    let bound = claims.find(|claim| claim.spec.volume_name == volume)?;
    Some(bound.metadata.object(Kind::PersistentVolumeClaim))
}

/// The one volume that is missing in `unmounted volumes=[data], unattached volumes=[…]`; of several nobody knows which.
fn only(text: &str) -> Option<&str> {
    between(text, "unmounted volumes=[", ']').filter(|names| !names.contains([' ', ',']))
}

fn between<'t>(text: &'t str, start: &str, end: char) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split(end).next().unwrap_or(rest))
}
