//! What is used by something that was read. Generous on purpose: whoever is told that an object is unused will delete it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::View;
use crate::evidence::cluster::{Digest, Kind, PodSpec};

type Name<'s> = (Kind, &'s str, &'s str);

/// What names what.
#[derive(Default)]
pub(super) struct Usage<'s> {
    /// Objects that a field is meant to name.
    named: HashSet<Name<'s>>,
    /// Texts of a namespace that may name an object: commands, arguments, annotations of what leads to services.
    texts: HashMap<&'s str, Vec<&'s str>>,
    /// Values of variables of a namespace.
    values: HashSet<(&'s str, u64)>,
    /// Every text of the objects of add-ons.
    words: HashSet<&'s str>,
}

impl<'s> Usage<'s> {
    pub(super) fn of(view: &View<'s>) -> Self {
        let mut usage = Self::default();
        usage.add_pods(view);
        usage.add_accounts_and_bindings(view);
        usage.add_routes(view);
        for object in view.snapshot.custom.values().flatten() {
            collect_words(&object.spec, &mut usage.words);
        }
        usage
    }

    /// Whether anything names it, or may do so.
    pub(super) fn has(&self, kind: Kind, namespace: &str, name: &str) -> bool {
        let path = format!("{namespace}/{name}");
        self.named.contains(&(kind, namespace, name))
            || [name, &path].iter().any(|text| self.words.contains(text))
            || [name, &path].iter().any(|text| self.values.contains(&(namespace, Digest::of(text).0)))
            || self.texts.get(namespace).into_iter().flatten().any(|text| text.contains(name))
    }

    /// Every pod and every template, of old replica sets too: a roll-back needs what they name.
    fn add_pods(&mut self, view: &View<'s>) {
        let snapshot = view.snapshot;
        let pods = snapshot.pods.iter().map(|p| (&p.metadata, &p.spec));
        let workloads = snapshot.workloads().map(|(_, w)| (&w.metadata, &w.spec.template.spec));
        let jobs = snapshot.jobs.iter().map(|j| (&j.metadata, &j.spec.template.spec));
        let cron_jobs = snapshot.cron_jobs.iter().map(|c| (&c.metadata, &c.spec.job_template.spec.template.spec));
        for (meta, spec) in pods.chain(workloads).chain(jobs).chain(cron_jobs) {
            self.add_pod(&meta.namespace, spec);
        }
    }

    fn add_pod(&mut self, namespace: &'s str, spec: &'s PodSpec) {
        let account = spec.service_account_name.as_str();
        self.named.insert((Kind::ServiceAccount, namespace, if account.is_empty() { "default" } else { account }));
        self.named.extend(spec.image_pull_secrets.iter().map(|s| (Kind::Secret, namespace, s.name.as_str())));
        for volume in spec.volumes.iter() {
            self.named.extend(volume.config_map.iter().map(|c| (Kind::ConfigMap, namespace, c.name.as_str())));
            self.named.extend(volume.secret.iter().map(|s| (Kind::Secret, namespace, s.secret_name.as_str())));
            for source in volume.projected.iter().flat_map(|p| &p.sources) {
                self.named.extend(source.config_map.iter().map(|c| (Kind::ConfigMap, namespace, c.name.as_str())));
                self.named.extend(source.secret.iter().map(|s| (Kind::Secret, namespace, s.name.as_str())));
            }
        }
        for container in spec.all_containers() {
            let texts = container.command.iter().chain(&container.args).map(String::as_str);
            self.texts.entry(namespace).or_default().extend(texts);
            self.values.extend(container.env.iter().filter_map(|e| e.value).map(|digest| (namespace, digest.0)));
            let keys = container.env.iter().map(|e| &e.value_from);
            let keys = keys.map(|v| (&v.config_map_key_ref, &v.secret_key_ref));
            for (map, secret) in keys.chain(container.env_from.iter().map(|f| (&f.config_map_ref, &f.secret_ref))) {
                self.named.extend(map.iter().map(|r| (Kind::ConfigMap, namespace, r.name.as_str())));
                self.named.extend(secret.iter().map(|r| (Kind::Secret, namespace, r.name.as_str())));
            }
        }
    }

    fn add_accounts_and_bindings(&mut self, view: &View<'s>) {
        for account in &view.snapshot.service_accounts {
            let namespace = account.metadata.namespace.as_str();
            self.named.extend(account.image_pull_secrets.iter().map(|s| (Kind::Secret, namespace, s.name.as_str())));
        }
        for binding in view.snapshot.role_bindings.iter().chain(&view.snapshot.cluster_role_bindings) {
            let namespace = binding.metadata.namespace.as_str();
            if binding.role_ref.kind == "Role" {
                self.named.insert((Kind::Role, namespace, &binding.role_ref.name));
            }
            for subject in binding.subjects.iter().filter(|s| s.kind == "ServiceAccount") {
                let of = if subject.namespace.is_empty() { namespace } else { &subject.namespace };
                self.named.insert((Kind::ServiceAccount, of, &subject.name));
            }
        }
    }

    fn add_routes(&mut self, view: &View<'s>) {
        let snapshot = view.snapshot;
        for ingress in &snapshot.ingresses {
            let secrets = ingress.spec.tls.iter().map(|t| t.secret_name.as_str());
            self.named.extend(secrets.map(|s| (Kind::Secret, ingress.metadata.namespace.as_str(), s)));
        }
        let metas = snapshot.ingresses.iter().map(|i| &i.metadata).chain(snapshot.services.iter().map(|s| &s.metadata));
        for meta in metas {
            self.texts.entry(&meta.namespace).or_default().extend(meta.annotations.0.values().map(String::as_str));
        }
    }
}

fn collect_words<'s>(value: &'s Value, into: &mut HashSet<&'s str>) {
    match value {
        Value::String(text) => {
            into.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| collect_words(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| collect_words(field, into)),
        _ => {}
    }
}
