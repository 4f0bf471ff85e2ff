//! `idp runbook`.

use std::io::{self, BufWriter, Write};

use super::Status;
use crate::cli::{Runbook, RunbookCommand};
use crate::runbook::signatures;
use crate::settings::Settings;

pub(super) fn run(args: &Runbook, settings: &Settings) -> anyhow::Result<Status> {
    let RunbookCommand::Signatures = args.command;
    let (catalogue, _) = super::catalogue(settings);
    let mut out = BufWriter::new(io::stdout().lock());
    for line in signatures(&catalogue) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(Status::Ran)
}
