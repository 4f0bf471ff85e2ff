//! When no rule knows it: the innermost exception or the worst line, the first error, how often and since when.

use crate::finding::{Confidence, Evidence, Severity, Specificity};
use crate::runbook::compiled::Role;
use crate::signal::Kind;
use crate::text::Count;

use super::compose::{Said, line_evidence, place_words};
use super::{Cause, Given, Observation};

/// An input of so few lines has little else to say: weaker words count too.
const SHORT: u64 = 5;

/// Characters of the message in the sentence.
const MOST_MESSAGE: usize = 300;

/// The cause that is shown when something failed and no runbook knows it; `None` where nothing failed.
pub(super) fn cause(observation: &Observation, given: &Given) -> Option<Cause> {
    let quote = |text: &str| given.redaction.quote(text);
    let ended_well = observation.verdicts.success();
    let short = observation.coverage.lines <= SHORT;
    let troubles = if short { observation.troubles.clone().with_weak() } else { observation.troubles.clone() };
    let exception = observation.exceptions.iter().rev().find(|e| ended_well.is_none_or(|s| e.end > s));
    let retried = observation.verdicts.recovery().is_some_and(|r| r > troubles.last()) && troubles.are_retries();
    let failing = troubles.count() > 0
        && !retried
        && ended_well.is_none_or(|s| troubles.last() > s)
        && !is_accounted_for(observation);
    if exception.is_none() && !failing {
        return None;
    }
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut said = Vec::new();
    let root_cause = if let Some(exception) = exception {
        let thrown = quote(&exception.innermost.to_string());
        evidence.push(line_evidence(Said::bare(exception.innermost.line, thrown.as_str()), observation, given));
        if let Some(frame) = &exception.frame {
            said.push(format!("The trace points at {}.", quote(frame)));
        }
        format!("No rule knows this failure; the innermost exception is {thrown}")
    } else {
        let worst = troubles.worst()?;
        evidence.push(line_evidence(worst.into(), observation, given));
        format!(
            "No rule knows this failure; the most serious message is: {}",
            quote(worst.text.trim()).cut(MOST_MESSAGE)
        )
    };
    if let Some(first) = troubles.first() {
        let place = place_words(first.line, observation);
        said.push(match troubles.count() {
            1 => format!("Only {place} means trouble."),
            count => format!("The first of {} that mean trouble is {place}.", Count(count, "line")),
        });
        if evidence.iter().all(|e| e.at.line != observation.coverage.place(first.line).line) {
            evidence.push(line_evidence(first.into(), observation, given));
        }
    }
    said.extend(stand_out(observation, &mut evidence, given));
    Some(Cause {
        runbook: None,
        title: "A failure that no rule knows".into(),
        category: "Unknown".into(),
        cause: String::new(),
        severity: Severity::Medium,
        confidence: Confidence::new(0.2),
        specificity: Specificity::Fallback,
        root_cause,
        explanation: said.join(" "),
        evidence,
        count: troubles.count().max(1),
        explains: Vec::new(),
        fixes: Vec::new(),
        prevention: Vec::new(),
        related: Vec::new(),
    })
}

/// Kinds shown besides the first and the worst line.
const MOST_KINDS: usize = 2;

/// Among several kinds of trouble the rarest and the newest tell most: what comes all the time was there before.
fn stand_out(observation: &Observation, evidence: &mut Vec<Evidence>, given: &Given) -> Option<String> {
    let mut kinds: Vec<&Kind> = observation.kinds.iter().collect();
    if kinds.len() < 2 {
        return None;
    }
    kinds.sort_by_key(|k| (k.count, std::cmp::Reverse(k.first.line)));
    let mut places = Vec::new();
    for kind in kinds.iter().take(MOST_KINDS) {
        let place = observation.coverage.place(kind.first.line);
        places.push(format!("{place} ({})", Count(kind.count, "time")));
        if evidence.iter().all(|e| e.at.line != place.line || e.source != place.source) {
            let mut one = line_evidence((&kind.first).into(), observation, given);
            one.count = kind.count;
            evidence.push(one);
        }
    }
    Some(format!(
        "Of {} of trouble the rarest, newest first, are {}.",
        Count(kinds.len() as u64, "kind"),
        crate::text::list(&places)
    ))
}

/// Whether every line that means trouble is one that a rule knows and ruled out: it healed, or the run ended well.
fn is_accounted_for(observation: &Observation) -> bool {
    let telling = || observation.seen.iter().filter(|s| matches!(s.role, Role::Any | Role::All));
    let known = |line: u64| telling().any(|s| [s.first.line, s.worst.line, s.last].contains(&line));
    let hits: u64 = telling().map(|s| s.count).sum();
    let troubles = &observation.troubles;
    let ends = [troubles.first(), troubles.worst()].into_iter().flatten().all(|t| known(t.line));
    ends && known(troubles.last()) && troubles.count() <= hits
}
