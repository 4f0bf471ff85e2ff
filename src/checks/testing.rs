//! Small clusters for the tests of checks, that read like a sentence: `cluster().with(pod("shop/web-0").set("status.phase", "Pending")).finds(&CHECK, &["pod shop/web-0"])`.

use serde_json::{Value, json};

use super::{Check, Verdict, View};
use crate::evidence::cluster::{KINDS, Kind, Origin, Read, Snapshot};

/// The moment at which the clusters are looked at.
pub(crate) const NOW: &str = "2026-11-26T12:00:00Z";

/// An object as the API sends it, healthy until something is set.
#[derive(Clone, Debug)]
pub(crate) struct Thing(pub(crate) Value);

/// A cluster of which every kind was read.
pub(crate) struct Cluster(Snapshot);

/// An empty cluster.
pub(crate) fn cluster() -> Cluster {
    let mut snapshot = Snapshot::of(Origin::Dump("test".into()));
    for info in KINDS {
        snapshot.reads.note(info.kind, if info.optional { Read::NotServed } else { Read::Whole });
    }
    Cluster(snapshot)
}

#[expect(clippy::wrong_self_convention, reason = "a test reads as a sentence")]
impl Cluster {
    /// Adds an object.
    pub(crate) fn with(mut self, thing: impl Into<Thing>) -> Self {
        let Thing(value) = thing.into();
        let word = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let kind = Kind::of(&word("apiVersion"), &word("kind")).expect("a kind that is looked at");
        if kind.info().optional {
            self.0.reads.note(kind, Read::Whole);
        }
        self.0.insert(kind, value).expect("an object of its kind");
        self
    }

    /// A kind may not be read.
    pub(crate) fn without(mut self, kind: Kind) -> Self {
        self.0.reads.note(kind, Read::Not("forbidden".into()));
        self
    }

    /// It is nothing but manifests.
    pub(crate) fn as_manifests(mut self) -> Self {
        self.0.origin = Origin::Manifests;
        self
    }

    /// The snapshot.
    pub(crate) fn snapshot(self) -> Snapshot {
        self.0
    }

    fn run(&self, check: &Check) -> Verdict {
        (check.run)(&View::new(&self.0, NOW.parse().expect("a time")))
    }

    /// The check finds a fault on exactly these objects, in this order.
    #[track_caller]
    pub(crate) fn finds(self, check: &Check, subjects: &[&str]) -> Verdict {
        let verdict = self.run(check);
        let found: Vec<String> = verdict.faults.iter().map(|f| f.subject.to_string()).collect();
        assert_eq!(found, subjects, "{}: {:#?}", check.id, verdict);
        verdict
    }

    /// The check finds nothing and could see everything.
    #[track_caller]
    pub(crate) fn is_fine(self, check: &Check) {
        let verdict = self.run(check);
        assert_eq!(verdict, Verdict::default(), "{}", check.id);
    }

    /// The check finds nothing and says what it could not see.
    #[track_caller]
    pub(crate) fn cannot_say(self, check: &Check, what: &str) {
        let verdict = self.run(check);
        assert!(verdict.faults.is_empty(), "{}: {verdict:#?}", check.id);
        assert!(verdict.unknown.iter().any(|u| u.contains(what)), "{}: {verdict:#?}", check.id);
    }
}

impl Verdict {
    /// The one sentence of its one fault.
    #[track_caller]
    pub(crate) fn says(&self, part: &str) -> &Self {
        let all: Vec<&str> = self.faults.iter().map(|f| f.message.as_str()).collect();
        assert!(all.iter().any(|m| m.contains(part)), "{part:?} is not in {all:#?}");
        self
    }

    /// The object to blame of its first fault.
    #[track_caller]
    pub(crate) fn blames(&self, culprit: &str) -> &Self {
        let found = self.faults.first().and_then(|f| f.culprit.as_ref()).map(ToString::to_string);
        assert_eq!(found.as_deref(), Some(culprit));
        self
    }
}

