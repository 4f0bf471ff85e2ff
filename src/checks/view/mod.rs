//! A snapshot with what every check asks of it: objects by name, pods by owner, events by object, and the time.

mod graph;
mod lookup;
mod room;
mod thresholds;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::Timestamp;

use super::claim_users::claims_of;
use super::job_history::cron_job;
use super::templates::{self, Template};
use crate::evidence::cluster::{
    Claim, EndpointSlice, Event, Job, Kind, LabelSelector, Meta, Namespace, NetworkPolicy, Node, ObjectRef, Origin,
    Pod, Service, Snapshot, Time, Workload,
};

pub use lookup::{Endpoints, Lookup};
pub(super) use room::resources;
pub use thresholds::Thresholds;

/// Seconds in which an object and what it names may be made one after the other, with the lists read in between.
const FRESH: i64 = 20;

type Key<'s> = (Kind, &'s str, &'s str);

/// A snapshot, seen at a moment.
pub struct View<'s> {
    /// What was read.
    pub snapshot: &'s Snapshot,
    /// The moment.
    pub now: Timestamp,
    /// From when on something counts.
    pub thresholds: Thresholds,
    metas: HashMap<Key<'s>, &'s Meta>,
    pods: HashMap<(&'s str, &'s str), &'s Pod>,
    pods_in: HashMap<&'s str, Vec<&'s Pod>>,
    pods_on: HashMap<&'s str, Vec<&'s Pod>>,
    pods_of: HashMap<ObjectRef, Vec<&'s Pod>>,
    nodes: HashMap<&'s str, &'s Node>,
    services: HashMap<(&'s str, &'s str), &'s Service>,
    services_in: HashMap<&'s str, Vec<&'s Service>>,
    claims: HashMap<(&'s str, &'s str), &'s Claim>,
    namespaces: HashMap<&'s str, &'s Namespace>,
    workloads: HashMap<Key<'s>, &'s Workload>,
    workloads_in: HashMap<&'s str, Vec<(Kind, &'s Workload)>>,
    jobs: HashMap<(&'s str, &'s str), &'s Job>,
    jobs_of: HashMap<&'s str, HashMap<&'s str, Vec<&'s Job>>>,
    users: HashMap<&'s str, HashMap<Cow<'s, str>, Vec<&'s Pod>>>,
    templates: Vec<Template<'s>>,
    policies_in: HashMap<&'s str, Vec<&'s NetworkPolicy>>,
    taken: OnceLock<room::Taken>,
    slices: HashMap<(&'s str, &'s str), Vec<&'s EndpointSlice>>,
    events: HashMap<(&'s str, &'s str, &'s str), Vec<&'s Event>>,
}

impl<'s> View<'s> {
    /// Looks at a snapshot at the moment `now`.
    #[must_use]
    pub fn new(snapshot: &'s Snapshot, now: Timestamp) -> Self {
        let mut view = Self {
            snapshot,
            now,
            thresholds: Thresholds::default(),
            metas: HashMap::new(),
            pods: snapshot
                .pods
                .iter()
                .map(|p| ((p.metadata.namespace.as_str(), p.metadata.name.as_str()), p))
                .collect(),
            pods_in: HashMap::new(),
            pods_on: HashMap::new(),
            pods_of: HashMap::new(),
            nodes: snapshot.nodes.iter().map(|n| (n.metadata.name.as_str(), n)).collect(),
            services: snapshot
                .services
                .iter()
                .map(|s| ((s.metadata.namespace.as_str(), s.metadata.name.as_str()), s))
                .collect(),
            services_in: HashMap::new(),
            claims: snapshot
                .claims
                .iter()
                .map(|c| ((c.metadata.namespace.as_str(), c.metadata.name.as_str()), c))
                .collect(),
            namespaces: snapshot.namespaces.iter().map(|n| (n.metadata.name.as_str(), n)).collect(),
            workloads: snapshot
                .workloads()
                .map(|(kind, w)| ((kind, w.metadata.namespace.as_str(), w.metadata.name.as_str()), w))
                .collect(),
            workloads_in: HashMap::new(),
            jobs: snapshot
                .jobs
                .iter()
                .map(|j| ((j.metadata.namespace.as_str(), j.metadata.name.as_str()), j))
                .collect(),
            jobs_of: HashMap::new(),
            users: HashMap::new(),
            templates: Vec::new(),
            policies_in: HashMap::new(),
            taken: OnceLock::new(),
            slices: HashMap::new(),
            events: HashMap::new(),
        };
        view.index();
        view.templates = templates::all(&view);
        view
    }

