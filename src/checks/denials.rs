//! Conditions by which objects of add-ons say that they do not work, and how a fault quotes them.

use super::View;
use super::gist::gist;
use crate::evidence::cluster::{Condition, Custom, Time};
use crate::finding::Fault;

/// A condition that is `False`, and has been for longer than a start takes.
pub(super) fn denied(view: &View<'_>, object: &Custom, kind: &str) -> Option<Condition> {
    standing(view, object, kind, "False")
}

/// A condition with this status, which has had it for longer than a start takes.
pub(super) fn standing(view: &View<'_>, object: &Custom, kind: &str, status: &str) -> Option<Condition> {
    let found = object.conditions().into_iter().find(|c| c.kind == kind && c.status == status)?;
    settled(view, found.last_transition_time).then_some(found)
}

/// Whether something has been so for longer than a start takes. Not every controller says since when.
pub(super) fn settled(view: &View<'_>, since: Time) -> bool {
    since.age(view.now).is_none_or(|age| age >= view.thresholds.settle)
}

/// The time in a field of an object, if there is one.
pub(super) fn time(object: &Custom, path: &[&str]) -> Time {
    Time(object.text(path).and_then(|text| text.parse().ok()))
}

/// `text: what is said about it`, for a sentence.
pub(super) fn explained(text: &str, by: &str) -> String {
    let said = gist(by);
    if said.is_empty() { text.to_owned() } else { format!("{text}: {said}") }
}

/// Reason and message of a condition, short enough for a sentence.
pub(super) fn in_words(condition: &Condition) -> String {
    let said = ends(&condition.message);
    match (condition.reason.as_str(), said.as_str()) {
        ("", said) => said.to_owned(),
        (reason, "") => reason.to_owned(),
        (reason, said) => format!("{reason}: {said}"),
    }
}

/// The telling part of a message. Errors that wrap each other begin with what was tried and end with the reason; of a long one both ends are kept.
fn ends(message: &str) -> String {
    const MOST: usize = 180;
    const BEGIN: usize = 50;
    let line = message.trim();
    let count = line.chars().count();
    if line.contains('\n') || count <= MOST {
        return gist(message);
    }
    let begin: String = line.chars().take(BEGIN).collect();
    let end: String = line.chars().skip(count - (MOST - BEGIN)).collect();
    let end = end.split_once(' ').map_or(end.as_str(), |(_, rest)| rest);
    format!("{} … {}", begin.trim_end(), end.trim_end_matches('.'))
}

/// Adds what a condition says, word for word, and since when.
pub(super) fn quoted(fault: Fault, condition: &Condition) -> Fault {
    let path = format!("status.conditions[{}]", condition.kind);
    fault
        .seen(format!("{path}.message"), condition.message.as_str())
        .seen(format!("{path}.reason"), condition.reason.as_str())
        .since(condition.last_transition_time)
}
