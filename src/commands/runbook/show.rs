//! `idp runbook show`.

use std::path::Path;

use super::super::{Advice, Status, pager, style};
use super::shelf::{self, Book};
use crate::cli::RunbookShow;
use crate::report::show;
use crate::search::{Builder, Document, Index, Stamp};
use crate::settings::Settings;
use crate::store;
use crate::text::list;

/// Names that are offered where nobody has the one that was typed.
const MOST_OFFERED: usize = 3;

pub(super) fn run(args: &RunbookShow, settings: &Settings) -> anyhow::Result<Status> {
    let book = find(args, settings)?;
    let whole = if args.raw { book.text.clone() } else { show::composed(&book.text) };
    let text = match &args.section {
        None => whole.as_str(),
        Some(name) => show::section(&whole, name).map_err(|headings| no_section(&book, name, &headings))?,
    };
    let mut page = Vec::new();
    if args.raw {
        page.extend_from_slice(text.as_bytes());
        if !text.ends_with('\n') {
            page.push(b'\n');
        }
    } else {
        show::write(text, style(settings), &mut page)?;
    }
    pager::show(&String::from_utf8_lossy(&page), !args.no_pager)?;
    Ok(Status::Ran)
}

/// A path that leads to a file is that file; anything else is an id or the name of a file on the shelf.
fn find(args: &RunbookShow, settings: &Settings) -> anyhow::Result<Book> {
    let typed = args.runbook.as_str();
    let path = Path::new(typed);
    if path.is_file() {
        let advice = |what| Advice { what, help: "name a Markdown file".into() };
        return Ok(shelf::of_text(typed, store::read_text(path).map_err(advice)?));
    }
    let books = shelf::books(settings, &args.shelves)?;
    let wanted = typed.strip_suffix(".md").unwrap_or(typed).to_lowercase();
    let is_it = |book: &&Book| {
        let file = book.file.strip_suffix(".md").unwrap_or(&book.file).to_lowercase();
        book.id.to_lowercase() == wanted || file == wanted || file.ends_with(&format!("/{wanted}"))
    };
    let found = books.iter().find(is_it).or_else(|| books.iter().find(|b| b.alerts.iter().any(|a| a == typed)));
    Ok(found.cloned().ok_or_else(|| unknown(typed, &books))?)
}

fn unknown(typed: &str, books: &[Book]) -> Advice {
    let near = nearest(typed, books);
    let help = match near.as_slice() {
        [] => "`idp runbook list` names all, `idp runbook search` finds one by its words".to_owned(),
        near => format!("do you mean {}? `idp runbook list` names all", list(near).replace(" and ", " or ")),
    };
    Advice { what: format!("there is no runbook {typed:?}"), help }
}

/// The ids that look most like what was typed, letter by letter.
fn nearest(typed: &str, books: &[Book]) -> Vec<String> {
    let mut builder = Builder::new();
    for book in books {
        builder.add(&Document { path: &book.file, directory: 0, stamp: Stamp::default(), text: &book.text });
    }
    let Ok(index) = Index::open(builder.finish()) else { return Vec::new() };
    index.nearest_titles(typed, MOST_OFFERED).into_iter().map(|near| near.id).collect()
}

fn no_section(book: &Book, name: &str, headings: &[String]) -> Advice {
    let help = match headings {
        [] => "it has no headings".to_owned(),
        headings => format!("its sections are {}", list(headings)),
    };
    Advice { what: format!("{} has no section {name:?}", book.file), help }
}
