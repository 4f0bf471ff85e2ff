//! What hangs on what: the edges along which a fault reaches other objects.

use std::collections::BTreeSet;

use crate::evidence::cluster::{Kind, Meta, ObjectRef, Pod, PodSpec, Workload};

use super::View;

/// Objects further away than this are not asked.
const FAR: usize = 6;

impl View<'_> {
    /// The objects that `object` needs, directly: of a pod its node, claims, configuration and owners, of a service its pods.
    #[must_use]
    pub fn needs(&self, object: &ObjectRef) -> Vec<ObjectRef> {
        let mut found = Vec::new();
        let namespace = object.namespace.as_str();
        if let Some(meta) = self.meta(object) {
            found.extend(self.owners(meta));
        }
        match object.kind {
            Kind::Pod => found.extend(self.pod(namespace, &object.name).into_iter().flat_map(needs_of_pod)),
            Kind::Service => found.extend(
                self.service(namespace, &object.name).into_iter().flat_map(|s| self.pods_behind(s)).map(pod_ref),
            ),
            Kind::Ingress => {
                let ingress = self.snapshot.ingresses.iter().filter(|i| is(&i.metadata, object));
                found.extend(ingress.flat_map(|i| self.backends(i)));
            }
            Kind::PersistentVolumeClaim => {
                if let Some(claim) = self.claim(namespace, &object.name) {
                    found.extend(claim.class().map(|class| ObjectRef::new(Kind::StorageClass, "", class)));
                    let volume = Some(claim.spec.volume_name.as_str()).filter(|v| !v.is_empty());
                    found.extend(volume.map(|v| ObjectRef::new(Kind::PersistentVolume, "", v)));
                }
            }
            Kind::HorizontalPodAutoscaler => {
                let autoscalers = self.snapshot.autoscalers.iter().filter(|a| is(&a.metadata, object));
                found.extend(autoscalers.filter_map(|a| {
                    let target = &a.spec.scale_target_ref;
                    Some(ObjectRef::new(Kind::of(&target.api_version, &target.kind)?, namespace, &target.name))
                }));
            }
            Kind::PodDisruptionBudget => {
                let budgets = self.snapshot.budgets.iter().filter(|b| is(&b.metadata, object));
                let selectors = budgets.filter_map(|b| b.spec.selector.as_ref());
                found.extend(selectors.flat_map(|s| self.pods_matching(namespace, s)).map(pod_ref));
            }
            Kind::ValidatingWebhookConfiguration => {
                found.extend(self.services_of_webhooks(&self.snapshot.validating_webhooks, object))
            }
            Kind::MutatingWebhookConfiguration => {
                found.extend(self.services_of_webhooks(&self.snapshot.mutating_webhooks, object))
            }
            Kind::APIService => {
                let services = self
                    .snapshot
                    .api_services
                    .iter()
                    .filter(|a| is(&a.metadata, object))
                    .filter_map(|a| a.spec.service.as_ref());
                found.extend(services.map(|s| ObjectRef::new(Kind::Service, &s.namespace, &s.name)));
            }
            Kind::CronJob | Kind::Job => found.extend(self.pods_of(object).iter().copied().map(pod_ref)),
            _ => {}
        }
        if let Some(workload) = self.workload(object) {
            found.extend(self.pods_of(object).iter().copied().map(pod_ref));
            found.extend(references(namespace, &workload.spec.template.spec));
            found.extend(self.replica_sets_of(object));
            found.extend(classes(workload));
        }
        found
    }

    /// Everything that `object` needs, directly or through others, itself included.
    #[must_use]
    pub fn reach(&self, object: &ObjectRef) -> BTreeSet<ObjectRef> {
        let mut known: BTreeSet<ObjectRef> = [object.clone()].into();
        let mut edge = vec![object.clone()];
        for _ in 0..FAR {
            let next: BTreeSet<ObjectRef> =
                edge.iter().flat_map(|o| self.needs(o)).filter(|o| !known.contains(o)).collect();
            if next.is_empty() {
                break;
            }
            edge = next.iter().cloned().collect();
            known.extend(next);
        }
        known
    }

    fn replica_sets_of(&self, deployment: &ObjectRef) -> Vec<ObjectRef> {
        if deployment.kind != Kind::Deployment {
            return Vec::new();
        }
        let sets = self.snapshot.replica_sets.iter().filter(|r| r.metadata.namespace == deployment.namespace);
        let own = sets
            .filter(|r| r.metadata.controller().is_some_and(|o| o.name == deployment.name && o.kind == "Deployment"));
        own.map(|r| r.metadata.object(Kind::ReplicaSet)).collect()
    }

    fn services_of_webhooks(&self, all: &[crate::evidence::cluster::Webhooks], object: &ObjectRef) -> Vec<ObjectRef> {
        let webhooks = all.iter().filter(|w| is(&w.metadata, object)).flat_map(|w| &w.webhooks);
        webhooks
            .filter_map(|w| w.client_config.service.as_ref())
            .map(|s| ObjectRef::new(Kind::Service, &s.namespace, &s.name))
            .collect()
    }

    /// The services behind an `Ingress`.
    #[must_use]
    pub fn backends(&self, ingress: &crate::evidence::cluster::Ingress) -> Vec<ObjectRef> {
        let paths = ingress.spec.rules.iter().flat_map(|r| &r.http.paths).map(|p| &p.backend);
        let all = paths.chain(&ingress.spec.default_backend).filter_map(|b| b.service.as_ref());
        all.map(|s| ObjectRef::new(Kind::Service, &ingress.metadata.namespace, &s.name)).collect()
    }
}

