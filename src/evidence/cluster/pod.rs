//! Pods, and the template that workloads make them from.

use std::sync::Arc;

use super::meta::{Condition, Digest, IntOrString, Map, Meta, Resources, Time, slim};
use super::scheduling::{Affinity, Toleration, TopologySpread};
use super::volume::{Volume, VolumeMount};

slim! {
    /// A pod.
    pub struct Pod {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: PodSpec,
        /// What is.
        status: PodStatus,
    }

    /// The template of a workload's pods.
    pub struct PodTemplate {
        /// Labels and annotations of its pods.
        metadata: Meta,
        /// What is asked for.
        spec: PodSpec,
    }

    /// What is asked for in a pod.
    pub struct PodSpec {
        /// Its containers.
        containers: Arc<[Container]>,
        /// Containers that run before the others, and native sidecars.
        init_containers: Arc<[Container]>,
        /// Its volumes.
        volumes: Arc<[Volume]>,
        /// The node that it was given to.
        node_name: String,
        /// Labels that its node must have.
        node_selector: Map<String>,
        /// What else its node must or should have.
        affinity: Affinity,
        /// Taints that it bears.
        tolerations: Arc<[Toleration]>,
        /// How it spreads.
        topology_spread_constraints: Box<[TopologySpread]>,
        /// Its service account.
        service_account_name: String,
        /// Whether it wants a token of it.
        automount_service_account_token: Option<bool>,
        /// Secrets that its images are pulled with.
        image_pull_secrets: Box<[LocalRef]>,
        /// `Always`, `OnFailure` or `Never`.
        restart_policy: String,
        /// Seconds that its end may take.
        termination_grace_period_seconds: Option<i64>,
        /// What it waits for before it is scheduled.
        scheduling_gates: Box<[LocalRef]>,
        /// Its priority class.
        priority_class_name: String,
        /// Uses the network of its node.
        host_network: bool,
        /// Sees the processes of its node.
        #[rename("hostPID")]
        host_pid: bool,
        /// Where it looks up names.
        dns_policy: String,
        /// What it may do, for all its containers.
        security_context: SecurityContext,
        /// Host name, as a headless service publishes it.
        subdomain: String,
        /// Seconds that it may run.
        active_deadline_seconds: Option<i64>,
        /// What the pod asks for and may have as a whole; takes the place of what its containers ask for.
        resources: ResourceRequirements,
    }

    /// A container.
    pub struct Container {
        /// Its name.
        name: String,
        /// Its image.
        image: String,
        /// When the image is pulled.
        image_pull_policy: String,
        /// What is run instead of the image's entry point.
        command: Box<[String]>,
        /// Its arguments.
        args: Box<[String]>,
        /// Ports that it says it listens on.
        ports: Box<[ContainerPort]>,
        /// Its environment, without values.
        env: Box<[EnvVar]>,
        /// What its environment is filled from.
        env_from: Box<[EnvFrom]>,
        /// What it asks for and may have.
        resources: ResourceRequirements,
        /// When it is restarted.
        liveness_probe: Option<Box<Probe>>,
        /// When it gets traffic.
        readiness_probe: Option<Box<Probe>>,
        /// When the other probes begin.
        startup_probe: Option<Box<Probe>>,
        /// Where volumes are mounted.
        volume_mounts: Box<[VolumeMount]>,
        /// `Always` makes an init container a sidecar.
        restart_policy: String,
        /// What it may do.
        security_context: SecurityContext,
    }

    /// A port that a container says it listens on.
    pub struct ContainerPort {
        /// Its name.
        name: String,
        /// Its number.
        container_port: i64,
        /// `TCP` when empty.
        protocol: String,
    }

    /// An environment variable.
    pub struct EnvVar {
        /// Its name.
        name: String,
        /// A digest of its value, so that changes are seen and values are not.
        value: Option<Digest>,
        /// Where its value comes from.
        value_from: EnvSource,
    }

    /// Where the value of a variable comes from.
    pub struct EnvSource {
        /// A key of a `ConfigMap`.
        config_map_key_ref: Option<KeyRef>,
        /// A key of a `Secret`.
        secret_key_ref: Option<KeyRef>,
    }

    /// A key of a `ConfigMap` or `Secret`.
    pub struct KeyRef {
        /// The object.
        name: String,
        /// The key.
        key: String,
        /// Whether it may be missing.
        optional: bool,
    }

    /// Fills the environment from all keys of an object.
    pub struct EnvFrom {
        /// A `ConfigMap`.
        config_map_ref: Option<KeyRef>,
        /// A `Secret`.
        secret_ref: Option<KeyRef>,
    }

    /// What a container asks for and may have.
    pub struct ResourceRequirements {
        /// What it asks for.
        requests: Resources,
        /// What it may have.
        limits: Resources,
    }

    /// A probe.
    pub struct Probe {
        /// Asks over HTTP.
        http_get: Option<HttpGet>,
        /// Opens a connection.
        tcp_socket: Option<PortRef>,
        /// Asks over gRPC.
        grpc: Option<PortRef>,
        /// Runs a command.
        exec: Option<ExecAction>,
        /// Seconds before the first.
        initial_delay_seconds: Option<i64>,
        /// Seconds between two.
        period_seconds: Option<i64>,
        /// Seconds that an answer may take.
        timeout_seconds: Option<i64>,
        /// Failures that count.
        failure_threshold: Option<i64>,
    }

    /// A request of a probe.
    pub struct HttpGet {
        /// Path.
        path: String,
        /// Port, by number or name.
        port: IntOrString,
        /// Host; empty for the pod itself.
        host: String,
    }

    /// A port of a probe.
    pub struct PortRef {
        /// By number or name.
        port: IntOrString,
    }

    /// A command of a probe.
    pub struct ExecAction {
        /// The command.
        command: Box<[String]>,
    }

    /// An object of the same namespace by its name.
    pub struct LocalRef {
        /// Its name.
        name: String,
    }

    /// What a pod or container may do.
    pub struct SecurityContext {
        /// User that it runs as.
        run_as_user: Option<i64>,
        /// Refuses to run as root.
        run_as_non_root: Option<bool>,
        /// May do everything on its node.
        privileged: Option<bool>,
        /// May gain rights.
        allow_privilege_escalation: Option<bool>,
        /// Cannot write to its image.
        read_only_root_filesystem: Option<bool>,
    }

    /// What a pod is.
    pub struct PodStatus {
        /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
        phase: String,
        /// Why, in one word.
        reason: String,
        /// Why, in a sentence.
        message: String,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
        /// Its containers.
        container_statuses: Box<[ContainerStatus]>,
        /// Its init containers and sidecars.
        init_container_statuses: Box<[ContainerStatus]>,
        /// When the kubelet took it.
        start_time: Time,
        /// Its address.
        #[rename("podIP")]
        pod_ip: String,
        /// How it is treated when its node runs short: `Guaranteed`, `Burstable`, `BestEffort`.
        qos_class: String,
    }

    /// What a container is.
    pub struct ContainerStatus {
        /// Its name.
        name: String,
        /// Whether it gets traffic.
        ready: bool,
        /// Whether its startup probe is done with.
        started: Option<bool>,
        /// How often it was started again.
        restart_count: i64,
        /// Its image.
        image: String,
        /// What it does.
        state: ContainerState,
        /// What it did before.
        last_state: ContainerState,
    }

    /// What a container does; at most one of the three.
    pub struct ContainerState {
        /// It waits.
        waiting: Option<Box<Waiting>>,
        /// It runs.
        running: Option<Running>,
        /// It ended.
        terminated: Option<Box<Terminated>>,
    }

    /// A container that waits.
    pub struct Waiting {
        /// Why, in one word.
        reason: String,
        /// Why, in a sentence.
        message: String,
    }

    /// A container that runs.
    pub struct Running {
        /// Since when.
        started_at: Time,
    }

    /// A container that ended.
    pub struct Terminated {
        /// How.
        exit_code: i64,
        /// By which signal.
        signal: Option<i64>,
        /// Why, in one word.
        reason: String,
        /// Its last words.
        message: String,
        /// When it began.
        started_at: Time,
        /// When it ended.
        finished_at: Time,
    }
}

