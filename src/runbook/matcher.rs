//! Finds which signals of the catalogue a stream of lines holds.
//!
//! One Aho-Corasick pass over the raw bytes finds the lines that hold a required literal of any signal; an expression is compiled
//! only when such a line is there, and tried on that line alone.

use std::cell::OnceCell;
use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_automata::PatternID;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

use super::Catalogue;
use super::compiled::{Kind, Role};
use super::literal::needs_unicode;
use crate::evidence::Level;

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
}

struct LogSignal {
    runbook: usize,
    signal: usize,
    expression: OnceCell<Option<Regex>>,
    not: OnceCell<Option<Regex>>,
}

/// Looks for every log signal of a catalogue at once.
pub struct Matcher<'c> {
    catalogue: &'c Catalogue,
    automaton: AhoCorasick,
    /// For each literal the signals that need it, and whether a reader outside of the catalogue wants the line.
    owners: Vec<(Vec<u32>, bool)>,
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
    /// Prepares to look for the signals of `catalogue`, and for the lines that hold one of the texts of `watch`.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue, watch: &[&'static str]) -> Self {
        let mut signals = Vec::new();
        let mut texts: Vec<&str> = Vec::new();
        let mut owners: Vec<(Vec<u32>, bool)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut place = |text: &'c str, texts: &mut Vec<&'c str>, owners: &mut Vec<(Vec<u32>, bool)>| {
            *places.entry(text).or_insert_with(|| {
                texts.push(text);
                owners.push((Vec::new(), false));
                texts.len() - 1
            })
        };
        for (runbook, entry) in catalogue.entries().iter().enumerate() {
            for (signal, compiled) in entry.hot.signals.iter().enumerate() {
                let Kind::Log { literals, .. } = &compiled.kind else { continue };
                let id = u32::try_from(signals.len()).unwrap_or(u32::MAX);
                for literal in literals {
                    let at = place(literal, &mut texts, &mut owners);
                    owners[at].0.push(id);
                }
                signals.push(LogSignal { runbook, signal, expression: OnceCell::new(), not: OnceCell::new() });
            }
        }
        for text in watch {
            texts.push(text);
            owners.push((Vec::new(), true));
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&texts)
            .unwrap_or_else(|_| unreachable!("the literals are few and short"));
        let seen = signals.iter().map(|_| None).collect();
        Self { catalogue, automaton, owners, signals, seen }
    }

    /// Finds the lines of `block` that hold a literal, first to last.
    #[must_use]
    pub fn candidates(&self, block: &[u8]) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(block) {
            let (owners, watched) = &self.owners[hit.pattern().as_usize()];
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
        let Kind::Log { pattern, not: excluded, level: least, .. } = &compiled.kind else { return false };
        let least = least.as_deref().and_then(Level::from_word);
        if level.is_some_and(|l| least.is_some_and(|least| l < least)) {
            return false;
        }
        let Some(expression) = expression.get_or_init(|| build(pattern)) else { return false };
        if !expression.is_match(text) {
            return false;
        }
        if let Some(excluded) = excluded {
            let not = not.get_or_init(|| build(excluded));
            if not.as_ref().is_some_and(|n| n.is_match(text)) {
                return false;
            }
        }
        let role = compiled.role;
        let (runbook, signal) = (*runbook, *signal);
        let line = || SeenLine {
            line: number,
            text: text.chars().take(MOST_TEXT).collect(),
            level,
            captures: captures(expression, text),
        };
        match &mut self.seen[id] {
            Some(seen) => {
                seen.count += 1;
                seen.last = number;
                if level > seen.worst.level {
                    seen.worst = line();
                }
            }
            slot @ None => {
                let first = line();
                *slot = Some(SeenSignal { runbook, signal, role, count: 1, worst: first.clone(), first, last: number });
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

/// Characters of a line that are kept as evidence.
const MOST_TEXT: usize = 4000;

/// An expression is tried on a handful of lines that hold its literal already, so that it is worth compiling quickly and not
/// worth a prefilter or a full automaton.
fn build(pattern: &str) -> Option<Regex> {
    let config =
        Config::new().auto_prefilter(false).onepass(false).dfa(false).utf8_empty(false).nfa_size_limit(Some(4 << 20));
    let syntax = syntax::Config::new().unicode(needs_unicode(pattern)).utf8(false).multi_line(true);
    Regex::builder().configure(config).syntax(syntax).build(pattern).ok()
}

fn captures(expression: &Regex, text: &str) -> Vec<(String, String)> {
    let mut found = expression.create_captures();
    let named: Vec<(usize, &str)> = expression
        .group_info()
        .pattern_names(PatternID::ZERO)
        .enumerate()
        .filter_map(|(at, name)| Some((at, name?)))
        .collect();
    if named.is_empty() {
        return Vec::new();
    }
    expression.captures(text, &mut found);
    named
        .into_iter()
        .filter_map(|(at, name)| {
            let value = String::from_utf8_lossy(text.as_bytes().get(found.get_group(at)?.range())?);
            let value = value.trim().trim_end_matches(['"', '\'', ',', '.', ':', ';']).to_owned();
            (!value.is_empty()).then(|| (name.to_owned(), value))
        })
        .collect()
}
