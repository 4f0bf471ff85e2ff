//! The frame of SARIF 2.1.0 that all reports share, as code hosts read it.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::finding::Severity;

/// Writes a log of `runs`.
pub(super) fn write(runs: &[Value], out: &mut dyn Write) -> io::Result<()> {
    let sarif = json!({ "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs });
    serde_json::to_writer_pretty(&mut *out, &sarif)?;
    writeln!(out)
}

/// A run of ours: the rules that results refer to, what the run was about, what was not looked at.
pub(super) fn run(id: &str, rules: &[Value], notes: &[String], results: &[Value]) -> Value {
    let notes: Vec<Value> = notes.iter().map(|n| json!({ "level": "note", "message": { "text": n } })).collect();
    json!({
        "tool": { "driver": { "name": "idp", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
        "automationDetails": { "id": id },
        "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notes }],
        "results": results,
    })
}

/// The word for a severity.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}
