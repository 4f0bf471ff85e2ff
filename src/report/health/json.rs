//! The machine format of a cluster's health. It owns its structs; `docs/health.schema.json` is generated from them.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnosis::cluster::{Change, ClusterCause, ClusterSymptom, Fingerprint, Health, Known, NodeRow, Share};
use crate::evidence::Source;
use crate::evidence::cluster::ObjectRef;
use crate::finding::{Evidence, Severity};

use super::super::json::{FixCommand, fix};
use super::{HealthReport, cluster_name};

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

/// The JSON Schema of [`HealthResponse`].
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(HealthResponse).to_value()
}

/// One cluster is an object, several are a list.
pub(super) fn write(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    match reports {
        [only] => serde_json::to_writer_pretty(&mut *out, &response(only))?,
        _ => serde_json::to_writer_pretty(&mut *out, &reports.iter().map(response).collect::<Vec<_>>())?,
    }
    writeln!(out)
}

pub(super) fn write_yaml(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    let text = match reports {
        [only] => serde_saphyr::to_string(&response(only)),
        _ => serde_saphyr::to_string(&reports.iter().map(response).collect::<Vec<_>>()),
    };
    out.write_all(text.map_err(io::Error::other)?.as_bytes())
}

/// What a previous report in this format knew.
///
/// # Errors
/// What is wrong with the text.
pub fn known(text: &[u8]) -> Result<Vec<Known>, serde_json::Error> {
    let previous: HealthResponse = serde_json::from_slice(text)?;
    let cause = |c: ClusterCauseItem| Known {
        fingerprint: Fingerprint { id: c.id, object: shown(&c.object), container: c.container },
        root_cause: c.root_cause,
    };
    Ok(previous.causes.into_iter().map(cause).collect())
}

/// An object as a fingerprint has it.
fn shown(object: &ObjectItem) -> String {
    let kind = object.kind.to_ascii_lowercase();
    if object.namespace.is_empty() {
        format!("{kind} {}", object.name)
    } else {
        format!("{kind} {}/{}", object.namespace, object.name)
    }
}

/// Makes the machine format of a report.
#[must_use]
pub fn response(report: &HealthReport) -> HealthResponse {
    let health = &report.health;
    let gone = report.compared.as_ref().map(|c| {
        let item = |k: &Known| KnownItem {
            id: k.fingerprint.id.clone(),
            object: k.fingerprint.object.clone(),
            root_cause: k.root_cause.clone(),
        };
        c.gone.iter().map(item).collect()
    });
    HealthResponse {
        verdict: health.verdict.word().into(),
        cluster: cluster_name(health),
        version: health.version.clone(),
        timestamp: format!("{:.0}", health.at),
        summary: summary(health),
        nodes: health.nodes.iter().map(node).collect(),
        causes: health.causes.iter().map(|c| cause(c, report)).collect(),
        gone,
        ignored: health
            .ignored
            .iter()
            .map(|i| IgnoredItem { check: i.check.into(), object: object(&i.object), reason: i.reason.clone() })
            .collect(),
        coverage: coverage(health),
        notes: health.notes.clone(),
    }
}

fn summary(health: &Health) -> Summary {
    let count = |severity| health.causes.iter().filter(|c| c.cause.severity == severity).count();
    Summary {
        critical: count(Severity::Critical),
        high: count(Severity::High),
        medium: count(Severity::Medium),
        low: count(Severity::Low),
        info: count(Severity::Info),
    }
}

fn node(node: &NodeRow) -> NodeItem {
    let ready = match node.ready {
        Some(true) => "True",
        Some(false) => "False",
        None => "Unknown",
    };
    let short = |word: &str| node.pressure.contains(&word);
    NodeItem {
        name: node.name.clone(),
        ready: ready.into(),
        memory_pressure: short("memory"),
        disk_pressure: short("disk"),
        pid_pressure: short("pid"),
        network_unavailable: short("network"),
        schedulable: !node.cordoned,
        version: node.version.clone(),
        pods: node.pods,
        pods_allocatable: node.pods_allocatable,
        cpu: share(node.cpu),
        memory: share(node.memory),
    }
}

