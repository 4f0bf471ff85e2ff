//! Mines the patterns of a log: which messages are the same but for their values. Of the Drain family, and without settings.
//!
//! A message becomes a key whose obvious values are masked ([`mask`]); a new key is a new slot. At the end, with all keys known, words that behave like values are
//! found and keys merged ([`merge`]). Memory is bounded: when there are too many keys they are merged early.

mod mask;
mod merge;

use std::collections::HashMap;

/// What a message belongs to until the end, when slots are merged into patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(u32);

impl Slot {
    /// The slot of a number.
    #[must_use]
    pub fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number, from 0 without gaps.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Mines patterns from messages.
#[derive(Clone, Debug, Default)]
pub struct Miner {
    slots: HashMap<String, u32>,
    keys: Vec<String>,
    samples: Vec<String>,
    scratch: String,
}

/// Keys told apart; what comes after them shares a slot by its first word.
const MOST_KEYS: usize = 20_000;
/// Slots by first word, after that.
const MOST_OVERFLOW: usize = 1000;
/// Bytes of a sample.
const MOST_SAMPLE: usize = 2000;

impl Miner {
    /// Takes the next message, one line.
    pub fn add(&mut self, message: &str) -> Slot {
        let mut key = std::mem::take(&mut self.scratch);
        mask::key(message, &mut key);
        let slot = self.slot(&mut key, message);
        self.scratch = key;
        slot
    }

    fn slot(&mut self, key: &mut String, message: &str) -> Slot {
        if let Some(known) = self.slots.get(key.as_str()) {
            return Slot(*known);
        }
        if self.keys.len() >= MOST_KEYS {
            overflow(key, self.keys.len());
            if let Some(known) = self.slots.get(key.as_str()) {
                return Slot(*known);
            }
        }
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.slots.insert(key.clone(), next);
        self.keys.push(key.clone());
        self.samples.push(message[..message.floor_char_boundary(MOST_SAMPLE)].to_owned());
        Slot(next)
    }

    /// Ends the stream, or says what is known so far.
    #[must_use]
    pub fn finish(&self) -> Mined {
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let (of_slot, templates) = merge::merge(&keys);
        let mut patterns: Vec<Pattern> =
            templates.into_iter().map(|template| Pattern { template, sample: String::new() }).collect();
        for (slot, pattern) in of_slot.iter().enumerate().rev() {
            patterns[*pattern].sample.clone_from(&self.samples[slot]);
        }
        Mined { patterns, of_slot }
    }
}

/// The key of a message for which there is no room: its first word, or nothing.
fn overflow(key: &mut String, keys: usize) {
    let first = key.split(' ').next().unwrap_or(mask::VALUE);
    *key = if keys < MOST_KEYS + MOST_OVERFLOW && first.len() < 64 {
        format!("{first} {} …", mask::VALUE)
    } else {
        format!("{} …", mask::VALUE)
    };
}

/// The patterns of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mined {
    /// In no particular order.
    pub patterns: Vec<Pattern>,
    of_slot: Vec<usize>,
}

impl Mined {
    /// Index of the pattern that a slot has become part of.
    #[must_use]
    pub fn pattern_of(&self, slot: Slot) -> usize {
        self.of_slot.get(slot.index()).copied().unwrap_or(0)
    }
}

/// A kind of message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Constant words, `<*>` for values.
    pub template: String,
    /// The first message of it.
    pub sample: String,
}

#[cfg(test)]
mod tests {
    use super::{MOST_KEYS, MOST_OVERFLOW, Miner};
    use proptest::prelude::*;

    #[test]
    fn messages_that_differ_in_values_share_a_pattern_with_its_first_sample() {
        let mut miner = Miner::default();
        let slots: Vec<_> = ["took 5 ms", "took 7 ms", "lost", "took 9 ms"].iter().map(|m| miner.add(m)).collect();
        let found = miner.finish();
        let patterns: Vec<usize> = slots.iter().map(|s| found.pattern_of(*s)).collect();
        assert_eq!(patterns[0], patterns[3]);
        assert_ne!(patterns[0], patterns[2]);
        let first = &found.patterns[patterns[1]];
        assert_eq!((first.template.as_str(), first.sample.as_str()), ("took <*>", "took 5 ms"));
    }

    #[test]
    fn memory_is_bounded_however_many_kinds_there_are() {
        let word = |n: usize| {
            (0..4).map(|i| char::from(b'a' + u8::try_from(n / 26usize.pow(i) % 26).expect("small"))).collect::<String>()
        };
        let mut miner = Miner::default();
        for n in 0..3 * MOST_KEYS {
            miner.add(&format!("{} {} x", word(n), word(n * 7 + 3)));
        }
        assert!(miner.keys.len() <= MOST_KEYS + MOST_OVERFLOW + 1);
        let _ = miner.finish();
    }

    proptest! {
        #[test]
        fn every_message_has_a_pattern(messages in proptest::collection::vec("[a-c0-9=\" ]{0,12}", 0..40)) {
            let mut miner = Miner::default();
            let slots: Vec<_> = messages.iter().map(|m| miner.add(m)).collect();
            let found = miner.finish();
            for slot in slots {
                prop_assert!(found.pattern_of(slot) < found.patterns.len());
            }
        }
    }
}
