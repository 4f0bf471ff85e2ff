//! What machines read of a cluster's health. These structs change only by addition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::json::FixCommand;

/// The health of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "idp cluster-health", deny_unknown_fields)]
pub struct HealthResponse {
    /// healthy, degraded, critical or unreachable.
    pub verdict: String,
    /// The context, the path of the dump, or `manifests`.
    pub cluster: String,
    /// Version of the API server, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The moment that it is about: RFC 3339, UTC. Of a dump, the newest time in it.
    pub timestamp: String,
    /// How many causes there are of each severity.
    pub summary: Summary,
    /// The nodes, by name.
    pub nodes: Vec<NodeItem>,
    /// What is wrong, the worst first.
    pub causes: Vec<ClusterCauseItem>,
    /// With `--baseline`: what is no longer wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Vec<KnownItem>>,
    /// What was found and is to be ignored.
    pub ignored: Vec<IgnoredItem>,
    /// What was looked at, and what was not.
    pub coverage: HealthCoverage,
    /// What could not be read, in sentences.
    pub notes: Vec<String>,
}

/// How many causes there are of each severity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Users are affected widely, or data is at risk.
    pub critical: usize,
    /// Something does not work.
    pub high: usize,
    /// Degraded, or will become worse.
    pub medium: usize,
    /// Worth knowing.
    pub low: usize,
    /// Nothing is wrong with it.
    pub info: usize,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a condition of its own")]
pub struct NodeItem {
    /// Its name.
    pub name: String,
    /// True, False or Unknown.
    pub ready: String,
    /// Short of memory.
    pub memory_pressure: bool,
    /// Short of disk.
    pub disk_pressure: bool,
    /// Short of process ids.
    pub pid_pressure: bool,
    /// Its network is not set up.
    pub network_unavailable: bool,
    /// Takes new pods.
    pub schedulable: bool,
    /// Version of its kubelet.
    pub version: String,
    /// Pods on it that are not over.
    pub pods: usize,
    /// Pods that it can have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods_allocatable: Option<f64>,
    /// In cores.
    pub cpu: ShareItem,
    /// In bytes.
    pub memory: ShareItem,
}

/// What there is of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShareItem {
    /// What pods may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocatable: Option<f64>,
    /// What pods ask for.
    pub requested: f64,
    /// What is used, where metrics are served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<f64>,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectItem {
    /// Its kind.
    pub kind: String,
    /// Its namespace, where its kind lives in one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterCauseItem {
    /// Id of the runbook, or of the check where no runbook knows it.
    pub id: String,
    /// File name of the runbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    /// Short title.
    pub title: String,
    /// Category of the taxonomy.
    pub error_category: String,
    /// Narrower cause; may be empty.
    pub cause: String,
    /// CRITICAL, HIGH, MEDIUM, LOW or INFO.
    pub severity: String,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// One sentence with the values seen.
    pub root_cause: String,
    /// The object to blame; it may be one that is missing.
    pub object: ObjectItem,
    /// The container, where it is about one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub container: String,
    /// The objects on which it is seen.
    pub objects: Vec<ObjectItem>,
    /// Ids of the checks that found it.
    pub checks: Vec<String>,
    /// What the checks say.
    pub findings: Vec<String>,
    /// Where it is seen.
    pub evidence: Vec<FieldItem>,
    /// What it explains.
    pub symptoms: Vec<ClusterSymptomItem>,
    /// What it reaches.
    pub blast_radius: BlastItem,
    /// What changed before, where that can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ClusterChangeItem>,
    /// Since when: RFC 3339, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Commands, in the order in which to try them.
    pub fix_commands: Vec<FixCommand>,
    /// How to keep it from coming back.
    pub prevention_tips: Vec<String>,
    /// With `--baseline`: `new` or `still`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldItem {
    /// The object.
    pub object: String,
    /// The path of the field, or the event.
    pub field: String,
    /// What stands there, secrets taken out.
    pub text: String,
}

/// Something that a cause explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterSymptomItem {
    /// Id of the check.
    pub check: String,
    /// Its title.
    pub title: String,
    /// How bad it would be by itself.
    pub severity: String,
    /// The objects on which it is seen.
    pub objects: Vec<ObjectItem>,
    /// What the check says of the first of them.
    pub message: String,
}

/// What a cause reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlastItem {
    /// Workloads, services, claims …
    pub objects: Vec<ObjectItem>,
    /// Pods that are not ready.
    pub pods: usize,
    /// Pods that the affected workloads miss.
    pub replicas_lost: usize,
    /// Pods that they want.
    pub replicas_wanted: usize,
    /// Where users come in.
    pub routes: Vec<String>,
}

/// A change that came before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterChangeItem {
    /// What changed.
    pub object: ObjectItem,
    /// When: RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What was done.
    pub what: String,
    /// The program that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What differs.
    pub differences: Vec<DifferenceItem>,
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DifferenceItem {
    /// The field.
    pub field: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// A cause of a previous report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownItem {
    /// Its id.
    pub id: String,
    /// The object to blame.
    pub object: String,
    /// Its sentence.
    pub root_cause: String,
}

/// Something that was found and is to be ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IgnoredItem {
    /// Id of the check.
    pub check: String,
    /// The object.
    pub object: ObjectItem,
    /// Why.
    pub reason: String,
}

/// What was looked at, and what was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HealthCoverage {
    /// Objects that were looked at.
    pub objects: usize,
    /// Ids of the checks that ran.
    pub checks_run: Vec<String>,
    /// Checks that could not say anything.
    pub checks_silent: Vec<SilentItem>,
    /// What was not seen.
    pub not_looked_at: Vec<GapItem>,
}

/// A check that could not say anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SilentItem {
    /// Its id.
    pub check: String,
    /// Why.
    pub reason: String,
}

/// Something that was not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GapItem {
    /// What, and why: `secrets: forbidden`.
    pub what: String,
    /// Ids of the checks that wanted it.
    pub checks: Vec<String>,
}
