//! `idp runbook lint --fix`: carries out the edits that need no judgement, and says which.

use std::collections::BTreeMap;

use super::pages::Pages;
use crate::lint::{self, Edit, Finding, Page, Tree};
use crate::report::lint::Mended;
use crate::store;

/// An edit may make room for another one; more than this is a fault of ours.
const ROUNDS: usize = 5;

/// Mends what can be mended, in the files and in `pages`. What cannot be written is a note, and the page stays as it was.
pub(super) fn mend(pages: &mut Pages, known: &[String]) -> Vec<Mended> {
    let mut mended: BTreeMap<usize, Mended> = BTreeMap::new();
    let was: Vec<String> = pages.all.iter().map(|s| s.text.clone()).collect();
    for _ in 0..ROUNDS {
        let found = fixable(pages, known);
        if found.is_empty() {
            break;
        }
        for (at, findings) in found {
            let edits: Vec<Edit> = findings.iter().flat_map(|f| f.edits.clone()).collect();
            pages.all[at].text = lint::apply(&pages.all[at].text, &edits);
            let mended = mended.entry(at).or_default();
            for finding in findings {
                *mended.rules.entry(finding.rule).or_default() += 1;
            }
        }
    }
    let written = mended.into_iter().filter_map(|(at, mended)| write(pages, at, &was[at], mended));
    written.collect()
}

/// The findings with edits, by the index of their page.
fn fixable(pages: &Pages, known: &[String]) -> BTreeMap<usize, Vec<Finding>> {
    let read: Vec<Page<'_>> = pages.all.iter().map(|s| Page::read(s.input())).collect();
    let tree = Tree::new(&read, pages.others.iter().map(String::as_str)).with_known(known.iter().map(String::as_str));
    let mut by_page: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for finding in lint::lint(&read, &tree, Vec::new()).into_iter().filter(|f| !f.edits.is_empty()) {
        if let Some(at) = pages.all.iter().position(|s| s.path == finding.file) {
            by_page.entry(at).or_default().push(finding);
        }
    }
    by_page
}

fn write(pages: &mut Pages, at: usize, was: &str, mended: Mended) -> Option<Mended> {
    let sheet = pages.all.get_mut(at)?;
    let place = sheet.place.clone()?;
    match store::replace(&place, was, &sheet.text) {
        Ok(()) => Some(Mended { file: sheet.shown.clone(), ..mended }),
        Err(error) => {
            was.clone_into(&mut sheet.text);
            pages.notes.push(format!("{} is not mended: {error}", sheet.shown));
            pages.missed = true;
            None
        }
    }
}
