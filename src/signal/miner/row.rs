//! Patterns on their way to being final: rows of cells, and keys that leave one or more of them out.

use super::hash::mix;
use super::shape::Kind;
use super::slots::Cell;
use super::words::VALUE;

/// Slots that share a pattern.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) count: u64,
    pub(super) slots: Vec<u32>,
}

impl Cell {
    /// Whether a merge may turn it into a value.
    pub(super) fn may_vary(self) -> bool {
        self.kind != Kind::Mark
    }

    fn is_constant(self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Numbered)
    }
}

/// What one cell adds to the key of its row.
pub(super) fn part(at: usize, word: u32) -> u64 {
    mix(at as u64 + 1, u64::from(word) + 1)
}

/// Alike for rows of the same length, punctuation and blanks.
pub(super) fn skeleton(cells: &[Cell]) -> u64 {
    cells.iter().fold(cells.len() as u64, |hash, cell| {
        let mark = if cell.may_vary() { 0 } else { u64::from(cell.word) };
        mix(hash ^ u64::from(cell.spaced), mark)
    })
}

/// Alike for rows with the same cells.
pub(super) fn key(cells: &[Cell]) -> u64 {
    let words = cells.iter().enumerate().map(|(at, cell)| part(at, cell.word));
    words.fold(skeleton(cells), u64::wrapping_add)
}

/// The key of a row, given its whole key, as if the cell `at` were a value.
pub(super) fn key_without(whole: u64, cells: &[Cell], at: usize) -> u64 {
    whole.wrapping_sub(part(at, cells[at].word)).wrapping_add(part(at, VALUE))
}

/// The number of constant words in a row without the cell `at`.
pub(super) fn constants(cells: &[Cell], at: usize) -> usize {
    cells.iter().enumerate().filter(|(i, cell)| *i != at && cell.is_constant()).count()
}

/// The number of values in a row without the cell `at`.
pub(super) fn values(cells: &[Cell], at: usize) -> usize {
    cells.iter().enumerate().filter(|(i, cell)| *i != at && cell.kind == Kind::Value).count()
}

impl Row {
    /// Turns cells into values.
    pub(super) fn vary_all(&mut self, places: &[usize]) {
        for at in places {
            self.vary(*at);
        }
    }

    /// Turns a cell into a value.
    pub(super) fn vary(&mut self, at: usize) {
        self.cells[at].word = VALUE;
        self.cells[at].kind = Kind::Value;
    }
}

/// The places of a row that a merge may turn into values.
pub(super) fn varying(cells: &[Cell]) -> impl Iterator<Item = usize> {
    (0..cells.len()).filter(|at| cells[*at].may_vary())
}

/// The places where rows of one skeleton do not have the same word.
pub(super) fn differing(members: &[usize], rows: &[Row]) -> Vec<usize> {
    let head = &rows[members[0]].cells;
    varying(head).filter(|at| members.iter().any(|row| rows[*row].cells[*at].word != head[*at].word)).collect()
}
