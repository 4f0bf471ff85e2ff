//! Mines patterns from a stream of log messages: one pass, bounded memory, no settings.
//!
//! A line is read into its *shape*, in which whatever varies by its nature (numbers, addresses, paths, identifiers) is a value.
//! Lines of one shape share a slot, found by hash. Only a new shape takes the slow path. When the stream ends, slots merge by what
//! all of them have at the same place: a place with many different words is a parameter, one with few words seen often is vocabulary.
//!
//! Pure: no I/O, no clock; the same lines give the same patterns. Imports nothing of its room.

mod class;
mod front;
mod general;
mod hash;
mod last;
mod lexeme;
mod merge;
mod mined;
mod pairs;
mod place;
mod render;
mod row;
mod shape;
mod slots;
mod sparse;
mod table;
#[cfg(test)]
mod tests;
mod verdict;
mod vocabulary;
mod word;
mod words;

pub use mined::{Mined, Pattern};

use front::Front;
use general::General;
use slots::{Cell, Slots};
use table::Table;
use words::Words;

/// Bytes looked at of a line.
const LOOKED_AT: usize = 2048;
/// Slots at most; shapes beyond them share one.
const MOST: usize = 50_000;
/// Shapes remembered at most: those of slots, and those that a general pattern covers.
const SHAPES: usize = 4 * MOST;
/// How many slots there are when they are first merged within the stream. Four times as many from there.
const FIRST_REVIEW: usize = 1024;

/// Where a line was put. Slots are dense, from 0, and stay; several may turn out to be one pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u32);

impl Slot {
    /// The slot of a number.
    #[must_use]
    pub fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Takes the lines.
#[derive(Clone, Debug)]
pub struct Miner {
    front: Front,
    shapes: Table,
    slots: Slots,
    words: Words,
    general: General,
    /// Number of slots at which the general patterns are looked for again.
    review: usize,
    /// Number of slots at which no more are opened.
    most: usize,
    overflow: Option<u32>,
    next: u64,
    cells: Vec<Cell>,
}

impl Default for Miner {
    fn default() -> Self {
        Self {
            front: Front::default(),
            shapes: Table::default(),
            slots: Slots::default(),
            words: Words::default(),
            general: General::default(),
            review: FIRST_REVIEW,
            most: MOST,
            overflow: None,
            next: 0,
            cells: Vec::new(),
        }
    }
}

impl Miner {
    /// Takes the next message: one line without its line feed, of any bytes.
    #[inline]
    pub fn add(&mut self, message: &[u8]) -> Slot {
        let line = &message[..message.len().min(LOOKED_AT)];
        let index = self.next;
        self.next += 1;
        let key = front::key(line);
        let slot = match self.front.get(key) {
            Some(slot) => slot,
            None => self.read(line, key, index),
        };
        self.slots.count(slot, index);
        Slot(slot)
    }

    /// Takes a message that is known to belong to `slot`, because it has the shape of one that does.
    #[inline]
    pub fn again(&mut self, slot: Slot) {
        let index = self.next;
        self.next += 1;
        self.slots.count(slot.0, index);
    }

    /// Ends the stream, or says what is known so far.
    #[must_use]
    pub fn finish(&self) -> Mined {
        Mined::of(&self.slots, &self.words)
    }

    /// Finds the slot by the shape of the line.
    fn read(&mut self, line: &[u8], key: u64, index: u64) -> u32 {
        let shape = shape::hash(line);
        let slot = self.shapes.get(shape).unwrap_or_else(|| self.learn(line, shape, index));
        self.front.put(key, slot);
        slot
    }

    /// Finds the slot of a shape not seen before.
    #[cold]
    fn learn(&mut self, line: &[u8], shape: u64, index: u64) -> u32 {
        slots::cells_of(line, &mut self.words, &mut self.cells);
        if let Some(slot) = self.general.slot_of(&self.cells, &self.words) {
            if self.shapes.len() < SHAPES {
                self.shapes.put(shape, slot);
            }
            return slot;
        }
        if self.slots.len() >= self.most || self.slots.is_full() {
            return self.overflow(line, index);
        }
        let slot = self.slots.open(line, &self.cells, index);
        self.shapes.put(shape, slot);
        if self.slots.len() >= self.review {
            self.review *= 4;
            self.general = General::of(&merge::merged(&self.slots, &self.words));
        }
        slot
    }

    /// The slot of all that came too late.
    fn overflow(&mut self, line: &[u8], index: u64) -> u32 {
        if let Some(slot) = self.overflow {
            return slot;
        }
        let slot = self.slots.open(line, &[slots::ANYTHING], index);
        self.overflow = Some(slot);
        slot
    }
}
