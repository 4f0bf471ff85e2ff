//! The machine format: the response of the HTTP contract with its additions. It owns its structs, so that what machines read does not
//! change when the engine does. `docs/diagnosis.schema.json` is generated from them.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnosis::{Cause, Diagnosis};
use crate::evidence::Source;
use crate::finding::{Evidence, Numbered};

use super::logs::ChangeItem;
use super::{Comparison, Report};

/// The answer to a request for a diagnosis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "idp diagnosis", deny_unknown_fields)]
pub struct Response {
    /// Identifies the request.
    pub request_id: String,
    /// When it was answered: RFC 3339, UTC, milliseconds.
    pub timestamp: String,
    /// CRITICAL, HIGH, MEDIUM, LOW, or INFO where nothing is wrong.
    pub severity: String,
    /// A category of the taxonomy, `Unknown` where something failed that no rule knows, `None` where nothing failed.
    pub error_category: String,
    /// The narrower cause in the taxonomy; empty where there is none.
    pub cause: String,
    /// How sure the answer is, 0 to 1.
    pub confidence: f64,
    /// One sentence naming the actual cause with the values seen.
    pub root_cause: String,
    /// Why, from which evidence.
    pub explanation: String,
    /// Where it was seen.
    pub evidence: Vec<EvidenceItem>,
    /// Commands, in the order in which to try them.
    pub fix_commands: Vec<FixCommand>,
    /// How to keep it from coming back.
    pub prevention_tips: Vec<String>,
    /// File names of runbooks, best first.
    pub related_runbooks: Vec<String>,
    /// Every independent cause, best first; the fields above mirror the first.
    pub causes: Vec<CauseItem>,
    /// What else it could be, best first, without the winner.
    pub alternatives: Vec<AlternativeItem>,
    /// Whether a model wrote any of the texts.
    pub ai_generated: bool,
    /// What could not be read or was left out, and why.
    pub notes: Vec<String>,
    /// What was read.
    pub coverage: CoverageItem,
    /// With `--explain`: every candidate with what spoke for and against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<CandidateItem>>,
    /// Kinds of lines that are new, gone or come at another rate compared with `--baseline`, the most telling first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<ChangeItem>>,
}

/// One thing that failed by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CauseItem {
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
    /// Why, from which evidence.
    pub explanation: String,
    /// Where it was seen.
    pub evidence: Vec<EvidenceItem>,
    /// Symptoms that it explains.
    pub explains: Vec<SymptomItem>,
    /// Commands, in the order in which to try them.
    pub fix_commands: Vec<FixCommand>,
    /// How to keep it from coming back.
    pub prevention_tips: Vec<String>,
    /// File names of runbooks, best first.
    pub related_runbooks: Vec<String>,
}

/// A line of the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceItem {
    /// `stdin`, or the file as it was named.
    pub source: String,
    /// Line, from 1; of a field of an object, 1.
    pub line: u64,
    /// The text, secrets taken out.
    pub text: String,
    /// The object of the cluster, where it is one: `pod shop/web-0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Its field, or the event: `status.phase`, `event BackOff`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// trace, debug, info, warn, error or fatal, where the line says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// When, where the line says it: RFC 3339, or the parts of it that the line has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// How many lines say the same.
    pub count: u64,
    /// Lines just before it.
    pub before: Vec<LineItem>,
    /// Lines just after it.
    pub after: Vec<LineItem>,
}

/// A numbered line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LineItem {
    /// Line, from 1.
    pub line: u64,
    /// The text, secrets taken out.
    pub text: String,
}

/// A symptom that was seen too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SymptomItem {
    /// File name of its runbook.
    pub runbook: String,
    /// Short title.
    pub title: String,
    /// Category of the taxonomy.
    pub error_category: String,
    /// Line where it was seen first.
    pub line: u64,
}

/// A command to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FixCommand {
    /// The command as it would be typed; `<name>` stands for what only a person knows.
    pub command: String,
    /// Why one would run it.
    pub description: String,
    /// LOW, MEDIUM, HIGH, or CRITICAL for what can lose data.
    pub risk_level: String,
    /// Whether no placeholder is left.
    pub runnable: bool,
    /// Shows whether it worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<String>,
    /// Takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

/// Another answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlternativeItem {
    /// Category of the taxonomy.
    pub error_category: String,
    /// Narrower cause; may be empty.
    pub cause: String,
    /// How sure it would be, 0 to 1.
    pub confidence: f64,
    /// File name of its runbook.
    pub runbook: String,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoverageItem {
    /// `stdin`, or files as they were named.
    pub sources: Vec<String>,
    /// Lines read.
    pub lines: u64,
    /// Bytes read.
    pub bytes: u64,
}

/// A candidate that was considered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateItem {
    /// File name of its runbook.
    pub runbook: String,
    /// What became of it.
    pub verdict: String,
    /// The score it reached; absent where it was ruled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// What spoke for and against it.
    pub reasons: Vec<String>,
}

/// The JSON Schema of [`Response`].
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Response).to_value()
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &response(report))?;
    writeln!(out)
}

