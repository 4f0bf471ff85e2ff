//! SARIF: every cause is a result, its runbook the rule.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::diagnosis::cluster::ClusterCause;
use crate::report::sarif::{self, level};

use super::{HealthReport, cluster_name};

pub(super) fn write(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    sarif::write(&reports.iter().map(run).collect::<Vec<_>>(), out)
}

fn run(report: &HealthReport) -> Value {
    let causes = &report.health.causes;
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for cause in causes {
        let id = cause.fingerprint.id.as_str();
        let rule = json!({ "id": id, "shortDescription": { "text": cause.cause.title }, "defaultConfiguration": { "level": level(cause.cause.severity) } });
        rules.entry(id).or_insert(rule);
    }
    let rules: Vec<Value> = rules.into_values().collect();
    let gaps = report.health.examined.gaps.iter().map(|g| format!("not looked at: {}", g.what));
    let results: Vec<Value> = causes.iter().map(|c| result(c, report)).collect();
    let id = format!("cluster-health/{}", cluster_name(&report.health));
    sarif::run(&id, &rules, &gaps.collect::<Vec<_>>(), &results)
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
