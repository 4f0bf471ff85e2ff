//! `idp logs diff`, and what `idp diagnose --baseline` adds to a diagnosis.

use std::io::{self, Write};

use serde::Serialize;

use super::{PatternItem, percent, write_json};
use crate::engine::{Change, Changed, Patterns};
use crate::redact::Redaction;
use crate::report::Style;
use crate::text::{Count, ellipsis};

/// Writes what changed for a person, at most `most` of each kind.
///
/// # Errors
/// What the writer says.
pub fn write_diff(
    changes: &[Changed],
    patterns: &Patterns,
    most: usize,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if changes.is_empty() {
        writeln!(out, "no kind of line is new, gone or comes at another rate")?;
    }
    for (change, title) in
        [(Change::New, "New"), (Change::More, "More often"), (Change::Less, "Less often"), (Change::Gone, "Gone")]
    {
        let of_kind: Vec<&Changed> = changes.iter().filter(|c| c.change == change).collect();
        if of_kind.is_empty() {
            continue;
        }
        writeln!(out, "{title}")?;
        for changed in of_kind.iter().take(most) {
            entry(changed, patterns, style, out)?;
        }
        if of_kind.len() > most {
            writeln!(out, "  and {} more", of_kind.len() - most)?;
        }
        writeln!(out)?;
    }
    let (before, now) = (Count(patterns.baseline_lines, "line"), Count(patterns.lines, "line"));
    writeln!(out, "compared {now} with {before} of the baseline")
}

/// The changes that a diagnosis shows: what is new, the most serious first.
pub(in crate::report) fn section(
    changes: &[Changed],
    patterns: &Patterns,
    most: usize,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let new: Vec<&Changed> = changes.iter().filter(|c| matches!(c.change, Change::New | Change::More)).collect();
    if new.is_empty() {
        return writeln!(out, "  no kind of line is new or comes more often");
    }
    for changed in new.iter().take(most) {
        entry(changed, patterns, style, out)?;
    }
    if new.len() > most {
        writeln!(out, "  and {} more; `idp logs diff` lists them", new.len() - most)?;
    }
    Ok(())
}

fn entry(changed: &Changed, patterns: &Patterns, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let pattern = &changed.pattern;
    let level = pattern.level.map_or(String::new(), |l| format!(", {l}"));
    let what = match (changed.change, changed.factor) {
        (Change::New, _) => {
            format!("new, {} from {}", Count(pattern.count, "line"), super::line_number(pattern.first_line))
        }
        (Change::Gone, _) => format!("gone, had {}", Count(pattern.baseline, "line")),
        (_, factor) => format!(
            "{} of the lines, was {} ({})",
            percent(pattern.count, patterns.lines),
            percent(pattern.baseline, patterns.baseline_lines),
            times(factor.unwrap_or(0.0))
        ),
    };
    writeln!(out, "  {what}{level}")?;
    let shown = if changed.change == Change::New && pattern.count == 1 {
        pattern.sample(Redaction::On)
    } else {
        pattern.template(Redaction::On)
    };
    writeln!(out, "    {}", ellipsis(&shown.as_str().trim().replace('\t', " "), style.width.saturating_sub(4).max(20)))
}

/// `3.5 times`, `1 in 20`.
fn times(factor: f64) -> String {
    if factor >= 1.0 { format!("{factor:.1} times") } else { format!("1 in {:.0}", 1.0 / factor.max(1e-9)) }
}

/// The output of `idp logs diff -o json`.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Document {
    /// Lines of the log in question.
    lines: u64,
    /// Lines of the log that is well.
    baseline_lines: u64,
    /// Kinds of lines that changed: new, more, less and gone, in this order.
    changes: Vec<ChangeItem>,
}

/// A kind of line that changed, as machines read it.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ChangeItem {
    /// new, more, less or gone.
    pub change: String,
    /// By how many times its share of the lines grew; absent for new and gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// The kind of line.
    #[serde(flatten)]
    pub pattern: PatternItem,
}

impl ChangeItem {
    pub(in crate::report) fn new(changed: &Changed, patterns: &Patterns) -> Self {
        Self {
            change: match changed.change {
                Change::New => "new",
                Change::More => "more",
                Change::Less => "less",
                Change::Gone => "gone",
            }
            .into(),
            factor: changed.factor.map(|f| (f * 1000.0).round() / 1000.0),
            pattern: PatternItem::new(&changed.pattern, patterns.lines, true, Redaction::On),
        }
    }
}

/// Writes what changed as JSON.
///
/// # Errors
/// What the writer says.
pub fn write_diff_json(changes: &[Changed], patterns: &Patterns, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        lines: patterns.lines,
        baseline_lines: patterns.baseline_lines,
        changes: changes.iter().map(|c| ChangeItem::new(c, patterns)).collect(),
    };
    write_json(&document, out)
}
