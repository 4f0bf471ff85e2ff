//! Everything that was read of a cluster, and for each kind whether it was read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kind::Kind;
use super::meta::{Meta, ObjectRef};
use super::twins::Twins;
use super::{
    ApiService, Autoscaler, Bare, Binding, Budget, Claim, ConfigMap, CronJob, Custom, CustomDefinition, EndpointSlice,
    Event, Ingress, IngressClass, Job, LimitRange, Metrics, Namespace, NetworkPolicy, Node, PersistentVolume, Pod,
    Quota, Role, Secret, Service, ServiceAccount, StorageClass, VolumeAttachment, Webhooks, Workload,
};

/// Where a snapshot comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// A live cluster, by the name of its context.
    Live(String),
    /// A dump, by its path.
    Dump(String),
    /// Manifests, which say what is asked for and nothing of what is.
    #[default]
    Manifests,
}

/// Whether a kind was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// All of it.
    Whole,
    /// All of it in these namespaces.
    Namespaces(BTreeSet<String>),
    /// A part: what is there is true, what is not there says nothing.
    Part(String),
    /// Not at all, because …
    Not(String),
    /// The API has no such kind: there can be none.
    NotServed,
}

/// For each kind, whether it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    kinds: BTreeMap<Kind, Read>,
    /// Namespaces of which a kind was refused, with the reason.
    refused: BTreeMap<(Kind, String), String>,
}

impl Reads {
    /// Notes how a kind was read; what is noted later counts.
    pub fn note(&mut self, kind: Kind, read: Read) {
        self.kinds.insert(kind, read);
    }

    /// Notes that a kind was refused in one namespace; without a name, in all but those in which it was read.
    pub fn refuse(&mut self, kind: Kind, namespace: &str, why: String) {
        self.refused.insert((kind, namespace.to_owned()), why);
    }

    /// Only these namespaces count: of others nothing is known any more.
    pub fn narrow(&mut self, namespaces: &BTreeSet<String>) {
        for (_, read) in self.kinds.iter_mut().filter(|(kind, _)| kind.info().namespaced) {
            match read {
                Read::Whole => *read = Read::Namespaces(namespaces.clone()),
                Read::Namespaces(known) => known.retain(|n| namespaces.contains(n)),
                _ => {}
            }
        }
    }

    /// How a kind was read, if it was tried.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Option<&Read> {
        self.kinds.get(&kind)
    }

    /// Every kind that was tried.
    pub fn all(&self) -> impl Iterator<Item = (Kind, &Read)> {
        self.kinds.iter().map(|(kind, read)| (*kind, read))
    }

    /// Namespaces in which a kind was refused.
    pub fn refusals(&self) -> impl Iterator<Item = (Kind, &str, &str)> {
        self.refused.iter().map(|((kind, namespace), why)| (*kind, namespace.as_str(), why.as_str()))
    }

    /// What of a kind was to be read and was not, each with its reason: `secrets: forbidden`.
    #[must_use]
    pub fn gaps(&self, kind: Kind) -> Vec<String> {
        let label = kind.info().label();
        let known = match self.kinds.get(&kind) {
            Some(Read::Whole | Read::NotServed) => return Vec::new(),
            Some(Read::Part(why) | Read::Not(why)) => return vec![format!("{label}: {why}")],
            None if kind.info().optional => return Vec::new(),
            None => return vec![format!("{label}: not read")],
            Some(Read::Namespaces(known)) => known,
        };
        if let Some(why) = self.refused.get(&(kind, String::new())) {
            return vec![format!("{label} outside of {}: {why}", places(known))];
        }
        let mut by_reason: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (_, namespace, why) in self.refusals().filter(|(refused, ..)| *refused == kind) {
            by_reason.entry(why).or_default().insert(namespace.to_owned());
        }
        by_reason.into_iter().map(|(why, namespaces)| format!("{label} of {}: {why}", places(&namespaces))).collect()
    }

    /// Whether an object that is not there is really missing; else why nobody can say.
    ///
    /// # Errors
    /// Why it is not known, as in `secrets: forbidden`.
    pub fn complete(&self, kind: Kind, namespace: &str) -> Result<(), String> {
        let plural = kind.info().label();
        match self.kinds.get(&kind) {
            Some(Read::Whole | Read::NotServed) => Ok(()),
            Some(Read::Namespaces(known)) if known.contains(namespace) => Ok(()),
            Some(Read::Namespaces(_)) => {
                let refused = |namespace: &str| self.refused.get(&(kind, namespace.to_owned()));
                let why = refused(namespace).or_else(|| refused("")).map_or("not read", String::as_str);
                let place = if namespace.is_empty() {
                    " of other namespaces".into()
                } else {
                    format!(" of namespace {namespace}")
                };
                Err(format!("{plural}{place}: {why}"))
            }
            Some(Read::Part(why) | Read::Not(why)) => Err(format!("{plural}: {why}")),
            None => Err(format!("{plural}: not read")),
        }
    }
}

