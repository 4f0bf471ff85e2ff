//! `idp runbook show`.

use super::super::Status;
use crate::cli::RunbookShow;
use crate::settings::Settings;

pub(super) fn run(_args: &RunbookShow, _settings: &Settings) -> anyhow::Result<Status> {
    anyhow::bail!("not yet")
}
