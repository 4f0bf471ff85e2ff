//! Finds which signals of the catalogue a stream of lines holds.
//!
//! One Aho-Corasick pass over the raw bytes finds the lines that hold a required literal of any signal; an expression is compiled
//! only when such a line is there, and tried on that line alone.

use daachorse::DoubleArrayAhoCorasick;

use super::Catalogue;
use super::compiled::{self, Kind, Owners, Role};
use crate::evidence::{Level, Pattern};
use crate::signal::WATCH;

/// A line on which a signal fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLine {
    /// Line of the input, from 1.
    pub line: u64,
    /// The plain line.
    pub text: String,
    /// Its level, where it states one.
    pub level: Option<Level>,
    /// Named captures, not empty.
    pub captures: Vec<(String, String)>,
}

/// What is known of a signal that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSignal {
    /// Index of the runbook in the catalogue.
    pub runbook: usize,
    /// Index of the signal in its runbook.
    pub signal: usize,
    /// The part it plays.
    pub role: Role,
    /// Lines on which it fired.
    pub count: u64,
    /// The first of them.
    pub first: SeenLine,
    /// The most serious of them, the later of equals.
    pub worst: SeenLine,
    /// Number of the last of them.
    pub last: u64,
    /// The plain text of the last of them.
    pub last_text: String,
}

struct LogSignal {
    runbook: usize,
    signal: usize,
    expression: Pattern,
    not: Option<Pattern>,
}

/// Looks for every log signal of a catalogue at once.
pub struct Matcher<'c> {
    catalogue: &'c Catalogue,
    automaton: DoubleArrayAhoCorasick<u32>,
    owners: Vec<Owners>,
    signals: Vec<LogSignal>,
    seen: Vec<Option<SeenSignal>>,
}

/// A line that holds a literal, as byte offsets into a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// First byte of the line.
    pub start: usize,
    /// One past its last byte, without the line feed.
    pub end: usize,
    /// Signals that may fire on it, without repeats.
    pub signals: Vec<u32>,
    /// Whether a reader outside of the catalogue wants it.
    pub watched: bool,
}

impl<'c> Matcher<'c> {
    /// Prepares to look for the signals of `catalogue`, and for the lines that hold one of the watched texts.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        let hot = || catalogue.entries().iter().map(|e| &e.hot);
        let (texts, owners) = compiled::plan(hot(), WATCH);
        let built_in = catalogue.automaton().and_then(|bytes| DoubleArrayAhoCorasick::deserialize(bytes).ok());
        let automaton = built_in.map_or_else(|| compiled::automaton(&texts), |(automaton, _)| automaton);
        let logs = hot().enumerate().flat_map(|(runbook, hot)| {
            hot.signals.iter().enumerate().map(move |(signal, s)| (runbook, signal, &s.kind))
        });
        let signals: Vec<LogSignal> = logs
            .filter_map(|(runbook, signal, kind)| match kind {
                Kind::Log { pattern, not, .. } => Some(LogSignal {
                    runbook,
                    signal,
                    expression: Pattern::of(pattern),
                    not: not.as_deref().map(Pattern::of),
                }),
                _ => None,
            })
            .collect();
        let seen = signals.iter().map(|_| None).collect();
        Self { catalogue, automaton, owners, signals, seen }
    }

    /// Finds the lines of `block` that hold a literal, first to last.
    #[must_use]
    pub fn candidates(&self, block: &[u8]) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        // The literals are in lower case.
        let lower = block.to_ascii_lowercase();
        for hit in self.automaton.find_overlapping_iter(&lower) {
            let Owners { signals: owners, watched } = &self.owners[hit.value() as usize];
            let known = found.last_mut().filter(|c| hit.end() <= c.end + 1 && hit.start() >= c.start);
            let candidate = if let Some(known) = known {
                known
            } else {
                let start = memchr::memrchr(b'\n', &block[..hit.start()]).map_or(0, |n| n + 1);
                let end = memchr::memchr(b'\n', &block[hit.end()..]).map_or(block.len(), |n| hit.end() + n);
                found.push(Candidate { start, end, signals: Vec::new(), watched: false });
                let last = found.len() - 1;
                &mut found[last]
            };
            candidate.watched |= watched;
            for owner in owners {
                if !candidate.signals.contains(owner) {
                    candidate.signals.push(*owner);
                }
            }
        }
        found
    }

    /// Tries the signals of a candidate on its plain text; returns whether one fired that can name a cause.
    pub fn line(&mut self, number: u64, candidate: &Candidate, text: &str, level: Option<Level>) -> bool {
        let mut fired = false;
        for id in &candidate.signals {
            fired |= self.try_signal(*id as usize, number, text, level);
        }
        fired
    }

    fn try_signal(&mut self, id: usize, number: u64, text: &str, level: Option<Level>) -> bool {
        let LogSignal { runbook, signal, expression, not } = &self.signals[id];
        let compiled = &self.catalogue.entries()[*runbook].hot.signals[*signal];
        let Kind::Log { level: least, .. } = &compiled.kind else { return false };
        let least = least.as_deref().and_then(Level::from_word);
        if level.is_some_and(|l| least.is_some_and(|least| l < least)) {
            return false;
        }
        if !expression.is_match(text) {
            return false;
        }
        if not.as_ref().is_some_and(|n| n.is_match(text)) {
            return false;
        }
        let role = compiled.role;
        let (runbook, signal) = (*runbook, *signal);
        let line =
            || SeenLine { line: number, text: head(text).to_owned(), level, captures: captures(expression, text) };
        match &mut self.seen[id] {
            Some(seen) => {
                seen.count += 1;
                seen.last = number;
                head(text).clone_into(&mut seen.last_text);
                if level > seen.worst.level {
                    seen.worst = line();
                }
            }
            slot @ None => {
                let first = line();
                let last_text = head(text).to_owned();
                *slot = Some(SeenSignal {
                    runbook,
                    signal,
                    role,
                    count: 1,
                    worst: first.clone(),
                    first,
                    last: number,
                    last_text,
                });
            }
        }
        matches!(role, Role::Any | Role::All)
    }

    /// Ends the input and returns every signal that fired, in the order of the catalogue.
    #[must_use]
    pub fn finish(self) -> Vec<SeenSignal> {
        self.seen.into_iter().flatten().collect()
    }
}

/// Bytes of a line that are kept as evidence; less is shown, so that what is cut is redacted before.
const MOST_TEXT: usize = 4000;

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_TEXT)]
}

fn captures(expression: &Pattern, text: &str) -> Vec<(String, String)> {
    let Some(found) = expression.find(text) else { return Vec::new() };
    let named =
        found.named().map(|(name, value)| (name, value.trim().trim_end_matches(['"', '\'', ',', '.', ':', ';'])));
    named.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
