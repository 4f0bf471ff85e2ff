//! Puts a judgement into words: sentences with the values seen, fix commands, alternatives.

use std::cmp::Ordering;
use std::fmt::Write as _;

use crate::evidence::{Level, Source, Stamp};
use crate::finding::{Confidence, Evidence, Finding, Numbered};
use crate::redact::Quote;
use crate::runbook::{Catalogue, SeenLine, fill_sentence};
use crate::signal::{Exception, Trouble};
use crate::text::Count;

use super::fold::{Folded, Root};
use super::remedy::fixes;
use super::values::Values;
use super::weigh::{Quoted, up_to_three};
use super::{Alternative, Candidate, Cause, Considered, Given, Observation, Rejected, Surroundings, Symptom};

/// Lines of evidence that a cause carries.
const MOST_EVIDENCE: usize = 5;
/// Characters of a quoted line.
const MOST_QUOTE: usize = 1000;
/// Characters of a line around it.
const MOST_CONTEXT: usize = 400;

/// The lines that a finding rests on, each once, with what stands around them.
pub(super) fn evidence(
    seen: &[Quoted<'_>],
    traces: &[&Exception],
    observation: &Observation,
    given: &Given,
) -> Vec<Evidence> {
    let mut found: Vec<Evidence> = Vec::new();
    for (line, count) in seen {
        let mut one = line_evidence(Said::of(line), observation, given);
        if let Some(known) = found.iter_mut().find(|e| e.at.line == one.at.line && e.source == one.source) {
            known.count = known.count.max(*count);
        } else {
            one.count = *count;
            found.push(one);
        }
    }
    if found.is_empty() {
        found.extend(
            traces
                .iter()
                .rev()
                .map(|t| line_evidence(Said::bare(t.innermost.line, &t.innermost.to_string()), observation, given)),
        );
    }
    found.truncate(MOST_EVIDENCE);
    found
}

/// A line that says something, before it is quoted.
#[derive(Clone, Copy)]
pub(super) struct Said<'t> {
    pub line: u64,
    pub text: &'t str,
    pub level: Option<Level>,
    pub time: Option<Stamp>,
}

impl<'t> Said<'t> {
    pub(super) fn bare(line: u64, text: &'t str) -> Self {
        Self { line, text, level: None, time: None }
    }

    fn of(seen: &'t SeenLine) -> Self {
        Self { line: seen.line, text: &seen.text, level: seen.level, time: seen.time }
    }
}

impl<'t> From<&'t Trouble> for Said<'t> {
    fn from(trouble: &'t Trouble) -> Self {
        Self { line: trouble.line, text: &trouble.text, level: Some(trouble.level), time: trouble.time }
    }
}

pub(super) fn line_evidence(said: Said<'_>, observation: &Observation, given: &Given) -> Evidence {
    let Said { line, text, level, time } = said;
    let place = observation.coverage.place(line);
    let none = Surroundings::default();
    let around = observation.surroundings.get(&line).unwrap_or(&none);
    // Together, because a secret may lie on several lines.
    let here = [(line, text.trim_end().to_owned())];
    let lines = around.before.iter().chain(&here).chain(&around.after);
    let lines: Vec<&(u64, String)> =
        lines.filter(|(n, _)| observation.coverage.place(*n).source == place.source).collect();
    let quotes = given.redaction.quote_lines(&lines.iter().map(|(_, t)| t.as_str()).collect::<Vec<_>>());
    let (mut before, mut at, mut after) = (Vec::new(), Quote::default(), Vec::new());
    for ((number, _), quote) in lines.into_iter().zip(quotes) {
        let context =
            |quote: Quote| Numbered { line: observation.coverage.place(*number).line, text: quote.cut(MOST_CONTEXT) };
        match number.cmp(&line) {
            Ordering::Less => before.push(context(quote)),
            Ordering::Equal => at = quote.cut(MOST_QUOTE),
            Ordering::Greater => after.push(context(quote)),
        }
    }
    Evidence { at: Numbered { line: place.line, text: at }, before, after, source: place.source, level, time, count: 1 }
}

