//! The examples that failed, for a person: what ranked first and why.

use std::io::{self, Write};

use owo_colors::Style as Paint;

use crate::engine::{Ranked, Trial};
use crate::evidence::printable;
use crate::report::Style;
use crate::report::page::Page;
use crate::text::{Count, ellipsis};

use super::{ExampleReport, Tried, fence, wrong};

pub(super) fn write(report: &ExampleReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, out };
    for (tried, trial) in report.trials().filter(|(_, trial)| !trial.passed()) {
        page.failed(tried, trial)?;
        page.blank()?;
    }
    let without: Vec<&str> = report.runbooks.iter().filter(|r| r.trials.is_empty()).map(|r| r.file.as_str()).collect();
    if !without.is_empty() {
        page.wrapped("", "    ", &format!("Without examples: {}.", without.join(", ")))?;
    }
    for note in &report.notes {
        page.wrapped("", "    ", &format!("Note: {}.", printable(note.as_bytes()).trim_end_matches('.')))?;
    }
    let sums = sums(report);
    let sums = page.painted(&sums, Paint::new().bold());
    page.line(&sums)
}

impl Page<'_> {
    fn failed(&mut self, tried: &Tried, trial: &Trial) -> io::Result<()> {
        let head = format!("{}:{} {}: {}", tried.file, trial.line, fence(trial), wrong(tried, trial));
        self.wrapped("", "    ", &printable(head.as_bytes()))?;
        // What is found and should not be tells more of itself than what ranks before it.
        let own = |r: &&Ranked| r.runbook.as_deref() == Some(&tried.id);
        let told = if trial.matches { trial.ranking.first() } else { trial.ranking.iter().find(own) };
        told.map_or(Ok(()), |ranked| self.because(ranked))
    }

    fn because(&mut self, ranked: &Ranked) -> io::Result<()> {
        if !ranked.quote.is_empty() {
            let place = ranked.line.map_or(String::new(), |line| format!("line {line}: "));
            let room = self.style.width.saturating_sub(6).max(20);
            let text = format!("{place}{}", printable(ranked.quote.as_str().as_bytes()).trim());
            self.faint(&format!("      {}", ellipsis(&text, room)))?;
        }
        let signals = ranked.signals.iter().map(|signal| format!("signal: {signal}"));
        signals.chain(ranked.reasons.iter().cloned()).try_for_each(|why| self.wrapped("    - ", "      ", &why))
    }
}

fn sums(report: &ExampleReport) -> String {
    let all = report.trials().count();
    let failed = report.trials().filter(|(_, trial)| !trial.passed()).count();
    let count = |number: usize, noun| Count(number as u64, noun).to_string();
    let of = format!("{} of {}", count(all, "example"), count(report.runbooks.len(), "runbook"));
    match failed {
        0 => format!("{of}: all pass."),
        failed => format!("{of}: {failed} failed."),
    }
}
