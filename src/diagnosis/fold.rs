//! Folds symptoms into causes: forty candidates become one to three roots.

use crate::finding::Specificity;
use crate::runbook::{Catalogue, Entry};

use super::Candidate;

/// A candidate that nothing else explains, and what it explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    /// Index into the candidates.
    pub candidate: usize,
    /// Indices of the candidates that it explains, best first.
    pub symptoms: Vec<usize>,
}

/// What became of the candidates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folded {
    /// Independent causes, best first.
    pub roots: Vec<Root>,
    /// Candidates that read the same lines as a better one: other readings, not other causes.
    pub readings: Vec<usize>,
}

/// Folds candidates that are sorted by score, best first.
pub(super) fn fold(candidates: &[Candidate], catalogue: &Catalogue) -> Folded {
    let reach = reach(candidates, catalogue);
    let all = 0..candidates.len();
    // Where two explain each other, the one with more weight is the cause.
    let cause_of = |a: usize, b: usize| a != b && reach[a][b] && (!reach[b][a] || a < b);
    let is_root = |b: usize| !all.clone().any(|a| cause_of(a, b));
    let mut folded = Folded::default();
    for b in all.clone().filter(|b| is_root(*b)) {
        if folded.roots.iter().any(|root| same_lines(&candidates[root.candidate], &candidates[b])) {
            folded.readings.push(b);
        } else {
            let symptoms = all.clone().filter(|s| cause_of(b, *s)).collect();
            folded.roots.push(Root { candidate: b, symptoms });
        }
    }
    folded
}

/// Which candidate explains which, directly or through other candidates.
fn reach(candidates: &[Candidate], catalogue: &Catalogue) -> Vec<Vec<bool>> {
    let mut reach: Vec<Vec<bool>> = candidates
        .iter()
        .map(|a| {
            let head = catalogue.get(&a.finding.id).map(Entry::head);
            let explains = |b: &Candidate| head.as_ref().is_some_and(|head| head.explains.contains(&b.finding.id));
            candidates.iter().map(|b| (explains(b) && may_explain(a, b)) || stands_aside(a, b)).collect()
        })
        .collect();
    // Warshall's closure: few candidates fire on one input.
    for middle in 0..reach.len() {
        let through = reach[middle].clone();
        for row in &mut reach {
            if row[middle] {
                row.iter_mut().zip(&through).for_each(|(known, more)| *known |= more);
            }
        }
    }
    reach
}

/// What states its fault itself needs no fault that anything can have, such as a time-out, to explain it.
fn may_explain(a: &Candidate, b: &Candidate) -> bool {
    b.finding.specificity < Specificity::Exact || a.finding.specificity > Specificity::General
}

/// A last resort stands aside for whatever says more.
fn stands_aside(a: &Candidate, b: &Candidate) -> bool {
    b.finding.specificity == Specificity::Fallback && a.finding.specificity > Specificity::Fallback
}

/// Whether `b` rests on nothing that the better candidate `a` does not rest on.
fn same_lines(a: &Candidate, b: &Candidate) -> bool {
    b.lines.iter().all(|line| a.lines.contains(line))
}