pub(super) fn write_yaml(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_saphyr::to_string(&response(report)).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

/// Makes the machine format of a report.
#[must_use]
pub fn response(report: &Report) -> Response {
    let diagnosis = &report.diagnosis;
    let causes: Vec<CauseItem> = diagnosis.causes.iter().map(cause).collect();
    let first = causes.first().cloned().unwrap_or_else(nothing);
    Response {
        request_id: report.request_id.clone(),
        timestamp: report.timestamp.clone(),
        severity: first.severity,
        error_category: first.error_category,
        cause: first.cause,
        confidence: first.confidence,
        root_cause: first.root_cause,
        explanation: first.explanation,
        evidence: first.evidence,
        fix_commands: first.fix_commands,
        prevention_tips: first.prevention_tips,
        related_runbooks: first.related_runbooks,
        causes,
        alternatives: diagnosis.alternatives.iter().take(report.top).map(alternative).collect(),
        ai_generated: false,
        notes: diagnosis.notes.clone(),
        coverage: coverage(diagnosis),
        candidates: report.explain.then(|| candidates(diagnosis)),
        changes: report.comparison.as_ref().map(changes),
    }
}

fn changes(comparison: &Comparison) -> Vec<ChangeItem> {
    comparison.changes.iter().map(|c| ChangeItem::new(c, &comparison.patterns)).collect()
}

/// What the mirrored fields say where nothing failed.
fn nothing() -> CauseItem {
    CauseItem {
        error_category: "None".into(),
        cause: String::new(),
        severity: "INFO".into(),
        confidence: 1.0,
        root_cause: "Nothing in this input says that something failed.".into(),
        explanation: "No rule fired, and no line states an error that was not followed by a success.".into(),
        evidence: Vec::new(),
        explains: Vec::new(),
        fix_commands: Vec::new(),
        prevention_tips: Vec::new(),
        related_runbooks: Vec::new(),
    }
}

fn file(runbook: &String) -> String {
    format!("{runbook}.md")
}

pub(super) fn cause(cause: &Cause) -> CauseItem {
    CauseItem {
        error_category: cause.category.clone(),
        cause: cause.cause.clone(),
        severity: cause.severity.word().into(),
        confidence: cause.confidence.value(),
        root_cause: cause.root_cause.clone(),
        explanation: cause.explanation.clone(),
        evidence: cause.evidence.iter().map(evidence).collect(),
        explains: cause
            .explains
            .iter()
            .map(|s| SymptomItem {
                runbook: file(&s.runbook),
                title: s.title.clone(),
                error_category: s.category.clone(),
                line: s.place.line,
            })
            .collect(),
        fix_commands: cause.fixes.iter().map(fix).collect(),
        prevention_tips: cause.prevention.clone(),
        related_runbooks: cause.related.iter().map(file).collect(),
    }
}

pub(super) fn fix(fix: &crate::diagnosis::Fix) -> FixCommand {
    FixCommand {
        command: fix.command.to_string(),
        description: fix.why.clone(),
        risk_level: fix.risk.word().into(),
        runnable: fix.command.is_runnable(),
        verify: fix.verify.clone(),
        undo: fix.undo.clone(),
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Stdin => "stdin".into(),
        source => source.to_string(),
    }
}

fn evidence(evidence: &Evidence) -> EvidenceItem {
    let line = |n: &Numbered| LineItem { line: n.line, text: n.text.to_string() };
    let (object, field) = match &evidence.source {
        Source::Field { object, field } => (Some(object.clone()), Some(field.clone()).filter(|f| !f.is_empty())),
        Source::Log { object, .. } => (Some(object.clone()), None),
        _ => (None, None),
    };
    EvidenceItem {
        object,
        field,
        source: source(&evidence.source),
        line: evidence.at.line,
        text: evidence.at.text.to_string(),
        level: evidence.level.map(|l| l.to_string()),
        time: evidence.time.map(|t| t.to_string()),
        count: evidence.count,
        before: evidence.before.iter().map(line).collect(),
        after: evidence.after.iter().map(line).collect(),
    }
}

fn alternative(alternative: &crate::diagnosis::Alternative) -> AlternativeItem {
    AlternativeItem {
        error_category: alternative.category.clone(),
        cause: alternative.cause.clone(),
        confidence: alternative.confidence.value(),
        runbook: file(&alternative.runbook),
    }
}

fn coverage(diagnosis: &Diagnosis) -> CoverageItem {
    let coverage = &diagnosis.coverage;
    CoverageItem {
        sources: coverage.sources.iter().map(|(s, _)| source(s)).collect(),
        lines: coverage.lines,
        bytes: coverage.bytes,
    }
}

fn candidates(diagnosis: &Diagnosis) -> Vec<CandidateItem> {
    let item = |c: &crate::diagnosis::Considered| CandidateItem {
        runbook: file(&c.runbook),
        verdict: c.verdict.clone(),
        confidence: c.confidence.map(crate::finding::Confidence::value),
        reasons: c.reasons.clone(),
    };
    diagnosis.candidates.iter().map(item).collect()
}
