//! Workflow commands for GitHub Actions: an annotation per cause, the details in a group.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use crate::diagnosis::{Cause, Outcome};
use crate::evidence::Source;
use crate::finding::Severity;

use super::{Report, Style, human};

/// A log page has no width; lines are wrapped so that they stay readable.
const WIDTH: usize = 120;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for cause in &report.diagnosis.causes {
        annotation(cause, out)?;
    }
    let title = match report.diagnosis.outcome {
        Outcome::None => "idp: nothing failed",
        Outcome::Unknown => "idp: a failure that no rule knows",
        Outcome::Known => "idp: diagnosis",
    };
    writeln!(out, "::group::{title}")?;
    let mut page = Vec::new();
    human::write(report, Style { color: false, width: WIDTH }, &mut page)?;
    for line in String::from_utf8_lossy(&page).lines() {
        // A quoted line may not speak to the runner: it reads `::` at the start of a line and `##[` anywhere.
        let line = line.replace("##[", "## [");
        writeln!(out, "{}{line}", if line.trim_start().starts_with("::") { "| " } else { "" })?;
    }
    writeln!(out, "::endgroup::")
}

fn annotation(cause: &Cause, out: &mut dyn Write) -> io::Result<()> {
    let kind = match cause.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let title =
        if cause.cause.is_empty() { cause.category.clone() } else { format!("{} / {}", cause.category, cause.cause) };
    let place = match cause.evidence.first() {
        Some(evidence) => match &evidence.source {
            source @ Source::File(_) => format!("file={},line={},", property(&source.to_string()), evidence.at.line),
            _ => String::new(),
        },
        None => String::new(),
    };
    let fix = cause.fixes.first().map_or(String::new(), |f| format!("\nNext: {}", f.command));
    writeln!(out, "::{kind} {place}title={}::{}", property(&title), data(&format!("{}{fix}", cause.root_cause)))
}

/// Text of a workflow command.
pub(super) fn data(text: &str) -> String {
    text.replace("##[", "## [").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before the text of a workflow command.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
