//! The words seen so far, by number.

use super::table::Table;

/// The number of whatever varies.
pub(super) const VALUE: u32 = 0;
/// Words beyond this many count as values.
const MOST: usize = 200_000;
/// A longer word is kept without its end.
const LONGEST: usize = 128;

/// Interned words.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    numbers: Table,
    /// Ends of the words in `text`.
    ends: Vec<usize>,
    text: String,
}

impl Words {
    /// The number of the word with this hash. Its text is made only where it is new.
    pub(super) fn number(&mut self, hash: u64, word: &[u8]) -> u32 {
        if let Some(found) = self.numbers.get(hash) {
            return found;
        }
        if self.ends.len() >= MOST {
            return VALUE;
        }
        self.text.push_str(&String::from_utf8_lossy(&word[..word.len().min(LONGEST)]));
        self.ends.push(self.text.len());
        let number = u32::try_from(self.ends.len()).unwrap_or(VALUE);
        self.numbers.put(hash, number);
        number
    }

    /// The text of a word; nothing for a value.
    pub(super) fn text(&self, number: u32) -> &str {
        let Some(at) = (number as usize).checked_sub(1) else { return "" };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn a_word_keeps_its_number_and_text() {
        let mut words = Words::default();
        let numbers = [words.number(7, b"one"), words.number(8, b"two"), words.number(7, b"one")];
        assert_eq!(numbers, [1, 2, 1]);
        assert_eq!((words.text(1), words.text(2), words.text(0)), ("one", "two", ""));
    }
}
