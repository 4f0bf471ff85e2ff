//! The machine format of findings. It owns its structs, so that what machines read does not change when the linter does;
//! `docs/lint.schema.json` is generated from them.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::LintReport;

/// What `idp runbook lint -o json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "idp runbook lint", deny_unknown_fields)]
struct Document<'r> {
    /// Files that were looked at.
    files: usize,
    /// What was found, in the order of files and lines.
    findings: Vec<Item<'r>>,
    /// How many findings of each kind.
    counts: Counts,
    /// What `--fix` mended before this was found.
    mended: Vec<MendedItem<'r>>,
    /// What could not be read or judged, and why.
    notes: &'r [String],
}

/// A finding.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Item<'r> {
    /// Id of the rule; docs/lint.md explains each.
    rule: &'r str,
    /// `error`, `warning` or `info`.
    level: &'r str,
    /// The file, as it was named or found below what was named.
    file: &'r str,
    /// Line, from 1.
    line: usize,
    /// Character of the line, from 1.
    column: usize,
    /// What is wrong and what to do.
    message: &'r str,
    /// The line; secrets taken out.
    excerpt: &'r str,
    /// Whether `--fix` mends it.
    fixable: bool,
}

/// How many findings of each kind.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Counts {
    /// Something is broken.
    error: usize,
    /// Something will hurt somebody.
    warning: usize,
    /// Something could be better.
    info: usize,
    /// Of all of them, those that `--fix` mends.
    fixable: usize,
}

/// What was mended in a file.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct MendedItem<'r> {
    /// The file.
    file: &'r str,
    /// How many findings of which rule.
    rules: &'r std::collections::BTreeMap<&'static str, usize>,
}

pub(super) fn write(report: &LintReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        files: report.files.len(),
        findings: report.findings.iter().map(item).collect(),
        counts: Counts {
            error: report.at("error"),
            warning: report.at("warning"),
            info: report.at("info"),
            fixable: report.fixable(),
        },
        mended: report.mended.iter().map(|m| MendedItem { file: &m.file, rules: &m.rules }).collect(),
        notes: report.notes,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn item(finding: &crate::lint::Finding) -> Item<'_> {
    Item {
        rule: finding.rule,
        level: finding.level(),
        file: &finding.file,
        line: finding.line,
        column: finding.column,
        message: &finding.message,
        excerpt: finding.excerpt.as_str(),
        fixable: !finding.edits.is_empty(),
    }
}

/// The JSON schema of the machine format.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Document<'static>)
}
