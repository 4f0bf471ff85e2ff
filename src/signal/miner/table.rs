//! An open-addressed table from hashes to small numbers.

const EMPTY: (u64, u32) = (0, u32::MAX);

/// Keys are well-mixed hashes, so their low bits are the place. Never more than half full.
#[derive(Clone, Debug)]
pub(super) struct Table {
    places: Vec<(u64, u32)>,
    used: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { places: vec![EMPTY; 1 << 8], used: 0 }
    }
}

impl Table {
    /// A table with room for `keys`.
    pub(super) fn with_room(keys: usize) -> Self {
        Self { places: vec![EMPTY; (keys * 2 + 2).next_power_of_two()], used: 0 }
    }

    /// The number under `key`.
    #[inline]
    pub(super) fn get(&self, key: u64) -> Option<u32> {
        let found = self.places[self.find(key)].1;
        (found != u32::MAX).then_some(found)
    }

    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// Puts a number under `key`.
    pub(super) fn put(&mut self, key: u64, number: u32) {
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
        let at = self.find(key);
        self.used += usize::from(self.places[at].1 == u32::MAX);
        self.places[at] = (key, number);
    }

    /// Counts one more under `key`.
    pub(super) fn add(&mut self, key: u64) {
        let at = self.find(key);
        match &mut self.places[at] {
            (_, u32::MAX) => self.put(key, 1),
            (_, count) => *count = count.saturating_add(1).min(u32::MAX - 1),
        }
    }

    /// Where `key` is, or the empty place where it belongs.
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
    #[inline]
    fn find(&self, key: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut at = key as usize & mask;
        while self.places[at].1 != u32::MAX && self.places[at].0 != key {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let larger = vec![EMPTY; self.places.len() * 2];
        let old = std::mem::replace(&mut self.places, larger);
        for (key, number) in old.into_iter().filter(|(_, number)| *number != u32::MAX) {
            let at = self.find(key);
            self.places[at] = (key, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_answers_as_a_map_does(pairs in prop::collection::vec((0u64..600, 0u32..9), 0..800)) {
            let mut table = Table::default();
            let mut wanted = BTreeMap::new();
            for (key, number) in pairs {
                table.put(key, number);
                wanted.insert(key, number);
            }
            for key in 0..600 {
                prop_assert_eq!(table.get(key), wanted.get(&key).copied());
            }
        }
    }
}
