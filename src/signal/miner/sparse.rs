//! Merges patterns that differ at several places at once, each place with many different words.
//!
//! A constant word stands in every pattern of its statement, a value in few. So the rare words of each pattern are left out, and
//! patterns that are equal without them are one, if every place left out holds many different words.

use super::hash::mix;
use super::place::Place;
use super::row::{self, Row};
use super::table::Table;
use super::vocabulary::is_closed;
use super::words::Words;

/// Patterns needed to see that words are rare.
const ENOUGH: usize = 16;
/// A word is rare if another of its pattern stands in this many times as many.
const RARER: u32 = 4;
/// So many different words are enough at any place.
const MANY: usize = 16;

/// Turns the places with many rare words into values. Answers whether there were any.
pub(super) fn thin(rows: &mut [Row], words: &Words) -> bool {
    let support = supports(rows);
    let mut any = false;
    let mut entries: Vec<(u64, usize)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let rare = rare_places(row, &support);
        if row::constants(&row.cells, usize::MAX) >= rare.len() + rare.len().max(2) {
            let whole = row::key(&row.cells);
            entries.push((rare.iter().fold(whole, |key, place| row::key_without(key, &row.cells, *place)), at));
        }
    }
    entries.sort_unstable();
    for bucket in entries.chunk_by(|a, b| a.0 == b.0).filter(|bucket| bucket.len() >= ENOUGH) {
        let members: Vec<usize> = bucket.iter().map(|(_, at)| *at).collect();
        let places = row::differing(&members, rows);
        if !places.is_empty() && places.iter().all(|at| is_diverse(*at, &members, rows, words)) {
            for member in members {
                rows[member].vary_all(&places);
            }
            any = true;
        }
    }
    any
}

/// In how many rows of its skeleton each word stands at its place.
fn supports(rows: &[Row]) -> Table {
    let mut alike = Table::with_room(rows.len());
    for row in rows {
        alike.add(row::skeleton(&row.cells));
    }
    let many = |skeleton: &u64| alike.get(*skeleton).is_some_and(|rows| rows as usize >= ENOUGH);
    let mut support = Table::default();
    for (row, skeleton) in
        rows.iter().map(|row| (row, row::skeleton(&row.cells))).filter(|(_, skeleton)| many(skeleton))
    {
        for at in row::varying(&row.cells) {
            support.add(mix(skeleton, row::part(at, row.cells[at].word)));
        }
    }
    support
}

fn rare_places(row: &Row, support: &Table) -> Vec<usize> {
    let skeleton = row::skeleton(&row.cells);
    let of = |at: usize| support.get(mix(skeleton, row::part(at, row.cells[at].word))).unwrap_or(0);
    let most = row::varying(&row.cells).map(of).max().unwrap_or(0);
    row::varying(&row.cells).filter(|at| of(*at) * RARER < most).collect()
}

fn is_diverse(at: usize, members: &[usize], rows: &[Row], words: &Words) -> bool {
    let mut found: Vec<u32> = members.iter().map(|row| rows[*row].cells[at].word).collect();
    found.sort_unstable();
    found.dedup();
    found.retain(|word| !is_closed(words.text(*word)));
    let key = Place { cells: &rows[members[0]].cells, at, words }.is_key();
    !key && found.len() >= (members.len() / 4).clamp(8, MANY)
}
