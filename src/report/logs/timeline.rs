//! `idp logs timeline`.

use std::io::{self, Write};

use serde::Serialize;

use super::write_json;
use crate::engine::{Place, Stretch, Timeline};
use crate::report::Style;
use crate::text::{Count, Number, ellipsis};

/// Columns of a bar.
const BAR: u64 = 24;

/// Writes a time line for a person: a row for each stretch, with its number, so that the bar is not needed.
///
/// # Errors
/// What the writer says.
pub fn write_timeline(timeline: &Timeline, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let most = timeline.stretches.iter().map(|s| s.errors).max().unwrap_or(0).max(1);
    for stretch in &timeline.stretches {
        let bar = "█".repeat(usize::try_from((stretch.errors * BAR).div_ceil(most)).unwrap_or(0));
        let burst = if stretch.is_burst { "  burst" } else { "" };
        let row = format!("{:<24} {:>9}  {bar}{burst}", label(stretch), stretch.errors);
        writeln!(out, "{}", row.trim_end())?;
        for mark in &stretch.marks {
            writeln!(out, "  > {}", ellipsis(mark, style.width.saturating_sub(4).max(20)))?;
        }
    }
    let width = width(timeline);
    writeln!(
        out,
        "\n{} of {} state a failure; each row is {width}",
        Number(timeline.errors),
        Count(timeline.lines, "line")
    )
}

fn label(stretch: &Stretch) -> String {
    match stretch.from {
        Place::Time(time) => time.to_string(),
        Place::Line(line) => super::line_number(line),
    }
}

fn width(timeline: &Timeline) -> String {
    let by_time = timeline.stretches.first().is_some_and(|s| matches!(s.from, Place::Time(_)));
    if by_time { super::duration(timeline.width) } else { Count(timeline.width.unsigned_abs(), "line").to_string() }
}

/// The output of `idp logs timeline -o json`.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Document {
    /// Lines read.
    lines: u64,
    /// Lines that state a failure.
    errors: u64,
    /// What a stretch is: a duration where most lines state a time, else a number of lines.
    step: String,
    /// First to last, without gaps.
    stretches: Vec<StretchItem>,
}

/// A stretch of the log.
#[derive(Serialize, schemars::JsonSchema)]
struct StretchItem {
    /// Its first time, or its first line.
    from: String,
    /// All its lines.
    lines: u64,
    /// Lines that state a failure.
    errors: u64,
    /// There are far more errors than in the other stretches.
    burst: bool,
    /// The first error and the causes, in sentences.
    marks: Vec<String>,
}

/// Writes a time line as JSON.
///
/// # Errors
/// What the writer says.
pub fn write_timeline_json(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let item = |s: &Stretch| StretchItem {
        from: label(s),
        lines: s.lines,
        errors: s.errors,
        burst: s.is_burst,
        marks: s.marks.clone(),
    };
    let document = Document {
        lines: timeline.lines,
        errors: timeline.errors,
        step: width(timeline),
        stretches: timeline.stretches.iter().map(item).collect(),
    };
    write_json(&document, out)
}
