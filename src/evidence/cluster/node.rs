//! Nodes, namespaces, events and what is used of each resource.

use super::meta::{Condition, Meta, Resources, Time, slim};

slim! {
    /// A node.
    pub struct Node {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: NodeSpec,
        /// What is.
        status: NodeStatus,
    }

    /// What is asked for in a node.
    pub struct NodeSpec {
        /// Takes no new pods.
        unschedulable: bool,
        /// Pods that it keeps away.
        taints: Box<[Taint]>,
        /// The machine in the cloud.
        #[rename("providerID")]
        provider_id: String,
    }

    /// What keeps pods away from a node.
    pub struct Taint {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
        /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
        effect: String,
        /// Since when.
        time_added: Time,
    }

    /// What a node is.
    pub struct NodeStatus {
        /// All that it has.
        capacity: Resources,
        /// What pods may have of it.
        allocatable: Resources,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
        /// Versions.
        node_info: NodeInfo,
    }

    /// Versions of a node.
    pub struct NodeInfo {
        /// Of the kubelet.
        kubelet_version: String,
        /// Of the container runtime.
        container_runtime_version: String,
        /// Of the kernel.
        kernel_version: String,
        /// Of the operating system.
        os_image: String,
        /// `amd64`, `arm64` …
        architecture: String,
    }

    /// A namespace.
    pub struct Namespace {
        /// Its metadata.
        metadata: Meta,
        /// What is.
        status: NamespaceStatus,
    }

    /// What a namespace is.
    pub struct NamespaceStatus {
        /// `Active` or `Terminating`.
        phase: String,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
    }

    /// What is used of the resources of a node or a pod.
    pub struct Metrics {
        /// Its metadata; the name is that of the node or pod.
        metadata: Meta,
        /// When it was measured.
        timestamp: Time,
        /// Of a node.
        usage: Resources,
        /// Of the containers of a pod.
        containers: Box<[ContainerMetrics]>,
    }

    /// What a container uses.
    pub struct ContainerMetrics {
        /// The container.
        name: String,
        /// What it uses.
        usage: Resources,
    }

    /// An event, of either API (`v1` or `events.k8s.io`).
    pub struct Event {
        /// Its metadata.
        metadata: Meta,
        /// The object (`v1`).
        involved_object: EventRef,
        /// The object (`events.k8s.io`).
        regarding: EventRef,
        /// `Normal` or `Warning`.
        #[rename("type")]
        kind: String,
        /// What happened, in one word.
        reason: String,
        /// What happened (`v1`).
        message: String,
        /// What happened (`events.k8s.io`).
        note: String,
        /// How often (`v1`).
        count: Option<i64>,
        /// How often (`events.k8s.io`).
        deprecated_count: Option<i64>,
        /// A series of the same.
        series: Option<EventSeries>,
        /// When first (`v1`).
        first_timestamp: Time,
        /// When last (`v1`).
        last_timestamp: Time,
        /// When last (`events.k8s.io`).
        deprecated_last_timestamp: Time,
        /// When first (newer events).
        event_time: Time,
        /// Who says so (`v1`).
        source: EventSource,
        /// Who says so (newer events).
        reporting_component: String,
    }

    /// The object that an event is about.
    pub struct EventRef {
        /// Its kind.
        kind: String,
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// Its identity.
        uid: String,
        /// Its API version.
        api_version: String,
        /// The part of it, as in `spec.containers{web}`.
        field_path: String,
    }

    /// A series of events that say the same.
    pub struct EventSeries {
        /// How often.
        count: i64,
        /// When last.
        last_observed_time: Time,
    }

    /// Who reports an event.
    pub struct EventSource {
        /// The program.
        component: String,
        /// The node that it runs on.
        host: String,
    }
}

impl Event {
    /// The object that it is about.
    #[must_use]
    pub fn object(&self) -> &EventRef {
        if self.regarding.kind.is_empty() { &self.involved_object } else { &self.regarding }
    }

    /// What happened.
    #[must_use]
    pub fn text(&self) -> &str {
        if self.message.is_empty() { &self.note } else { &self.message }
    }

    /// How often it happened.
    #[must_use]
    pub fn times(&self) -> i64 {
        let series = self.series.as_ref().map(|s| s.count);
        // The API counts in 32 bits; what is larger would only overflow the sum of many.
        series.or(self.count).or(self.deprecated_count).unwrap_or(1).clamp(1, i64::from(i32::MAX))
    }

    /// When it happened last.
    #[must_use]
    pub fn last(&self) -> Time {
        let series = self.series.as_ref().map(|s| s.last_observed_time).unwrap_or_default();
        let all = [
            series,
            self.last_timestamp,
            self.deprecated_last_timestamp,
            self.event_time,
            self.first_timestamp,
            self.metadata.creation_timestamp,
        ];
        all.into_iter().find(|t| t.0.is_some()).unwrap_or_default()
    }

    /// Whether it is a warning.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.kind == "Warning"
    }

    /// The container that it is about, if it says so: of `spec.containers{web}` it is `web`.
    #[must_use]
    pub fn container(&self) -> Option<&str> {
        self.object().field_path.split_once('{').map(|(_, rest)| rest.trim_end_matches('}'))
    }
}
