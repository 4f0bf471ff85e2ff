//! What was found out about lines, by their shape, so that a line like one before need not be read again.

use std::collections::HashMap;

use crate::evidence::Level;
use crate::runbook::NumberSet;
use crate::signal::{Alarm, Mention, Verdict};

/// What a line says, whatever line it is. The same for every line of its shape where it was found to be steady.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Judgement {
    pub level: Option<Level>,
    pub mention: Option<Mention>,
    /// Signals that fire on it.
    pub firing: Vec<u32>,
    /// Signals that may fire on it: it hangs on digits, so that they are tried each time.
    pub unsure: Vec<u32>,
    /// Readers other than the matcher want it.
    pub watched: bool,
    pub verdict: Option<Verdict>,
    pub alarm: Option<Alarm>,
    /// It may begin a stack trace, so that its text is wanted each time.
    pub begins_trace: bool,
}

/// What to do with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Nothing looks at such lines.
    Dull,
    /// The digits matter: read each of them.
    Read,
    /// Judged before; the number of the judgement.
    Judged(u32),
}

/// Plans by shape. Bounded: a shape that falls on the place of another takes it.
pub(super) struct Memo {
    places: Vec<(u64, Plan, NumberSet)>,
    judgements: Vec<Judgement>,
    numbers: HashMap<Judgement, u32>,
}

/// Shapes remembered at a time, a power of two; each takes 16 bytes.
const PLACES: usize = 1 << 16;
/// Different judgements remembered at the most.
const MOST_JUDGEMENTS: u32 = 1 << 14;

impl Memo {
    pub(super) fn new() -> Self {
        Self { places: Vec::new(), judgements: Vec::new(), numbers: HashMap::new() }
    }

    /// What to do with a line of this shape, unless it holds one of the numbers.
    pub(super) fn plan(&self, shape: u64) -> Option<(Plan, NumberSet)> {
        self.places.get(place(shape)).filter(|(known, ..)| *known == shape).map(|(_, plan, numbers)| (*plan, *numbers))
    }

    pub(super) fn judgement(&self, number: u32) -> &Judgement {
        &self.judgements[number as usize]
    }

    pub(super) fn remember(&mut self, shape: u64, plan: Plan, numbers: NumberSet) {
        if self.places.is_empty() {
            self.places = vec![(0, Plan::Read, NumberSet::default()); PLACES];
        }
        self.places[place(shape)] = (shape, plan, numbers);
    }

    /// Keeps a judgement; equal ones share a number.
    pub(super) fn keep(&mut self, judgement: &Judgement) -> Plan {
        if let Some(number) = self.numbers.get(judgement) {
            return Plan::Judged(*number);
        }
        let number = u32::try_from(self.judgements.len()).unwrap_or(MOST_JUDGEMENTS);
        if number >= MOST_JUDGEMENTS {
            return Plan::Read;
        }
        self.judgements.push(judgement.clone());
        self.numbers.insert(judgement.clone(), number);
        Plan::Judged(number)
    }
}

fn place(shape: u64) -> usize {
    usize::try_from(shape % PLACES as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Judgement, Memo, NumberSet, PLACES, Plan};

    #[test]
    fn a_shape_takes_the_place_of_another_and_judgements_are_shared() {
        let mut memo = Memo::new();
        assert_eq!(memo.plan(5), None);
        let watched = Judgement { watched: true, ..Judgement::default() };
        let plan = memo.keep(&watched);
        memo.remember(5, plan, NumberSet::default());
        let known = |memo: &Memo, shape| memo.plan(shape).map(|(plan, _)| plan);
        assert_eq!((known(&memo, 5), memo.keep(&watched)), (Some(Plan::Judged(0)), plan));
        memo.remember(5 + PLACES as u64, Plan::Dull, NumberSet::default());
        assert_eq!((known(&memo, 5), known(&memo, 5 + PLACES as u64)), (None, Some(Plan::Dull)));
        assert!(memo.judgement(0).watched);
    }
}
