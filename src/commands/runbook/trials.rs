//! Tries the examples of runbooks among a catalogue that has them.

use std::thread;

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

/// The examples of all pages that the catalogue has, each with the index of its page. Every example is a run of the engine of its own, so that all
/// processors can share them.
pub(super) fn all(pages: &Pages, catalogue: &Catalogue) -> Vec<(usize, Vec<Trial>)> {
    let entries: Vec<(usize, &Entry)> =
        pages.all.iter().enumerate().filter_map(|(at, sheet)| Some((at, entry_of(sheet, catalogue)?))).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from).min(entries.len().max(1));
    let share = |worker: usize| {
        let mine = entries.iter().skip(worker).step_by(workers);
        mine.map(|(at, entry)| (*at, try_examples(catalogue, entry))).collect::<Vec<_>>()
    };
    let share = &share;
    let mut tried: Vec<(usize, Vec<Trial>)> = thread::scope(|scope| {
        let shares: Vec<_> = (0..workers).map(|worker| scope.spawn(move || share(worker))).collect();
        shares.into_iter().flat_map(|s| s.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    tried.sort_by_key(|(at, _)| *at);
    tried
}
