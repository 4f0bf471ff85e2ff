//! Patterns known to have a parameter, so that a new word in its place opens no new slot.

use std::collections::BTreeMap;

use super::row::{self, Row};
use super::shape::Kind;
use super::slots::Cell;
use super::table::Table;
use super::vocabulary::is_closed;
use super::words::Words;

/// Sets of parameters tried for one skeleton.
const TRIED: usize = 8;

/// Finds the slot of a line that a merged pattern covers.
#[derive(Clone, Debug, Default)]
pub(super) struct General {
    slots: Table,
    /// Skeletons to their number among `places`.
    skeletons: Table,
    /// Sets of places that hold a value, by skeleton.
    places: Vec<Vec<Vec<usize>>>,
}

impl General {
    /// The patterns of merged rows.
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut general = Self::default();
        let mut sets: BTreeMap<u64, BTreeMap<Vec<usize>, u64>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.slots.len() > 1) {
            general.slots.put(row::key(&row.cells), row.slots[0]);
            *sets.entry(row::skeleton(&row.cells)).or_default().entry(valued(&row.cells)).or_default() += row.count;
        }
        for (skeleton, sets) in sets {
            general.skeletons.put(skeleton, u32::try_from(general.places.len()).unwrap_or(u32::MAX - 1));
            general.places.push(most_frequent(sets));
        }
        general
    }

    /// The slot of the first pattern that covers `cells`, with no word of a closed choice in place of a value.
    pub(super) fn slot_of(&self, cells: &[Cell], words: &Words) -> Option<u32> {
        self.find(cells, words).map(|(_, slot)| slot)
    }

    /// The places of the values of the first pattern that covers `cells`.
    pub(super) fn set_of(&self, cells: &[Cell], words: &Words) -> Option<&[usize]> {
        self.find(cells, words).map(|(set, _)| set)
    }

    fn find(&self, cells: &[Cell], words: &Words) -> Option<(&[usize], u32)> {
        let sets = &self.places[self.skeletons.get(row::skeleton(cells))? as usize];
        let whole = row::key(cells);
        sets.iter().find_map(|set| {
            let key = set.iter().fold(whole, |key, at| row::key_without(key, cells, *at));
            let slot = self.slots.get(key)?;
            let open = set.iter().all(|at| !is_closed(words.text(cells[*at].word)));
            open.then_some((set.as_slice(), slot))
        })
    }
}

fn valued(cells: &[Cell]) -> Vec<usize> {
    (0..cells.len()).filter(|at| cells[*at].kind == Kind::Value).collect()
}

fn most_frequent(sets: BTreeMap<Vec<usize>, u64>) -> Vec<Vec<usize>> {
    let mut sets: Vec<_> = sets.into_iter().collect();
    sets.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sets.into_iter().take(TRIED).map(|(set, _)| set).collect()
}
