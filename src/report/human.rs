//! One screen for a person: readable in 80 columns, without colour, and by a screen reader.

use std::io::{self, Write};

use owo_colors::Style as Paint;

use crate::diagnosis::{Cause, Considered, Outcome};
use crate::evidence::{Source, printable};
use crate::finding::{Evidence, Numbered};
use crate::text::{Count, ellipsis};

use super::logs::changes_section;
use super::page::{Page, severity_paint, wrap};
use super::{Comparison, Report, Style};

/// Kinds of lines that are listed as new.
const MOST_CHANGES: usize = 8;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, out };
    let diagnosis = &report.diagnosis;
    match (diagnosis.outcome, diagnosis.causes.split_first()) {
        (Outcome::None, _) | (_, None) => page.line("INFO  nothing in this input says that something failed")?,
        (_, Some((first, others))) => {
            page.cause(first, report.quiet)?;
            page.others(others)?;
            page.alternatives(report)?;
        }
    }
    if report.explain {
        page.candidates(&diagnosis.candidates)?;
    }
    if let Some(comparison) = &report.comparison {
        page.comparison(comparison)?;
    }
    for note in &diagnosis.notes {
        page.labelled("Note", note)?;
    }
    let sentence = diagnosis.coverage.sentence();
    page.blank()?;
    page.faint(&sentence)
}

/// A cause as it is told while a log is followed: what and where, without fixes.
pub(super) fn short(cause: &Cause, style: Style, out: &mut dyn Write) -> io::Result<()> {
    Page { style, out }.cause(cause, true)
}

/// Category and cause.
pub(super) fn name(cause: &Cause) -> String {
    if cause.cause.is_empty() { cause.category.clone() } else { format!("{} / {}", cause.category, cause.cause) }
}

