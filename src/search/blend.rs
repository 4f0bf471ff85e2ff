//! Meaning beside words: the scores of a search blended with the likeness of embeddings, where somebody has a model.
//!
//! Half and half of both, each as a part of its best. Fusing by rank instead loses how far the first word match stands above
//! the rest, and with it exact names and messages. A document that the query names stays first whatever a model thinks.

use super::fields::name_of;
use super::rank::Scores;
use crate::runbook::outline::Outline;

/// How much of a document is embedded, in bytes: small models read little more.
const LONGEST: usize = 1_000;

impl Scores {
    /// These scores with `cosines`, one per document in the order of the index, blended in.
    ///
    /// `close` is the cosine from which on the model may claim that a document fits though it shares no words with the query; it
    /// depends on the model (0.4 for small sentence models).
    #[must_use]
    pub fn blend(mut self, cosines: &[f32], close: f32) -> Self {
        let best = self.raw.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let nearest = f64::from(cosines.iter().copied().fold(0.0, f32::max)).max(f64::MIN_POSITIVE);
        for (document, raw) in self.raw.iter_mut().enumerate() {
            let cosine = cosines.get(document).copied().unwrap_or_default();
            let words = *raw / best;
            self.fitting[document] |= cosine >= close;
            *raw = 0.5 * words + 0.5 * f64::from(cosine.max(0.0)) / nearest;
        }
        self.ceiling = 1.0;
        self
    }
}

/// How alike two embeddings are, -1 to 1; 0 where they are not of one model.
#[must_use]
pub fn cosine(one: &[f32], other: &[f32]) -> f32 {
    if one.len() != other.len() {
        return 0.0;
    }
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (dot(one, one) * dot(other, other)).sqrt();
    if lengths > 0.0 { dot(one, other) / lengths } else { 0.0 }
}

/// What of the document at `path` is to be embedded: title, name, and the beginning of its text without markup.
#[must_use]
pub fn embeddable(path: &str, text: &str) -> String {
    let outline = Outline::of(text);
    let name: Vec<&str> = super::words::parts(name_of(path)).collect();
    let mut all = format!("{}. {}.", outline.title.as_deref().unwrap_or_default(), name.join(" "));
    for section in &outline.sections {
        let heading = section.heading.and_then(|index| outline.headings.get(index));
        let heading =
            heading.map(|heading| heading.text.as_str()).filter(|text| Some(*text) != outline.title.as_deref());
        let code = section.code.iter().map(|block| block.text.as_str());
        for word in heading.into_iter().chain([section.prose.as_str()]).chain(code).flat_map(str::split_whitespace) {
            if all.len() + word.len() >= LONGEST {
                return all;
            }
            all.push(' ');
            all.push_str(word);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{cosine, embeddable};
    use crate::search::{Builder, Document, Index, Query, Stamp};

    fn index() -> Index {
        let mut builder = Builder::new();
        for (path, text) in [("a.md", "# Disk full\n\ndisk"), ("b.md", "# Volume out of space\n"), ("DiskFull.md", "x")]
        {
            builder.add(&Document { path, directory: 0, stamp: Stamp::default(), text });
        }
        Index::open(builder.finish()).unwrap()
    }

    fn order(query: &str, cosines: &[f32]) -> Vec<usize> {
        let index = index();
        let scores = index.scores(&Query::of(query)).blend(cosines, 0.4);
        index.rank(scores, 9).hits.into_iter().map(|hit| hit.document).collect()
    }

    #[test]
    fn meaning_finds_what_shares_no_words() {
        let found = order("disk problems", &[0.2, 0.9, 0.1]);
        assert!(found[0] == 0 && found.contains(&1), "{found:?}");
        assert_eq!(order("storage", &[0.2, 0.9, 0.1]), [1]);
        assert!(order("storage", &[0.2, 0.3, 0.1]).is_empty());
    }

    #[test]
    fn a_named_document_stays_first() {
        assert_eq!(order("DiskFull", &[0.1, 0.9, 0.0])[0], 2);
    }

    #[test]
    fn cosines_are_of_one_model() {
        assert!((cosine(&[1.0, 0.0], &[2.0, 0.0]) - 1.0).abs() < 1e-6);
        assert!(cosine(&[1.0], &[1.0, 0.0]).abs() < 1e-6 && cosine(&[0.0], &[0.0]).abs() < 1e-6);
    }

    #[test]
    fn title_name_and_beginning_are_embedded() {
        let text = format!("---\nid: x\n---\n# Disk `full`\n\nMeaning of *it*.\n\n## More\n{}", "word ".repeat(400));
        let text = embeddable("ops/DiskFull.md", &text);
        assert!(text.starts_with("Disk full. Disk Full. Meaning of it. More word word"), "{text}");
        assert!(text.len() < 1_000);
    }
}