pub(super) fn place_words(line: u64, observation: &Observation) -> String {
    observation.coverage.place(line).to_string()
}

/// Words a root of the diagnosis.
pub(super) fn cause(
    root: &Root,
    candidates: &[Candidate],
    observation: &Observation,
    catalogue: &Catalogue,
    given: &Given,
    notes: &mut Vec<String>,
) -> Cause {
    let candidate = &candidates[root.candidate];
    let entry = &catalogue.entries()[candidate.runbook];
    let head = entry.head();
    let values = Values::new(candidate, observation, given);
    let lookup = |name: &str| values.get(name);
    let symptoms: Vec<Symptom> =
        root.symptoms.iter().map(|s| symptom(&candidates[*s], observation, catalogue)).collect();
    let mut related = vec![candidate.finding.id.clone()];
    related.extend(symptoms.iter().map(|s| s.runbook.clone()));
    related.truncate(MOST_EVIDENCE);
    Cause {
        runbook: Some(candidate.finding.id.clone()),
        title: head.title.clone(),
        category: head.category.clone(),
        cause: head.cause.clone(),
        severity: head.severity,
        confidence: confidence(root, candidates),
        specificity: candidate.finding.specificity,
        root_cause: sentence(&fill_sentence(&head.root_cause, &lookup)),
        explanation: explanation(candidate, &symptoms, observation),
        evidence: candidate.finding.evidence.clone(),
        count: total(&candidate.finding),
        explains: symptoms,
        fixes: fixes(&head, &values, notes),
        prevention: head.prevention.iter().map(|p| fill_sentence(p, &lookup)).collect(),
        related,
    }
}

/// What another candidate of the same kind says makes this one less sure; symptoms that it explains make it surer.
fn confidence(root: &Root, candidates: &[Candidate]) -> Confidence {
    let own = candidates[root.candidate].score;
    let rival = candidates
        .iter()
        .enumerate()
        .any(|(index, other)| index != root.candidate && !root.symptoms.contains(&index) && other.score > own - 0.05);
    let explained = 0.03 * up_to_three(root.symptoms.len());
    Confidence::new((if rival { own - 0.15 } else { own } + explained).min(0.98))
}

/// How sure another answer would be: the text says it, but something else explains it or reads the same lines better.
fn confidence_of_other(index: usize, folded: &Folded, candidates: &[Candidate]) -> Confidence {
    let own = candidates[index].score;
    let is_root = folded.roots.iter().any(|r| r.candidate == index);
    let share = if is_root {
        0.9
    } else if folded.readings.contains(&index) {
        0.7
    } else {
        0.4
    };
    Confidence::new(own * share)
}

fn symptom(candidate: &Candidate, observation: &Observation, catalogue: &Catalogue) -> Symptom {
    let head = catalogue.entries()[candidate.runbook].head();
    Symptom {
        runbook: candidate.finding.id.clone(),
        title: head.title.clone(),
        category: head.category.clone(),
        place: observation.coverage.place(candidate.finding.first),
    }
}

/// How many lines say so.
fn total(finding: &Finding) -> u64 {
    finding.evidence.iter().map(|e| e.count).sum()
}