impl Page<'_> {
    fn cause(&mut self, cause: &Cause, quiet: bool) -> io::Result<()> {
        let name = name(cause);
        let severity = self.painted(cause.severity.word(), severity_paint(cause.severity));
        let heading = self.painted(&name, Paint::new().bold());
        let sure = format!("confidence {:.2}", cause.confidence.value());
        let used = cause.severity.word().len() + 2 + name.chars().count();
        let gap = self.style.width.saturating_sub(used + sure.len()).max(2);
        writeln!(self.out, "{severity}  {heading}{:gap$}{sure}", "")?;
        self.blank()?;
        self.labelled("Cause", &cause.root_cause)?;
        self.labelled("Why", &cause.explanation)?;
        self.blank()?;
        self.evidence(&cause.evidence)?;
        if quiet {
            return Ok(());
        }
        if !cause.fixes.is_empty() {
            self.blank()?;
            self.title("Fixes")?;
            for (index, fix) in cause.fixes.iter().enumerate() {
                self.fix(index + 1, fix)?;
            }
        }
        if !cause.prevention.is_empty() {
            self.blank()?;
            self.title("Prevention")?;
            for tip in &cause.prevention {
                self.wrapped("  - ", "    ", tip)?;
            }
        }
        if !cause.related.is_empty() {
            self.blank()?;
            let files: Vec<String> = cause.related.iter().map(|r| format!("{r}.md")).collect();
            self.labelled("Runbooks", &files.join(", "))?;
        }
        Ok(())
    }

    /// Evidence with its surroundings; lines that were shown already are not shown again.
    fn evidence(&mut self, evidence: &[Evidence]) -> io::Result<()> {
        self.title("Evidence")?;
        let last =
            evidence.iter().flat_map(|e| std::iter::once(&e.at).chain(&e.after)).map(|n| n.line).max().unwrap_or(0);
        let digits = last.to_string().len().max(3);
        let mut shown: Vec<(&Source, u64)> = Vec::new();
        let told: Vec<(&Source, u64)> = evidence.iter().map(|e| (&e.source, e.at.line)).collect();
        let mut file: Option<&Source> = None;
        let mut in_order: Vec<&Evidence> = evidence.iter().collect();
        in_order.sort_by_key(|e| (evidence.iter().position(|o| o.source == e.source), e.at.line));
        for one in in_order {
            if shown.contains(&(&one.source, one.at.line)) {
                continue;
            }
            if one.source != Source::Stdin && file != Some(&one.source) {
                let name = one.source.to_string();
                self.line(&format!("  {name}"))?;
                file = Some(&one.source);
            }
            for (mark, numbered) in around(one) {
                let key = (&one.source, numbered.line);
                if shown.contains(&key) || (mark == ' ' && told.contains(&key)) {
                    continue;
                }
                shown.push(key);
                // A field has no lines to count.
                let number = (!matches!(one.source, Source::Field { .. })).then_some(numbered.line);
                self.quoted(mark, number, numbered, digits, if mark == '>' { one.count } else { 1 })?;
            }
        }
        Ok(())
    }

    fn quoted(
        &mut self,
        mark: char,
        number: Option<u64>,
        numbered: &Numbered,
        digits: usize,
        count: u64,
    ) -> io::Result<()> {
        let times = if count > 1 {
            format!("  ({})", Count(count, "time").to_string().replace(' ', "\u{a0}"))
        } else {
            String::new()
        };
        let room = self.style.width.saturating_sub(digits + 6).max(20);
        let text = numbered.text.as_str().trim_end().replace('\t', "  ");
        let number = number.map_or(String::new(), |n| n.to_string());
        let head = format!("  {mark} {number:>digits$}  ");
        if mark == ' ' {
            let line = format!("{head}{}", ellipsis(&text, room));
            return self.faint(&line);
        }
        let full = format!("{text}{times}");
        let rest = " ".repeat(digits + 6);
        for (index, piece) in wrap(&full, room).iter().take(6).enumerate() {
            writeln!(self.out, "{}{piece}", if index == 0 { &head } else { &rest })?;
        }
        Ok(())
    }

    fn others(&mut self, others: &[Cause]) -> io::Result<()> {
        if others.is_empty() {
            return Ok(());
        }
        self.blank()?;
        self.title("Also failed, independently")?;
        for cause in others {
            let at = cause.evidence.first().map_or(String::new(), |e| format!(" (line {})", e.at.line));
            let name = if cause.cause.is_empty() {
                cause.category.clone()
            } else {
                format!("{} / {}", cause.category, cause.cause)
            };
            self.wrapped("  - ", "    ", &format!("{} {name}{at}: {}", cause.severity, cause.root_cause))?;
        }
        Ok(())
    }

    fn alternatives(&mut self, report: &Report) -> io::Result<()> {
        // What was told above is not told again: symptoms and other causes.
        let told = |id: &str| {
            report
                .diagnosis
                .causes
                .iter()
                .any(|c| c.runbook.as_deref() == Some(id) || c.explains.iter().any(|s| s.runbook == id))
        };
        let shown = report.diagnosis.alternatives.iter().filter(|a| !told(&a.runbook));
        let names: Vec<String> = shown
            .take(report.top)
            .map(|a| {
                format!(
                    "{}{}{} ({:.2})",
                    a.category,
                    if a.cause.is_empty() { "" } else { " / " },
                    a.cause,
                    a.confidence.value()
                )
            })
            .collect();
        if names.is_empty() || report.quiet {
            return Ok(());
        }
        self.labelled("Less likely", &names.join(", "))
    }

    fn candidates(&mut self, candidates: &[Considered]) -> io::Result<()> {
        self.blank()?;
        self.title("Considered")?;
        for candidate in candidates {
            let score = candidate.confidence.map_or("  – ".to_owned(), |c| format!("{:.2}", c.value()));
            self.wrapped("  ", "        ", &format!("{score}  {}: {}", candidate.runbook, candidate.verdict))?;
            for reason in &candidate.reasons {
                self.wrapped("        - ", "          ", reason)?;
            }
        }
        if candidates.is_empty() {
            self.line("  no runbook's signals fired")?;
        }
        Ok(())
    }

    /// Kinds of lines that a log which is well does not have.
    fn comparison(&mut self, comparison: &Comparison) -> io::Result<()> {
        self.blank()?;
        self.title(&format!("New since {}", printable(comparison.baseline.as_bytes())))?;
        changes_section(&comparison.changes, &comparison.patterns, MOST_CHANGES, self.style, self.out)
    }
}

fn around(evidence: &Evidence) -> impl Iterator<Item = (char, &Numbered)> {
    let before = evidence.before.iter().map(|n| (' ', n));
    let after = evidence.after.iter().map(|n| (' ', n));
    before.chain(std::iter::once(('>', &evidence.at))).chain(after)
}
