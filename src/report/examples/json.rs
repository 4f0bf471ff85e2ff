//! How examples fared, for machines; `docs/runbook.schema.json` is generated from these structs.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::{Ranked, Trial};

use super::{ExampleReport, Tried, fence, wrong};

/// What `idp runbook test -o json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::report) struct Document {
    /// Runbooks with a head.
    runbooks: usize,
    /// Examples that are as their runbook says.
    passed: usize,
    /// Examples that are not.
    failed: usize,
    /// Every example, in the order of files and lines.
    examples: Vec<Item>,
    /// What could not be tried, and why.
    notes: Vec<String>,
}

/// An example.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Item {
    /// Id of its runbook.
    runbook: String,
    /// The file.
    file: String,
    /// Line at which its fence opens, from 1.
    line: usize,
    /// `log match`, `log no-match`, `yaml match` or `yaml no-match`.
    kind: String,
    /// Whether it is as its runbook says.
    passed: bool,
    /// Where it is not: what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// What was found, best first.
    ranking: Vec<RankedItem>,
}

/// A cause that was found.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RankedItem {
    /// Id of its runbook; left out where no rule knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    runbook: Option<String>,
    /// Its title.
    title: String,
    /// Line of the example that is its first evidence, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    /// What stands there; secrets taken out.
    quote: String,
    /// The signals that fired on that line, as the head has them: `log EXPRESSION`, `exception LANGUAGE`, `check ID`.
    signals: Vec<String>,
    /// What spoke for it.
    reasons: Vec<String>,
}

pub(super) fn write(report: &ExampleReport, out: &mut dyn Write) -> io::Result<()> {
    let examples: Vec<Item> = report.trials().map(|(tried, trial)| item(tried, trial)).collect();
    let passed = examples.iter().filter(|e| e.passed).count();
    let document = Document {
        runbooks: report.runbooks.len(),
        passed,
        failed: examples.len() - passed,
        examples,
        notes: report.notes.clone(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn item(tried: &Tried, trial: &Trial) -> Item {
    Item {
        runbook: tried.id.clone(),
        file: tried.file.clone(),
        line: trial.line,
        kind: fence(trial),
        passed: trial.passed(),
        message: (!trial.passed()).then(|| wrong(tried, trial)),
        ranking: trial.ranking.iter().map(ranked).collect(),
    }
}

fn ranked(ranked: &Ranked) -> RankedItem {
    RankedItem {
        runbook: ranked.runbook.clone(),
        title: ranked.title.clone(),
        line: ranked.line,
        quote: ranked.quote.to_string(),
        signals: ranked.signals.clone(),
        reasons: ranked.reasons.clone(),
    }
}
