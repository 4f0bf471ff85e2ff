//! SARIF 2.1.0, as code hosts read it: every cause is a result, its runbook the rule.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::diagnosis::cluster::ClusterCause;
use crate::finding::Severity;

use super::{HealthReport, cluster_name};

pub(super) fn write(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    let runs: Vec<Value> = reports.iter().map(run).collect();
    let sarif = json!({ "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs });
    serde_json::to_writer_pretty(&mut *out, &sarif)?;
    writeln!(out)
}

fn run(report: &HealthReport) -> Value {
    let causes = &report.health.causes;
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for cause in causes {
        let id = cause.fingerprint.id.as_str();
        let rule = json!({ "id": id, "shortDescription": { "text": cause.cause.title }, "defaultConfiguration": { "level": level(cause.cause.severity) } });
        rules.entry(id).or_insert(rule);
    }
    let gaps: Vec<Value> = report
        .health
        .examined
        .gaps
        .iter()
        .map(|g| json!({ "level": "note", "message": { "text": format!("not looked at: {}", g.what) } }))
        .collect();
    json!({
        "tool": { "driver": { "name": "idp", "version": env!("CARGO_PKG_VERSION"), "rules": rules.values().collect::<Vec<_>>() } },
        "automationDetails": { "id": format!("cluster-health/{}", cluster_name(&report.health)) },
        "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": gaps }],
        "results": causes.iter().map(|c| result(c, report)).collect::<Vec<_>>(),
    })
}

fn result(cause: &ClusterCause, report: &HealthReport) -> Value {
    let object = &cause.blamed;
    let name =
        if object.namespace.is_empty() { object.name.clone() } else { format!("{}/{}", object.namespace, object.name) };
    let state = report.compared.as_ref().map(|c| if c.new.contains(&cause.fingerprint) { "new" } else { "unchanged" });
    let mut result = json!({
        "ruleId": cause.fingerprint.id,
        "level": level(cause.cause.severity),
        "message": { "text": cause.cause.root_cause },
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": format!("{}/{name}", object.kind.word()) } },
            "logicalLocations": [{ "fullyQualifiedName": object.to_string(), "kind": "object" }],
        }],
        "partialFingerprints": { "idp/v1": format!("{} {} {}", cause.fingerprint.id, cause.fingerprint.object, cause.fingerprint.container).trim_end() },
    });
    if let Some(state) = state {
        result["baselineState"] = state.into();
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}
