//! Which documents fit a query, and how well: BM25 over weighted fields, neighbours, names.
//!
//! The few numbers here were chosen by cross-validation over a sample of alerts, errors and questions asked of 1 683 public
//! runbooks; all are round, and the result changes little around each of them. Synonyms that are always added and feedback from
//! the first results made it worse and are not here.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use super::fields::{Claim, FIELDS, WEIGHTS};
use super::idf;
use super::index::{Held, Index};
use super::query::{Asked, Query};
use super::record::Record;

/// How soon more of the same word stops to count.
const SATURATION: f64 = 2.0;
/// How much a long field takes from what stands in it.
const LENGTH: f64 = 0.75;
/// What an identifier as a whole counts, where its parts count too.
const WHOLE: f64 = 0.5;
/// What two neighbours count beside the words themselves.
const NEIGHBOURS: f64 = 0.25;
/// Neighbours in more documents than this are a figure of speech.
const COMMON_PAIR: usize = 100;
/// By how much a title that the query says in full raises a document.
const TITLE: f64 = 0.25;
/// What is left of a document of the same name and title as a better one: other documents should be seen too.
const COPY: f64 = 0.8;
/// Which part of what the query could get at most the best document must get, so that any is claimed to fit. Questions about
/// other things than runbooks stay below it, alerts that have a runbook above.
const FLOOR: f64 = 0.2;
/// A long log asks for so many words that no document has a fifth of them; this many rare words found in full are enough.
const PLENTY: f64 = 2.0;
/// What is left out for having less than this part of the best score.
const TRAILING: f64 = 0.25;
/// How many words of a query are looked at: the rarest.
const WORDS: usize = 64;
/// How many words that no document has are held against all of them, and as many as there are words that some have.
const UNKNOWN: usize = 8;

/// How well each document fits a query.
#[derive(Clone, Debug)]
pub struct Scores {
    pub(super) raw: Vec<f64>,
    /// What the words of the query weigh that a document has.
    matched: Vec<f64>,
    pins: BTreeMap<usize, Claim>,
    /// Which documents may be claimed to have to do with the query.
    pub(super) fitting: Vec<bool>,
    /// What a document would get that has all of the query without end.
    pub(super) ceiling: f64,
    /// What all words of the query weigh.
    asked: f64,
    words: Vec<(String, f64)>,
}

/// A document that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The number of the document in the index.
    pub document: usize,
    /// What the index knows of it.
    pub record: Record,
    /// 0 to 1: 1 where the query names the document, else how much of what the query could get at most the document gets.
    pub score: f64,
    /// The score before that, which only compares within one query.
    pub raw: f64,
    /// Whether the query names the document: its file name, id, title or one of its alerts.
    pub named: bool,
    /// Which part of the weight of the query's words the document has, 0 to 1.
    pub coverage: f64,
}

/// What a search finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The documents, best first; none where nothing fits well enough to be claimed.
    pub hits: Vec<Hit>,
    /// The words that were looked for, stemmed, with their weights: what [`passage`](super::passage) marks.
    pub words: Vec<(String, f64)>,
}

impl Index {
    /// The best `limit` documents for `query`.
    #[must_use]
    pub fn search(&self, query: &Query, limit: usize) -> Answer {
        self.rank(self.scores(query), limit)
    }

    /// How well each document fits `query`.
    #[must_use]
    pub fn scores(&self, query: &Query) -> Scores {
        let mut scores = Scores::none(self.len());
        let mut title = vec![0.0; self.len()];
        for (asked, documents) in self.rarest(query) {
            self.weigh(&asked, documents, &mut scores, &mut title);
        }
        let pairs = self.weigh_pairs(query, &mut scores);
        for (document, raw) in scores.raw.iter_mut().enumerate().filter(|(_, raw)| **raw > 0.0) {
            *raw *= 1.0 + TITLE * title[document] / self.title_weight(document).max(0.1);
        }
        self.pin(query, &mut scores);
        let rare_word = idf(self.len(), 1) * (SATURATION + 1.0);
        scores.settle(PLENTY * rare_word);
        scores.ceiling = (scores.ceiling + pairs) * (1.0 + TITLE);
        scores
    }

