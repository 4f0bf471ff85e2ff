//! The signals of a catalogue, ready to be looked for: made once, shared by every pass over an input.
//!
//! A server diagnoses thousands of texts a second with one catalogue, so that whatever does not depend on the text lies here.

use std::collections::HashMap;
use std::fmt;

use daachorse::DoubleArrayAhoCorasick;

use super::Entry;
use super::compiled::{self, Compiled, Kind, Owners, Role};
use super::numbers::Numbers;
use crate::evidence::{Level, Pattern};
use crate::signal::{WATCH, WATCH_NUMBERS};

/// A signal that looks at lines.
#[derive(Debug)]
pub(super) struct LogSignal {
    /// Index of its runbook in the catalogue.
    pub runbook: usize,
    /// Its index in its runbook.
    pub signal: usize,
    /// The part it plays.
    pub role: Role,
    /// The least level of a line on which it fires.
    pub least: Option<Level>,
    /// What must match.
    pub expression: Pattern,
    /// What must not.
    pub not: Option<Pattern>,
}

/// Where a signal stands: runbook, signal, part.
pub(super) type Position = (usize, usize, Role);

/// Every signal of a catalogue.
pub(super) struct Signals {
    /// Finds the literals of all log signals.
    pub automaton: DoubleArrayAhoCorasick<u32>,
    /// Who wants the lines that hold a literal.
    pub owners: Vec<Owners>,
    /// Literals that are little more than numbers.
    pub numbers: Numbers,
    /// The log signals, numbered through all runbooks.
    pub logs: Vec<LogSignal>,
    checks: HashMap<String, Vec<Position>>,
    exceptions: Vec<ExceptionSignal>,
}

/// A signal that looks at stack traces.
struct ExceptionSignal {
    runbook: usize,
    language: String,
    /// What the innermost type must match.
    expression: Option<Pattern>,
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").field("logs", &self.logs.len()).finish_non_exhaustive()
    }
}

impl Signals {
    /// Prepares the signals of `entries`; `prepared` is the automaton that the build script made, where it fits.
    pub(super) fn of(entries: &[Entry], prepared: Option<&[u8]>) -> Self {
        let hot = || entries.iter().map(|e| &e.hot);
        let (texts, owners) = compiled::plan(hot(), WATCH);
        let built_in = prepared.and_then(|bytes| DoubleArrayAhoCorasick::deserialize(bytes).ok());
        let automaton = built_in.map_or_else(|| compiled::automaton(&texts), |(automaton, _)| automaton);
        let logs = positions(entries).filter_map(|(at, signal)| log(at, signal)).collect();
        let numbers = Numbers::of(hot(), WATCH_NUMBERS);
        let exceptions = positions(entries).filter_map(|(at, signal)| exception(at, signal)).collect();
        Self { automaton, owners, numbers, logs, checks: checks(entries), exceptions }
    }

    /// The signals that name a check.
    pub(super) fn of_check(&self, id: &str) -> &[Position] {
        self.checks.get(id).map_or(&[], Vec::as_slice)
    }

    /// The runbooks, each once, of which a signal fires on an exception of this language and type.
    pub(super) fn of_exception(&self, language: &str, kind: &str) -> Vec<usize> {
        let fires = |s: &&ExceptionSignal| {
            s.language == language && s.expression.as_ref().is_none_or(|expression| expression.is_match(kind))
        };
        let mut found: Vec<usize> = self.exceptions.iter().filter(fires).map(|s| s.runbook).collect();
        found.dedup();
        found
    }
}

fn positions(entries: &[Entry]) -> impl Iterator<Item = (Position, &Compiled<'static>)> {
    let all = entries.iter().enumerate();
    all.flat_map(|(runbook, entry)| {
        entry.hot.signals.iter().enumerate().map(move |(signal, one)| ((runbook, signal, one.role), one))
    })
}

fn log((runbook, signal, role): Position, one: &Compiled<'_>) -> Option<LogSignal> {
    let Kind::Log { pattern, not, level, .. } = &one.kind else { return None };
    Some(LogSignal {
        runbook,
        signal,
        role,
        least: level.as_deref().and_then(Level::from_word),
        expression: Pattern::of(pattern),
        not: not.as_deref().map(Pattern::of),
    })
}

fn exception((runbook, _, role): Position, one: &Compiled<'_>) -> Option<ExceptionSignal> {
    let Kind::Exception { language, pattern } = &one.kind else { return None };
    let expression = pattern.as_deref().map(Pattern::of);
    (role == Role::Any).then(|| ExceptionSignal { runbook, language: language.clone().into_owned(), expression })
}

fn checks(entries: &[Entry]) -> HashMap<String, Vec<Position>> {
    let mut found: HashMap<String, Vec<Position>> = HashMap::new();
    for (at, one) in positions(entries) {
        if let Kind::Check { id } = &one.kind {
            found.entry(id.clone().into_owned()).or_default().push(at);
        }
    }
    found
}
