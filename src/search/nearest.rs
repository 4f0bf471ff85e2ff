//! Titles that look like what was asked for, for the moment when nothing was found: `CrashLopBackof`.

use super::index::Index;
use super::short;
use super::words::joined;

/// Titles less like the query than this are no help.
const ALIKE: f64 = 0.3;
/// How much of a query may be a misspelt title, in bytes.
const LONGEST: usize = 120;

/// A title that may have been meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The title.
    pub title: String,
    /// The id.
    pub id: String,
    /// How much it is like the query, 0 to 1.
    pub likeness: f64,
}

impl Index {
    /// The `limit` titles that look most like `query`, letter by letter.
    #[must_use]
    pub fn nearest_titles(&self, query: &str, limit: usize) -> Vec<Near> {
        let wanted = trigrams(&query[..query.floor_char_boundary(LONGEST)]);
        let near = |document| {
            let (title, id) = self.names(document)?;
            let likeness = alike(&wanted, &trigrams(title)).max(alike(&wanted, &trigrams(id)));
            (likeness >= ALIKE).then(|| Near { title: title.to_owned(), id: id.to_owned(), likeness })
        };
        let mut all: Vec<Near> = (0..self.len()).filter_map(near).collect();
        all.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then_with(|| a.title.cmp(&b.title)));
        all.dedup_by(|a, b| a.title == b.title);
        all.truncate(limit);
        all
    }
}

/// All three letters that follow each other in `text`, sorted, its ends included.
fn trigrams(text: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> = [' '].into_iter().chain(joined(text).chars()).chain([' ']).collect();
    let mut all: Vec<[char; 3]> = letters.windows(3).filter_map(|window| window.try_into().ok()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Which part of two sorted sets they share.
fn alike(one: &[[char; 3]], other: &[[char; 3]]) -> f64 {
    let shared = one.iter().filter(|trigram| other.binary_search(trigram).is_ok()).count();
    let both = one.len() + other.len();
    if both == 0 { 0.0 } else { 2.0 * f64::from(short(shared)) / f64::from(short(both)) }
}

#[cfg(test)]
mod tests {
    use crate::search::{Builder, Document, Index, Stamp};

    #[test]
    fn misspelt_titles_are_found() {
        let mut builder = Builder::new();
        for text in ["# CrashLoopBackOff\n", "# ImagePullBackOff\n", "# Disk full\n"] {
            builder.add(&Document { path: "x.md", directory: 0, stamp: Stamp::default(), text });
        }
        let index = Index::open(builder.finish()).unwrap();
        let titles = |query| index.nearest_titles(query, 1).into_iter().map(|near| near.title).collect::<Vec<_>>();
        assert_eq!(titles("crashlopbackof"), ["CrashLoopBackOff"]);
        assert_eq!(titles("dsk full"), ["Disk full"]);
        assert!(titles("weather").is_empty() && titles("").is_empty());
    }
}
