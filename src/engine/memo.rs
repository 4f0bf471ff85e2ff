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

/// What is remembered of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub plan: Plan,
    /// Numbers that a line of it may hold and that change everything.
    pub numbers: NumberSet,
    /// Where in the line the text begins that signals look at; `None` where it has to be worked out each time.
    pub text_at: Option<u16>,
}

/// Plans by shape. Bounded: a shape that falls on the place of another takes it.
pub(super) struct Memo {
    places: Vec<(u64, Known)>,
    judgements: Vec<Judgement>,
    numbers: HashMap<Judgement, u32>,
}

/// Shapes remembered at a time, a power of two; each takes 24 bytes.
const PLACES: usize = 1 << 16;
/// Different judgements remembered at the most.
const MOST_JUDGEMENTS: u32 = 1 << 14;

impl Memo {
    pub(super) fn new() -> Self {
        Self { places: Vec::new(), judgements: Vec::new(), numbers: HashMap::new() }
    }

    /// What is remembered of a shape.
    pub(super) fn known(&self, shape: u64) -> Option<Known> {
        self.places.get(place(shape)).filter(|(found, _)| *found == shape).map(|(_, known)| *known)
    }

    pub(super) fn judgement(&self, number: u32) -> &Judgement {
        &self.judgements[number as usize]
    }

    pub(super) fn remember(&mut self, shape: u64, known: Known) {
        if self.places.is_empty() {
            let nothing = Known { plan: Plan::Read, numbers: NumberSet::default(), text_at: None };
            self.places = vec![(0, nothing); PLACES];
        }
        self.places[place(shape)] = (shape, known);
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
    use super::{Judgement, Known, Memo, NumberSet, PLACES, Plan};

    #[test]
    fn a_shape_takes_the_place_of_another_and_judgements_are_shared() {
        let mut memo = Memo::new();
        let of = |plan| Known { plan, numbers: NumberSet::default(), text_at: None };
        assert_eq!(memo.known(5), None);
        let watched = Judgement { watched: true, ..Judgement::default() };
        let plan = memo.keep(&watched);
        memo.remember(5, of(plan));
        assert_eq!((memo.known(5), memo.keep(&watched)), (Some(of(Plan::Judged(0))), plan));
        memo.remember(5 + PLACES as u64, of(Plan::Dull));
        assert_eq!((memo.known(5), memo.known(5 + PLACES as u64)), (None, Some(of(Plan::Dull))));
        assert!(memo.judgement(0).watched);
    }
}
