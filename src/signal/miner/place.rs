//! What stands around a word: whether its place is one where values are usual.

use super::shape::Kind;
use super::slots::Cell;
use super::vocabulary::{BEFORE, THINGS, is_telling};
use super::words::Words;

/// One place of a pattern.
#[derive(Clone, Copy)]
pub(super) struct Place<'r> {
    pub(super) cells: &'r [Cell],
    pub(super) at: usize,
    pub(super) words: &'r Words,
}

impl Place<'_> {
    /// The text so many cells before; nothing for a value.
    fn before(&self, steps: usize) -> &str {
        self.at.checked_sub(steps).map_or("", |at| self.words.text(self.cells[at].word))
    }

    /// The key that the place holds the value of: `key=value`, `key="value"`, `"key": "value"`.
    fn key(&self) -> Option<&str> {
        match [self.before(1), self.before(2), self.before(3)] {
            ["=", key, _] | ["\"" | "'", "=", key] => Some(key),
            ["\"", ":", "\""] => Some(self.before(4)),
            _ => None,
        }
    }

    /// Whether it is a key itself, which is never a value.
    pub(super) fn is_key(&self) -> bool {
        self.cells.get(self.at + 1).is_some_and(|next| self.words.text(next.word) == "=")
    }

    /// The value of a key that does not say what happened.
    pub(super) fn is_assigned(&self) -> bool {
        self.key().is_some_and(|key| !is_telling(key))
    }

    /// The value of a key that says what happened.
    pub(super) fn is_telling(&self) -> bool {
        self.key().is_some_and(is_telling)
    }

    /// Whether the place names what the words before it speak of: `on host alpha`.
    pub(super) fn is_named_thing(&self) -> bool {
        THINGS.contains(&self.before(1)) && BEFORE.contains(&self.before(2))
    }

    /// Whether a preposition stands before it.
    pub(super) fn is_led(&self) -> bool {
        BEFORE.contains(&self.before(1))
    }

    /// Whether no word of the pattern's text stands next to it.
    pub(super) fn is_alone(&self) -> bool {
        let is_word = |at: usize| self.cells.get(at).is_some_and(|cell| cell.kind == Kind::Word);
        !is_word(self.at + 1) && !self.at.checked_sub(1).is_some_and(is_word)
    }

    /// Whether it is the first word or value.
    pub(super) fn is_first(&self) -> bool {
        !self.cells[..self.at].iter().any(|cell| cell.may_vary())
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::signal::miner::slots::cells_of;
    use crate::signal::miner::words::Words;

    /// Whether the word `here` of a line is assigned, telling, the name of a thing, alone.
    fn ask(line: &str) -> [bool; 4] {
        let (mut words, mut cells) = (Words::default(), Vec::new());
        cells_of(line.as_bytes(), &mut words, &mut cells);
        let at = cells.iter().position(|cell| words.text(cell.word) == "here").expect("the word");
        let place = Place { cells: &cells, at, words: &words };
        [place.is_assigned(), place.is_telling(), place.is_named_thing(), place.is_alone()]
    }

    #[test]
    fn values_of_keys_are_known() {
        for line in ["a key=here", "a key=\"here\"", "{\"key\":\"here\"}", "key='here' b"] {
            assert_eq!(ask(line)[..2], [true, false], "{line}");
        }
        assert_eq!(ask("{\"msg\":\"here\"}")[..2], [false, true]);
        assert_eq!(ask("key: here")[..2], [false, false]);
    }

    #[test]
    fn names_follow_what_they_name() {
        assert_eq!(ask("moved to host here now")[2..], [true, false]);
        assert_eq!(ask("the host here now")[2..], [false, false]);
        assert_eq!(ask("5 (n), here (state)")[2..], [false, true]);
    }
}
