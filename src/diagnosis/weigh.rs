//! Which runbooks have something to say, and how much each weighs.

use std::collections::BTreeMap;

use crate::evidence::Level;
use crate::finding::{Confidence, Finding, Specificity};
use crate::runbook::compiled::Role;
use crate::runbook::{Catalogue, SeenLine, SeenSignal};
use crate::signal::Exception;
use crate::text::Count;

use super::compose::evidence;
use super::rule_out::{RuledOut, ruled_out};
use super::{Given, Observation};

/// A runbook whose signals fired and that nothing rules out.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What was found.
    pub finding: Finding,
    /// Index of the runbook in the catalogue.
    pub runbook: usize,
    /// Its weight, from 0 to 1, by which candidates are ranked.
    pub score: f64,
    /// Numbers of the lines that it rests on, over all sources, sorted.
    pub lines: Vec<u64>,
}

/// A runbook whose signals fired and that something rules out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Id of the runbook.
    pub id: String,
    /// Why it is out.
    pub reason: String,
}

/// The signals of one runbook that fired, by the part they play.
#[derive(Default)]
pub(super) struct Fired<'o> {
    pub(super) any: Vec<&'o SeenSignal>,
    pub(super) all: Vec<&'o SeenSignal>,
    pub(super) none: Vec<&'o SeenSignal>,
    pub(super) support: Vec<&'o SeenSignal>,
    pub(super) recovered: Vec<&'o SeenSignal>,
    pub(super) traces: Vec<&'o Exception>,
}

/// Weighs every runbook of which a signal fired.
pub(super) fn candidates(
    observation: &Observation,
    catalogue: &Catalogue,
    given: &Given,
) -> (Vec<Candidate>, Vec<Rejected>) {
    let mut candidates = Vec::new();
    let mut rejected = Vec::new();
    for (runbook, fired) in by_runbook(observation, catalogue) {
        let entry = &catalogue.entries()[runbook];
        if fired.any.is_empty() && fired.all.is_empty() && fired.traces.is_empty() {
            continue;
        }
        match ruled_out(&fired, observation, entry) {
            Some(RuledOut::Silent) => {}
            Some(RuledOut::Because(reason)) => rejected.push(Rejected { id: entry.id().to_owned(), reason }),
            None => candidates.push(weigh(runbook, &fired, observation, catalogue, given)),
        }
    }
    candidates.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then(a.finding.first.cmp(&b.finding.first)).then(a.runbook.cmp(&b.runbook))
    });
    (candidates, rejected)
}

/// The runbooks of which a signal fired, in the order of the catalogue.
fn by_runbook<'o>(observation: &'o Observation, catalogue: &Catalogue) -> BTreeMap<usize, Fired<'o>> {
    let mut all: BTreeMap<usize, Fired<'o>> = BTreeMap::new();
    for seen in &observation.seen {
        let fired = all.entry(seen.runbook).or_default();
        let part = match seen.role {
            Role::Any => &mut fired.any,
            Role::All => &mut fired.all,
            Role::None => &mut fired.none,
            Role::Support => &mut fired.support,
            Role::Recovered => &mut fired.recovered,
        };
        part.push(seen);
    }
    for exception in &observation.exceptions {
        for runbook in catalogue.of_exception(exception.language.word(), &exception.innermost.kind) {
            all.entry(runbook).or_default().traces.push(exception);
        }
    }
    all
}

impl Fired<'_> {
    /// Number of the last line that speaks for it.
    pub(super) fn last_line(&self) -> u64 {
        let logs = self.any.iter().chain(&self.all).map(|s| s.last);
        logs.chain(self.traces.iter().map(|t| t.end)).max().unwrap_or(0)
    }
}

fn weigh(
    runbook: usize,
    fired: &Fired<'_>,
    observation: &Observation,
    catalogue: &Catalogue,
    given: &Given,
) -> Candidate {
    let entry = &catalogue.entries()[runbook];
    let mut seen: Vec<&SeenSignal> = fired.any.iter().chain(&fired.all).copied().collect();
    // The most telling first: by level, then by position.
    seen.sort_by_key(|s| (std::cmp::Reverse(s.worst.level), s.first.line));
    let weight = weight(entry.hot.specificity, &seen, fired, observation);
    let lines = lines(&seen, fired);
    let quoted = seen.iter().map(|s| (&s.worst, s.count)).collect::<Vec<_>>();
    Candidate {
        finding: Finding {
            id: entry.id().to_owned(),
            specificity: entry.hot.specificity,
            confidence: Confidence::new(weight.score),
            evidence: evidence(&quoted, &fired.traces, observation, given),
            captures: captures(&seen, fired),
            first: lines.first().copied().unwrap_or(0),
            last: fired.last_line(),
            reasons: weight.reasons,
        },
        runbook,
        score: weight.score,
        lines,
    }
}