    fn index(&mut self) {
        let snapshot = self.snapshot;
        for info in crate::evidence::cluster::KINDS {
            for meta in snapshot.metas(info.kind).into_iter().filter(|_| info.kind != Kind::Event) {
                self.metas.insert((info.kind, &meta.namespace, &meta.name), meta);
            }
        }
        for pod in &snapshot.pods {
            self.pods_in.entry(&pod.metadata.namespace).or_default().push(pod);
            if !pod.spec.node_name.is_empty() {
                self.pods_on.entry(&pod.spec.node_name).or_default().push(pod);
            }
            for owner in self.owners(&pod.metadata) {
                self.pods_of.entry(owner).or_default().push(pod);
            }
            for (_, claim) in claims_of(pod).filter(|_| !pod.is_over()) {
                self.users.entry(&pod.metadata.namespace).or_default().entry(claim).or_default().push(pod);
            }
        }
        for (kind, workload) in snapshot.workloads() {
            self.workloads_in.entry(&workload.metadata.namespace).or_default().push((kind, workload));
        }
        for policy in &snapshot.network_policies {
            self.policies_in.entry(&policy.metadata.namespace).or_default().push(policy);
        }
        for job in &snapshot.jobs {
            if let Some(name) = cron_job(job) {
                self.jobs_of.entry(&job.metadata.namespace).or_default().entry(name).or_default().push(job);
            }
        }
        for service in &snapshot.services {
            self.services_in.entry(&service.metadata.namespace).or_default().push(service);
        }
        for slice in &snapshot.endpoint_slices {
            if let Some(service) = slice.metadata.labels.get("kubernetes.io/service-name") {
                self.slices.entry((&slice.metadata.namespace, service)).or_default().push(slice);
            }
        }
        for event in &snapshot.events {
            let object = event.object();
            self.events.entry((&object.kind, &object.namespace, &object.name)).or_default().push(event);
        }
        for events in self.events.values_mut() {
            events.sort_by_key(|e| std::cmp::Reverse(e.last()));
        }
    }

    /// Whether it is manifests, which say nothing of what is.
    #[must_use]
    pub fn is_manifests(&self) -> bool {
        self.snapshot.origin == Origin::Manifests
    }

    /// Whether something that began at `since` has lasted for `seconds`; `false` where its beginning is not known.
    #[must_use]
    pub fn lasts(&self, since: Time, seconds: i64) -> bool {
        since.age(self.now).is_some_and(|age| age >= seconds)
    }

    /// Whether something that happened at `when` is at most `seconds` ago; `true` where its time is not known.
    #[must_use]
    pub fn is_recent(&self, when: Time, seconds: i64) -> bool {
        when.age(self.now).is_none_or(|age| age <= seconds)
    }

    /// Whether an object is so young that what it names may be there unseen: lists are read one after the other, and things are made so.
    #[must_use]
    pub fn is_fresh(&self, meta: &Meta) -> bool {
        !self.is_manifests() && meta.creation_timestamp.age(self.now).is_some_and(|age| age < FRESH)
    }