    /// The words of `query` that stand in the fewest documents.
    fn rarest(&self, query: &Query) -> Vec<(Asked, usize)> {
        let count = |asked: &Asked| self.postings(&asked.word).map_or(0, |(documents, _)| documents);
        let mut all: Vec<_> = query.words.iter().map(|asked| (asked.clone(), count(asked))).collect();
        let (mut known, mut unknown): (Vec<_>, Vec<_>) = all.drain(..).partition(|(_, documents)| *documents > 0);
        known.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.word.cmp(&b.0.word)));
        known.truncate(WORDS);
        unknown.retain(|(asked, _)| !asked.whole);
        unknown.truncate(known.len().max(UNKNOWN));
        known.append(&mut unknown);
        known
    }

    /// Adds what one word gives to every document that has it.
    fn weigh(&self, asked: &Asked, documents: usize, scores: &mut Scores, title: &mut [f64]) {
        let count = f64::from(asked.count) * if asked.whole { WHOLE } else { 1.0 };
        let weight = idf(self.len(), documents.max(1)) * 2.0 * count / (1.0 + count);
        scores.ceiling += weight * (SATURATION + 1.0);
        let counted = if asked.whole { 0.0 } else { weight };
        scores.asked += counted;
        scores.words.push((asked.word.clone(), weight));
        let Some((_, postings)) = self.postings(&asked.word) else { return };
        for held in postings {
            let much = self.weighted_count(&held);
            scores.raw[held.document] += weight * much * (SATURATION + 1.0) / (SATURATION + much);
            scores.matched[held.document] += counted;
            if held.in_title() && !asked.whole {
                title[held.document] += idf(self.len(), documents);
            }
        }
    }

    /// Adds what neighbours give, and returns what all of them would.
    fn weigh_pairs(&self, query: &Query, scores: &mut Scores) -> f64 {
        let mut total = 0.0;
        for pair in &query.pairs {
            let documents = self.pair(*pair);
            if (1..=COMMON_PAIR).contains(&documents.len()) {
                let weight = NEIGHBOURS * idf(self.len(), documents.len());
                total += weight;
                for document in documents {
                    scores.add(document as usize, weight);
                }
            }
        }
        total
    }

    fn weighted_count(&self, held: &Held) -> f64 {
        let fields = (0..FIELDS).filter(|field| held.counts[*field] > 0);
        fields
            .map(|field| {
                let length = 1.0 - LENGTH + LENGTH * self.relative_length(held.document, field);
                WEIGHTS[field] * f64::from(held.counts[field]) / length
            })
            .sum()
    }

    /// Notes the documents that the query names.
    fn pin(&self, query: &Query, scores: &mut Scores) {
        let whole = query.joined.iter().flat_map(|name| self.claims(name));
        let parts = query.names.iter().flat_map(|(name, parts)| {
            let sure = *parts > 2 || *parts == 2 && self.is_rare(name);
            let claims = if sure { self.claims(name) } else { Vec::new() };
            claims.into_iter().filter(move |(_, claim)| *claim > Claim::Heading || *parts > 2)
        });
        for (document, claim) in whole.chain(parts) {
            let best = scores.pins.entry(document).or_insert(claim);
            *best = claim.max(*best);
        }
    }

    /// A word of one or two parts in many documents is a product, not the name of one document.
    fn is_rare(&self, name: &str) -> bool {
        self.postings(name).is_none_or(|(documents, _)| documents <= (self.len() / 100).max(4))
    }

    /// The best `limit` documents by their `scores`.
    #[must_use]
    pub fn rank(&self, mut scores: Scores, limit: usize) -> Answer {
        let mut order: Vec<usize> =
            (0..self.len().min(scores.raw.len())).filter(|document| scores.fitting[*document]).collect();
        order.sort_unstable_by(|a, b| scores.compare(*a, *b));
        let mut seen = HashSet::new();
        for document in &order {
            if !seen.insert(self.copy(*document)) {
                scores.raw[*document] *= COPY;
            }
        }
        order.sort_unstable_by(|a, b| scores.compare(*a, *b));
        let hits = order.into_iter().take(limit).filter_map(|document| self.hit(document, &scores)).collect();
        Answer { hits, words: scores.words }
    }

    fn hit(&self, document: usize, scores: &Scores) -> Option<Hit> {
        let named = scores.pins.contains_key(&document);
        let raw = scores.raw[document];
        let score = if named { 1.0 } else { (raw / scores.ceiling.max(0.1)).min(1.0) };
        let coverage = scores.coverage(document);
        Some(Hit { document, record: self.record(document)?, score, raw, named, coverage })
    }
}

impl Scores {
    fn none(documents: usize) -> Self {
        let (zeroes, fitting, pins) = (vec![0.0; documents], vec![false; documents], BTreeMap::new());
        Self { raw: zeroes.clone(), matched: zeroes, pins, fitting, ceiling: 0.0, asked: 0.0, words: Vec::new() }
    }

