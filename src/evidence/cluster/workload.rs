//! Controllers of pods, and what scales and protects them.

use super::meta::{Condition, IntOrString, LabelSelector, Meta, Quantity, Time, slim};
use super::pod::PodTemplate;

slim! {
    /// A `Deployment`, `ReplicaSet`, `StatefulSet`, `DaemonSet` or `ReplicationController`.
    pub struct Workload {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: WorkloadSpec,
        /// What is.
        status: WorkloadStatus,
    }

    /// What is asked for in a controller of pods.
    pub struct WorkloadSpec {
        /// Pods that are wanted; 1 where it is left out (a `DaemonSet` has none).
        replicas: Option<i64>,
        /// Its pods.
        selector: Selector,
        /// What its pods are made from.
        template: PodTemplate,
        /// Its headless service (`StatefulSet`).
        service_name: String,
        /// Claims that each pod gets (`StatefulSet`).
        volume_claim_templates: Box<[super::Claim]>,
        /// Rolls nothing out at the moment.
        paused: bool,
        /// Seconds that a roll-out may stand still.
        progress_deadline_seconds: Option<i64>,
        /// Seconds that a pod must be ready.
        min_ready_seconds: Option<i64>,
        /// How it rolls out (`Deployment`).
        strategy: Strategy,
        /// How it rolls out (`StatefulSet`, `DaemonSet`).
        update_strategy: Strategy,
    }

    /// How a roll-out goes.
    pub struct Strategy {
        /// `RollingUpdate`, `Recreate`, `OnDelete`.
        #[rename("type")]
        kind: String,
        /// Its details.
        rolling_update: RollingUpdate,
    }

    /// Details of a rolling update.
    pub struct RollingUpdate {
        /// Pods with a lower ordinal keep their version (`StatefulSet`).
        partition: Option<i64>,
        /// Pods that may be missing.
        max_unavailable: Option<IntOrString>,
        /// Pods that may be too many.
        max_surge: Option<IntOrString>,
    }

    /// What a controller of pods is.
    pub struct WorkloadStatus {
        /// Pods that are.
        replicas: i64,
        /// Pods that are ready.
        ready_replicas: i64,
        /// Pods that have been ready for long enough.
        available_replicas: i64,
        /// Pods that are not.
        unavailable_replicas: i64,
        /// Pods of the newest template.
        updated_replicas: i64,
        /// Pods of the template before (`StatefulSet`).
        current_replicas: i64,
        /// The revision that is rolled out (`StatefulSet`).
        current_revision: String,
        /// The newest revision (`StatefulSet`).
        update_revision: String,
        /// Which generation of the spec it is about.
        observed_generation: Option<i64>,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
        /// Nodes that should have a pod (`DaemonSet`).
        desired_number_scheduled: i64,
        /// Nodes that have one and should (`DaemonSet`).
        current_number_scheduled: i64,
        /// Nodes that have one and should not (`DaemonSet`).
        number_misscheduled: i64,
        /// Pods that are ready (`DaemonSet`).
        number_ready: i64,
        /// Pods that have been ready for long enough (`DaemonSet`).
        number_available: i64,
        /// Pods of the newest template (`DaemonSet`).
        updated_number_scheduled: i64,
    }

    /// A `Job`.
    pub struct Job {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: JobSpec,
        /// What is.
        status: JobStatus,
    }

    /// What is asked for in a `Job`.
    pub struct JobSpec {
        /// Does not run at the moment.
        suspend: bool,
        /// Failures that it bears.
        backoff_limit: Option<i64>,
        /// Successes that it needs.
        completions: Option<i64>,
        /// Pods at a time.
        parallelism: Option<i64>,
        /// Seconds that it may run.
        active_deadline_seconds: Option<i64>,
        /// What its pods are made from.
        template: PodTemplate,
    }

    /// What a `Job` is.
    pub struct JobStatus {
        /// Pods that run.
        active: i64,
        /// Pods that ended well.
        succeeded: i64,
        /// Pods that did not.
        failed: i64,
        /// When it began.
        start_time: Time,
        /// When it ended well.
        completion_time: Time,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
    }

    /// A `CronJob`.
    pub struct CronJob {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: CronJobSpec,
        /// What is.
        status: CronJobStatus,
    }

    /// What is asked for in a `CronJob`.
    pub struct CronJobSpec {
        /// When it runs.
        schedule: String,
        /// In which zone.
        time_zone: Option<String>,
        /// Does not run at the moment.
        suspend: bool,
        /// Seconds after which a missed start is given up.
        starting_deadline_seconds: Option<i64>,
        /// `Allow`, `Forbid` or `Replace`.
        concurrency_policy: String,
        /// What its jobs are made from.
        job_template: JobTemplate,
    }

    /// The template of a `CronJob`.
    pub struct JobTemplate {
        /// What is asked for.
        spec: JobSpec,
    }

    /// What a `CronJob` is.
    pub struct CronJobStatus {
        /// When it started a job last.
        last_schedule_time: Time,
        /// When a job ended well last.
        last_successful_time: Time,
        /// Jobs that run.
        active: Box<[CrossRef]>,
    }

    /// Another object by kind and name.
    pub struct CrossRef {
        /// Its API version.
        api_version: String,
        /// Its kind.
        kind: String,
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    }

    /// A `HorizontalPodAutoscaler`.
    pub struct Autoscaler {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: AutoscalerSpec,
        /// What is.
        status: AutoscalerStatus,
    }

    /// What is asked for in an autoscaler.
    pub struct AutoscalerSpec {
        /// What it scales.
        scale_target_ref: CrossRef,
        /// Least pods; 1 where it is left out.
        min_replicas: Option<i64>,
        /// Most pods.
        max_replicas: i64,
        /// What it looks at.
        metrics: Box<[MetricSpec]>,
    }

    /// A metric that an autoscaler looks at.
    pub struct MetricSpec {
        /// `Resource`, `ContainerResource`, `Pods`, `Object`, `External`.
        #[rename("type")]
        kind: String,
        /// A resource of all containers.
        resource: Option<ResourceMetric>,
        /// A resource of one container.
        container_resource: Option<ResourceMetric>,
    }

    /// A resource as a metric.
    pub struct ResourceMetric {
        /// `cpu` or `memory`.
        name: String,
        /// The container, where it is one.
        container: String,
        /// What is aimed at.
        target: MetricTarget,
    }

    /// What an autoscaler aims at.
    pub struct MetricTarget {
        /// `Utilization` (of the request), `AverageValue`, `Value`.
        #[rename("type")]
        kind: String,
        /// Percent of the request.
        average_utilization: Option<i64>,
        /// An amount a pod.
        average_value: Option<Quantity>,
    }

    /// What an autoscaler is.
    pub struct AutoscalerStatus {
        /// Pods that are.
        current_replicas: i64,
        /// Pods that it wants.
        desired_replicas: i64,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
    }

    /// A `PodDisruptionBudget`.
    pub struct Budget {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: BudgetSpec,
        /// What is.
        status: BudgetStatus,
    }

    /// What is asked for in a budget.
    pub struct BudgetSpec {
        /// Its pods; an empty selector is every pod of the namespace, a missing one is none.
        selector: Option<LabelSelector>,
        /// Pods that must stay.
        min_available: Option<IntOrString>,
        /// Pods that may go.
        max_unavailable: Option<IntOrString>,
        /// `AlwaysAllow` lets pods go that are not well anyway.
        unhealthy_pod_eviction_policy: String,
    }

    /// What a budget is.
    pub struct BudgetStatus {
        /// Pods that may go now.
        disruptions_allowed: i64,
        /// Pods that are well.
        current_healthy: i64,
        /// Pods that must be well.
        desired_healthy: i64,
        /// Pods that it is about.
        expected_pods: i64,
        /// Which generation of the spec it is about.
        observed_generation: Option<i64>,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
    }
}

