//! A quick sieve for keys that are there once only.

/// Two bits for each of many places: seen, and seen again. Keys that share a place count as seen twice, which costs time only.
pub(super) struct Pairs {
    seen: Vec<u64>,
    again: Vec<u64>,
}

impl Pairs {
    /// A sieve for so many keys.
    pub(super) fn with_room(keys: usize) -> Self {
        let words = (keys / 8 + 1).next_power_of_two();
        Self { seen: vec![0; words], again: vec![0; words] }
    }

    pub(super) fn see(&mut self, key: u64) {
        let (word, bit) = self.place(key);
        self.again[word] |= self.seen[word] & bit;
        self.seen[word] |= bit;
    }

    /// Whether `key` was seen twice, or shares its place.
    pub(super) fn seen_twice(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.again[word] & bit != 0
    }

    fn place(&self, key: u64) -> (usize, u64) {
        (usize::try_from(key >> 6).unwrap_or_default() & (self.seen.len() - 1), 1 << (key & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn what_is_seen_twice_is_known() {
        let mut pairs = Pairs::with_room(4);
        for key in [7, 8, 7] {
            pairs.see(key);
        }
        assert!(pairs.seen_twice(7));
        assert!(!pairs.seen_twice(9));
    }
}
