//! `idp runbook`: one file for each of its subcommands.

mod ask;
mod coverage;
mod lint;
mod list;
mod material;
mod meaning;
mod mend;
mod new;
mod pages;
mod search;
mod shelf;
mod show;
mod signatures;
mod test;
mod trials;
mod web;

use super::Status;
use crate::cli::{Runbook, RunbookCommand};
use crate::settings::Settings;

pub(super) fn run(args: &Runbook, settings: &Settings) -> anyhow::Result<Status> {
    match &args.command {
        RunbookCommand::Search(args) => search::run(args, settings),
        RunbookCommand::List(args) => list::run(args, settings),
        RunbookCommand::Show(args) => show::run(args, settings),
        RunbookCommand::Lint(args) => lint::run(args, settings),
        RunbookCommand::Test(args) => test::run(args, settings),
        RunbookCommand::New(args) => new::run(args, settings),
        RunbookCommand::Coverage(args) => coverage::run(args, settings),
        RunbookCommand::Signatures => signatures::run(settings),
    }
}
