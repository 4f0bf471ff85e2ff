//! `idp runbook search`.

use super::super::Status;
use crate::cli::RunbookSearch;
use crate::settings::Settings;

pub(super) fn run(_args: &RunbookSearch, _settings: &Settings) -> anyhow::Result<Status> {
    anyhow::bail!("not yet")
}