/// Namespaces in words; of many their number.
fn places(namespaces: &BTreeSet<String>) -> String {
    const MOST: usize = 4;
    let names: Vec<&str> = namespaces.iter().map(String::as_str).collect();
    match *names {
        [one] => format!("namespace {one}"),
        _ if names.len() > MOST => format!("{} namespaces", names.len()),
        _ => format!("namespaces {}", names.join(", ")),
    }
}

/// A page of a list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Asks for the next one; empty at the end.
    pub next: String,
    /// Objects in it.
    pub count: usize,
    /// Objects that could not be read, with the first reason.
    pub broken: Option<(usize, String)>,
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct List<T> {
    #[serde(default)]
    metadata: ListMeta,
    #[serde(default = "Vec::new", deserialize_with = "super::meta::or_default")]
    items: Vec<T>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListMeta {
    #[serde(rename = "continue")]
    next: Option<String>,
}

fn decode<T: DeserializeOwned>(text: &[u8], into: &mut Vec<T>) -> Result<Page, serde_json::Error> {
    if let Ok(List { metadata, items }) = serde_json::from_slice::<List<T>>(text) {
        let count = items.len();
        into.extend(items);
        return Ok(Page { next: metadata.next.unwrap_or_default(), count, broken: None });
    }
    // One odd object must not cost the others.
    let list: List<Value> = serde_json::from_slice(text)?;
    let (mut count, mut broken) = (0, None);
    for item in list.items {
        match serde_json::from_value(item) {
            Ok(object) => {
                into.push(object);
                count += 1;
            }
            Err(error) => {
                let (before, first) = broken.take().unwrap_or((0, error.to_string()));
                broken = Some((before + 1, first));
            }
        }
    }
    Ok(Page { next: list.metadata.next.unwrap_or_default(), count, broken })
}

macro_rules! snapshot {
    ($($(#[doc = $doc:literal])* $field:ident: $kind:ident as $type:ty,)*) => {
        /// Everything that was read of a cluster.
        #[derive(Clone, Debug, Default)]
        pub struct Snapshot {
            /// Where it comes from.
            pub origin: Origin,
            /// When it was taken; for a dump, the newest time in it.
            pub taken: Option<Timestamp>,
            /// Version of the API server.
            pub version: Option<String>,
            /// For each kind, whether it was read.
            pub reads: Reads,
            /// Sentences on what could not be read.
            pub remarks: Vec<String>,
            $($(#[doc = $doc])* pub $field: Vec<$type>,)*
            /// Objects of add-ons by their kind.
            pub custom: BTreeMap<Kind, Vec<Custom>>,
            twins: Twins,
        }

        impl Snapshot {
            /// Reads a list as the API sends it.
            ///
            /// # Errors
            /// What is wrong with the text; single objects that are odd are counted instead.
            pub fn decode(&mut self, kind: Kind, text: &[u8]) -> Result<Page, serde_json::Error> {
                let before = self.pods.len();
                let page = match kind {
                    $(Kind::$kind => decode(text, &mut self.$field),)*
                    _ => decode(text, self.custom.entry(kind).or_default()),
                };
                self.pods.iter_mut().skip(before).for_each(|pod| self.twins.share(pod));
                page
            }

            /// Takes one object.
            ///
            /// # Errors
            /// What does not fit its kind.
            pub fn insert(&mut self, kind: Kind, object: Value) -> Result<(), serde_json::Error> {
                match kind {
                    $(Kind::$kind => self.$field.push(serde_json::from_value(object)?),)*
                    _ => self.custom.entry(kind).or_default().push(serde_json::from_value(object)?),
                }
                Ok(())
            }

            /// Takes over the objects of another snapshot.
            pub fn append(&mut self, other: Self) {
                $(self.$field.extend(other.$field);)*
                for (kind, objects) in other.custom {
                    self.custom.entry(kind).or_default().extend(objects);
                }
                self.remarks.extend(other.remarks);
            }

            /// Leaves out what lies in other namespaces.
            pub fn keep_namespaces(&mut self, namespaces: &BTreeSet<String>) {
                self.reads.narrow(namespaces);
                // Events about nodes lie in `default`, whatever the nodes bear.
                let (of_nodes, others) =
                    std::mem::take(&mut self.events).into_iter().partition(|e: &Event| e.object().kind == "Node");
                self.events = others;
                let kept = |meta: &Meta| meta.namespace.is_empty() || namespaces.contains(&meta.namespace);
                $(self.$field.retain(|o| kept(&o.metadata));)*
                self.events.extend::<Vec<Event>>(of_nodes);
                for objects in self.custom.values_mut() {
                    objects.retain(|o| kept(&o.metadata));
                }
            }

            /// The metadata of all objects of a kind.
            #[must_use]
            pub fn metas(&self, kind: Kind) -> Vec<&Meta> {
                match kind {
                    $(Kind::$kind => self.$field.iter().map(|o| &o.metadata).collect(),)*
                    _ => self.custom.get(&kind).into_iter().flatten().map(|o| &o.metadata).collect(),
                }
            }
        }
    };
}

snapshot! {
    /// Nodes.
    nodes: Node as Node,
    /// Namespaces.
    namespaces: Namespace as Namespace,
    /// Pods.
    pods: Pod as Pod,
    /// Services.
    services: Service as Service,
    /// Endpoints of services.
    endpoint_slices: EndpointSlice as EndpointSlice,
    /// `ConfigMap`s, without values.
    config_maps: ConfigMap as ConfigMap,
    /// `Secret`s, without values.
    secrets: Secret as Secret,
    /// Service accounts.
    service_accounts: ServiceAccount as ServiceAccount,
    /// Claims.
    claims: PersistentVolumeClaim as Claim,
    /// Volumes.
    volumes: PersistentVolume as PersistentVolume,
    /// Events.
    events: Event as Event,
    /// Quotas.
    quotas: ResourceQuota as Quota,
    /// Limits.
    limit_ranges: LimitRange as LimitRange,
    /// Deployments.
    deployments: Deployment as Workload,
    /// Replica sets.
    replica_sets: ReplicaSet as Workload,
    /// Stateful sets.
    stateful_sets: StatefulSet as Workload,
    /// Daemon sets.
    daemon_sets: DaemonSet as Workload,
    /// Replication controllers.
    replication_controllers: ReplicationController as Workload,
    /// Jobs.
    jobs: Job as Job,
    /// Cron jobs.
    cron_jobs: CronJob as CronJob,
    /// Autoscalers.
    autoscalers: HorizontalPodAutoscaler as Autoscaler,
    /// Disruption budgets.
    budgets: PodDisruptionBudget as Budget,
    /// Ingresses.
    ingresses: Ingress as Ingress,
    /// Classes of ingresses.
    ingress_classes: IngressClass as IngressClass,
    /// Network policies.
    network_policies: NetworkPolicy as NetworkPolicy,
    /// Classes of storage.
    storage_classes: StorageClass as StorageClass,
    /// Volumes at nodes.
    attachments: VolumeAttachment as VolumeAttachment,
    /// Priority classes.
    priority_classes: PriorityClass as Bare,
    /// Roles.
    roles: Role as Role,
    /// Cluster roles.
    cluster_roles: ClusterRole as Role,
    /// Who has which role.
    role_bindings: RoleBinding as Binding,
    /// Who has which cluster role everywhere.
    cluster_role_bindings: ClusterRoleBinding as Binding,
    /// Validating webhooks.
    validating_webhooks: ValidatingWebhookConfiguration as Webhooks,
    /// Mutating webhooks.
    mutating_webhooks: MutatingWebhookConfiguration as Webhooks,
    /// Groups of the API that somebody else serves.
    api_services: APIService as ApiService,
    /// Kinds that add-ons bring.
    definitions: CustomResourceDefinition as CustomDefinition,
    /// What nodes use.
    node_metrics: NodeMetrics as Metrics,
    /// What pods use.
    pod_metrics: PodMetrics as Metrics,
}

impl Snapshot {
    /// Nothing yet, from somewhere.
    #[must_use]
    pub fn of(origin: Origin) -> Self {
        Self { origin, ..Self::default() }
    }

    /// The controllers of pods with their kinds.
    pub fn workloads(&self) -> impl Iterator<Item = (Kind, &Workload)> {
        let of = |kind: Kind| move |workload| (kind, workload);
        self.deployments
            .iter()
            .map(of(Kind::Deployment))
            .chain(self.stateful_sets.iter().map(of(Kind::StatefulSet)))
            .chain(self.daemon_sets.iter().map(of(Kind::DaemonSet)))
            .chain(self.replica_sets.iter().map(of(Kind::ReplicaSet)))
            .chain(self.replication_controllers.iter().map(of(Kind::ReplicationController)))
    }

    /// Objects of an add-on.
    #[must_use]
    pub fn customs(&self, kind: Kind) -> &[Custom] {
        self.custom.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// How many objects it holds.
    #[must_use]
    pub fn size(&self) -> usize {
        super::KINDS.iter().map(|info| self.metas(info.kind).len()).sum()
    }

    /// Every object by its name.
    pub fn objects(&self) -> impl Iterator<Item = ObjectRef> {
        super::KINDS.iter().flat_map(|info| self.metas(info.kind).into_iter().map(|meta| meta.object(info.kind)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Read, Snapshot};

    #[test]
    fn one_odd_object_does_not_cost_the_others() {
        let text = br#"{"metadata":{"continue":"abc"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":7}},{"metadata":{"name":"b"}}]}"#;
        let mut snapshot = Snapshot::default();
        let page = snapshot.decode(Kind::Pod, text).expect("a list");
        assert_eq!((page.next.as_str(), page.count, page.broken.map(|b| b.0)), ("abc", 2, Some(1)));
        assert!(snapshot.decode(Kind::Pod, b"{").is_err());
    }

    #[test]
    fn what_was_not_read_is_not_missing() {
        let mut snapshot = Snapshot::default();
        assert_eq!(snapshot.reads.complete(Kind::Secret, "shop"), Err("secrets: not read".into()));
        snapshot.reads.note(Kind::Secret, Read::Namespaces(["shop".to_owned()].into()));
        snapshot.reads.refuse(Kind::Secret, "web", "forbidden".into());
        assert_eq!(snapshot.reads.complete(Kind::Secret, "shop"), Ok(()));
        assert_eq!(snapshot.reads.complete(Kind::Secret, "web"), Err("secrets of namespace web: forbidden".into()));
    }

    #[test]
    fn events_about_nodes_stay_whatever_namespace_is_asked_for() {
        let mut snapshot = Snapshot::default();
        for (kind, namespace) in [("Node", ""), ("Pod", "default"), ("Pod", "shop")] {
            let object = serde_json::json!({ "kind": kind, "name": "a", "namespace": namespace });
            let place = if namespace.is_empty() { "default" } else { namespace };
            let event =
                serde_json::json!({ "metadata": { "name": "a.17", "namespace": place }, "involvedObject": object });
            snapshot.insert(Kind::Event, event).expect("an event");
        }
        snapshot.keep_namespaces(&["shop".to_owned()].into());
        let kept: Vec<&str> = snapshot.events.iter().map(|e| e.object().kind.as_str()).collect();
        assert_eq!(kept, ["Pod", "Node"]);
    }
}
