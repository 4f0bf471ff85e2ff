//! Builds an index: reads documents one by one, and writes what was read as one run of bytes.

use std::collections::HashMap;

use super::blob::{Out, Shelving, seal};
use super::fields::{Claim, FIELDS, Field, Fields};
use super::pairs::{self, Pairing, Trail};
use super::record::{Document, Record};
use super::vocabulary::Vocabulary;
use super::{idf, short, words};
use crate::runbook::outline::Outline;

/// An index being built. The documents are numbered in the order in which they are added.
#[derive(Debug, Default)]
pub struct Builder {
    vocabulary: Vocabulary,
    postings: Vec<Posting>,
    names: HashMap<String, Vec<(u32, Claim)>>,
    pairing: Pairing,
    records: Shelving,
    facts: Vec<Facts>,
    tally: Tally,
}

/// In which documents one word stands, and how often in which field.
#[derive(Debug, Default)]
struct Posting {
    documents: u32,
    last: u32,
    out: Out,
}

/// What ranking needs of each document.
#[derive(Debug)]
struct Facts {
    lengths: [u32; FIELDS],
    /// The words of the title.
    title: Vec<u32>,
    /// The same for documents of the same name and title.
    copy: u32,
}

/// The words of the document that is being read.
#[derive(Debug, Default)]
struct Tally {
    counts: Vec<[u16; FIELDS]>,
    seen: Vec<u32>,
    pairs: Vec<u32>,
    title: Vec<u32>,
    lengths: [u32; FIELDS],
}

impl Tally {
    fn count(&mut self, number: u32, field: Field) {
        let at = number as usize;
        if at >= self.counts.len() {
            self.counts.resize(at + 1, [0; FIELDS]);
        }
        let Some(counts) = self.counts.get_mut(at) else { return };
        if *counts == [0; FIELDS] {
            self.seen.push(number);
        }
        counts[field as usize] = counts[field as usize].saturating_add(1);
    }
}

impl Builder {
    /// An index of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document.
    pub fn add(&mut self, document: &Document<'_>) {
        self.add_outlined(document, &Outline::of(document.text));
    }

    /// Adds a document whose outline somebody has made already, perhaps in another thread.
    pub fn add_outlined(&mut self, document: &Document<'_>, outline: &Outline) {
        let fields = Fields::of(document.path, outline);
        for (field, text) in fields.texts() {
            self.read(field, text);
        }
        let number = short(self.facts.len());
        for (claim, name) in fields.names() {
            self.claim(number, claim, name);
        }
        let title = words::joined(fields.title());
        let copy = pairs::of_word(&format!("{title}/{}", words::joined(fields.id())));
        let record = Record::of(document, outline, fields.id(), fields.title());
        self.records.add(|out| record.write(out));
        self.settle(number, copy);
    }

    /// The index of what was added.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let facts = self.facts();
        let numbers = self.numbers();
        let mut terms = Shelving::default();
        for (word, number) in self.vocabulary.sorted() {
            let Some(posting) = self.postings.get(number as usize) else { continue };
            terms.add(|out| {
                out.text(&word);
                out.number(u64::from(posting.documents));
                out.0.extend_from_slice(&posting.out.0);
            });
        }
        let shelves = [self.records, terms, shelve_names(self.names), self.pairing.shelve()];
        let parts: Vec<_> = [numbers, facts].into_iter().chain(shelves.into_iter().flat_map(Shelving::parts)).collect();
        seal(&parts)
    }

    /// Counts the words of `text`.
    fn read(&mut self, field: Field, text: &str) {
        let mut trail = Trail::default();
        for range in words::raw(text) {
            let known = self.vocabulary.read(&text[range]);
            let parts = self.vocabulary.parts(&known);
            self.tally.lengths[field as usize] += short(parts.len());
            for number in parts.iter().copied().flatten().chain(known.whole) {
                self.tally.count(number, field);
            }
            if field == Field::Title {
                self.tally.title.extend(parts.iter().flatten());
            }
            for number in parts.iter().flatten() {
                self.tally.pairs.extend(trail.step(self.vocabulary.hash(*number)));
            }
        }
    }

    fn claim(&mut self, number: u32, claim: Claim, name: &str) {
        let name = words::joined(name);
        if (4..=100).contains(&name.len()) {
            self.names.entry(name).or_default().push((number, claim));
        }
    }

    /// Moves what was counted into the postings.
    fn settle(&mut self, document: u32, copy: u32) {
        self.postings.resize_with(self.vocabulary.len(), Posting::default);
        for number in self.tally.seen.drain(..) {
            let counts = std::mem::take(&mut self.tally.counts[number as usize]);
            self.postings[number as usize].add(document, counts);
        }
        self.tally.pairs.sort_unstable();
        self.tally.pairs.dedup();
        for pair in self.tally.pairs.drain(..) {
            self.pairing.add(pair, document);
        }
        let mut title = std::mem::take(&mut self.tally.title);
        title.sort_unstable();
        title.dedup();
        self.facts.push(Facts { lengths: std::mem::take(&mut self.tally.lengths), title, copy });
    }

    /// Per document: the lengths of its fields, the weight of its title, its kind of copy.
    fn facts(&self) -> Vec<u8> {
        let mut out = Out::default();
        let all = self.facts.len();
        for facts in &self.facts {
            for length in facts.lengths {
                out.word(length);
            }
            let weight = |number: &u32| idf(all, self.postings[*number as usize].documents as usize);
            let title: f64 = facts.title.iter().map(weight).sum();
            out.0.extend_from_slice(&title.to_le_bytes());
            out.word(facts.copy);
        }
        out.0
    }

    /// How many documents there are, and how many words all have in each field.
    fn numbers(&self) -> Vec<u8> {
        let mut out = Out::default();
        out.number(self.facts.len() as u64);
        for field in 0..FIELDS {
            out.number(self.facts.iter().map(|facts| u64::from(facts.lengths[field])).sum());
        }
        out.0
    }
}

impl Posting {
    /// The step to the document, which fields hold the word, and how often each.
    fn add(&mut self, document: u32, counts: [u16; FIELDS]) {
        self.out.number(u64::from(document - self.last));
        let held = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let mask: u64 = held.clone().map(|(field, _)| 1 << field).sum();
        self.out.number(mask);
        held.for_each(|(_, count)| self.out.number(u64::from(*count)));
        self.last = document;
        self.documents += 1;
    }
}

/// Names in their order, each with the documents that claim it.
fn shelve_names(names: HashMap<String, Vec<(u32, Claim)>>) -> Shelving {
    let mut all: Vec<_> = names.into_iter().collect();
    all.sort_unstable();
    let mut shelving = Shelving::default();
    for (name, claims) in all {
        shelving.add(|out| {
            out.text(&name);
            for (document, claim) in claims {
                out.number(u64::from(document));
                out.number(claim as u64);
            }
        });
    }
    shelving
}
