//! What came out.

use super::Slot;
use super::merge;
use super::render;
use super::row::Row;
use super::slots::Slots;
use super::words::Words;

/// The patterns of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mined {
    /// All patterns, in the order of their first line.
    pub patterns: Vec<Pattern>,
    /// Pattern of each slot.
    of_slot: Vec<u32>,
}

/// Lines that one statement of a program may have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Constant words, and `<*>` for what varies.
    pub template: String,
    /// Number of lines.
    pub count: u64,
    /// The first line, or its start.
    pub sample: String,
    /// Index of the first line, from 0.
    pub first: u64,
    /// Index of the last line.
    pub last: u64,
}

impl Mined {
    /// The number of the pattern that a slot ended in.
    #[must_use]
    pub fn pattern_of(&self, slot: Slot) -> usize {
        self.of_slot.get(slot.0 as usize).map_or(0, |pattern| *pattern as usize)
    }

    pub(super) fn of(slots: &Slots, words: &Words) -> Self {
        let mut rows = merge::merged(slots, words);
        for row in &mut rows {
            row.slots.sort_unstable();
        }
        rows.sort_by_key(|row| row.slots[0]);
        let mut mined = Self { patterns: Vec::with_capacity(rows.len()), of_slot: vec![0; slots.len()] };
        for (number, row) in (0u32..).zip(&rows) {
            for slot in &row.slots {
                mined.of_slot[*slot as usize] = number;
            }
            mined.patterns.push(pattern(row, slots, words));
        }
        mined
    }
}

fn pattern(row: &Row, slots: &Slots, words: &Words) -> Pattern {
    let head = row.slots[0] as usize;
    let last = row.slots.iter().map(|slot| slots.tally(*slot as usize).last).max();
    Pattern {
        template: render::template(&row.cells, words),
        count: row.count,
        sample: slots.sample(head),
        first: slots.tally(head).first,
        last: last.unwrap_or_default(),
    }
}
