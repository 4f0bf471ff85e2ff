//! The place of a document that shows why it fits: the best section, and the few words of it around the densest matches.
//!
//! Made from the file's text, which the caller reads again for the results it shows: an index that kept all texts would be read
//! more slowly than ten files are.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::rank::Hit;
use super::record::Place;
use super::words::{self, Word};
use crate::runbook::outline::Outline;

/// The longest passage, in bytes, without what marks a cut.
const LONGEST: usize = 232;

/// Where a document fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The heading of the section; empty for text before the first one.
    pub heading: String,
    /// Its anchor, without `#`.
    pub anchor: String,
    /// The line on which the section begins.
    pub line: usize,
    /// At most 240 bytes of the section, without markup, white space collapsed, `…` where it was cut.
    pub text: String,
    /// Which bytes of `text` are words that the query asked for.
    pub marks: Vec<Range<usize>>,
}

/// The place in `text`, the Markdown of `hit`, that fits `words` (those of its answer) best.
///
/// A text that has changed since it was indexed gives a passage of what is there now, or none.
#[must_use]
pub fn passage(text: &str, hit: &Hit, words: &[(String, f64)]) -> Option<Passage> {
    let mut marker = Marker::new(words);
    let sections: Vec<(&Place, &str)> =
        hit.record.sections.iter().filter_map(|place| Some((place, text.get(place.bytes.clone())?))).collect();
    let average = sections.iter().map(|(_, text)| text.len()).sum::<usize>() / sections.len().max(1);
    let scored = sections.into_iter().map(|(place, text)| (marker.section(text, average), place, text));
    let (_, place, section) = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let (text, marks) = marker.cut(&plain(section));
    Some(Passage { heading: place.heading.clone(), anchor: place.anchor.clone(), line: place.line, text, marks })
}

/// The text of a section without markup, its heading only where there is nothing else.
fn plain(section: &str) -> String {
    let outline = Outline::of(section);
    let texts = |section: &crate::runbook::outline::Section| {
        let code = section.code.iter().map(|block| block.text.clone());
        std::iter::once(section.prose.clone()).chain(code).collect::<Vec<_>>()
    };
    let all = outline.sections.iter().flat_map(texts).collect::<Vec<_>>().join(" ");
    let collapsed = all.split_whitespace().collect::<Vec<_>>().join(" ");
    if collapsed.is_empty() { outline.title.unwrap_or_default() } else { collapsed }
}

/// Finds the words of a query in a text.
struct Marker<'w> {
    words: HashMap<&'w str, usize>,
    weights: Vec<f64>,
    /// The words that were looked at already, with what they are.
    known: HashMap<String, Option<usize>>,
    /// For each first byte of a word, which second ones there are: most of a text is left aside by them.
    begins: [u32; 256],
}

/// A word of the query in a text.
#[derive(Clone)]
struct Mark {
    bytes: Range<usize>,
    word: usize,
}

impl<'w> Marker<'w> {
    fn new(words: &'w [(String, f64)]) -> Self {
        Self {
            words: words.iter().enumerate().map(|(at, (word, _))| (word.as_str(), at)).collect(),
            weights: words.iter().map(|(_, weight)| *weight).collect(),
            known: HashMap::new(),
            begins: beginnings(words),
        }
    }

    /// Whether a word of the query begins like `part`; stemming leaves the first two letters (but for `dying` and its like).
    fn begins(&self, part: &str) -> bool {
        let (first, second) = beginning(part);
        self.begins[first] & second != 0
    }

    /// Which word of the query `raw` is: of several the heaviest.
    fn word(&mut self, raw: &str) -> Option<usize> {
        if raw.is_ascii() && !words::parts(raw).any(|part| self.begins(part)) {
            return None;
        }
        if let Some(known) = self.known.get(raw) {
            return *known;
        }
        let word = Word::of(raw);
        let found = word.parts.iter().flatten().chain(&word.whole).filter_map(|word| self.words.get(word.as_str()));
        let best = found.copied().max_by(|a, b| self.weights[*a].total_cmp(&self.weights[*b]));
        self.known.insert(raw.to_owned(), best);
        best
    }

    fn marks(&mut self, text: &str) -> Vec<Mark> {
        let found = words::raw(text).filter_map(|bytes| Some(Mark { word: self.word(&text[bytes.clone()])?, bytes }));
        found.collect()
    }

    /// How well a section fits, where the sections of its document are of `average` length.
    #[expect(clippy::cast_precision_loss, reason = "lengths of sections")]
    fn section(&mut self, text: &str, average: usize) -> f64 {
        let mut counts: HashMap<usize, u32> = HashMap::new();
        self.marks(text).iter().for_each(|mark| *counts.entry(mark.word).or_default() += 1);
        let length = 0.5 + 0.5 * text.len() as f64 / average.max(1) as f64;
        counts.iter().map(|(word, count)| self.weights[*word] * f64::from(*count) / (f64::from(*count) + length)).sum()
    }

