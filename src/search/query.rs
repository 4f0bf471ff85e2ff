//! What a query asks for: its words, its neighbours, and the names in it.

use std::collections::{HashMap, HashSet};

use super::noise;
use super::pairs::{Trail, of_word};
use super::words::{self, Word};

/// How much of a query is read, in bytes: more than any alert, and of a log its beginning.
const LONGEST: usize = 256 * 1024;

/// A query, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The words and how often each is there; wholes apart from parts.
    pub(super) words: Vec<Asked>,
    /// The hashes of its pairs of neighbours.
    pub(super) pairs: Vec<u32>,
    /// Identifiers in it that may be names, with the number of their parts.
    pub(super) names: Vec<(String, usize)>,
    /// The whole query as a name, and that without its stop words: `disk is full` is `disk-full`.
    pub(super) joined: Vec<String>,
}

/// A word of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) word: String,
    /// How often it is there.
    pub(super) count: u32,
    /// Whether it is a whole identifier whose parts are asked for too.
    pub(super) whole: bool,
}

impl Query {
    /// Takes `text` apart: a question, an alert, a line or many of a log.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        let mut counts: HashMap<(String, bool), u32> = HashMap::new();
        let (mut pairs, mut names) = (HashSet::new(), HashMap::new());
        let (mut trail, mut known) = (Trail::default(), HashMap::new());
        for raw in noise::troubled(text).into_iter().flat_map(noise::telling).flat_map(raw) {
            let word = known.entry(raw).or_insert_with(|| Word::of(raw));
            for part in word.parts.iter().flatten() {
                pairs.extend(trail.step(of_word(part)));
                *counts.entry((part.clone(), false)).or_default() += 1;
            }
            if let Some(whole) = &word.whole {
                *counts.entry((whole.clone(), true)).or_default() += 1;
            }
        }
        for (raw, word) in known {
            names.insert(words::joined(raw), word.parts.len());
        }
        let words = counts.into_iter().map(|((word, whole), count)| Asked { word, count, whole }).collect();
        let joined = if text.len() < 200 { as_names(text) } else { Vec::new() };
        Self { words, pairs: pairs.into_iter().collect(), names: names.into_iter().collect(), joined }
    }
}

/// The names that `text` as a whole may be.
fn as_names(text: &str) -> Vec<String> {
    let parts = raw(text).flat_map(words::parts).map(str::to_lowercase);
    let telling: String = parts.filter(|part| !words::is_stop(part)).collect();
    vec![words::joined(text), telling]
}

fn raw(piece: &str) -> impl Iterator<Item = &str> {
    words::raw(piece).map(|range| &piece[range])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Query;

    fn words(text: &str) -> Vec<String> {
        let mut words: Vec<_> = Query::of(text).words.into_iter().map(|asked| asked.word).collect();
        words.sort();
        words
    }

    #[test]
    fn identifiers_are_asked_for_whole_and_in_parts() {
        assert_eq!(words("KubePodNotReady: the pods"), ["kube", "kubepodnotready", "pod", "readi"]);
        let query = Query::of("DiskFull on /var/lib");
        assert!(query.names.contains(&("diskfull".to_owned(), 2)));
        assert_eq!((query.joined, query.pairs.len()), (vec!["diskfullonvarlib".into(), "diskfullvarlib".into()], 3));
    }

    proptest! {
        #[test]
        fn any_text_is_a_query(text in "(level=info |\n|\" 200 |pod/|-x2x9z|[A-Z][a-z]{1,5}|_|ip-10-0-0-1|\\PC){0,9}") {
            let query = Query::of(&text);
            prop_assert!(query.words.iter().all(|asked| asked.count > 0 && !asked.word.is_empty()));
        }
    }

    #[test]
    fn a_long_query_is_cut_between_characters() {
        let query = Query::of(&"ä".repeat(200_000));
        assert!(query.words.is_empty() && query.joined.is_empty());
    }
}
