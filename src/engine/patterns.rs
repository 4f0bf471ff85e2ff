//! What a survey comes to: the kinds of lines of a log.

use crate::evidence::{Level, Stamp};
use crate::redact::{Quote, Redaction};

use super::axis::{Axis, Steps};

/// A kind of line.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePattern {
    /// Its number, from 1, in the order of first appearance.
    pub number: usize,
    /// Constant words, `<*>` for what varies. Only to be had through redaction.
    pub(super) template: String,
    /// Lines of it in the log in question.
    pub count: u64,
    /// Lines of it in the baseline.
    pub baseline: u64,
    /// The most serious level that its lines state.
    pub level: Option<Level>,
    /// First line of it, counted over all sources of its side.
    pub first_line: u64,
    /// Last line of it.
    pub last_line: u64,
    /// Time of the first line of it that states one.
    pub first_time: Option<Stamp>,
    /// Time of the last one.
    pub last_time: Option<Stamp>,
    /// Lines of the log in question along the axis of the survey.
    pub steps: Steps,
    pub(super) sample: String,
}

impl LinePattern {
    /// Constant words, `<*>` for what varies.
    #[must_use]
    pub fn template(&self, redaction: Redaction) -> Quote {
        redaction.quote(&self.template)
    }

    /// The first line of it.
    #[must_use]
    pub fn sample(&self, redaction: Redaction) -> Quote {
        redaction.quote(&self.sample)
    }

    /// Whether its lines state a failure.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level >= Some(Level::Error)
    }
}

/// The kinds of lines of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct Patterns {
    /// In the order of first appearance.
    pub patterns: Vec<LinePattern>,
    /// Lines of the log in question.
    pub lines: u64,
    /// Lines of the baseline.
    pub baseline_lines: u64,
    /// Steps of the patterns lie along time in milliseconds; along line numbers where most lines state no time.
    pub by_time: bool,
    /// Where the steps lie.
    pub axis: Axis,
    /// Time of the first and the last line that state one.
    pub span: Option<(Stamp, Stamp)>,
    /// Lines that were longer than 1 MiB and were cut there.
    pub cut: u64,
    /// For every line the index of its pattern, where that was asked for.
    pub assigned: Vec<usize>,
}
