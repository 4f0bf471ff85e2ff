//! Findings as SARIF: rules with their help, places with the line, edits as proposed fixes.

use std::io::{self, Write};

use serde_json::{Value, json};
use twox_hash::XxHash3_64;

use crate::lint::{Edit, Finding, RULES, Rule};
use crate::report::sarif::{self, level};

use super::LintReport;

pub(super) fn write(report: &LintReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let found = |r: &&&Rule| report.findings.iter().any(|f| f.rule == r.id);
    let rules: Vec<Value> = RULES.iter().filter(found).map(|r| described(r)).collect();
    let results: Vec<Value> = report.findings.iter().map(result).collect();
    sarif::write(&[sarif::run("runbook-lint/", &rules, report.notes, &results)], out)
}

fn described(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.fix },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(finding: &Finding) -> Value {
    let file = json!({ "uri": uri(&finding.file) });
    let hash = XxHash3_64::oneshot(finding.excerpt.as_str().as_bytes());
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": finding.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": file,
            "region": { "startLine": finding.line, "startColumn": finding.column, "snippet": { "text": finding.excerpt } },
        } }],
        "partialFingerprints": { "idp/v1": format!("{} {} {hash:016x}", finding.rule, finding.file) },
    });
    if !finding.edits.is_empty() {
        result["fixes"] =
            json!([{ "artifactChanges": [{ "artifactLocation": file, "replacements": replacements(finding) }] }]);
    }
    result
}

fn replacements(finding: &Finding) -> Vec<Value> {
    let replacement = |edit: &Edit| {
        json!({
            "deletedRegion": { "byteOffset": edit.range.start, "byteLength": edit.range.end - edit.range.start },
            "insertedContent": { "text": edit.replacement },
        })
    };
    finding.edits.iter().map(replacement).collect()
}

/// A path as a reference of a URI: what has a meaning there is written as `%20`.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
