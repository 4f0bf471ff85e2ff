//! The head of a runbook of ours, with what is wrong with it.

use crate::runbook::head::{self, Head, HeadError};

use super::Page;

impl Page<'_> {
    /// The head of a runbook of ours read, or the first thing that is wrong with it; `None` where the file has none.
    #[must_use]
    pub fn read_head(&self) -> Option<Result<Head, HeadError>> {
        let yaml = self.head()?;
        Some(head::parse(&self.own_id().unwrap_or_else(|| self.stem().to_owned()), yaml))
    }

    /// The head, if it can be used.
    #[must_use]
    pub fn usable_head(&self) -> Option<Head> {
        self.read_head()?.ok()
    }
}
