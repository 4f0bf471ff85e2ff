//! `idp runbook test`.

use super::super::Status;
use crate::cli::RunbookTest;
use crate::settings::Settings;

pub(super) fn run(_args: &RunbookTest, _settings: &Settings) -> anyhow::Result<Status> {
    anyhow::bail!("not yet")
}