    /// The metadata of an object.
    #[must_use]
    pub fn meta(&self, object: &ObjectRef) -> Option<&'s Meta> {
        self.metas.get(&(object.kind, object.namespace.as_str(), object.name.as_str())).copied()
    }

    /// A pod.
    #[must_use]
    pub fn pod(&self, namespace: &str, name: &str) -> Option<&'s Pod> {
        self.pods.get(&(namespace, name)).copied()
    }

    /// A node.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&'s Node> {
        self.nodes.get(name).copied()
    }

    /// A namespace.
    #[must_use]
    pub fn namespace(&self, name: &str) -> Option<&'s Namespace> {
        self.namespaces.get(name).copied()
    }

    /// A service.
    #[must_use]
    pub fn service(&self, namespace: &str, name: &str) -> Option<&'s Service> {
        self.services.get(&(namespace, name)).copied()
    }

    /// A claim.
    #[must_use]
    pub fn claim(&self, namespace: &str, name: &str) -> Option<&'s Claim> {
        self.claims.get(&(namespace, name)).copied()
    }

    /// A controller of pods (not a job).
    #[must_use]
    pub fn workload(&self, object: &ObjectRef) -> Option<&'s Workload> {
        self.workloads.get(&(object.kind, object.namespace.as_str(), object.name.as_str())).copied()
    }

    /// The controllers of pods in a namespace (no jobs).
    #[must_use]
    pub fn workloads_in(&self, namespace: &str) -> &[(Kind, &'s Workload)] {
        self.workloads_in.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The network policies of a namespace.
    #[must_use]
    pub fn policies_in(&self, namespace: &str) -> &[&'s NetworkPolicy] {
        self.policies_in.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// A job.
    #[must_use]
    pub fn job(&self, namespace: &str, name: &str) -> Option<&'s Job> {
        self.jobs.get(&(namespace, name)).copied()
    }

    /// The jobs of a cron job, those too that a person started from it.
    #[must_use]
    pub fn jobs_of(&self, namespace: &str, cron_job: &str) -> &[&'s Job] {
        self.jobs_of.get(namespace).and_then(|jobs| jobs.get(cron_job)).map_or(&[], Vec::as_slice)
    }

    /// The pods that use a claim and are not over.
    #[must_use]
    pub fn users_of(&self, namespace: &str, claim: &str) -> &[&'s Pod] {
        self.users.get(namespace).and_then(|users| users.get(claim)).map_or(&[], Vec::as_slice)
    }

    /// What pods are made from.
    pub(super) fn templates(&self) -> &[Template<'s>] {
        &self.templates
    }

    /// The pods of a namespace.
    #[must_use]
    pub fn pods_in(&self, namespace: &str) -> &[&'s Pod] {
        self.pods_in.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The pods on a node.
    #[must_use]
    pub fn pods_on(&self, node: &str) -> &[&'s Pod] {
        self.pods_on.get(node).map_or(&[], Vec::as_slice)
    }

    /// The pods of a workload, through all its owners: of a `Deployment` those of its replica sets.
    #[must_use]
    pub fn pods_of(&self, workload: &ObjectRef) -> &[&'s Pod] {
        self.pods_of.get(workload).map_or(&[], Vec::as_slice)
    }

    /// The pods of a namespace that a selector selects; an empty selector selects all.
    #[must_use]
    pub fn pods_matching(&self, namespace: &str, selector: &LabelSelector) -> Vec<&'s Pod> {
        self.pods_in(namespace).iter().copied().filter(|p| selector.matches(&p.metadata.labels)).collect()
    }

    /// The pods behind a service; none where it has no selector.
    #[must_use]
    pub fn pods_behind(&self, service: &Service) -> Vec<&'s Pod> {
        let selector = &service.spec.selector;
        if selector.is_empty() {
            return Vec::new();
        }
        let selected = |p: &&Pod| selector.iter().all(|(key, value)| p.metadata.labels.get(key) == Some(value));
        self.pods_in(&service.metadata.namespace).iter().copied().filter(selected).collect()
    }

    /// The services of a namespace.
    #[must_use]
    pub fn services_in(&self, namespace: &str) -> &[&'s Service] {
        self.services_in.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The objects that manage this one, the nearest first: of a pod its `ReplicaSet`, then its `Deployment`.
    #[must_use]
    pub fn owners(&self, meta: &Meta) -> Vec<ObjectRef> {
        let mut found: Vec<ObjectRef> = Vec::new();
        let mut next = meta.controller();
        while let Some(owner) = next.filter(|_| found.len() < 8) {
            let Some(kind) = Kind::of(&owner.api_version, &owner.kind) else { break };
            let object = ObjectRef::new(kind, &meta.namespace, &owner.name);
            next = self.meta(&object).and_then(Meta::controller);
            found.push(object);
        }
        found
    }

    /// The object at the top of its owners; itself where nobody manages it.
    #[must_use]
    pub fn top(&self, object: &ObjectRef) -> ObjectRef {
        let owners = self.meta(object).map(|meta| self.owners(meta)).unwrap_or_default();
        owners.into_iter().next_back().unwrap_or_else(|| object.clone())
    }

    /// Events about an object, the newest first, by kind, namespace and name, and by identity where both sides state it.
    #[must_use]
    pub fn events(&self, object: &ObjectRef) -> Vec<&'s Event> {
        let key = (object.kind.name(), object.namespace.as_str(), object.name.as_str());
        let uid = self.meta(object).map_or("", |m| m.uid.as_str());
        // Events about nodes carry the node's name as its identity.
        let same = |e: &&&Event| {
            let said = e.object().uid.as_str();
            said.is_empty() || uid.is_empty() || said == uid || object.kind == Kind::Node
        };
        self.events.get(&key).into_iter().flatten().filter(same).copied().collect()
    }

    /// Warnings about an object that are recent, the newest first.
    #[must_use]
    pub fn warnings(&self, object: &ObjectRef) -> Vec<&'s Event> {
        let recent = |e: &&Event| e.is_warning() && self.is_recent(e.last(), self.thresholds.recent);
        self.events(object).into_iter().filter(recent).collect()
    }
}
