//! `idp runbook test`.

use std::io::{self, BufWriter, Write};

use super::super::{Advice, Status, catalogue, style};
use super::pages::{self, Pages};
use super::trials;
use crate::cli::{RunbookTest, TestOutput};
use crate::report::examples::{self, ExampleFormat, ExampleReport, Tried};
use crate::runbook::Catalogue;
use crate::settings::Settings;

pub(super) fn run(args: &RunbookTest, settings: &Settings) -> anyhow::Result<Status> {
    let (pages, mut known) = if args.paths.is_empty() {
        (pages::built_in(), Catalogue::built_in())
    } else {
        (pages::read(&args.paths)?, catalogue(settings).0)
    };
    let faults = trials::enter(&pages, &mut known);
    let missed = pages.missed || !faults.is_empty();
    let report = report(&pages, &known, faults);
    if report.runbooks.is_empty() {
        return Err(nothing(&report).into());
    }
    let format = match args.output {
        TestOutput::Human => ExampleFormat::Human,
        TestOutput::Json => ExampleFormat::Json,
        TestOutput::Junit => ExampleFormat::Junit,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    examples::write(&report, format, style(settings), &mut out)?;
    out.flush()?;
    Ok(match () {
        () if missed => Status::Incomplete,
        () if report.has_failed() => Status::Found,
        () => Status::Ran,
    })
}

fn report(pages: &Pages, known: &Catalogue, faults: Vec<String>) -> ExampleReport {
    let tried = trials::all(pages, known).into_iter().filter_map(|(at, trials)| {
        let sheet = pages.all.get(at)?;
        let id = trials::entry_of(sheet, known)?.id().to_owned();
        Some(Tried { id, file: sheet.shown.clone(), trials })
    });
    ExampleReport { runbooks: tried.collect(), notes: pages.notes.iter().cloned().chain(faults).collect() }
}

fn nothing(report: &ExampleReport) -> Advice {
    let why = report.notes.first().map_or(String::new(), |note| format!(": {note}"));
    Advice {
        what: format!("there is no runbook with a head to test{why}"),
        help: "runbooks/README.md says what a head is; `idp runbook new` writes one".into(),
    }
}