impl Thing {
    /// Sets a field by its path, `spec.containers.0.image`; objects and lists on the way are made where they are missing.
    pub(crate) fn set(mut self, path: &str, value: impl Into<Value>) -> Self {
        let mut at = &mut self.0;
        for key in path.split('.') {
            at = if let Ok(index) = key.parse::<usize>() {
                if !at.is_array() {
                    *at = json!([]);
                }
                let list = at.as_array_mut().expect("a list");
                while list.len() <= index {
                    list.push(json!({}));
                }
                &mut list[index]
            } else {
                if !at.is_object() {
                    *at = json!({});
                }
                // A dot in a key is written as `~`: `metadata.labels.app~kubernetes~io/name`.
                at.as_object_mut().expect("an object").entry(key.replace('~', ".")).or_insert(Value::Null)
            };
        }
        *at = value.into();
        self
    }

    /// Takes a field away.
    pub(crate) fn unset(mut self, path: &str) -> Self {
        let (parent, key) = path.rsplit_once('.').expect("a path");
        let pointer = format!("/{}", parent.replace('.', "/"));
        if let Some(object) = self.0.pointer_mut(&pointer).and_then(Value::as_object_mut) {
            object.remove(&key.replace('~', "."));
        }
        self
    }

    /// A controller manages it: `owned_by("apps/v1", "ReplicaSet", "web-5d7f")`.
    pub(crate) fn owned_by(self, api_version: &str, kind: &str, name: &str) -> Self {
        let owner = json!([{ "apiVersion": api_version, "kind": kind, "name": name, "uid": format!("uid-{name}"), "controller": true }]);
        self.set("metadata.ownerReferences", owner)
    }

    /// A condition of its status: `condition("Ready", "False", "KubeletNotReady")`, set an hour ago.
    pub(crate) fn condition(mut self, kind: &str, status: &str, reason: &str) -> Self {
        let condition = json!({ "type": kind, "status": status, "reason": reason, "message": "", "lastTransitionTime": "2026-11-26T11:00:00Z" });
        if !self.0["status"]["conditions"].is_array() {
            self = self.set("status.conditions", json!([]));
        }
        let list = self.0["status"]["conditions"].as_array_mut().expect("a list");
        list.retain(|c| c["type"] != kind);
        list.push(condition);
        self
    }
}

/// `namespace/name`, or a name alone.
fn metadata(name: &str) -> Value {
    let created = "2026-11-20T08:00:00Z";
    match name.split_once('/') {
        Some((namespace, name)) => {
            json!({ "name": name, "namespace": namespace, "uid": format!("uid-{name}"), "creationTimestamp": created })
        }
        None => json!({ "name": name, "uid": format!("uid-{name}"), "creationTimestamp": created }),
    }
}

/// An object of any kind with nothing but its metadata: `thing("v1", "ConfigMap", "shop/settings")`.
pub(crate) fn thing(api_version: &str, kind: &str, name: &str) -> Thing {
    Thing(json!({ "apiVersion": api_version, "kind": kind, "metadata": metadata(name) }))
}

/// A pod that runs and is ready, with the label `app: web` and the container `web`.
pub(crate) fn pod(name: &str) -> Thing {
    thing("v1", "Pod", name)
        .set("metadata.labels", json!({ "app": "web" }))
        .set("spec", json!({
            "nodeName": "worker-1", "restartPolicy": "Always", "serviceAccountName": "default",
            "containers": [{ "name": "web", "image": "registry.example/shop/web:1.4", "ports": [{ "name": "http", "containerPort": 8080 }],
                "resources": { "requests": { "cpu": "100m", "memory": "128Mi" }, "limits": { "memory": "256Mi" } } }],
        }))
        .set("status", json!({
            "phase": "Running", "startTime": "2026-11-20T08:00:00Z", "podIP": "10.0.0.7", "qosClass": "Burstable",
            "containerStatuses": [{ "name": "web", "ready": true, "started": true, "restartCount": 0, "image": "registry.example/shop/web:1.4",
                "state": { "running": { "startedAt": "2026-11-20T08:00:05Z" } } }],
        }))
        .condition("PodScheduled", "True", "")
        .condition("Ready", "True", "")
}

