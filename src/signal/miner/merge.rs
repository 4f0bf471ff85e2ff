//! Merges patterns that differ where a value stands, judged by what all of them have at that place.
//!
//! Every round is linear in the patterns: each enters one bucket per word, with the key that leaves the word out.

use super::last;
use super::pairs::Pairs;
use super::row::{self, Row};
use super::slots::Slots;
use super::sparse;
use super::table::Table;
use super::verdict::Column;
use super::words::Words;

/// Rounds of merging: one for each word that varies in the same pattern.
const ROUNDS: usize = 6;

/// One pattern with one place left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u64,
    at: u32,
    row: u32,
}

/// Patterns that may become one.
struct Proposal {
    at: usize,
    rows: Vec<u32>,
}

/// The rows that the slots come down to.
pub(super) fn merged(slots: &Slots, words: &Words) -> Vec<Row> {
    let rows = (0..slots.len()).filter_map(|slot| row_of(slots, slot)).collect();
    let mut rows = rounds(unite(rows), words);
    if sparse::thin(&mut rows, words) {
        rows = rounds(unite(rows), words);
    }
    last::settled(rows, words)
}

fn rounds(mut rows: Vec<Row>, words: &Words) -> Vec<Row> {
    for _ in 0..ROUNDS {
        if !round(&mut rows, words) {
            break;
        }
        rows = unite(rows);
    }
    rows
}

fn row_of(slots: &Slots, slot: usize) -> Option<Row> {
    let count = slots.tally(slot).count;
    let number = u32::try_from(slot).ok()?;
    Some(Row { cells: slots.cells(slot).to_vec(), count, slots: vec![number] })
}

/// Makes one row of those that are equal.
pub(super) fn unite(mut rows: Vec<Row>) -> Vec<Row> {
    let mut seen = Table::with_room(rows.len());
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    for row in &mut rows {
        let key = row::key(&row.cells);
        if let Some(at) = seen.get(key) {
            let twin = &mut kept[at as usize];
            twin.count += row.count;
            twin.slots.append(&mut row.slots);
        } else {
            seen.put(key, u32::try_from(kept.len()).unwrap_or(u32::MAX - 1));
            kept.push(Row {
                cells: std::mem::take(&mut row.cells),
                count: row.count,
                slots: std::mem::take(&mut row.slots),
            });
        }
    }
    kept
}

/// Merges what one place tells apart. Answers whether anything was.
fn round(rows: &mut [Row], words: &Words) -> bool {
    let mut proposals = proposals(rows, words);
    // What most patterns speak for goes first; a pattern moves once a round.
    proposals.sort_by_key(|proposal| std::cmp::Reverse(proposal.rows.len()));
    let mut moved = vec![false; rows.len()];
    for Proposal { at, rows: members } in &proposals {
        for member in members.iter().map(|row| *row as usize) {
            if !std::mem::replace(&mut moved[member], true) {
                rows[member].vary(*at);
            }
        }
    }
    !proposals.is_empty()
}

fn proposals(rows: &[Row], words: &Words) -> Vec<Proposal> {
    let entries = entries(rows);
    let buckets = entries.chunk_by(|a, b| (a.key, a.at) == (b.key, b.at));
    buckets.filter(|bucket| bucket.len() > 1).filter_map(|bucket| judged(bucket, rows, words)).collect()
}

fn judged(bucket: &[Entry], rows: &[Row], words: &Words) -> Option<Proposal> {
    let at = bucket[0].at as usize;
    let row = |entry: &Entry| &rows[entry.row as usize];
    let column = Column {
        cells: &row(&bucket[0]).cells,
        at,
        words: bucket.iter().map(|entry| (row(entry).cells[at].word, row(entry).count)).collect(),
    };
    column.is_parameter(words).then(|| Proposal { at, rows: bucket.iter().map(|entry| entry.row).collect() })
}

/// One entry for each place that may vary, of those whose key is not alone.
fn entries(rows: &[Row]) -> Vec<Entry> {
    let cells = rows.iter().map(|row| row.cells.len()).sum();
    let mut pairs = Pairs::with_room(cells);
    each_entry(rows, |entry| pairs.see(entry.key));
    let mut entries = Vec::new();
    each_entry(rows, |entry| {
        if pairs.seen_twice(entry.key) {
            entries.push(entry);
        }
    });
    entries.sort_unstable();
    entries
}

fn each_entry(rows: &[Row], mut take: impl FnMut(Entry)) {
    for (number, row) in (0u32..).zip(rows) {
        let whole = row::key(&row.cells);
        for (at, _) in (0u32..).zip(&row.cells).filter(|(_, cell)| cell.may_vary()) {
            take(Entry { key: row::key_without(whole, &row.cells, at as usize), at, row: number });
        }
    }
}
