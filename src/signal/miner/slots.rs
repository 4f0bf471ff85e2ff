//! What is known of every slot: its tokens, its count, its first line.

use super::shape::{self, Kind};
use super::word;
use super::words::{VALUE, Words};

/// Bytes kept of a first line.
const SAMPLE: usize = 2000;
/// Bytes kept of a first line once the samples together are large.
const SHORT_SAMPLE: usize = 200;
/// What the long samples may take together.
const SAMPLES: usize = 8 << 20;

/// Cells kept for all slots together.
const CELLS: usize = 2 << 20;
/// The pattern of what nothing is known of.
pub(super) const ANYTHING: Cell = Cell { word: VALUE, kind: Kind::Value, spaced: false };

/// One token of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its number among the [`Words`].
    pub(super) word: u32,
    pub(super) kind: Kind,
    /// Whether a blank stands before it.
    pub(super) spaced: bool,
}

/// How often and when a slot was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) first: u64,
    pub(super) last: u64,
}

/// All slots, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    tallies: Vec<Tally>,
    /// Ends of the cells of each slot in `cells`.
    ends: Vec<usize>,
    cells: Vec<Cell>,
    samples: Vec<Box<[u8]>>,
    sampled: usize,
}

impl Slots {
    pub(super) fn len(&self) -> usize {
        self.tallies.len()
    }

    /// Whether the patterns take all the memory that they may.
    pub(super) fn is_full(&self) -> bool {
        self.cells.len() >= CELLS
    }

    /// Counts one more line.
    #[inline]
    pub(super) fn count(&mut self, slot: u32, index: u64) {
        let tally = &mut self.tallies[slot as usize];
        tally.count += 1;
        tally.last = index;
    }

    /// A new slot, not yet counted.
    pub(super) fn open(&mut self, line: &[u8], cells: &[Cell], index: u64) -> u32 {
        let keep = if self.sampled < SAMPLES { SAMPLE } else { SHORT_SAMPLE };
        let sample: Box<[u8]> = line[..line.len().min(keep)].into();
        self.sampled += sample.len();
        self.samples.push(sample);
        self.cells.extend_from_slice(cells);
        self.ends.push(self.cells.len());
        self.tallies.push(Tally { count: 0, first: index, last: index });
        u32::try_from(self.tallies.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn tally(&self, slot: usize) -> Tally {
        self.tallies[slot]
    }

    pub(super) fn cells(&self, slot: usize) -> &[Cell] {
        let start = slot.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.cells[start..self.ends[slot]]
    }

    /// The first line, as much of it as was kept.
    pub(super) fn sample(&self, slot: usize) -> String {
        let mut text = String::from_utf8_lossy(&self.samples[slot]).into_owned();
        text.truncate(text.floor_char_boundary(SAMPLE));
        text
    }
}

/// Reads the cells of a line.
pub(super) fn cells_of(line: &[u8], words: &mut Words, cells: &mut Vec<Cell>) {
    cells.clear();
    shape::read(line, |token| {
        let text = &line[token.start..token.end];
        let word = match token.kind {
            Kind::Value => VALUE,
            Kind::Numbered => words.number(token.hash, &masked(text)),
            Kind::Word | Kind::Mark => words.number(token.hash, text),
        };
        let kind = if word == VALUE { Kind::Value } else { token.kind };
        cells.push(Cell { word, kind, spaced: token.spaced });
    });
}

/// A word with each of its numbers as `<*>`.
fn masked(word: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(word.len() + 2);
    for byte in word::numbered(word) {
        let shown = if byte.is_ascii_digit() { b"<*>" } else { &[byte][..] };
        text.extend_from_slice(shown);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{SAMPLE, Slots, cells_of};
    use crate::signal::miner::words::Words;

    #[test]
    fn a_line_becomes_cells() {
        let (mut words, mut cells) = (Words::default(), Vec::new());
        cells_of(b"eth0: up after 5 ms", &mut words, &mut cells);
        let texts: Vec<&str> = cells.iter().map(|cell| words.text(cell.word)).collect();
        assert_eq!(texts, ["eth<*>", ":", "up", "after", "", "ms"]);
        assert!(!cells[1].spaced && cells[2].spaced);
    }

    #[test]
    fn a_sample_is_cut_where_a_character_ends() {
        let mut slots = Slots::default();
        let slot = slots.open(&[0xff; 5000], &[], 0);
        let sample = slots.sample(slot as usize);
        assert!(sample.len() <= SAMPLE && sample.len() > SAMPLE - 3);
    }
}
