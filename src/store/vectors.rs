//! Embeddings that were paid for once: on disk by the hash of their text, one file for each model.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use twox_hash::XxHash3_64;

use super::files;

/// Vectors that are kept of one model; where there are more, all that nobody asks for now go.
const MOST: usize = 50_000;

/// The vectors of one model by the hashes of their texts.
#[derive(Debug, Default)]
pub struct Vectors {
    place: Option<PathBuf>,
    known: HashMap<u64, Vec<f32>>,
}

impl Vectors {
    /// Takes what is known of the model `name`; nothing where the file is missing or damaged.
    #[must_use]
    pub fn open(cache: Option<&Path>, name: &str) -> Self {
        let place = cache.map(|dir| dir.join(format!("{:016x}.vectors", XxHash3_64::oneshot(name.as_bytes()))));
        let bytes = place.as_deref().and_then(|place| fs::read(place).ok());
        let known = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok()).unwrap_or_default();
        Self { place, known }
    }

    /// The vector of a text.
    #[must_use]
    pub fn get(&self, hash: u64) -> Option<&[f32]> {
        self.known.get(&hash).map(Vec::as_slice)
    }

    /// Keeps new vectors. Where nothing can be written, they are asked for again next time.
    pub fn add(&mut self, new: impl IntoIterator<Item = (u64, Vec<f32>)>, wanted: &[u64]) {
        self.known.extend(new);
        if self.known.len() > MOST {
            self.known.retain(|hash, _| wanted.contains(hash));
        }
        let Some(place) = &self.place else { return };
        let _ = postcard::to_allocvec(&self.known).map(|bytes| files::keep(place, &bytes));
    }
}

/// The hash by which a text is known.
#[must_use]
pub fn hash(text: &str) -> u64 {
    XxHash3_64::oneshot(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::Vectors;

    #[test]
    fn vectors_are_there_again_and_a_damaged_file_is_none() {
        let home = tempfile::tempdir().expect("a folder");
        let mut vectors = Vectors::open(Some(home.path()), "small");
        vectors.add([(7, vec![1.0, 2.0])], &[7]);
        assert_eq!(Vectors::open(Some(home.path()), "small").get(7), Some([1.0, 2.0].as_slice()));
        assert_eq!(Vectors::open(Some(home.path()), "large").get(7), None);
        let file = std::fs::read_dir(home.path()).expect("there").next().expect("one").expect("readable").path();
        std::fs::write(file, [0xff; 9]).expect("written");
        assert_eq!(Vectors::open(Some(home.path()), "small").get(7), None);
    }
}
