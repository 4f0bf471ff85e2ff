//! `idp runbook list`.

use super::super::Status;
use crate::cli::RunbookList;
use crate::settings::Settings;

pub(super) fn run(_args: &RunbookList, _settings: &Settings) -> anyhow::Result<Status> {
    anyhow::bail!("not yet")
}