    fn add(&mut self, document: usize, score: f64) {
        if let Some(raw) = self.raw.get_mut(document) {
            *raw += score;
        }
    }

    /// Which part of the weight of the query a document has.
    fn coverage(&self, document: usize) -> f64 {
        (self.matched[document] / self.asked.max(0.1)).min(1.0)
    }

    /// Decides which documents may be claimed to have to do with the query; a score of `plenty` is always enough.
    fn settle(&mut self, plenty: f64) {
        let best = self.raw.iter().copied().fold(0.0, f64::max);
        let sure = best > 0.0 && best >= (FLOOR * self.ceiling).min(plenty);
        let fits =
            |(document, raw): (usize, &f64)| self.pins.contains_key(&document) || sure && *raw >= TRAILING * best;
        self.fitting = self.raw.iter().enumerate().map(fits).collect();
    }

    /// Named documents first, then by score; the order of adding decides what is even.
    fn compare(&self, a: usize, b: usize) -> Ordering {
        let pins = self.pins.get(&b).cmp(&self.pins.get(&a));
        pins.then(self.raw[b].total_cmp(&self.raw[a])).then(a.cmp(&b))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Index};
    use crate::search::{Builder, Document, Query, Stamp};

    const FILES: [(&str, &str); 8] = [
        ("a/NodeDiskFull.md", "# Node disk full\n\nThe file system of a node has no space left.\n"),
        ("b/NodeDiskFull.md", "# Node disk full\n\nThe file system of a node has no space left.\n"),
        ("a/volumes.md", "# Volumes\n\nA volume may have no space left. See NodeDiskFull.\n\n## Expand a claim\n"),
        ("a/broker.md", "# Broker\n\nThe broker lost its quorum. Restart the broker.\n"),
        ("a/latency.md", "# Slow answers\n\nQuorum writes of the broker are slow.\n"),
        ("a/certs.md", "---\nalerts: [CertSoonInvalid]\n---\n# Certificates\n\nRenew them before they expire.\n"),
        ("a/GitLab.md", "# GitLab\n\nWhere GitLab runs.\n"),
        ("a/runner.md", "# Runners\n\nGitLab runners of GitLab take no jobs.\n"),
    ];

    fn index() -> Index {
        let mut builder = Builder::new();
        for (path, text) in FILES {
            builder.add(&Document { path, directory: 0, stamp: Stamp::default(), text });
        }
        Index::open(builder.finish()).unwrap()
    }

    fn ask(query: &str) -> Answer {
        index().search(&Query::of(query), 10)
    }

    fn paths(query: &str) -> Vec<String> {
        ask(query).hits.into_iter().map(|hit| hit.record.path).collect()
    }

    #[test]
    fn titles_weigh_more_than_text_and_neighbours_more_than_words_apart() {
        assert_eq!(paths("broker")[0], "a/broker.md");
        assert_eq!(paths("the broker lost its quorum")[..2], ["a/broker.md", "a/latency.md"]);
        assert_eq!(paths("certificate expired")[0], "a/certs.md");
    }

    #[test]
    fn a_named_document_is_first_however_much_else_is_said() {
        let answer = ask("CertSoonInvalid: the broker lost its quorum, restart the broker");
        assert_eq!(answer.hits[0].record.path, "a/certs.md");
        assert!(answer.hits[0].named && (answer.hits[0].score - 1.0).abs() < 1e-9 && !answer.hits[1].named);
        assert_eq!(paths("node disk full")[0], "a/NodeDiskFull.md");
        assert!(ask("expand a claim").hits[0].named);
    }

    #[test]
    fn a_copy_stands_behind_what_is_almost_as_good() {
        let hits = ask("node file system space").hits;
        assert_eq!((hits[0].document, hits[1].document), (0, 1));
        assert!(hits[1].raw < hits[0].raw * 0.81);
    }

    #[test]
    fn nothing_is_claimed_for_what_is_not_there() {
        assert!(paths("who baked bread with rye flour and left yesterday evening").is_empty());
        assert!(paths("").is_empty() && paths("10.0.0.1 2026-01-01T00:00:00Z").is_empty());
    }

    #[test]
    fn scores_and_coverage_are_parts_of_one() {
        for hit in ask("no space left on a volume, quorum lost").hits {
            assert!((0.0..=1.0).contains(&hit.score) && (0.0..=1.0).contains(&hit.coverage), "{hit:?}");
        }
    }
}
