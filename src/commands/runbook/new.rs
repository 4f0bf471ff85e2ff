//! `idp runbook new`.

use super::super::Status;
use crate::cli::RunbookNew;
use crate::settings::Settings;

pub(super) fn run(_args: &RunbookNew, _settings: &Settings) -> anyhow::Result<Status> {
    anyhow::bail!("not yet")
}
