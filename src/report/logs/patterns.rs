//! `idp logs patterns`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::{PatternItem, course, percent, sparkline, write_json};
use crate::engine::{LinePattern, Patterns};
use crate::redact::Redaction;
use crate::report::Style;
use crate::text::{Count, ellipsis};

/// The patterns to show, in their order, out of all.
pub struct Shown<'p> {
    /// All of them, with what they were counted over.
    pub all: &'p Patterns,
    /// Those to show, first to last.
    pub chosen: Vec<&'p LinePattern>,
    /// How quotes are made.
    pub redaction: Redaction,
}

/// Writes patterns for a person: three lines each, readable without the sparkline.
///
/// # Errors
/// What the writer says.
pub fn write_patterns(shown: &Shown<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for pattern in &shown.chosen {
        let level = pattern.level.map_or(String::new(), |l| l.to_string());
        let share = percent(pattern.count, shown.all.lines);
        let count = Count(pattern.count, "line").to_string();
        let head = format!("#{:<4} {count:>14} {share:>8}  {level:<5}  {}", pattern.number, course(&pattern.steps));
        writeln!(out, "{head:<52} {}", sparkline(&pattern.steps).trim_end())?;
        text("      ", pattern.template(shown.redaction).as_str(), style, out)?;
        if pattern.count > 1 {
            text("      from ", &span(pattern), style, out)?;
        } else {
            text("      at ", &place(pattern.first_line, pattern.first_time), style, out)?;
        }
        let sample = pattern.sample(shown.redaction).to_string();
        if sample.trim() != pattern.template(shown.redaction).as_str().trim() {
            text("      e.g. ", &sample, style, out)?;
        }
    }
    let hidden = shown.all.patterns.len().saturating_sub(shown.chosen.len());
    let rest =
        if hidden > 0 { format!(", {} of them not shown", Count(hidden as u64, "pattern")) } else { String::new() };
    let found = Count(shown.all.patterns.len() as u64, "pattern");
    writeln!(out, "\n{found} in {}{rest}", Count(shown.all.lines, "line"))?;
    if shown.all.cut > 0 {
        writeln!(out, "{} longer than 1 MiB cut there", Count(shown.all.cut, "line"))?;
    }
    Ok(())
}

fn span(pattern: &LinePattern) -> String {
    let first = place(pattern.first_line, pattern.first_time);
    format!("{first} to {}", place(pattern.last_line, pattern.last_time))
}

fn place(line: u64, time: Option<crate::evidence::Stamp>) -> String {
    match time {
        Some(time) => format!("{} ({time})", super::line_number(line)),
        None => super::line_number(line),
    }
}

fn text(label: &str, text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let room = style.width.saturating_sub(label.chars().count()).max(20);
    writeln!(out, "{label}{}", ellipsis(&text.replace('\t', " "), room))
}

/// The output of `idp logs patterns -o json`.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document {
    /// Lines read.
    lines: u64,
    /// Lines that were longer than 1 MiB and were cut there.
    cut_lines: u64,
    /// What a stretch of `over_time` is: a duration where most lines state a time, else a number of lines.
    step: String,
    /// Kinds of lines in the order that was asked for.
    patterns: Vec<PatternItem>,
}

/// Writes patterns as JSON.
///
/// # Errors
/// What the writer says.
pub fn write_patterns_json(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let item = |p: &&LinePattern| PatternItem::new(p, shown.all.lines, false, shown.redaction);
    let document = Document {
        lines: shown.all.lines,
        cut_lines: shown.all.cut,
        step: super::step(shown.all),
        patterns: shown.chosen.iter().map(item).collect(),
    };
    write_json(&document, out)
}
