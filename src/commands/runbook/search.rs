//! `idp runbook search`.

use std::io::{self, BufWriter, IsTerminal, Read as _, Write};
use std::path::PathBuf;

use anyhow::Context as _;

use super::super::{Advice, Status, complain};
use super::meaning;
use crate::cli::{RunbookSearch, SearchOutput};
use crate::report::search::{SearchFormat, SearchReport, write};
use crate::runbook::Catalogue;
use crate::search::{Library, Meaning, Record};
use crate::service;
use crate::settings::Settings;
use crate::store::Shelf;

/// Bytes of standard input that are read as a query: the end of a log tells more than its beginning.
const LONGEST: usize = 16 << 20;

/// From which cosine on a runbook may be claimed although it shares no word with the query; small sentence models put unrelated texts below it.
const CLOSE: f32 = 0.4;

pub(super) fn run(args: &RunbookSearch, settings: &Settings) -> anyhow::Result<Status> {
    let text = query(&args.query)?;
    let (mut catalogue, mut notes) = super::super::catalogue(settings);
    if args.query.is_empty() {
        // Whatever is piped in may be a log; to look at every file would be slow for a few words.
        service::learn(&mut catalogue, &args.shelves.dirs);
    }
    let told = notes.len();
    let shelf = shelf(&catalogue, &args.shelves.dirs, settings, &mut notes)?;
    let opened = shelf.open(settings.cache.as_deref());
    notes.extend(opened.remarks);
    let read = |record: &Record| shelf.text(record);
    let library = Library { catalogue: &catalogue, index: &opened.index, text: &read };
    let cosines = meaning::cosines(&text, &opened.index, &shelf, settings, &mut notes);
    let meaning = cosines.as_deref().map(|cosines| Meaning { cosines, close: CLOSE });
    let suggestions = library.suggest(&text, usize::from(args.top), meaning);
    let built_in = std::iter::once("built-in".to_owned());
    let directories = built_in.chain(shelf.dirs.iter().map(|d| d.display().to_string())).collect();
    let report = SearchReport { suggestions, directories, notes };
    for note in &report.notes[told..] {
        complain(&format!("idp: warning: {note}"));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&report, format(args.output), super::super::style(settings), &mut out);
    written.and_then(|()| out.flush()).context("failed to write the runbooks")?;
    Ok(Status::Ran)
}

/// What is looked for: what was typed, else standard input.
fn query(words: &[String]) -> anyhow::Result<String> {
    let text = if words.is_empty() { piped()? } else { words.join(" ") };
    if text.trim().is_empty() {
        let help = "type it, as in `idp runbook search disk is full`, or pipe a log in".into();
        return Err(Advice { what: "there is nothing to look for".into(), help }.into());
    }
    Ok(text)
}

fn piped() -> anyhow::Result<String> {
    let mut input = io::stdin().lock();
    if input.is_terminal() {
        return Ok(String::new());
    }
    let mut bytes = Vec::new();
    let mut part = vec![0; 1 << 16];
    loop {
        let read = input.read(&mut part).context("failed to read standard input")?;
        if read == 0 {
            break;
        }
        bytes.extend_from_slice(&part[..read]);
        if bytes.len() > 2 * LONGEST {
            bytes.drain(..bytes.len() - LONGEST);
        }
    }
    Ok(String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(LONGEST)..]).into_owned())
}

/// What is on the shelf: built-in runbooks, then those of `RUNBOOK_DIR`, then those of the directories that were named.
fn shelf<'c>(
    catalogue: &'c Catalogue,
    dirs: &[PathBuf],
    settings: &Settings,
    notes: &mut Vec<String>,
) -> anyhow::Result<Shelf<'c>> {
    if let Some(dir) = dirs.iter().find(|dir| !dir.is_dir()) {
        let what = format!("--dir: {} is no directory", dir.display());
        return Err(Advice { what, help: "name a directory that holds Markdown".into() }.into());
    }
    // A directory of the environment that cannot be read was named when the catalogue was made.
    let own = settings.runbook_dir.value.clone().filter(|dir| dir.is_dir());
    let dirs: Vec<PathBuf> = own.into_iter().chain(dirs.iter().cloned()).collect();
    let (shelf, remarks) = service::shelf(catalogue, dirs);
    notes.extend(remarks);
    Ok(shelf)
}

fn format(output: SearchOutput) -> SearchFormat {
    match output {
        SearchOutput::Human => SearchFormat::Human,
        SearchOutput::Json => SearchFormat::Json,
        SearchOutput::Markdown => SearchFormat::Markdown,
        SearchOutput::Github => SearchFormat::Github,
    }
}