fn share(share: Share) -> ShareItem {
    // Sums of thousandths of a core are shown as such.
    let rounded = |n: f64| (n * 1000.0).round() / 1000.0;
    ShareItem {
        allocatable: share.allocatable.map(rounded),
        requested: rounded(share.requested),
        used: share.used.map(rounded),
    }
}

fn object(object: &ObjectRef) -> ObjectItem {
    ObjectItem { kind: object.kind.name().into(), namespace: object.namespace.clone(), name: object.name.clone() }
}

fn cause(cause: &ClusterCause, report: &HealthReport) -> ClusterCauseItem {
    let said = &cause.cause;
    let status =
        report.compared.as_ref().map(|c| if c.new.contains(&cause.fingerprint) { "new" } else { "still" }.to_owned());
    ClusterCauseItem {
        id: cause.fingerprint.id.clone(),
        runbook: said.runbook.as_ref().map(|id| format!("{id}.md")),
        title: said.title.clone(),
        error_category: said.category.clone(),
        cause: said.cause.clone(),
        severity: said.severity.word().into(),
        confidence: said.confidence.value(),
        root_cause: said.root_cause.clone(),
        object: object(&cause.blamed),
        container: cause.fingerprint.container.clone(),
        objects: cause.subjects.iter().map(object).collect(),
        checks: cause.checks.iter().map(|c| (*c).to_owned()).collect(),
        findings: cause.messages.clone(),
        evidence: said.evidence.iter().map(field).collect(),
        symptoms: cause.symptoms.iter().map(symptom).collect(),
        blast_radius: BlastItem {
            objects: cause.blast.objects.iter().map(object).collect(),
            pods: cause.blast.pods,
            replicas_lost: cause.blast.replicas_lost,
            replicas_wanted: cause.blast.replicas_wanted,
            routes: cause.blast.routes.clone(),
        },
        change: cause.change.as_ref().map(change),
        since: cause.since.0.map(|t| t.to_string()),
        fix_commands: said.fixes.iter().map(fix).collect(),
        prevention_tips: said.prevention.clone(),
        status,
    }
}

fn field(evidence: &Evidence) -> FieldItem {
    let (object, field) = match &evidence.source {
        Source::Field { object, field } => (object.clone(), field.clone()),
        other => (other.to_string(), String::new()),
    };
    FieldItem { object, field, text: evidence.at.text.to_string() }
}

fn symptom(symptom: &ClusterSymptom) -> ClusterSymptomItem {
    ClusterSymptomItem {
        check: symptom.check.into(),
        title: symptom.title.clone(),
        severity: symptom.severity.word().into(),
        objects: symptom.subjects.iter().map(object).collect(),
        message: symptom.message.clone(),
    }
}

fn change(change: &Change) -> ClusterChangeItem {
    let difference = |d: &crate::diagnosis::cluster::Difference| DifferenceItem {
        field: d.field.clone(),
        before: d.before.clone(),
        after: d.after.clone(),
    };
    ClusterChangeItem {
        object: object(&change.object),
        at: change.at.0.map(|t| t.to_string()),
        what: change.what.clone(),
        by: change.by.clone(),
        differences: change.differences.iter().map(difference).collect(),
    }
}

fn coverage(health: &Health) -> HealthCoverage {
    let examined = &health.examined;
    let words = |checks: &[&'static str]| checks.iter().map(|c| (*c).to_owned()).collect();
    HealthCoverage {
        objects: health.objects,
        checks_run: words(&examined.ran),
        checks_silent: examined
            .silent
            .iter()
            .map(|(check, reason)| SilentItem { check: (*check).into(), reason: reason.clone() })
            .collect(),
        not_looked_at: examined
            .gaps
            .iter()
            .map(|g| GapItem { what: g.what.clone(), checks: words(&g.checks) })
            .collect(),
    }
}
