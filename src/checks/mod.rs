//! Checks of the cluster: one file each, pure, a function of a [`View`].
//!
//! Each check answers with faults, with what it could not see, or with nothing, which means that the fault is absent. Knowledge about a fault (what it
//! means, what repairs it) is in the runbook that names the check; here is only how it is seen.

mod check;
mod examine;
mod list;
#[cfg(test)]
pub(crate) mod testing;
mod view;

// What several checks share.
mod amount;
mod autoscaling;
mod budgets;
mod certificate_end;
mod complaints;
mod daemon_nodes;
mod denial;
mod duration;
mod ended_pods;
mod exit_code;
mod gist;
mod image_reference;
mod ingress_routes;
mod job_history;
mod job_outcome;
mod killer;
mod live_templates;
mod mount_culprit;
mod node_fit;
mod platform;
mod pod_security;
mod preparation;
mod probes;
mod quota_demand;
mod references;
mod refusals;
mod requests;
mod rights;
mod roll_out;
mod rollout;
mod scale_up;
mod schedule;
mod schedule_runs;
mod scheduling;
mod secret_makers;
mod service_endpoints;
mod shortage;
mod templates;
mod termination;
mod time_zone;
mod told;
mod unplaced;
mod unready;
mod usage;
mod waiting;
mod webhook_targets;

// The checks.
mod admission_denied;
mod allocation_out_of_proportion;
mod api_access_denied;
mod api_service_unavailable;
mod autoscaler_no_scale_up;
mod binding_dangling;
mod budget_blocks_disruption;
mod budget_selects_nothing;
mod budgets_overlap;
mod claim_missing;
mod config_key_missing;
mod config_map_size;
mod config_reference_missing;
mod container_crash_loop;
mod container_crashed_recently;
mod container_creating_stuck;
mod container_exited_with_error;
mod container_killed_by_probe;
mod container_killed_by_system;
mod container_killed_unexplained;
mod container_not_created;
mod container_oom_killed;
mod container_restarts_high;
mod container_usage_high;
mod container_waiting;
mod cpu_throttled;
mod cronjob_deadline_negative;
mod cronjob_never_succeeded;
mod cronjob_schedule_invalid;
mod daemonset_misscheduled;
mod daemonset_pods_missing;
mod deployment_replicas_missing;
mod hpa_at_limit;
mod hpa_exceeds_capacity;
mod hpa_metrics_unavailable;
mod hpa_requests_missing;
mod hpa_target_missing;
mod ignore_expired;
mod image_pull_failed;
mod image_pull_secret_missing;
mod image_unusable;
mod ingress_class_missing;
mod ingress_conflict;
mod ingress_load_balancer_error;
mod ingress_port_missing;
mod ingress_service_missing;
mod ingress_tls_secret_missing;
mod job_failed;
mod job_suspended;
mod job_warning_events;
mod keda_scaler_failing;
mod liveness_probe_failing;
mod load_balancer_pending;
mod metrics_server_missing;
mod object_unused;
mod pod_evicted;
mod pod_initializing_stuck;
mod pod_lost;
mod pod_phase_bad;
mod pod_scheduling_gated;
mod pod_security_level_violated;
mod pod_stuck_terminating;
mod pod_unmanaged;
mod pod_unschedulable;
mod pod_without_budget;
mod probe_port_mismatch;
mod quota_exceeded;
mod quota_too_small;
mod rbac_verb_missing;
mod readiness_probe_failing;
mod replicaset_create_failed;
mod replicaset_replicas_missing;
mod role_wildcard;
mod rollout_stuck;
mod scheduling_insufficient_cpu;
mod scheduling_insufficient_extended_resource;
mod scheduling_insufficient_memory;
mod scheduling_node_affinity;
mod scheduling_nodes_cordoned;
mod scheduling_pod_affinity;
mod scheduling_too_many_pods;
mod scheduling_untolerated_taint;
mod service_account_missing;
mod service_endpoints_not_ready;
mod service_exposure;
mod service_port_mismatch;
mod service_selects_nothing;
mod service_single_endpoint;
mod service_warning_events;
mod service_without_endpoints;
mod startup_probe_failing;
mod statefulset_pod_missing;
mod statefulset_service_missing;
mod statefulset_storage_class_missing;
mod statefulset_update_stuck;
mod storage_class_missing;
mod vpa_not_working;
mod webhook_certificate_expired;
mod webhook_service_missing;
mod webhook_unavailable;
mod workload_scaled_to_zero;
mod workload_selector_mismatch;

pub use check::{Basis, Check, Stage, Verdict};
pub use examine::{Examined, Gap, Selection, examine};
pub use list::CHECKS;
/// The reason for which an annotation of an object, its owner or its namespace asks to ignore a fault.
#[must_use]
pub fn is_ignored_by_annotation(view: &View<'_>, fault: &crate::finding::Fault) -> Option<String> {
    ignore_expired::reason(view, fault)
}

pub use view::{Endpoints, Lookup, Thresholds, View};
