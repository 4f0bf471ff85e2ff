//! Findings as workflow commands of GitHub Actions: an annotation on its line for each.

use std::io::{self, Write};

use crate::lint::Finding;
use crate::report::github::{data, property};

use super::LintReport;

pub(super) fn write(report: &LintReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings {
        annotation(finding, out)?;
    }
    for note in report.notes {
        writeln!(out, "::notice title=idp runbook lint::{}", data(note))?;
    }
    writeln!(out, "idp: {} findings in {} files", report.findings.len(), report.files.len())
}

fn annotation(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let kind = match finding.level() {
        "info" => "notice",
        level => level,
    };
    let Finding { line, column, .. } = finding;
    let (file, title) = (property(&finding.file), property(finding.rule));
    writeln!(out, "::{kind} file={file},line={line},col={column},title={title}::{}", data(&finding.message))
}
