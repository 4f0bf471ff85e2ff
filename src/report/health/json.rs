//! The machine format of a cluster's health. It owns its structs; `docs/health.schema.json` is generated from them.

use std::io::{self, Write};

use crate::diagnosis::cluster::{Change, ClusterCause, ClusterSymptom, Fingerprint, Health, Known, NodeRow, Share};
use crate::evidence::Source;
use crate::evidence::cluster::ObjectRef;
use crate::finding::{Evidence, Severity};

use super::super::json::fix;
use super::items::{
    BlastItem, ClusterCauseItem, ClusterChangeItem, ClusterSymptomItem, DifferenceItem, FieldItem, GapItem,
    HealthCoverage, HealthResponse, IgnoredItem, KnownItem, NodeItem, ObjectItem, ShareItem, SilentItem, Summary,
};
use super::{HealthReport, cluster_name};

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
