//! The last merges: patterns that other patterns cover, once those are known.

use super::general::General;
use super::merge::unite;
use super::place::Place;
use super::row::{self, Row};
use super::shape::Kind;
use super::slots::Cell;
use super::table::Table;
use super::vocabulary::is_closed;
use super::words::Words;

/// Constant words that patterns must share to be merged here.
const SHARED: usize = 3;

/// Merges what differs in several soft places at once, then what a pattern covers already.
pub(super) fn settled(rows: Vec<Row>, words: &Words) -> Vec<Row> {
    let mut rows = rows;
    let passes: [fn(&mut [Row], &Words) -> bool; 3] = [soften, cover, name];
    for pass in passes {
        if pass(&mut rows, words) {
            rows = unite(rows);
        }
    }
    rows
}

/// Merges rows that differ only in places where values are usual: after an equals sign, dotted names, names with numbers.
fn soften(rows: &mut [Row], words: &Words) -> bool {
    let mut any = false;
    let mut entries: Vec<(u64, usize)> =
        (0..rows.len()).filter_map(|at| Some((soft_key(&rows[at].cells, words)?, at))).collect();
    entries.sort_unstable();
    for bucket in entries.chunk_by(|a, b| a.0 == b.0).filter(|bucket| bucket.len() > 1) {
        let members: Vec<usize> = bucket.iter().map(|(_, at)| *at).collect();
        let places = row::differing(&members, rows);
        let vary = places.iter().all(|at| is_soft_parameter(*at, &members, rows, words));
        for member in members.iter().filter(|_| vary) {
            rows[*member].vary_all(&places);
            any = true;
        }
    }
    any
}

fn is_soft_parameter(at: usize, members: &[usize], rows: &[Row], words: &Words) -> bool {
    let cells = || members.iter().map(|row| rows[*row].cells[at]);
    let closed = cells().all(|cell| cell.kind == Kind::Value || is_closed(words.text(cell.word)));
    let plain = !Place { cells: &rows[members[0]].cells, at, words }.is_assigned()
        && cells().any(|cell| cell.kind == Kind::Word);
    let valued = cells().any(|cell| cell.kind == Kind::Value);
    !closed && (!plain || valued || members.len() >= 3)
}

/// The key of a row with its soft places left out, where enough is left.
fn soft_key(cells: &[Cell], words: &Words) -> Option<u64> {
    let mut key = row::key(cells);
    let mut left = row::constants(cells, usize::MAX);
    let soft = (0..cells.len()).filter(|at| cells[*at].may_vary() && is_soft(cells, *at, words));
    for at in soft {
        left -= usize::from(cells[at].kind != Kind::Value);
        key = row::key_without(key, cells, at);
    }
    (left >= SHARED).then_some(key)
}

fn is_soft(cells: &[Cell], at: usize, words: &Words) -> bool {
    let place = Place { cells, at, words };
    let dotted = || words.text(cells[at].word).matches('.').count() >= 2;
    at > 0 && !place.is_key() && (cells[at].kind == Kind::Numbered || place.is_assigned() || dotted())
}

/// Merges rows into general ones that differ from them in values only.
fn cover(rows: &mut [Row], words: &Words) -> bool {
    let general = General::of(rows);
    let mut any = false;
    for row in rows {
        let Some(set) = general.set_of(&row.cells, words) else { continue };
        row.vary_all(set);
        any = true;
    }
    any
}

/// Merges rows that have a name and a port, `gateway:80`, where another row has an address.
fn name(rows: &mut [Row], words: &Words) -> bool {
    let mut any = false;
    let mut keys = Table::with_room(rows.len());
    for (at, row) in (0u32..).zip(&*rows) {
        keys.put(row::key(&row.cells), at);
    }
    for row in rows {
        let cells = &row.cells;
        let places =
            (1..cells.len().saturating_sub(1)).filter(|colon| is_named_port(&cells[colon - 1..=colon + 1], words));
        let shorter = places
            .map(|colon| without_name(cells, colon))
            .find(|shorter| row::constants(shorter, usize::MAX) >= SHARED && keys.get(row::key(shorter)).is_some());
        if let Some(shorter) = shorter {
            row.cells = shorter;
            any = true;
        }
    }
    any
}

fn is_named_port(cells: &[Cell], words: &Words) -> bool {
    let attached = !cells[1].spaced && !cells[2].spaced;
    attached && cells[0].kind != Kind::Mark && words.text(cells[1].word) == ":" && cells[2].kind == Kind::Value
}

/// The cells with `name : value` around the colon as one value.
fn without_name(cells: &[Cell], colon: usize) -> Vec<Cell> {
    let value = Cell { spaced: cells[colon - 1].spaced, ..cells[colon + 1] };
    [&cells[..colon - 1], &[value], &cells[colon + 2..]].concat()
}
