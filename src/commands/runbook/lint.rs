//! `idp runbook lint`.

use super::super::Status;
use crate::cli::RunbookLint;
use crate::settings::Settings;

pub(super) fn run(_args: &RunbookLint, _settings: &Settings) -> anyhow::Result<Status> {
    anyhow::bail!("not yet")
}
