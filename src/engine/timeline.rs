//! Errors over time, with bursts, the first error and the causes marked.

use crate::diagnosis::Diagnosis;
use crate::evidence::Stamp;
use crate::redact::Redaction;
use crate::text::{Count, ellipsis};

use super::axis::STEPS;
use super::patterns::{LinePattern, Patterns};

/// A stretch of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first time or line.
    pub from: Place,
    /// Lines in it that state a failure.
    pub errors: u64,
    /// All its lines.
    pub lines: u64,
    /// There are far more errors than in the other stretches.
    pub is_burst: bool,
    /// What happened in it, in sentences.
    pub marks: Vec<String>,
}

/// Where a stretch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At a time.
    Time(Stamp),
    /// At a line.
    Line(u64),
}

/// A log by stretches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// First to last.
    pub stretches: Vec<Stretch>,
    /// Milliseconds or lines in a stretch.
    pub width: i64,
    /// Lines that state a failure.
    pub errors: u64,
    /// All lines.
    pub lines: u64,
}

/// Fewer errors than this are no burst.
const FEW: u64 = 5;
/// A burst has so many times the errors of the middle stretch.
const BURST: u64 = 4;
/// Characters of a line in a mark.
const MOST_MARK: usize = 160;

/// Puts errors and causes on the time line of `patterns`; both come from the same input.
#[must_use]
pub fn timeline(patterns: &Patterns, diagnosis: &Diagnosis, redaction: Redaction) -> Timeline {
    let mut stretches: Vec<Stretch> = (0..STEPS).map(|step| stretch(step, patterns)).collect();
    let used = stretches.iter().rposition(|s| s.lines > 0).map_or(0, |last| last + 1);
    stretches.truncate(used);
    let mut counts: Vec<u64> = stretches.iter().map(|s| s.errors).collect();
    counts.sort_unstable();
    let middle = counts.get(counts.len() / 2).copied().unwrap_or(0);
    for stretch in &mut stretches {
        stretch.is_burst = stretch.errors >= FEW && stretch.errors > BURST * (middle + 1);
    }
    let mut timeline =
        Timeline { errors: counts.iter().sum(), lines: patterns.lines, width: patterns.axis.width(), stretches };
    timeline.mark_first_error(patterns, redaction);
    timeline.mark_causes(patterns, diagnosis);
    timeline
}

fn stretch(step: usize, patterns: &Patterns) -> Stretch {
    let sum = |wanted: &dyn Fn(&LinePattern) -> bool| {
        patterns.patterns.iter().filter(|p| wanted(p)).map(|p| u64::from(p.steps[step])).sum()
    };
    let start = patterns.axis.start(i64::try_from(step).unwrap_or(0));
    let from = match patterns.span {
        Some((first, _)) if patterns.by_time => Place::Time(first.at_millis(start)),
        _ => Place::Line(u64::try_from(start.max(1)).unwrap_or(1)),
    };
    Stretch { from, errors: sum(&LinePattern::is_error), lines: sum(&|_| true), is_burst: false, marks: Vec::new() }
}

impl Timeline {
    fn mark_first_error(&mut self, patterns: &Patterns, redaction: Redaction) {
        let first = patterns.patterns.iter().filter(|p| p.count > 0 && p.is_error()).min_by_key(|p| p.first_line);
        let Some(first) = first else { return };
        let said = ellipsis(first.sample(redaction).as_str().trim(), MOST_MARK);
        let mark = format!("first error, line {}: {said}", first.first_line);
        self.mark(patterns, first.first_time, first.first_line, mark);
    }

    fn mark_causes(&mut self, patterns: &Patterns, diagnosis: &Diagnosis) {
        for cause in &diagnosis.causes {
            let Some(evidence) = cause.evidence.first() else { continue };
            let line = diagnosis.coverage.line_of(&evidence.source, evidence.at.line);
            let name = if cause.cause.is_empty() {
                cause.category.clone()
            } else {
                format!("{} / {}", cause.category, cause.cause)
            };
            let mark = format!("{} {name}, line {line}, {}", cause.severity, Count(cause.count, "time"));
            self.mark(patterns, evidence.time, line, mark);
        }
    }

    fn mark(&mut self, patterns: &Patterns, time: Option<Stamp>, line: u64, mark: String) {
        let value = match time {
            Some(time) if patterns.by_time => time.millis(),
            _ if patterns.by_time => return self.mark_last(&mark),
            _ => i64::try_from(line).unwrap_or(i64::MAX),
        };
        match patterns.axis.step(value).and_then(|step| self.stretches.get_mut(step)) {
            Some(stretch) => stretch.marks.push(mark),
            None => self.mark_last(&mark),
        }
    }

    /// What has no time is told at the end rather than not at all.
    fn mark_last(&mut self, mark: &str) {
        if let Some(last) = self.stretches.last_mut() {
            last.marks.push(format!("{mark} (states no time)"));
        }
    }
}