fn explanation(candidate: &Candidate, symptoms: &[Symptom], observation: &Observation) -> String {
    let finding = &candidate.finding;
    let mut said = "Stated in the text".to_owned();
    if let Some(first) = finding.evidence.first() {
        let named = observation.coverage.sources.len() > 1;
        let place = super::Place { source: first.source.clone(), line: first.at.line, named };
        let level = first.level.map_or(String::new(), |l| format!(" at level {l}"));
        let time = first.time.map_or(String::new(), |t| format!(", {t}"));
        said = format!("Stated in {place}{level}{time}");
    }
    let total = total(finding);
    if total > 1 {
        let (first, last) = (place_words(finding.first, observation), place_words(finding.last, observation));
        let of_fields = finding.evidence.iter().any(|e| matches!(e.source, Source::Field { .. }));
        let span = if first == last { first } else { format!("{first} to {last}") };
        let span = if of_fields { String::new() } else { format!(" ({span})") };
        let _ = write!(said, "; {} say so{span}", Count(total, if of_fields { "place" } else { "line" }));
    }
    said.push('.');
    if !symptoms.is_empty() {
        let names: Vec<String> =
            symptoms.iter().map(|s| format!("{} ({})", lower_title(&s.title), where_seen(&s.place))).collect();
        let _ = write!(said, " It explains what else was seen: {}.", crate::text::list(&names));
    }
    said
}

/// Where a symptom is seen; of an object its name is enough.
fn where_seen(place: &super::Place) -> String {
    match &place.source {
        Source::Field { object, .. } => object.clone(),
        _ => place.to_string(),
    }
}

/// Candidates other than the winner, best first, one per category and cause.
pub(super) fn alternatives(folded: &Folded, candidates: &[Candidate], catalogue: &Catalogue) -> Vec<Alternative> {
    let winner = folded.roots.first().map(|r| r.candidate);
    let roots = folded.roots.iter().skip(1).map(|r| r.candidate);
    let order = roots.chain(folded.readings.iter().copied()).chain(0..candidates.len());
    let mut found: Vec<Alternative> = Vec::new();
    let taken = winner.map(|w| catalogue.entries()[candidates[w].runbook].head());
    for index in order {
        let head = catalogue.entries()[candidates[index].runbook].head();
        let same = |category: &str, cause: &str| category == head.category && cause == head.cause;
        let known = found.iter().any(|a| same(&a.category, &a.cause))
            || taken.as_ref().is_some_and(|w| same(&w.category, &w.cause));
        if !known {
            found.push(Alternative {
                runbook: head.id.clone(),
                title: head.title.clone(),
                category: head.category.clone(),
                cause: head.cause.clone(),
                confidence: confidence_of_other(index, folded, candidates),
            });
        }
    }
    found
}

/// Every candidate with what became of it.
pub(super) fn considered(folded: &Folded, candidates: &[Candidate], rejected: &[Rejected]) -> Vec<Considered> {
    let verdict = |index: usize| {
        if let Some(place) = folded.roots.iter().position(|r| r.candidate == index) {
            return if place == 0 { "the answer".to_owned() } else { "another cause".to_owned() };
        }
        if folded.readings.contains(&index) {
            return "reads the same lines as a better candidate".to_owned();
        }
        let by = folded.roots.iter().find(|r| r.symptoms.contains(&index));
        by.map_or_else(
            || "explained by another candidate".to_owned(),
            |r| format!("explained by {}", candidates[r.candidate].finding.id),
        )
    };
    let kept = candidates.iter().enumerate().map(|(index, c)| Considered {
        runbook: c.finding.id.clone(),
        confidence: Some(Confidence::new(c.score)),
        verdict: verdict(index),
        reasons: c.finding.reasons.clone(),
    });
    let out = rejected.iter().map(|r| Considered {
        runbook: r.id.clone(),
        confidence: None,
        verdict: "ruled out".into(),
        reasons: vec![r.reason.clone()],
    });
    kept.chain(out).collect()
}

/// A filled template as one sentence: blanks folded, also before a stop where an optional part is gone; first letter large.
fn sentence(filled: &str) -> String {
    let text = filled.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = format!("{text} ").replace(" . ", ". ").replace(" , ", ", ");
    capital(text.trim_end())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn lower_title(title: &str) -> String {
    let second_upper = title.chars().nth(1).is_some_and(char::is_uppercase);
    let word = title.split_whitespace().next().unwrap_or("");
    if second_upper || word.chars().skip(1).any(char::is_uppercase) {
        return title.to_owned();
    }
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}
