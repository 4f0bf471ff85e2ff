//! Search over Markdown runbooks: an index in one run of bytes, BM25 over weighted fields, passages that show why.
//!
//! Our own rather than `tantivy`: that scores each field by itself and adds up, with a saturation that is fixed at 1.2, where one
//! sum over weighted fields with 2.0 finds more; and it keeps an index in many files that are mapped into memory, which a command
//! that runs for milliseconds and a room without files have no use for. Imports `runbook::outline` and `evidence::Level`.

mod blend;
mod blob;
mod builder;
mod fields;
mod index;
mod nearest;
mod noise;
mod pairs;
mod passage;
mod query;
mod rank;
mod record;
mod vocabulary;
mod words;

pub use blend::{cosine, embeddable};
pub use blob::Damaged;
pub use builder::Builder;
pub use index::Index;
pub use nearest::Near;
pub use passage::{Passage, passage};
pub use query::Query;
pub use rank::{Answer, Hit, Scores};
pub use record::{Document, Filed, Place, Record, Stamp};

/// A count in 32 bits; nothing here counts further.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// How much a word says that stands in `documents` of `all` documents.
fn idf(all: usize, documents: usize) -> f64 {
    let [all, documents] = [all, documents].map(|count| f64::from(short(count)));
    let others = (all - documents).max(0.0);
    ((others + 0.5) / (documents + 0.5)).ln_1p()
}
