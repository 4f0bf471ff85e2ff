//! The runbooks in force: the built-in ones, and those of a directory.

use std::path::{Path, PathBuf};

use crate::runbook::Catalogue;
use crate::store::{self, Shelf};

/// The runbooks in force, and what could not be read of them.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// The runbooks.
    pub catalogue: Catalogue,
    /// Broken runbooks that were left out, in sentences for notes.
    pub remarks: Vec<String>,
}

impl Knowledge {
    /// The built-in runbooks, with those of `dir` added. What cannot be read is left out and named.
    #[must_use]
    pub fn load(dir: Option<&Path>) -> Self {
        let mut catalogue = Catalogue::built_in();
        let mut remarks = Vec::new();
        if let Some(dir) = dir {
            match store::load(dir, &mut catalogue) {
                Ok(faults) => remarks.extend(faults.iter().map(|f| format!("runbook left out: {f}"))),
                Err(error) => remarks.push(format!(
                    "the runbook directory {} cannot be read ({error}); built-in runbooks only",
                    dir.display()
                )),
            }
        }
        Self { catalogue, remarks }
    }
}

/// Adds the runbooks below `dirs` that have signals, so that a log finds them by what it says.
pub fn learn(catalogue: &mut Catalogue, dirs: &[PathBuf]) {
    store::learn(&store::leaves(dirs).0, catalogue);
}

/// What can be searched: the built-in runbooks that nobody replaced, and every Markdown file below `dirs`; with what could not be looked at, in sentences
/// for notes.
#[must_use]
pub fn shelf(catalogue: &Catalogue, dirs: Vec<PathBuf>) -> (Shelf<'_>, Vec<String>) {
    let (leaves, mut remarks) = store::leaves(&dirs);
    let empty = (0..).zip(&dirs).filter(|(number, _)| !leaves.iter().any(|leaf| leaf.directory == *number));
    remarks.extend(empty.map(|(_, dir)| format!("{} holds no Markdown", dir.display())));
    let built_in = catalogue.entries().iter().filter(|e| e.is_built_in()).map(|e| (e.file(), e.text()));
    (Shelf { built_in: built_in.collect(), dirs, leaves }, remarks)
}
