//! For a CI job summary or an incident channel.

use std::io::{self, Write};

use crate::diagnosis::{Cause, Outcome};
use crate::finding::Evidence;

use super::logs::changes_section;
use super::{Report, Style};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let diagnosis = &report.diagnosis;
    if diagnosis.outcome == Outcome::None {
        writeln!(out, "### INFO: nothing in this input says that something failed")?;
    }
    for (index, found) in diagnosis.causes.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n---\n")?;
        }
        cause(found, report.quiet, out)?;
    }
    if report.explain {
        writeln!(out, "\n#### Considered\n")?;
        for candidate in &diagnosis.candidates {
            writeln!(
                out,
                "- `{}`: {} – {}",
                candidate.runbook,
                candidate.verdict,
                text(&candidate.reasons.join("; "))
            )?;
        }
    }
    if let Some(comparison) = &report.comparison {
        writeln!(out, "\n#### New since {}\n", text(&comparison.baseline))?;
        let mut lines = Vec::new();
        changes_section(&comparison.changes, &comparison.patterns, 8, Style { color: false, width: 200 }, &mut lines)?;
        let lines = String::from_utf8_lossy(&lines);
        let fence = fence_for(&lines);
        write!(out, "{fence}text\n{lines}{fence}\n")?;
    }
    writeln!(out)?;
    for note in &diagnosis.notes {
        writeln!(out, "> {}", text(note))?;
    }
    writeln!(out, "_{}_", text(&diagnosis.coverage.sentence()))
}

fn cause(cause: &Cause, quiet: bool, out: &mut dyn Write) -> io::Result<()> {
    let name =
        if cause.cause.is_empty() { cause.category.clone() } else { format!("{} / {}", cause.category, cause.cause) };
    writeln!(out, "### {}: {name}\n", cause.severity)?;
    writeln!(out, "**{}**\n", text(&cause.root_cause))?;
    writeln!(out, "{} (confidence {:.2})\n", text(&cause.explanation), cause.confidence.value())?;
    let lines: Vec<String> = cause.evidence.iter().flat_map(quoted).collect();
    let fence = fence_for(&lines.join("\n"));
    writeln!(out, "{fence}text")?;
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out, "{fence}")?;
    if quiet {
        return Ok(());
    }
    if !cause.fixes.is_empty() {
        writeln!(out, "\n#### Fixes\n")?;
        for (index, fix) in cause.fixes.iter().enumerate() {
            writeln!(out, "{}. {} – {}", index + 1, fix.risk, text(&fix.why))?;
            let command = fix.command.to_string();
            let fence = fence_for(&command);
            writeln!(out, "   {fence}shell\n   {command}\n   {fence}")?;
            for (label, command) in [("check", &fix.verify), ("undo", &fix.undo)] {
                if let Some(command) = command {
                    writeln!(out, "   {label}: {}", code(command))?;
                }
            }
        }
    }
    if !cause.prevention.is_empty() {
        writeln!(out, "\n#### Prevention\n")?;
        cause.prevention.iter().try_for_each(|tip| writeln!(out, "- {}", text(tip)))?;
    }
    if !cause.related.is_empty() {
        let files: Vec<String> = cause.related.iter().map(|r| format!("`{r}.md`")).collect();
        writeln!(out, "\nRunbooks: {}", files.join(", "))?;
    }
    Ok(())
}

fn quoted(evidence: &Evidence) -> Vec<String> {
    let times = if evidence.count > 1 { format!("  ({} times)", evidence.count) } else { String::new() };
    vec![format!("{}:{}: {}{times}", evidence.source, evidence.at.line, evidence.at.text.as_str().trim_end())]
}

/// A fence longer than any run of backticks in `text`.
fn fence_for(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let tick = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{tick}{pad}{text}{pad}{tick}")
}

/// Text that Markdown does not read as markup: what came from a log may not draw a link, an image, a mention or a tag.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // What looks like an address would become a link.
    let text = text.replace("://", ":\u{2060}//").replace("www.", "www\u{2060}.");
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
