//! What hangs on what: the edges along which a fault reaches other objects.

use std::collections::BTreeSet;

use crate::evidence::cluster::{Autoscaler, Kind, Meta, ObjectRef, Pod, PodSpec, Service, Workload};

use super::View;

/// Objects further away than this are not asked.
const FAR: usize = 6;

impl View<'_> {
    /// What `object` consists of or leads to: of a workload its pods, of a service the pods behind it, of an `Ingress` its services.
    #[must_use]
    pub fn parts(&self, object: &ObjectRef) -> Vec<ObjectRef> {
        let namespace = object.namespace.as_str();
        match object.kind {
            Kind::Service => self.service(namespace, &object.name).map(|s| self.behind(s)).unwrap_or_default(),
            Kind::Ingress => {
                let ingress = self.snapshot.ingresses.iter().filter(|i| is(&i.metadata, object));
                ingress.flat_map(|i| self.backends(i)).collect()
            }
            Kind::HTTPRoute | Kind::GRPCRoute => self.route_backends(object),
            Kind::HorizontalPodAutoscaler => {
                let autoscalers = self.snapshot.autoscalers.iter().filter(|a| is(&a.metadata, object));
                let target = |a: &Autoscaler| {
                    let target = &a.spec.scale_target_ref;
                    Some(ObjectRef::new(Kind::of(&target.api_version, &target.kind)?, namespace, &target.name))
                };
                autoscalers.filter_map(target).collect()
            }
            Kind::PodDisruptionBudget => {
                let budgets = self.snapshot.budgets.iter().filter(|b| is(&b.metadata, object));
                let selectors = budgets.filter_map(|b| b.spec.selector.as_ref());
                selectors.flat_map(|s| self.pods_matching(namespace, s)).map(pod_ref).collect()
            }
            Kind::ValidatingWebhookConfiguration => services_of_webhooks(&self.snapshot.validating_webhooks, object),
            Kind::MutatingWebhookConfiguration => services_of_webhooks(&self.snapshot.mutating_webhooks, object),
            Kind::APIService => {
                let services = self.snapshot.api_services.iter().filter(|a| is(&a.metadata, object));
                let services = services.filter_map(|a| a.spec.service.as_ref());
                services.map(|s| ObjectRef::new(Kind::Service, &s.namespace, &s.name)).collect()
            }
            Kind::CronJob => {
                let own = self.jobs_of(namespace, &object.name).iter().map(|job| job.metadata.object(Kind::Job));
                own.chain(self.pods_of(object).iter().copied().map(pod_ref)).collect()
            }
            kind if kind.is_workload() => {
                let mut parts: Vec<ObjectRef> = self.pods_of(object).iter().copied().map(pod_ref).collect();
                parts.extend(self.replica_sets_of(object));
                parts
            }
            _ => Vec::new(),
        }
    }

    /// What `object` needs and is no part of it: of a pod its node, claims and configuration, of a claim its class.
    #[must_use]
    pub fn needs(&self, object: &ObjectRef) -> Vec<ObjectRef> {
        let namespace = object.namespace.as_str();
        match object.kind {
            Kind::Pod => self.pod(namespace, &object.name).map(needs_of_pod).unwrap_or_default(),
            Kind::PersistentVolumeClaim => {
                let Some(claim) = self.claim(namespace, &object.name) else { return Vec::new() };
                let class =
                    claim.class().filter(|c| !c.is_empty()).map(|class| ObjectRef::new(Kind::StorageClass, "", class));
                let volume = Some(claim.spec.volume_name.as_str()).filter(|v| !v.is_empty());
                class.into_iter().chain(volume.map(|v| ObjectRef::new(Kind::PersistentVolume, "", v))).collect()
            }
            _ => {
                let Some(workload) = self.workload(object) else { return Vec::new() };
                let mut needs = references(namespace, &workload.spec.template.spec);
                needs.extend(classes(workload));
                needs
            }
        }
    }

    /// Everything that `object` consists of or leads to, itself included.
    #[must_use]
    pub fn whole(&self, object: &ObjectRef) -> BTreeSet<ObjectRef> {
        walk(object, |o| self.parts(o))
    }

    /// Everything that `object` hangs on: its parts, what they need, and the owners of all of these. Through an owner nothing else is reached: what happens to
    /// one pod of a workload says nothing about another.
    #[must_use]
    pub fn reach(&self, object: &ObjectRef) -> BTreeSet<ObjectRef> {
        let mut reach = walk(object, |o| self.parts(o).into_iter().chain(self.needs(o)).collect());
        let owners: Vec<ObjectRef> =
            reach.iter().filter_map(|o| self.meta(o)).flat_map(|meta| self.owners(meta)).collect();
        reach.extend(owners);
        reach
    }

    /// The pods behind a service, and the workloads whose pods would be.
    fn behind(&self, service: &Service) -> Vec<ObjectRef> {
        let pods = self.pods_behind(service).into_iter().map(pod_ref);
        let selector = &service.spec.selector;
        let selected =
            |w: &Workload| selector.iter().all(|(key, value)| w.spec.template.metadata.labels.get(key) == Some(value));
        let workloads = self.workloads_in(&service.metadata.namespace).iter();
        let workloads =
            workloads.filter(|(_, w)| !selector.is_empty() && w.metadata.controller().is_none() && selected(w));
        pods.chain(workloads.map(|(kind, w)| w.metadata.object(*kind))).collect()
    }

    /// The services behind a route of the Gateway API.
    fn route_backends(&self, route: &ObjectRef) -> Vec<ObjectRef> {
        let routes = self.snapshot.customs(route.kind).iter().filter(|r| is(&r.metadata, route));
        let rules = routes.flat_map(|r| r.spec["rules"].as_array().into_iter().flatten());
        let backends = rules.flat_map(|rule| rule["backendRefs"].as_array().into_iter().flatten());
        let services = backends.filter(|b| b["kind"].as_str().is_none_or(|kind| kind == "Service"));
        let named =
            services.filter_map(|b| Some((b["namespace"].as_str().unwrap_or(&route.namespace), b["name"].as_str()?)));
        named.map(|(namespace, name)| ObjectRef::new(Kind::Service, namespace, name)).collect()
    }

    fn replica_sets_of(&self, deployment: &ObjectRef) -> Vec<ObjectRef> {
        if deployment.kind != Kind::Deployment {
            return Vec::new();
        }
        let sets = self.workloads_in(&deployment.namespace).iter().filter(|(kind, _)| *kind == Kind::ReplicaSet);
        let own = sets.filter(|(_, r)| {
            r.metadata.controller().is_some_and(|o| o.name == deployment.name && o.kind == "Deployment")
        });
        own.map(|(_, r)| r.metadata.object(Kind::ReplicaSet)).collect()
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
    for volume in spec.volumes.iter() {
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

fn walk(object: &ObjectRef, next: impl Fn(&ObjectRef) -> Vec<ObjectRef>) -> BTreeSet<ObjectRef> {
    let mut known: BTreeSet<ObjectRef> = [object.clone()].into();
    let mut edge = vec![object.clone()];
    for _ in 0..FAR {
        let found: BTreeSet<ObjectRef> = edge.iter().flat_map(&next).filter(|o| !known.contains(o)).collect();
        if found.is_empty() {
            break;
        }
        edge = found.iter().cloned().collect();
        known.extend(found);
    }
    known
}

fn services_of_webhooks(all: &[crate::evidence::cluster::Webhooks], object: &ObjectRef) -> Vec<ObjectRef> {
    let webhooks = all.iter().filter(|w| is(&w.metadata, object)).flat_map(|w| &w.webhooks);
    webhooks
        .filter_map(|w| w.client_config.service.as_ref())
        .map(|s| ObjectRef::new(Kind::Service, &s.namespace, &s.name))
        .collect()
}
