//! Whether the words that differ at one place of otherwise equal patterns are values or vocabulary.

use super::place::Place;
use super::row;
use super::slots::Cell;
use super::vocabulary::{SIZES, TIMES, is_closed};
use super::words::{VALUE, Words};

/// Patterns that are equal but for the cell at one place.
pub(super) struct Column<'r> {
    /// Any of the patterns.
    pub(super) cells: &'r [Cell],
    pub(super) at: usize,
    /// The word of each pattern at that place, with its count.
    pub(super) words: Vec<(u32, u64)>,
}

/// A record with this many values and words is a table row: what varies in it is a value too.
const RECORD: usize = 5;
/// So many different words are values, however often each was seen.
const MANY: usize = 16;
/// What a favourite is ahead of the middle by.
const AHEAD: u64 = 16;
/// Words seen more often than this each, in the middle, look like vocabulary.
const OFTEN: u64 = 4;

impl Column<'_> {
    /// Whether the place holds a parameter.
    pub(super) fn is_parameter(&self, words: &Words) -> bool {
        let constants = row::constants(self.cells, self.at);
        let mut named = self.words.iter().filter(|(word, _)| *word != VALUE);
        if self.are_units(words) {
            return true;
        }
        if constants == 0 || named.all(|(word, _)| is_closed(words.text(*word))) {
            return false;
        }
        let place = Place { cells: self.cells, at: self.at, words };
        if place.is_key() {
            return false;
        }
        let likely = constants >= 2 && !place.is_first() && self.is_likely(&place, constants);
        likely || self.words.len() >= self.needed(&place, constants)
    }

    /// Whether the place tells that it holds a value, however few the words.
    fn is_likely(&self, place: &Place, constants: usize) -> bool {
        let valued = self.words.iter().any(|(word, _)| *word == VALUE);
        let record = constants >= RECORD && row::values(self.cells, self.at) >= RECORD && place.is_alone();
        let argument = place.is_assigned() || place.is_named_thing();
        argument || (!place.is_telling() && (valued || record))
    }

    /// How many different words the place has at least if it holds a value.
    fn needed(&self, place: &Place, constants: usize) -> usize {
        let needed = needed(constants) + if place.is_first() { 6 } else { 0 };
        let chosen = self.looks_chosen() && !place.is_led();
        (needed * if chosen { 2 } else { 1 }).min(MANY)
    }

    /// Units of the same quantity after a number: `4.2 KB` here, `17 B` there.
    fn are_units(&self, words: &Words) -> bool {
        let after_number = self.at > 0 && self.cells[self.at - 1].word == VALUE;
        let all = |units: &[&str]| self.words.iter().all(|(word, _)| units.contains(&words.text(*word)));
        after_number && (all(SIZES) || all(TIMES))
    }

    /// Whether all words are seen often, as those of a fixed choice are, and none is far ahead, as a favourite name is.
    fn looks_chosen(&self) -> bool {
        let mut counts: Vec<u64> = self.words.iter().map(|(_, count)| *count).collect();
        counts.sort_unstable();
        let (median, most) = (counts[counts.len() / 2], counts[counts.len() - 1]);
        median > OFTEN && most < median * AHEAD
    }
}

/// How many different words a parameter has at least: the more when little else holds the patterns together.
fn needed(constants: usize) -> usize {
    match constants {
        1 => 10,
        2 => 6,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::Column;
    use crate::signal::miner::slots::cells_of;
    use crate::signal::miner::words::Words;

    /// Whether `choices`, each with its count, are values in the place of `X` in `line`.
    fn judged(line: &str, choices: &[(&str, u64)]) -> bool {
        let (mut words, mut cells) = (Words::default(), Vec::new());
        cells_of(line.as_bytes(), &mut words, &mut cells);
        let at = cells.iter().position(|cell| words.text(cell.word) == "X").expect("a place");
        let number = |(at, (word, count)): (u64, &(&str, u64))| (words.number(at + 1, word.as_bytes()), *count);
        let choices = (1 << 40..).zip(choices).map(number).collect();
        Column { cells: &cells, at, words: choices }.is_parameter(&words)
    }

    #[test]
    fn few_names_seen_often_are_values_if_one_is_far_ahead() {
        let line = "left the party of X behind";
        assert!(!judged("the X party is left behind", &[("a", 20), ("b", 21), ("c", 19), ("d", 20)]));
        assert!(judged("the X party is left behind", &[("a", 20), ("b", 900), ("c", 19), ("d", 20)]));
        assert!(judged(line, &[("a", 20), ("b", 21), ("c", 19), ("d", 20)]));
        assert!(!judged(line, &[("a", 1), ("b", 1)]));
    }

    #[test]
    fn what_a_record_says_happened_is_no_value() {
        assert!(judged("time=1 name=X port=2 of it", &[("a", 1), ("b", 1)]));
        assert!(!judged("time=1 event=X port=2 of it", &[("a", 1), ("b", 1)]));
    }
}
