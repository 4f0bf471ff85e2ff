//! An index to search in: the bytes a [`Builder`](super::Builder) wrote, read where they lie.

use std::ops::Range;

use super::blob::{Damaged, In, Shelf, unseal, word_at};
use super::fields::{Claim, FIELDS, Field};
use super::pairs;
use super::record::{Filed, Record};

/// Numbers, facts, and four shelves of two parts.
const PARTS: usize = 10;
/// The words of the facts of one document: lengths of fields, weight of the title (two words), kind of copy.
const FACTS: usize = FIELDS + 3;

/// An index to search in.
#[derive(Clone, Debug)]
pub struct Index {
    bytes: Vec<u8>,
    parts: [Range<usize>; PARTS],
    documents: usize,
    averages: [f64; FIELDS],
}

/// One word in one document.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    pub(super) document: usize,
    /// How often it stands in each field.
    pub(super) counts: [u32; FIELDS],
}

impl Index {
    /// The index that `bytes` are, if they are sound.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Damaged> {
        let parts = unseal::<PARTS>(&bytes)?;
        let mut numbers = In(&bytes[parts[0].clone()]);
        let documents = numbers.small().ok_or(Damaged::Content)?;
        let mut averages = [0.0; FIELDS];
        for average in &mut averages {
            let total = numbers.small().ok_or(Damaged::Content)?;
            *average = (f64::from(total) / f64::from(documents.max(1))).max(0.1);
        }
        let index = Self { bytes, parts, documents: documents as usize, averages };
        let whole = index.part(1).len() == index.documents * FACTS * 4 && index.records().len() == index.documents;
        if whole { Ok(index) } else { Err(Damaged::Content) }
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.documents
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// What is known of the document of number `document`.
    #[must_use]
    pub fn record(&self, document: usize) -> Option<Record> {
        self.records().get(document).and_then(Record::read)
    }

    /// The files of all documents, in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = Filed<'_>> {
        (0..self.documents).filter_map(|document| self.records().get(document).and_then(Filed::read))
    }

    /// Title and id of a document.
    pub(super) fn names(&self, document: usize) -> Option<(&str, &str)> {
        self.records().get(document).and_then(Record::names)
    }

    /// In how many documents `word` stands, and in which.
    pub(super) fn postings(&self, word: &str) -> Option<(usize, impl Iterator<Item = Held>)> {
        let mut entry = self.shelf(4).find(word)?;
        let documents = entry.small()? as usize;
        let mut at = 0_usize;
        let held = std::iter::from_fn(move || {
            let held = held(&mut entry, at)?;
            at = held.document;
            Some(held)
        });
        Some((documents, held.take_while(|held| held.document < self.documents)))
    }

    /// The documents that have a pair of neighbours.
    pub(super) fn pair(&self, pair: u32) -> Vec<u32> {
        pairs::find(&self.shelf(8), pair)
    }

    /// The documents that claim `name`, and how.
    pub(super) fn claims(&self, name: &str) -> Vec<(usize, Claim)> {
        let Some(mut entry) = self.shelf(6).find(name) else { return Vec::new() };
        let read = std::iter::from_fn(|| Some((entry.small()? as usize, claim(entry.byte()?))));
        read.filter(|(document, _)| *document < self.documents).collect()
    }

    /// The length of a field of a document, as a part of the average.
    pub(super) fn relative_length(&self, document: usize, field: usize) -> f64 {
        f64::from(self.fact(document, field)) / self.averages[field]
    }

    /// The weight of all words of a document's title.
    pub(super) fn title_weight(&self, document: usize) -> f64 {
        let [low, high] = [FIELDS, FIELDS + 1].map(|fact| u64::from(self.fact(document, fact)));
        f64::from_bits(high << 32 | low)
    }

    /// The same number for documents that are copies of one another.
    pub(super) fn copy(&self, document: usize) -> u32 {
        self.fact(document, FIELDS + 2)
    }

    fn fact(&self, document: usize, fact: usize) -> u32 {
        word_at(self.part(1), document * FACTS + fact).unwrap_or_default()
    }

    fn records(&self) -> Shelf<'_> {
        self.shelf(2)
    }

    fn shelf(&self, part: usize) -> Shelf<'_> {
        Shelf { ends: self.part(part), entries: self.part(part + 1) }
    }

    fn part(&self, part: usize) -> &[u8] {
        self.parts.get(part).and_then(|range| self.bytes.get(range.clone())).unwrap_or_default()
    }
}