/// A container of a pod, with what it is.
#[derive(Clone, Copy, Debug)]
pub struct PodContainer<'p> {
    /// What is.
    pub status: &'p ContainerStatus,
    /// It runs before the others and then ends.
    pub init: bool,
}

impl PodSpec {
    /// Whether an init container is a sidecar, which runs beside the others.
    #[must_use]
    pub fn is_sidecar(container: &Container) -> bool {
        container.restart_policy == "Always"
    }

    /// Containers that run side by side: the ordinary ones and native sidecars.
    pub fn running_containers(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(self.init_containers.iter().filter(|c| Self::is_sidecar(c)))
    }

    /// All containers, init containers too.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.init_containers.iter().chain(self.containers.iter())
    }

    /// What the scheduler counts of a resource: what the pod asks for as a whole, or the sum over containers that run side by side, or the largest init
    /// container.
    #[must_use]
    pub fn request(&self, resource: &str) -> f64 {
        if let Some(whole) = self.resources.request(resource) {
            return whole;
        }
        let of = |c: &Container| c.resources.request(resource).unwrap_or(0.0);
        let together: f64 = self.running_containers().map(of).sum();
        self.init_containers.iter().filter(|c| !Self::is_sidecar(c)).map(of).fold(together, f64::max)
    }
}

impl ResourceRequirements {
    /// What is asked for of a resource; a limit without a request is a request.
    #[must_use]
    pub fn request(&self, resource: &str) -> Option<f64> {
        self.requests.get(resource).or_else(|| self.limits.get(resource)).and_then(super::Quantity::value)
    }
}

impl Pod {
    /// Its containers that have a status, sidecars counted among the ordinary ones.
    pub fn each_container(&self) -> impl Iterator<Item = PodContainer<'_>> {
        let sidecar = |name: &str| self.spec.init_containers.iter().any(|c| c.name == name && PodSpec::is_sidecar(c));
        let inits = self
            .status
            .init_container_statuses
            .iter()
            .map(move |status| PodContainer { status, init: !sidecar(&status.name) });
        inits.chain(self.status.container_statuses.iter().map(|status| PodContainer { status, init: false }))
    }

    /// Whether it ended, well or not.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }

    /// Whether it gets traffic.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        super::condition(&self.status.conditions, "Ready").is_some_and(|c| c.status == "True")
    }
}

impl PodContainer<'_> {
    /// The path of its status, for evidence: `status.containerStatuses[web]`.
    #[must_use]
    pub fn path(&self, pod: &Pod) -> String {
        let init = pod.status.init_container_statuses.iter().any(|s| s.name == self.status.name);
        format!("status.{}[{}]", if init { "initContainerStatuses" } else { "containerStatuses" }, self.status.name)
    }
}
