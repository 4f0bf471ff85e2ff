//! The `ConfigMap`s and `Secret`s that a pod cannot do without, and where it names them.

use crate::evidence::cluster::{Container, EnvFrom, EnvVar, KeyRef, KeyToPath, Kind, PodSpec, Volume};

/// Made in every namespace by the control plane, whatever manifests say.
const BROUGHT_ALONG: [&str; 2] = ["kube-root-ca.crt", "openshift-service-ca.crt"];

/// An object that a pod names.
pub(super) struct Reference<'s> {
    /// `ConfigMap` or `Secret`.
    pub(super) kind: Kind,
    /// The object.
    pub(super) name: &'s str,
    /// The key that must be in it, where one is named.
    pub(super) key: Option<&'s str>,
    /// The container that names it; empty for a volume.
    pub(super) container: &'s str,
    /// Where it stands, below the spec of the pod.
    pub(super) field: String,
}

/// Everything that must be there before the containers of a pod start; what is optional is left out.
pub(super) fn demanded(spec: &PodSpec) -> Vec<Reference<'_>> {
    let mut found: Vec<Reference<'_>> = spec.volumes.iter().flat_map(of_volume).collect();
    for container in spec.all_containers() {
        found.extend(container.env.iter().flat_map(|variable| of_variable(container, variable)));
        found.extend(container.env_from.iter().flat_map(|from| of_source(container, from)));
        found.extend(of_mounts(container, &spec.volumes));
    }
    found.retain(|r| !r.name.is_empty() && !BROUGHT_ALONG.contains(&r.name));
    found
}

fn of_variable<'s>(container: &'s Container, variable: &'s EnvVar) -> Vec<Reference<'s>> {
    let from = &variable.value_from;
    let sources = [(Kind::ConfigMap, &from.config_map_key_ref), (Kind::Secret, &from.secret_key_ref)];
    let named = sources.into_iter().filter_map(|(kind, source)| Some((kind, source.as_ref()?)));
    let of = |(kind, source): (Kind, &'s KeyRef)| Reference {
        kind,
        name: &source.name,
        key: Some(source.key.as_str()),
        container: &container.name,
        field: format!("containers[{}].env[{}]", container.name, variable.name),
    };
    named.filter(|(_, source)| !source.optional).map(of).collect()
}

fn of_source<'s>(container: &'s Container, from: &'s EnvFrom) -> Vec<Reference<'s>> {
    let sources = [(Kind::ConfigMap, &from.config_map_ref), (Kind::Secret, &from.secret_ref)];
    let named = sources.into_iter().filter_map(|(kind, source)| Some((kind, source.as_ref()?)));
    let of = |(kind, source): (Kind, &'s KeyRef)| Reference {
        kind,
        name: &source.name,
        key: None,
        container: &container.name,
        field: format!("containers[{}].envFrom", container.name),
    };
    named.filter(|(_, source)| !source.optional).map(of).collect()
}

/// A source of a volume: the object, the keys that are asked for, whether it may be missing.
type Source<'s> = (Kind, &'s str, &'s [KeyToPath], bool);

fn sources(volume: &Volume) -> Vec<Source<'_>> {
    let mut found: Vec<Source<'_>> = Vec::new();
    found.extend(volume.config_map.iter().map(|c| (Kind::ConfigMap, c.name.as_str(), &*c.items, c.optional)));
    found.extend(volume.secret.iter().map(|s| (Kind::Secret, s.secret_name.as_str(), &*s.items, s.optional)));
    for source in volume.projected.iter().flat_map(|p| &p.sources) {
        let map = source.config_map.iter().map(|c| (Kind::ConfigMap, c));
        let all = map.chain(source.secret.iter().map(|s| (Kind::Secret, s)));
        found.extend(all.map(|(kind, r)| (kind, r.name.as_str(), &*r.items, r.optional)));
    }
    found
}

fn of_volume<'s>(volume: &'s Volume) -> Vec<Reference<'s>> {
    let of = |(kind, name, items, _): Source<'s>| -> Vec<Reference<'s>> {
        let keys = items.iter().map(|item| Some(item.key.as_str()));
        let keys = keys.chain(items.is_empty().then_some(None));
        let field = format!("volumes[{}]", volume.name);
        keys.map(|key| Reference { kind, name, key, container: "", field: field.clone() }).collect()
    };
    sources(volume).into_iter().filter(|(_, _, _, optional)| !optional).flat_map(of).collect()
}

/// Single files that are mounted: a key that is not there becomes an empty directory.
fn of_mounts<'s>(container: &'s Container, volumes: &'s [Volume]) -> Vec<Reference<'s>> {
    let mut found = Vec::new();
    for mount in container.volume_mounts.iter().filter(|m| !m.sub_path.is_empty() && !m.sub_path.contains('/')) {
        let Some(volume) = volumes.iter().find(|v| v.name == mount.name && v.projected.is_none()) else { continue };
        // Where items are listed, files have other names than keys.
        for (kind, name, _, _) in sources(volume).into_iter().filter(|(_, _, items, o)| items.is_empty() && !o) {
            let field = format!("containers[{}].volumeMounts[{}].subPath", container.name, mount.mount_path);
            found.push(Reference { kind, name, key: Some(&mount.sub_path), container: &container.name, field });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::demanded;
    use crate::evidence::cluster::PodSpec;

    fn named(spec: serde_json::Value) -> Vec<String> {
        let spec: PodSpec = serde_json::from_value(spec).expect("a pod");
        let text = |r: super::Reference<'_>| format!("{} {} {}", r.field, r.name, r.key.unwrap_or("*"));
        demanded(&spec).into_iter().map(text).collect()
    }

    #[test]
    fn every_way_to_name_an_object_is_known() {
        let web = json!({
            "name": "web", "env": [{ "name": "TOKEN", "valueFrom": { "secretKeyRef": { "name": "db", "key": "token" } } }],
            "envFrom": [{ "configMapRef": { "name": "settings" } }],
            "volumeMounts": [{ "name": "conf", "mountPath": "/etc/app.conf", "subPath": "app.conf" }],
        });
        let volumes = json!([
            { "name": "conf", "configMap": { "name": "files" } },
            { "name": "tls", "secret": { "secretName": "tls", "items": [{ "key": "tls.crt", "path": "a" }] } },
            { "name": "all", "projected": { "sources": [{ "configMap": { "name": "more" } }, { "configMap": { "name": "kube-root-ca.crt" } }] } },
        ]);
        let found = named(json!({ "containers": [web], "volumes": volumes }));
        assert_eq!(
            found,
            [
                "volumes[conf] files *",
                "volumes[tls] tls tls.crt",
                "volumes[all] more *",
                "containers[web].env[TOKEN] db token",
                "containers[web].envFrom settings *",
                "containers[web].volumeMounts[/etc/app.conf].subPath files app.conf",
            ]
        );
    }

    #[test]
    fn what_is_optional_is_not_demanded() {
        let volumes = json!([{ "name": "conf", "configMap": { "name": "files", "optional": true } }]);
        let web = json!({
            "name": "web", "envFrom": [{ "secretRef": { "name": "db", "optional": true } }],
            "volumeMounts": [{ "name": "conf", "mountPath": "/etc/app.conf", "subPath": "app.conf" }],
        });
        assert!(named(json!({ "containers": [web], "volumes": volumes })).is_empty());
    }
}
