//! Words that follow each other: which documents have the same two words side by side as the query.
//!
//! Kept as hashes: that two pairs share one of 32 bits happens to one query in thousands, and adds a little to one score.

use super::blob::{In, Shelf, Shelving, hash};

/// The hash of a word, from which those of pairs are made.
pub(super) fn of_word(word: &str) -> u32 {
    (hash(word.as_bytes()) >> 32) as u32
}

/// The hash of `first` followed by `second`.
pub(super) fn of_pair(first: u32, second: u32) -> u32 {
    let mixed = (u64::from(first) << 32 | u64::from(second)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

/// Follows words and gives the pairs they make.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trail(Option<u32>);

impl Trail {
    /// The pair that the word of this hash ends, if another came before it.
    pub(super) fn step(&mut self, word: u32) -> Option<u32> {
        self.0.replace(word).map(|before| of_pair(before, word))
    }
}

/// In how many buckets `pairs` are kept: about sixteen to a bucket, a power of two as its exponent.
fn bits(pairs: usize) -> u32 {
    (pairs / 16).checked_ilog2().unwrap_or(0).min(16)
}

/// Pairs with their documents, being collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairing(Vec<u64>);

impl Pairing {
    /// Notes that document `doc` has `pair`.
    pub(super) fn add(&mut self, pair: u32, doc: u32) {
        self.0.push(u64::from(pair) << 32 | u64::from(doc));
    }

    /// The shelf of buckets, each with its pairs in ascending order.
    pub(super) fn shelve(mut self) -> Shelving {
        self.0.sort_unstable();
        let bits = bits(self.0.len());
        let mut shelving = Shelving::default();
        let mut rest = self.0.as_slice();
        for bucket in 0..1_u64 << bits {
            let end = rest.partition_point(|entry| entry >> 32 >> (32 - bits) <= bucket);
            let (here, after) = rest.split_at(end);
            rest = after;
            shelving.add(|out| {
                let (mut pair, mut doc) = (bucket << (32 - bits), 0);
                for entry in here {
                    let (next, its) = (entry >> 32, entry & 0xffff_ffff);
                    let same = next == pair;
                    out.number(next - pair);
                    out.number(if same { its - doc } else { its });
                    (pair, doc) = (next, its);
                }
            });
        }
        shelving
    }
}

/// The documents that have `pair`.
pub(super) fn find(shelf: &Shelf<'_>, pair: u32) -> Vec<u32> {
    let bits = shelf.len().checked_ilog2().unwrap_or(0).min(16);
    let bucket = u64::from(pair) >> (32 - bits);
    let entry = usize::try_from(bucket).ok().and_then(|bucket| shelf.get(bucket)).unwrap_or(In(&[]));
    documents(entry, bucket << (32 - bits), u64::from(pair))
}

fn documents(mut entry: In<'_>, mut at: u64, pair: u64) -> Vec<u32> {
    let (mut found, mut doc) = (Vec::new(), 0_u64);
    while let (Some(step), Some(number)) = (entry.number(), entry.number()) {
        at = at.saturating_add(step);
        doc = if step == 0 { doc.saturating_add(number) } else { number };
        if at == pair {
            found.extend(u32::try_from(doc));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Pairing, Trail, find, of_pair, of_word};
    use crate::search::blob::Shelf;

    #[test]
    fn pairs_find_their_documents_again() {
        let mut pairing = Pairing::default();
        let pair = |index: u32| index.wrapping_mul(2_654_435_761);
        for doc in 0..50 {
            (0..40).for_each(|index| pairing.add(pair(index * (doc % 3 + 1)), doc));
        }
        let [ends, entries] = pairing.shelve().parts();
        let shelf = Shelf { ends: &ends, entries: &entries };
        assert_eq!(find(&shelf, pair(39)), (0..50).filter(|doc| doc % 3 != 1).collect::<Vec<_>>());
        assert!(find(&shelf, 12_345).is_empty());
        assert!(find(&Shelf { ends: &[], entries: &[] }, 1).is_empty());
    }

    #[test]
    fn a_trail_gives_neighbours_in_their_order() {
        let (disk, full) = (of_word("disk"), of_word("full"));
        let mut trail = Trail::default();
        assert_eq!(trail.step(disk), None);
        assert_eq!(trail.step(full), Some(of_pair(disk, full)));
        assert_ne!(of_pair(disk, full), of_pair(full, disk));
    }
}
