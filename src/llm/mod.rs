//! Models of somebody else's: what goes to them is redacted first, and what they do not answer in time is done without.

mod embeddings;

pub use embeddings::{Embeddings, ModelError};
