//! `idp runbook signatures`.

use std::io::{self, BufWriter, Write};

use super::super::Status;
use crate::runbook::signatures;
use crate::settings::Settings;

pub(super) fn run(settings: &Settings) -> anyhow::Result<Status> {
    let (catalogue, _) = super::super::catalogue(settings);
    let mut out = BufWriter::new(io::stdout().lock());
    for line in signatures(&catalogue) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(Status::Ran)
}
