//! The words of all documents with their numbers, while an index is built.
//!
//! A raw word is taken apart and stemmed once, however often it stands in the documents: that is most of what a build would cost.

use std::collections::HashMap;
use std::ops::Range;

use super::words::Word;
use super::{pairs, short};

/// What one raw word stands for.
#[derive(Clone, Debug)]
pub(super) struct Known {
    parts: Range<u32>,
    /// The number of the whole, where the word has several parts.
    pub(super) whole: Option<u32>,
}

/// Raw words, and the numbers of their parts.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    raw: HashMap<Box<str>, Known>,
    numbers: HashMap<Box<str>, u32>,
    /// Hashes for pairs, by number.
    hashes: Vec<u32>,
    /// The parts of all raw words; none for a stop word.
    parts: Vec<Option<u32>>,
}

impl Vocabulary {
    /// What `raw` stands for.
    pub(super) fn read(&mut self, raw: &str) -> Known {
        if let Some(known) = self.raw.get(raw) {
            return known.clone();
        }
        let word = Word::of(raw);
        let start = self.parts.len();
        for part in word.parts {
            let number = part.map(|part| self.number(part));
            self.parts.push(number);
        }
        let parts = short(start)..short(self.parts.len());
        let known = Known { parts, whole: word.whole.map(|whole| self.number(whole)) };
        self.raw.insert(raw.into(), known.clone());
        known
    }

    /// The numbers of the parts of a known word.
    pub(super) fn parts(&self, known: &Known) -> &[Option<u32>] {
        self.parts.get(known.parts.start as usize..known.parts.end as usize).unwrap_or_default()
    }

    /// The hash of a word for pairs.
    pub(super) fn hash(&self, number: u32) -> u32 {
        self.hashes.get(number as usize).copied().unwrap_or_default()
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// All words with their numbers, sorted by word.
    pub(super) fn sorted(self) -> Vec<(Box<str>, u32)> {
        let mut all: Vec<_> = self.numbers.into_iter().collect();
        all.sort_unstable();
        all
    }

    fn number(&mut self, word: String) -> u32 {
        let next = short(self.hashes.len());
        let hashes = &mut self.hashes;
        *self.numbers.entry(word.into()).or_insert_with_key(|word| {
            hashes.push(pairs::of_word(word));
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;

    #[test]
    fn a_word_keeps_its_number() {
        let mut vocabulary = Vocabulary::default();
        let camel = vocabulary.read("DiskFull");
        let again = vocabulary.read("disk-full");
        assert_eq!(camel.whole, again.whole);
        assert_eq!(vocabulary.parts(&camel), vocabulary.parts(&again));
        let stop = vocabulary.read("the");
        assert_eq!((vocabulary.parts(&stop), vocabulary.len()), (&[None][..], 3));
        let words: Vec<_> = vocabulary.sorted().into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["disk".into(), "diskfull".into(), "full".into()].map(|w: Box<str>| w).to_vec());
    }
}