/// The selector of a controller: a `ReplicationController` has plain labels, the others a selector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selector(pub LabelSelector);

impl<'de> serde::Deserialize<'de> for Selector {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        let plain =
            value.as_object().is_some_and(|o| !o.contains_key("matchLabels") && !o.contains_key("matchExpressions"));
        if plain {
            let match_labels = serde_json::from_value(value).unwrap_or_default();
            return Ok(Self(LabelSelector { match_labels, match_expressions: Box::default() }));
        }
        Ok(Self(serde_json::from_value(value).unwrap_or_default()))
    }
}

impl Workload {
    /// Pods that are wanted; where nothing is said, one.
    #[must_use]
    pub fn wanted(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    /// Whether its status is about its spec as it is now. Until the controller has looked at a change, its numbers are about what was asked before.
    #[must_use]
    pub fn is_observed(&self) -> bool {
        match (self.metadata.generation, self.status.observed_generation) {
            (Some(asked), Some(seen)) => seen >= asked,
            (Some(_), None) => false,
            (None, _) => true,
        }
    }
}

impl Job {
    /// Whether it ended well.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let said = |kind| super::condition(&self.status.conditions, kind).is_some_and(|c| c.status == "True");
        said("Complete") || said("SuccessCriteriaMet")
    }

    /// The condition that ended it badly. `FailureTarget` says so while its last pods are still going.
    #[must_use]
    pub fn failure(&self) -> Option<&Condition> {
        let said = |kind| super::condition(&self.status.conditions, kind).filter(|c| c.status == "True");
        said("Failed").or_else(|| said("FailureTarget"))
    }

    /// Whether it will make no more pods: it ended, well or not.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_complete() || self.failure().is_some()
    }
}