/// A controller whose pods (label `app: web`) are all there: `workload("Deployment", "shop/web", 2)`.
pub(crate) fn workload(kind: &str, name: &str, replicas: i64) -> Thing {
    let template = json!({ "metadata": { "labels": { "app": "web" } }, "spec": pod("x/y").0["spec"] });
    thing("apps/v1", kind, name)
        .set("metadata.generation", 3)
        .set("spec", json!({ "replicas": replicas, "selector": { "matchLabels": { "app": "web" } }, "template": template }))
        .set("spec.template.spec.nodeName", Value::Null)
        .set("status", json!({
            "observedGeneration": 3, "replicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas, "updatedReplicas": replicas,
            "currentNumberScheduled": replicas, "desiredNumberScheduled": replicas, "numberReady": replicas, "numberAvailable": replicas,
            "updatedNumberScheduled": replicas,
        }))
        .condition("Available", "True", "MinimumReplicasAvailable")
        .condition("Progressing", "True", "NewReplicaSetAvailable")
}

/// A node that is ready, without pressure.
pub(crate) fn node(name: &str) -> Thing {
    let size = json!({ "cpu": "4", "memory": "16Gi", "pods": "110", "ephemeral-storage": "100Gi" });
    let node = thing("v1", "Node", name)
        .set(
            "metadata.labels",
            json!({ "kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux" }),
        )
        .set("status.capacity", size.clone())
        .set("status.allocatable", size)
        .set("status.nodeInfo", json!({ "kubeletVersion": "v1.33.2", "architecture": "amd64" }));
    ["MemoryPressure", "DiskPressure", "PIDPressure"]
        .into_iter()
        .fold(node, |n, kind| n.condition(kind, "False", ""))
        .condition("Ready", "True", "KubeletReady")
}

/// A service with the selector `app: web` that leads from port 80 to the port `http`.
pub(crate) fn service(name: &str) -> Thing {
    thing("v1", "Service", name).set("spec", json!({
        "type": "ClusterIP", "clusterIP": "10.96.0.9", "selector": { "app": "web" }, "ports": [{ "name": "http", "port": 80, "targetPort": "http" }],
    }))
}

/// Endpoints of a service: so many that are ready, so many that are not.
pub(crate) fn endpoints(service: &str, ready: usize, not_ready: usize) -> Thing {
    let one = |ready: bool| json!({ "addresses": ["10.0.0.7"], "conditions": { "ready": ready } });
    let all: Vec<Value> =
        std::iter::repeat_n(one(true), ready).chain(std::iter::repeat_n(one(false), not_ready)).collect();
    let name = service.split_once('/').map_or(service, |(_, name)| name);
    thing("discovery.k8s.io/v1", "EndpointSlice", &format!("{service}-x7k2p"))
        .set("metadata.labels", json!({ "kubernetes.io/service-name": name }))
        .set("ports", json!([{ "name": "http", "port": 8080 }]))
        .set("endpoints", all)
}

/// A claim that is bound, of the class `standard`.
pub(crate) fn claim(name: &str) -> Thing {
    thing("v1", "PersistentVolumeClaim", name)
        .set("spec", json!({ "accessModes": ["ReadWriteOnce"], "storageClassName": "standard", "volumeName": "pv-1", "resources": { "requests": { "storage": "8Gi" } } }))
        .set("status", json!({ "phase": "Bound", "capacity": { "storage": "8Gi" } }))
}

/// A class of storage.
pub(crate) fn storage_class(name: &str) -> Thing {
    thing("storage.k8s.io/v1", "StorageClass", name)
        .set("provisioner", "ebs.csi.aws.com")
        .set("volumeBindingMode", "WaitForFirstConsumer")
}

/// An object that was deleted an hour ago and that a finalizer keeps.
pub(crate) fn deleted(thing: Thing, finalizer: &str) -> Thing {
    thing.set("metadata.deletionTimestamp", "2026-11-26T11:00:00Z").set("metadata.finalizers", json!([finalizer]))
}

/// A warning about an object, five minutes ago: `warning("Pod", "shop/web-0", "BackOff", "Back-off restarting …")`.
pub(crate) fn warning(kind: &str, object: &str, reason: &str, message: &str) -> Thing {
    let (namespace, name) = object.split_once('/').unwrap_or(("", object));
    thing("v1", "Event", &format!("{}/{name}.17", if namespace.is_empty() { "default" } else { namespace }))
        .set(
            "involvedObject",
            json!({ "kind": kind, "namespace": namespace, "name": name, "uid": format!("uid-{name}") }),
        )
        .set("type", "Warning")
        .set("reason", reason)
        .set("message", message)
        .set("count", 4)
        .set("lastTimestamp", "2026-11-26T11:55:00Z")
}
