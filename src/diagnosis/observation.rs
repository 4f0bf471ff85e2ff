//! Everything that was observed in an input, before it is judged.

use std::collections::BTreeMap;
use std::fmt;

use crate::evidence::Source;
use crate::runbook::SeenSignal;
use crate::signal::{Exception, Facts, Kind, Troubles, Verdicts};
use crate::text::{Count, Size, list};

/// Lines around a line, as plain text with their numbers over all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Just before it, first to last.
    pub before: Vec<(u64, String)>,
    /// Just after it, first to last.
    pub after: Vec<(u64, String)>,
}

/// A line of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: Source,
    /// Line in it, from 1.
    pub line: u64,
    /// There are other sources, so that this one needs its name.
    pub named: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Source::Field { .. } = self.source {
            return write!(f, "{}", self.source);
        }
        if self.named { write!(f, "{} line {}", self.source, self.line) } else { write!(f, "line {}", self.line) }
    }
}

/// What was read, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Sources, with the number of lines before each, counted over all.
    pub sources: Vec<(Source, u64)>,
    /// Lines read.
    pub lines: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Lines that were longer than 1 MiB and were cut there.
    pub cut: u64,
    /// Lines left out because `--tail` or `--since` asked for it.
    pub skipped: u64,
    /// The input holds NUL bytes: it is binary or UTF-16.
    pub binary: bool,
    /// What else a caller wants to be known: a file that could not be read, a broken runbook.
    pub remarks: Vec<String>,
}

impl Coverage {
    /// Where a line of the whole input lies.
    #[must_use]
    pub fn place(&self, line: u64) -> Place {
        let named = self.sources.len() > 1;
        let known = self.sources.iter().rev().find(|(_, before)| line > *before);
        known.map_or(Place { source: Source::Stdin, line, named }, |(source, before)| Place {
            source: source.clone(),
            line: line - before,
            named,
        })
    }

    /// The number over all sources of a line of one of them.
    #[must_use]
    pub fn line_of(&self, source: &Source, line: u64) -> u64 {
        self.sources.iter().find(|(s, _)| s == source).map_or(line, |(_, before)| before + line)
    }

    /// One line on what was read.
    #[must_use]
    pub fn sentence(&self) -> String {
        let ends = self.sources.iter().skip(1).map(|(_, before)| *before).chain([self.lines]);
        let mut names: Vec<String> = Vec::new();
        for ((source, before), end) in self.sources.iter().zip(ends) {
            let name = match source {
                // Of an object its name is enough, however many fields were looked at.
                Source::Field { object, .. } => object.clone(),
                other => other.to_string(),
            };
            if end > *before && !names.contains(&name) {
                names.push(name);
            }
        }
        let from = if names.is_empty() {
            return "read no text".to_owned();
        } else if names.len() > 4 {
            Count(names.len() as u64, if self.is_of_cluster() { "source" } else { "file" }).to_string()
        } else {
            list(&names)
        };
        format!("read {} ({}) from {from}", Count(self.lines, "line"), Size(self.bytes))
    }

    fn is_of_cluster(&self) -> bool {
        self.sources.iter().any(|(source, _)| matches!(source, Source::Field { .. } | Source::Log { .. }))
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = self.remarks.clone();
        if self.cut > 0 {
            notes.push(format!(
                "{} longer than 1 MiB cut there; what follows in it was not looked at",
                Count(self.cut, "line")
            ));
        }
        if self.skipped > 0 {
            notes.push(format!("{} not looked at, as --tail or --since asked", Count(self.skipped, "line")));
        }
        if self.binary {
            notes.push(
                "the input holds NUL bytes, so it may be binary or UTF-16; it was read as text all the same".into(),
            );
        }
        notes
    }
}

/// Everything that was observed in an input.
#[derive(Debug, Default)]
pub struct Observation {
    /// Signals that fired.
    pub seen: Vec<SeenSignal>,
    /// Stack traces, first to last; of many, some from both ends.
    pub exceptions: Vec<Exception>,
    /// What the run says of itself.
    pub verdicts: Verdicts,
    /// Lines that mean trouble.
    pub troubles: Troubles,
    /// Kinds of lines that mean trouble, first to last.
    pub kinds: Vec<Kind>,
    /// Objects that the text is about.
    pub facts: Facts,
    /// Lines around the lines that matter.
    pub surroundings: BTreeMap<u64, Surroundings>,
    /// What was read.
    pub coverage: Coverage,
}
