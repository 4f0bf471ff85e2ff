//! What speaks against a runbook whose signals fired: a sign that is missing, a sign against it, a recovery, a run that ended well.

use crate::runbook::compiled::{Kind, Role};
use crate::runbook::{Entry, SeenSignal};
use crate::signal::Facts;

use super::Observation;
use super::weigh::Fired;

/// Why a runbook is no candidate.
pub(super) enum RuledOut {
    /// Not enough was seen to mention it.
    Silent,
    /// One sentence for whoever asks.
    Because(String),
}

/// What rules `entry` out, if anything.
pub(super) fn ruled_out(fired: &Fired<'_>, observation: &Observation, entry: &Entry) -> Option<RuledOut> {
    let signals = &entry.hot.signals;
    let wanted = signals.iter().filter(|s| s.role == Role::All && matches!(s.kind, Kind::Log { .. })).count();
    let needs_any = signals.iter().any(|s| s.role == Role::Any);
    if needs_any && fired.any.is_empty() && fired.traces.is_empty() {
        return Some(RuledOut::Silent);
    }
    if fired.all.len() < wanted {
        return Some(RuledOut::Because(format!("only {} of {wanted} needed signs were seen", fired.all.len())));
    }
    if let Some(against) = fired.none.first() {
        let place = observation.coverage.place(against.first.line);
        return Some(RuledOut::Because(format!("{place} speaks against it")));
    }
    healed(fired, observation, entry).map(RuledOut::Because)
}

/// Says how the failure passed, if it did.
fn healed(fired: &Fired<'_>, observation: &Observation, entry: &Entry) -> Option<String> {
    let at = |line: u64| observation.coverage.place(line);
    let last = fired.last_line();
    let recovered = fired.recovered.iter().filter(|r| r.last > last);
    if let Some(healed) = recovered.into_iter().find(|r| is_about_the_same(fired, r)) {
        return Some(format!("it recovered: {} comes after the last sign of it, {}", at(healed.last), at(last)));
    }
    if let Some(success) = observation.verdicts.success().filter(|s| *s > last) {
        return Some(format!("the run ended well: {}", at(success)));
    }
    let recovery = observation.verdicts.recovery().filter(|r| entry.hot.transient && *r > last);
    recovery.map(|line| format!("a retry succeeded: {}", at(line)))
}

/// A pod that started does not heal another one that did not: where both sides name their pod, it is the same.
fn is_about_the_same(fired: &Fired<'_>, recovered: &SeenSignal) -> bool {
    let Some(healthy) = pod(&recovered.last_text) else { return true };
    let failing = fired.any.iter().flat_map(|s| [s.first.text.as_str(), s.worst.text.as_str(), s.last_text.as_str()]);
    failing.filter_map(pod).all(|failing| failing == healthy)
}

fn pod(text: &str) -> Option<String> {
    let mut facts = Facts::default();
    facts.line(text);
    facts.get("pod").map(str::to_owned)
}