/// A score with the sentences that explain it.
struct Weight {
    score: f64,
    reasons: Vec<String>,
}

impl Weight {
    fn add(&mut self, by: f64, why: &str) {
        self.score += by;
        self.reasons.push(format!("{why} ({by:+.2})"));
    }
}

fn weight(specificity: Specificity, seen: &[&SeenSignal], fired: &Fired<'_>, observation: &Observation) -> Weight {
    let reasons = vec![format!("its signals are {}", words(specificity))];
    let mut weight = Weight { score: base(specificity), reasons };
    let best = seen.iter().filter_map(|s| s.worst.level).max();
    match best {
        Some(level) => weight.add(of_level(level), &format!("its line has the level {level}")),
        None if seen.is_empty() => weight.add(0.03, "a stack trace says it"),
        None => {}
    }
    let hits: u64 = seen.iter().map(|s| s.count).sum();
    let more = 0.01 * up_to_three(seen.len().saturating_sub(1)) + if hits > 1 { 0.01 } else { 0.0 };
    weight.add(more, &Count(hits + fired.traces.len() as u64, "matching line").to_string());
    if let Some(first) = fired.support.first() {
        let place = observation.coverage.place(first.first.line);
        weight.add(0.02 * up_to_three(fired.support.len()), &format!("{place} supports it"));
    }
    let lines = observation.coverage.lines;
    if lines > SHORT && fired.last_line() + AT_THE_END >= lines {
        weight.add(0.02, "it stands where the text ends");
    }
    weight
}

/// In a text of so few lines everything stands near its end.
const SHORT: u64 = 20;
/// What stands within so many lines of the end is among the last words.
const AT_THE_END: u64 = 5;

/// Named values, the most telling line's first; each name once.
fn captures(seen: &[&SeenSignal], fired: &Fired<'_>) -> Vec<(String, String)> {
    let lines = seen.iter().chain(&fired.support).flat_map(|s| [&s.worst, &s.first]);
    let of_traces = fired.traces.last().into_iter().flat_map(|t| trace_values(t));
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, value) in lines.flat_map(|l| l.captures.iter().cloned()).chain(of_traces) {
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, value));
        }
    }
    found
}

/// Numbers of the lines that speak for it, sorted, each once.
fn lines(seen: &[&SeenSignal], fired: &Fired<'_>) -> Vec<u64> {
    let of_logs = seen.iter().flat_map(|s| [s.first.line, s.worst.line]);
    let mut lines: Vec<u64> = of_logs.chain(fired.traces.iter().map(|t| t.innermost.line)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// A count as a number of the score; more than three say no more than three.
pub(super) fn up_to_three(count: usize) -> f64 {
    f64::from(u8::try_from(count.min(3)).unwrap_or(3))
}

fn trace_values(trace: &Exception) -> Vec<(String, String)> {
    let mut values = vec![("exception".to_owned(), trace.innermost.kind.clone())];
    if !trace.innermost.message.is_empty() {
        values.push(("message".to_owned(), trace.innermost.message.clone()));
    }
    values.extend(trace.frame.iter().map(|f| ("frame".to_owned(), f.clone())));
    values
}

/// The share of the score that the kind of statement gives; the rest only orders candidates of one kind.
fn base(specificity: Specificity) -> f64 {
    match specificity {
        Specificity::Exact => 0.86,
        Specificity::Component => 0.76,
        Specificity::General => 0.64,
        Specificity::Symptom => 0.48,
        Specificity::Fallback => 0.34,
    }
}

fn words(specificity: Specificity) -> &'static str {
    match specificity {
        Specificity::Exact => "a statement of the fault itself",
        Specificity::Component => "a fault of a named component",
        Specificity::General => "a fault that many things can lead to",
        Specificity::Symptom => "a symptom of something else",
        Specificity::Fallback => "a last resort",
    }
}

fn of_level(level: Level) -> f64 {
    match level {
        Level::Fatal => 0.05,
        Level::Error => 0.03,
        Level::Warn => 0.0,
        Level::Info => -0.03,
        Level::Debug | Level::Trace => -0.06,
    }
}

/// A line as evidence needs it.
pub(super) type Quoted<'o> = (&'o SeenLine, u64);