/// The next document of a posting, where the last one was `before`.
fn held(entry: &mut In<'_>, before: usize) -> Option<Held> {
    let document = before.checked_add(entry.small()? as usize)?;
    let mask = entry.byte()?;
    let mut counts = [0; FIELDS];
    for (field, count) in counts.iter_mut().enumerate() {
        if mask >> field & 1 == 1 {
            *count = entry.small()?;
        }
    }
    Some(Held { document, counts })
}

fn claim(byte: u8) -> Claim {
    match byte {
        2 => Claim::Name,
        1 => Claim::Title,
        _ => Claim::Heading,
    }
}

impl Held {
    /// Whether the title holds the word.
    pub(super) fn in_title(&self) -> bool {
        self.counts[Field::Title as usize] > 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Claim, Index};
    use crate::search::blob::{Damaged, forge};
    use crate::search::{Builder, Document, Query, Stamp};

    fn bytes() -> Vec<u8> {
        let mut builder = Builder::new();
        let texts = [
            ("ops/DiskFull.md", "---\nalerts: [NodeDiskFull]\n---\n# Disk full\n\nNo space left on device.\n"),
            (
                "ops/pods.md",
                "# Pods restart\n\nThe container was killed.\n\n## Steps\n\n```sh\nkubectl get pods\n```\n",
            ),
        ];
        for (at, (path, text)) in (0..).zip(texts) {
            let stamp = Stamp { size: text.len() as u64, modified: 5, inode: at, hash: 7 };
            builder.add(&Document { path, directory: 1, stamp, text });
        }
        builder.finish()
    }

    #[test]
    fn what_was_built_is_found_again() {
        let index = Index::open(bytes()).unwrap();
        assert_eq!((index.len(), index.is_empty()), (2, false));
        let (documents, mut postings) = index.postings("pod").unwrap();
        let held = postings.next().unwrap();
        assert_eq!((documents, held.document, held.counts), (1, 1, [2, 0, 0, 1]));
        assert!(postings.next().is_none() && index.postings("disc").is_none());
        assert_eq!(index.claims("nodediskfull"), [(0, Claim::Name)]);
        let files: Vec<_> = index.files().map(|file| (file.path, file.directory, file.stamp.inode)).collect();
        assert_eq!(files, [("ops/DiskFull.md", 1, 0), ("ops/pods.md", 1, 1)]);
        assert_eq!(index.record(1).unwrap().sections[1].heading, "Steps");
    }

    #[test]
    fn an_empty_index_finds_nothing() {
        let index = Index::open(Builder::new().finish()).unwrap();
        assert!(index.is_empty() && index.search(&Query::of("disk full"), 5).hits.is_empty());
        assert!(index.nearest_titles("disk", 5).is_empty());
    }

    #[test]
    fn foreign_bytes_are_no_index() {
        assert_eq!(Index::open(Vec::new()).unwrap_err(), Damaged::Format);
        assert_eq!(Index::open(b"SQLite format 3".to_vec()).unwrap_err(), Damaged::Format);
    }

    fn use_all(index: &Index) {
        for query in ["disk full", "NodeDiskFull", "kubectl get pods", "space left"] {
            for hit in index.search(&Query::of(query), 9).hits {
                assert!(hit.document < index.len());
            }
        }
        index.files().for_each(drop);
        assert!(index.nearest_titles("dsk", 3).len() <= 3);
    }

    proptest! {
        #[test]
        fn accidents_are_noticed(at in 0..4_000_usize, bit in 0..8_u8, length in 0..4_000_usize) {
            let mut changed = bytes();
            let at = at % changed.len();
            changed[at] ^= 1 << bit;
            prop_assert!(Index::open(changed).is_err());
            let mut cut = bytes();
            cut.truncate(length.min(cut.len() - 1));
            prop_assert!(Index::open(cut).is_err());
        }

        #[test]
        fn even_forged_bytes_do_not_panic(changes in prop::collection::vec((0..4_000_usize, any::<u8>()), 1..20)) {
            let mut bytes = bytes();
            for (at, byte) in changes {
                forge(&mut bytes, at, byte);
            }
            if let Ok(index) = Index::open(bytes) {
                use_all(&index);
            }
        }
    }
}