fn is(meta: &Meta, object: &ObjectRef) -> bool {
    meta.name == object.name && meta.namespace == object.namespace
}

fn pod_ref(pod: &Pod) -> ObjectRef {
    pod.metadata.object(Kind::Pod)
}

fn needs_of_pod(pod: &Pod) -> Vec<ObjectRef> {
    let mut found = references(&pod.metadata.namespace, &pod.spec);
    if !pod.spec.node_name.is_empty() {
        found.push(ObjectRef::new(Kind::Node, "", &pod.spec.node_name));
    }
    found
}

/// The objects that a pod names: configuration, secrets, claims, its service account.
#[must_use]
pub(in crate::checks) fn references(namespace: &str, spec: &PodSpec) -> Vec<ObjectRef> {
    let mut found = Vec::new();
    let mut add = |kind, name: &str| {
        if !name.is_empty() {
            found.push(ObjectRef::new(kind, namespace, name));
        }
    };
    for container in spec.all_containers() {
        for source in container.env.iter().map(|e| &e.value_from) {
            source.config_map_key_ref.iter().for_each(|r| add(Kind::ConfigMap, &r.name));
            source.secret_key_ref.iter().for_each(|r| add(Kind::Secret, &r.name));
        }
        for from in &container.env_from {
            from.config_map_ref.iter().for_each(|r| add(Kind::ConfigMap, &r.name));
            from.secret_ref.iter().for_each(|r| add(Kind::Secret, &r.name));
        }
    }
    for volume in &spec.volumes {
        volume.persistent_volume_claim.iter().for_each(|c| add(Kind::PersistentVolumeClaim, &c.claim_name));
        volume.config_map.iter().for_each(|c| add(Kind::ConfigMap, &c.name));
        volume.secret.iter().for_each(|s| add(Kind::Secret, &s.secret_name));
        for source in volume.projected.iter().flat_map(|p| &p.sources) {
            source.config_map.iter().for_each(|c| add(Kind::ConfigMap, &c.name));
            source.secret.iter().for_each(|s| add(Kind::Secret, &s.name));
        }
    }
    spec.image_pull_secrets.iter().for_each(|s| add(Kind::Secret, &s.name));
    add(Kind::ServiceAccount, &spec.service_account_name);
    found
}

fn classes(workload: &Workload) -> Vec<ObjectRef> {
    let named = workload.spec.volume_claim_templates.iter().filter_map(crate::evidence::cluster::Claim::class);
    named.map(|class| ObjectRef::new(Kind::StorageClass, "", class)).collect()
}
