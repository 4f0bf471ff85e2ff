//! The runbooks in force, as the server keeps them: for the engine, and for the search in their texts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::memo::Memo;
use super::suggest::Shelf;
use crate::service::Knowledge;

/// The runbooks in force.
pub(super) struct Library {
    pub(super) knowledge: Arc<Knowledge>,
    /// What every diagnosis notes about them.
    pub(super) remarks: Vec<String>,
    /// Diagnoses that were made with them.
    pub(super) memo: Memo,
    dir: Option<PathBuf>,
    shelf: Arc<OnceLock<Shelf>>,
}

impl Library {
    /// Loads them, whatever can be read.
    pub(super) fn load(dir: Option<&Path>) -> Self {
        let knowledge = Knowledge::load(dir);
        Self {
            remarks: knowledge.remarks.clone(),
            knowledge: Arc::new(knowledge),
            memo: Memo::default(),
            dir: dir.map(Path::to_owned),
            shelf: Arc::default(),
        }
    }

    /// The same runbooks, with what kept others from coming in their place.
    pub(super) fn with_remarks(&self, remarks: Vec<String>) -> Self {
        Self {
            knowledge: self.knowledge.clone(),
            remarks,
            memo: Memo::default(),
            dir: self.dir.clone(),
            shelf: self.shelf.clone(),
        }
    }

    /// The index over their texts, made when it is first asked for.
    pub(super) fn shelf(&self) -> &Shelf {
        self.shelf.get_or_init(|| Shelf::of(&self.knowledge.catalogue, self.dir.as_deref()))
    }
}
