//! A pod names a key that its `ConfigMap` or `Secret` does not have.

use std::collections::BTreeMap;

use super::references::{Reference, demanded};
use super::secret_makers::maker;
use super::templates::{Template, templates};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{ConfigMap, Kind, ObjectRef, Secret};
use crate::finding::{Fault, Severity};
use crate::text;

pub(super) const CHECK: Check = Check {
    id: "config-key-missing",
    title: "Key does not exist in its ConfigMap or Secret",
    rows: &[121],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ConfigMap,
        Kind::Secret,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let keys = Keys::of(view);
    let mut verdict = Verdict::default();
    for template in templates(view) {
        let mut told: Vec<(Kind, &str, &str)> = Vec::new();
        for reference in demanded(template.spec) {
            let Some(key) = reference.key else { continue };
            let same = (reference.kind, reference.name, key);
            if !told.contains(&same) && keys.lack(&template.object.namespace, &reference, key) {
                told.push(same);
                verdict.faults.extend(fault(view, &keys, template, &reference, key));
            }
        }
    }
    verdict
}

/// The objects whose keys are asked for, by namespace and name.
struct Keys<'s> {
    maps: BTreeMap<(&'s str, &'s str), &'s ConfigMap>,
    secrets: BTreeMap<(&'s str, &'s str), &'s Secret>,
}

impl<'s> Keys<'s> {
    fn of(view: &View<'s>) -> Self {
        let maps = view.snapshot.config_maps.iter();
        let secrets = view.snapshot.secrets.iter();
        Self {
            maps: maps.map(|m| ((m.metadata.namespace.as_str(), m.metadata.name.as_str()), m)).collect(),
            secrets: secrets.map(|s| ((s.metadata.namespace.as_str(), s.metadata.name.as_str()), s)).collect(),
        }
    }

    /// Whether the object is there and the key is not. The keys of a `Secret` are seldom known.
    fn lack(&self, namespace: &str, reference: &Reference<'_>, key: &str) -> bool {
        let object = (namespace, reference.name);
        match reference.kind {
            Kind::Secret => self.secrets.get(&object).is_some_and(|s| s.has(key) == Some(false)),
            _ => self.maps.get(&object).is_some_and(|m| !m.has(key)),
        }
    }

    /// The keys that there are, for the eye that looks for a typing error.
    fn there(&self, namespace: &str, reference: &Reference<'_>) -> String {
        let object = (namespace, reference.name);
        let map = self.maps.get(&object).filter(|_| reference.kind == Kind::ConfigMap);
        let secret = self.secrets.get(&object).filter(|_| reference.kind == Kind::Secret);
        let all = map.into_iter().flat_map(|m| [&m.data, &m.binary_data]);
        let all = all.chain(secret.into_iter().flat_map(|s| [&s.data, &s.string_data]).flatten());
        let names: Vec<String> = all.flat_map(|keys| keys.0.keys()).take(6).cloned().collect();
        if names.is_empty() { "no key".to_owned() } else { text::list(&names) }
    }
}

/// The fault, unless it is manifests and an add-on still adds keys to the `Secret`.
fn fault<'s>(
    view: &View<'s>,
    keys: &Keys<'_>,
    template: &Template<'s>,
    reference: &Reference<'_>,
    key: &str,
) -> Option<Fault> {
    let object = ObjectRef::new(reference.kind, &template.object.namespace, reference.name);
    let made_by = (object.kind == Kind::Secret).then(|| maker(view, &object.namespace, &object.name)).flatten();
    if view.is_manifests() && made_by.is_some() {
        return None;
    }
    let (severity, outlook) = template.outlook(view);
    let there = keys.there(&object.namespace, reference);
    let field = &reference.field;
    let message = format!("{field} wants key {key} of {} {}, which has {there}{outlook}", object.kind, reference.name);
    let fact = if object.kind == Kind::Secret { "secret" } else { "configmap" };
    let fault = Fault::on(template.object.clone(), &message)
        .severity(severity)
        .seen(format!("{}.{field}", template.path), key)
        .fact(fact, reference.name)
        .fact("key", key)
        .fact("container", reference.container)
        .because_of(object);
    Some(made_by.into_iter().fold(fault, Fault::involving))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, workload};

    fn web(kind: &str) -> Thing {
        let source = json!({ kind: { "name": "settings", "key": "log-level" } });
        let variable = json!([{ "name": "LEVEL", "valueFrom": source }, { "name": "AGAIN", "valueFrom": source }]);
        workload("Deployment", "shop/web", 2).set("spec.template.spec.containers.0.env", variable)
    }

    #[test]
    fn a_key_that_is_not_there_is_told_once_with_those_that_are() {
        let settings = thing("v1", "ConfigMap", "shop/settings").set("data", json!({ "loglevel": "info" }));
        let verdict = cluster().with(web("configMapKeyRef")).with(settings).finds(&CHECK, &["deployment shop/web"]);
        verdict.says("wants key log-level of ConfigMap settings, which has loglevel").blames("configmap shop/settings");
    }

    #[test]
    fn a_key_that_is_there_and_an_object_that_is_not_are_none() {
        let settings = thing("v1", "ConfigMap", "shop/settings").set("data", json!({ "log-level": "info" }));
        cluster().with(web("configMapKeyRef")).with(settings).is_fine(&CHECK);
        cluster().with(web("configMapKeyRef")).is_fine(&CHECK);
    }

    #[test]
    fn keys_of_a_secret_count_only_where_they_are_known() {
        let secret = thing("v1", "Secret", "shop/settings");
        cluster().with(web("secretKeyRef")).with(secret.clone()).is_fine(&CHECK);
        let known = secret.set("stringData", json!({ "other": "x" }));
        cluster().with(web("secretKeyRef")).with(known.clone()).finds(&CHECK, &["deployment shop/web"]);
        let external = thing("external-secrets.io/v1", "ExternalSecret", "shop/settings");
        cluster().with(web("secretKeyRef")).with(known).with(external).as_manifests().is_fine(&CHECK);
    }

    #[test]
    fn a_mounted_file_is_a_key() {
        let mounts = json!([{ "name": "conf", "mountPath": "/etc/app.conf", "subPath": "app.conf" }]);
        let web = workload("Deployment", "shop/web", 2)
            .set("spec.template.spec.containers.0.volumeMounts", mounts)
            .set("spec.template.spec.volumes", json!([{ "name": "conf", "configMap": { "name": "files" } }]));
        let files = thing("v1", "ConfigMap", "shop/files").set("data", json!({ "app.cfg": "" }));
        cluster().with(web).with(files).finds(&CHECK, &["deployment shop/web"]).says("app.conf");
    }
}
