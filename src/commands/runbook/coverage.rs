//! `idp runbook coverage`.

use super::super::Status;
use crate::cli::RunbookCoverage;
use crate::settings::Settings;

pub(super) fn run(_args: &RunbookCoverage, _settings: &Settings) -> anyhow::Result<Status> {
    anyhow::bail!("not yet")
}
