//! Literals that are little more than a number: `57P01`, `[53100]`, ` 502 `.
//!
//! With their digits blanked they would be in most lines, so that they do not tell which lines to read. What they tell is which shapes have a place for
//! them; on a line of such a shape the few that fit are looked for as they are.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;

use super::compiled::{self, Hot, Kind};

/// Which of these literals a shape has a place for. Zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberSet(u16);

/// All such literals of a catalogue.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Finds blanked literals; the pattern is an index of `literals`.
    blanked: Option<AhoCorasick>,
    literals: Vec<Vec<Literal>>,
}

/// The combinations of them that were met in one input.
#[derive(Debug)]
pub(super) struct NumberSets {
    sets: Vec<Vec<usize>>,
    known: HashMap<Vec<usize>, NumberSet>,
}

impl Default for NumberSets {
    /// The first is the empty one.
    fn default() -> Self {
        Self { sets: vec![Vec::new()], known: HashMap::new() }
    }
}

/// A literal as it is looked for.
#[derive(Debug)]
struct Literal {
    lower: Finder<'static>,
    upper: Option<Finder<'static>>,
    /// The signal that asks for it; `None` for a reader outside of the catalogue.
    signal: Option<u32>,
}

impl Literal {
    fn new(text: &str, signal: Option<u32>) -> Self {
        let upper = text.to_ascii_uppercase();
        let differs = upper != text;
        Self { lower: Finder::new(text).into_owned(), upper: differs.then(|| Finder::new(&upper).into_owned()), signal }
    }

    fn is_in(&self, line: &[u8]) -> bool {
        self.lower.find(line).is_some() || self.upper.as_ref().is_some_and(|u| u.find(line).is_some())
    }
}

impl Numbers {
    pub(super) fn of<'h>(hot: impl Iterator<Item = &'h Hot<'h>>, watch: &[&str]) -> Self {
        let mut places: HashMap<String, usize> = HashMap::new();
        let (mut texts, mut literals) = (Vec::new(), Vec::<Vec<Literal>>::new());
        let logs = hot.flat_map(|h| &h.signals).filter_map(|s| match &s.kind {
            Kind::Log { literals, .. } => Some(literals),
            _ => None,
        });
        let of_signals = (0u32..).zip(logs).flat_map(|(signal, wanted)| {
            wanted.iter().filter(|l| compiled::is_number(l)).map(move |l| (l.as_ref(), Some(signal)))
        });
        for (literal, signal) in of_signals.chain(watch.iter().map(|text| (*text, None))) {
            let blank = compiled::blank(literal).into_owned();
            let place = *places.entry(blank.clone()).or_insert_with(|| {
                texts.push(blank);
                literals.push(Vec::new());
                literals.len() - 1
            });
            literals[place].push(Literal::new(literal, signal));
        }
        let blanked = AhoCorasick::new(texts).ok().filter(|_| !literals.is_empty());
        Self { blanked, literals }
    }
}

impl NumberSets {
    /// Which literals a line with this blanked text has a place for.
    pub(super) fn possible(&mut self, numbers: &Numbers, blanked: &[u8]) -> NumberSet {
        let Some(automaton) = &numbers.blanked else { return NumberSet::default() };
        let mut found: Vec<usize> =
            automaton.find_overlapping_iter(blanked).map(|hit| hit.pattern().as_usize()).collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return NumberSet::default();
        }
        if let Some(known) = self.known.get(&found) {
            return *known;
        }
        let next = u16::try_from(self.sets.len()).ok();
        let Some(next) = next else {
            // More combinations than anybody writes: ask for everything.
            self.sets[usize::from(u16::MAX)] = (0..numbers.literals.len()).collect();
            return NumberSet(u16::MAX);
        };
        self.sets.push(found.clone());
        self.known.insert(found, NumberSet(next));
        NumberSet(next)
    }

    /// Who asks for a literal that `line` holds: signals, or `None` for a reader outside of the catalogue.
    pub(super) fn owners_of<'l>(
        &'l self,
        numbers: &'l Numbers,
        set: NumberSet,
        line: &'l [u8],
    ) -> impl Iterator<Item = Option<u32>> + 'l {
        let sets = self.sets.get(usize::from(set.0)).into_iter().flatten();
        let literals = sets.flat_map(|at| &numbers.literals[*at]);
        literals.filter(|l| l.is_in(line)).map(|l| l.signal)
    }
}

#[cfg(test)]
mod tests {
    use super::{NumberSet, NumberSets, Numbers};
    use crate::runbook::Catalogue;

    #[test]
    fn only_shapes_with_a_place_for_a_number_are_asked_for_it() {
        let catalogue = Catalogue::built_in();
        let numbers = Numbers::of(catalogue.entries().iter().map(|e| &e.hot), &["level\":50"]);
        let mut sets = NumberSets::default();
        assert_eq!(sets.possible(&numbers, b"nothing here"), NumberSet::default());
        let set = sets.possible(&numbers, b"error: sqlstate 00p00");
        assert_ne!(set, NumberSet::default());
        assert_eq!(sets.possible(&numbers, b"error: sqlstate 00p00"), set);
        assert!(sets.owners_of(&numbers, set, b"error: SQLSTATE 57P01").next().is_some());
        assert!(sets.owners_of(&numbers, set, b"error: SQLSTATE 12P34").next().is_none());
        let set = sets.possible(&numbers, b"{\"level\":00}");
        assert_eq!(sets.owners_of(&numbers, set, b"{\"level\":50}").collect::<Vec<_>>(), [None]);
        assert_eq!(sets.owners_of(&numbers, set, b"{\"level\":30}").next(), None);
    }
}
