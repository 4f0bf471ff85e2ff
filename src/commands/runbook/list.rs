//! `idp runbook list`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use super::super::{Status, style};
use super::shelf::{self, Book};
use crate::cli::{ListBy, PlainOutput, RunbookList};
use crate::finding::Severity;
use crate::report::catalogue::{self, Group, Listing, Row};
use crate::settings::Settings;

pub(super) fn run(args: &RunbookList, settings: &Settings) -> anyhow::Result<Status> {
    let listing = listing(&shelf::books(settings, &args.shelves)?, args.by);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.output {
        PlainOutput::Human => catalogue::write(&listing, style(settings), &mut out)?,
        PlainOutput::Json => catalogue::write_json(&listing, &mut out)?,
    }
    out.flush()?;
    Ok(Status::Ran)
}

/// What has no category, alert or severity comes last.
fn listing(books: &[Book], by: ListBy) -> Listing {
    let mut groups: BTreeMap<(bool, usize, String), Vec<Row>> = BTreeMap::new();
    for book in books {
        for (rank, name) in keys(book, by) {
            groups.entry((name.is_empty(), rank, name)).or_default().push(row(book));
        }
    }
    let by = match by {
        ListBy::Category => "category",
        ListBy::Alert => "alert",
        ListBy::Severity => "severity",
    };
    let groups = groups.into_iter().map(|((_, _, name), runbooks)| Group { name, runbooks });
    Listing { by: by.into(), runbooks: books.len(), groups: groups.collect() }
}

/// The groups of a runbook, each with its rank.
fn keys(book: &Book, by: ListBy) -> Vec<(usize, String)> {
    let head = book.head.as_ref();
    match by {
        ListBy::Category => vec![(0, head.map_or(String::new(), |h| h.category.clone()))],
        ListBy::Alert if book.alerts.is_empty() => vec![(0, String::new())],
        ListBy::Alert => book.alerts.iter().map(|alert| (0, alert.clone())).collect(),
        ListBy::Severity => {
            let rank = |s: Severity| Severity::ALL.iter().rev().position(|other| *other == s).unwrap_or(0);
            vec![head.map_or((0, String::new()), |h| (rank(h.severity), h.severity.word().to_owned()))]
        }
    }
}

fn row(book: &Book) -> Row {
    let head = book.head.as_ref();
    Row {
        id: book.id.clone(),
        title: book.title.clone(),
        category: head.map_or(String::new(), |h| h.category.clone()),
        cause: head.map_or(String::new(), |h| h.cause.clone()),
        severity: head.map_or(String::new(), |h| h.severity.word().to_owned()),
        alerts: book.alerts.clone(),
        file: book.file.clone(),
        built_in: book.built_in,
    }
}
