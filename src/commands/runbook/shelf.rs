//! All runbooks that somebody can look up: built-in, of `RUNBOOK_DIR`, of `--dir`; with a head or without.

use std::path::{Path, PathBuf};

use super::super::{Advice, complain};
use crate::cli::Shelves;
use crate::runbook::Catalogue;
use crate::runbook::head::{self, Head};
use crate::runbook::outline::Outline;
use crate::settings::Settings;
use crate::store::{self, MarkdownFile};

/// A runbook on the shelf.
#[derive(Clone, Debug)]
pub(super) struct Book {
    /// Its id; of a page without a head of ours, the name of its file without ending.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// Its head, if it has one that can be used.
    pub(super) head: Option<Head>,
    /// Alerts that lead to it.
    pub(super) alerts: Vec<String>,
    /// As a person names its file.
    pub(super) file: String,
    /// Whether it came with the program.
    pub(super) built_in: bool,
    /// Its text.
    pub(super) text: String,
}

/// Every runbook, by id. One with a head replaces another with the same id that was there before.
pub(super) fn books(settings: &Settings, shelves: &Shelves) -> anyhow::Result<Vec<Book>> {
    let mut books: Vec<Book> = Catalogue::built_in().entries().iter().map(built_in).collect();
    if let Some(dir) = &settings.runbook_dir.value {
        add(&mut books, dir);
    }
    for dir in &shelves.dirs {
        if !dir.is_dir() {
            return Err(Advice {
                what: format!("--dir: {} is no directory", dir.display()),
                help: "name a directory that holds Markdown".into(),
            }
            .into());
        }
        add(&mut books, dir);
    }
    books.sort_by(|a, b| (&a.id, &a.file).cmp(&(&b.id, &b.file)));
    Ok(books)
}

fn add(books: &mut Vec<Book>, dir: &Path) {
    let (files, notes) = store::markdown(&[dir.to_owned()]);
    for note in &notes {
        complain(&format!("idp: warning: {note}"));
    }
    if files.is_empty() && notes.is_empty() {
        complain(&format!("idp: warning: {} holds no Markdown", dir.display()));
    }
    for file in files {
        let book = read(dir, file);
        books.retain(|other| book.head.is_none() || other.head.is_none() || other.id != book.id);
        books.push(book);
    }
}

fn built_in(entry: &crate::runbook::Entry) -> Book {
    let head = entry.head().into_owned();
    Book {
        id: head.id.clone(),
        title: head.title.clone(),
        alerts: head.alerts.clone(),
        head: Some(head),
        file: entry.file(),
        built_in: true,
        text: entry.text().to_owned(),
    }
}

fn read(dir: &Path, file: MarkdownFile) -> Book {
    let shown: PathBuf = dir.join(&file.path);
    of_text(&shown.display().to_string(), file.text)
}

/// A file by its name.
pub(super) fn of_text(shown: &str, text: String) -> Book {
    let name = shown.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let outline = Outline::of(&text);
    let matter = outline.front_matter.as_ref();
    let head = matter.and_then(|m| head::parse(&stem, &m.text).ok());
    let alerts = matter.map(|m| m.list("alerts")).unwrap_or_default();
    let title = head.as_ref().map(|h| h.title.clone()).or(outline.title).unwrap_or_else(|| stem.clone());
    Book { id: stem, title, alerts, head, file: shown.to_owned(), built_in: false, text }
}
