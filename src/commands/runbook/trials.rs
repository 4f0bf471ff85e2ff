//! Tries the examples of runbooks among a catalogue that has them.

use super::pages::{Pages, Sheet};
use crate::engine::{Trial, try_examples};
use crate::lint::Page;
use crate::runbook::{Catalogue, Entry};

/// Adds the runbooks of `pages` to `catalogue`; says of each that has a head of ours why it cannot be used.
pub(super) fn enter(pages: &Pages, catalogue: &mut Catalogue) -> Vec<String> {
    let mut faults = Vec::new();
    for sheet in pages.all.iter().filter(|s| s.place.is_some()) {
        let page = Page::read(sheet.input());
        if page.head().is_some()
            && let Err(fault) = catalogue.add(&sheet.shown, page.stem(), sheet.text.clone())
        {
            faults.push(fault.to_string());
        }
    }
    faults
}

/// The entry of the catalogue that is this very file.
pub(super) fn entry_of<'c>(sheet: &Sheet, catalogue: &'c Catalogue) -> Option<&'c Entry> {
    let name = sheet.path.rsplit('/').next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    catalogue.get(stem).filter(|entry| entry.text() == sheet.text)
}

/// The examples of all pages that the catalogue has, each with the index of its page.
pub(super) fn all(pages: &Pages, catalogue: &Catalogue) -> Vec<(usize, Vec<Trial>)> {
    let entries = pages.all.iter().enumerate().filter_map(|(at, s)| Some((at, entry_of(s, catalogue)?)));
    entries.map(|(at, entry)| (at, try_examples(catalogue, entry))).collect()
}