    /// The part of `text` with the heaviest words, and where these are in it.
    fn cut(&mut self, text: &str) -> (String, Vec<Range<usize>>) {
        let marks = self.marks(text);
        let best = self.densest(&marks);
        let bytes = widened(text, best.first().map_or(0, |mark| mark.bytes.start), best.last().map(|m| m.bytes.end));
        let before = if bytes.start > 0 { "…" } else { "" };
        let after = if bytes.end < text.len() { "…" } else { "" };
        let inside = marks.iter().filter(|mark| bytes.start <= mark.bytes.start && mark.bytes.end <= bytes.end);
        let shift = |at: usize| at - bytes.start + before.len();
        let marks = inside.map(|mark| shift(mark.bytes.start)..shift(mark.bytes.end)).collect();
        (format!("{before}{}{after}", &text[bytes.clone()]), marks)
    }

    /// The marks of the window whose different words weigh most.
    fn densest<'m>(&self, marks: &'m [Mark]) -> &'m [Mark] {
        let (mut best, mut most, mut end) = (&marks[..0], 0.0, 0);
        for start in 0..marks.len() {
            let fits = |mark: &Mark| mark.bytes.end <= marks[start].bytes.start + LONGEST;
            end = end.max(start);
            end += marks[end..].iter().take_while(|mark| fits(mark)).count();
            let window = &marks[start..end];
            let different: HashSet<usize> = window.iter().map(|mark| mark.word).collect();
            let weight: f64 = different.iter().map(|word| self.weights[*word]).sum();
            if weight > most {
                (best, most) = (window, weight);
            }
        }
        best
    }
}

fn beginnings(words: &[(String, f64)]) -> [u32; 256] {
    let mut begins = [0; 256];
    for (word, _) in words {
        let (first, second) = beginning(word);
        begins[first] |= second;
    }
    begins
}

/// The first byte of a word as an index, and a bit for its second one.
fn beginning(word: &str) -> (usize, u32) {
    let mut bytes = word.bytes().map(|byte| byte.to_ascii_lowercase());
    let first = bytes.next().unwrap_or_default();
    (usize::from(first), 1 << (bytes.next().unwrap_or_default() & 31))
}

/// From `start` to `end`, widened to both sides as far as a passage goes, and cut between words.
fn widened(text: &str, start: usize, end: Option<usize>) -> Range<usize> {
    let end = end.unwrap_or(start);
    let spare = LONGEST.saturating_sub(end - start);
    let last = text.ceil_char_boundary(end.max(start.saturating_sub(spare / 3) + LONGEST).min(text.len()));
    let first = text.floor_char_boundary(start.min(last.saturating_sub(LONGEST)));
    let from = if first == 0 { 0 } else { text[first..start].find(' ').map_or(start, |space| first + space + 1) };
    let to = if last == text.len() { last } else { text[end..last].rfind(' ').map_or(end, |space| end + space) };
    from..to.max(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passage;
    use crate::search::{Builder, Document, Index, Query, Stamp};

    fn shown(text: &str, query: &str) -> super::Passage {
        let mut builder = Builder::new();
        builder.add(&Document { path: "a.md", directory: 0, stamp: Stamp::default(), text });
        let index = Index::open(builder.finish()).unwrap();
        let answer = index.search(&Query::of(query), 1);
        passage(text, &answer.hits[0], &answer.words).unwrap()
    }

    #[test]
    fn the_section_that_fits_is_shown_with_its_words_marked() {
        let text =
            "# Broker\n\nGeneral words.\n\n## Rebalance\n\nConsumers of a **group** leave,\n  [partitions](x) move.\n";
        let passage = shown(text, "partition consumer");
        assert_eq!((passage.heading.as_str(), passage.anchor.as_str(), passage.line), ("Rebalance", "rebalance", 5));
        assert_eq!(passage.text, "Consumers of a group leave, partitions move.");
        let marked: Vec<_> = passage.marks.iter().map(|mark| &passage.text[mark.clone()]).collect();
        assert_eq!(marked, ["Consumers", "partitions"]);
    }

    #[test]
    fn a_long_section_is_cut_around_its_matches() {
        let filler = "filling words without any sense ".repeat(40);
        let passage = shown(&format!("# T\n\n{filler} broker lost quorum {filler}"), "broker quorum");
        assert!(passage.text.len() <= 240 && passage.text.starts_with('…') && passage.text.ends_with('…'));
        assert!(passage.text.contains("broker lost quorum"), "{}", passage.text);
        assert_eq!(passage.marks.len(), 2);
    }

    proptest! {
        #[test]
        fn any_text_has_a_passage_that_fits(text in "(# |\n|disk full|ä|…| |[a-z]{1,300}|\\PC){0,80}") {
            let passage = shown(&format!("disk full. {text}"), "disk full");
            prop_assert!(passage.text.len() <= 400);
            prop_assert!(passage.marks.iter().all(|mark| passage.text.get(mark.clone()).is_some()));
        }
    }
}
