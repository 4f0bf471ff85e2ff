//! `idp completions`.

use std::io;

use clap::CommandFactory;

use super::Status;
use crate::cli::Cli;

pub(super) fn run(shell: clap_complete::Shell) -> anyhow::Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "idp", &mut script);
    io::Write::write_all(&mut io::stdout().lock(), &script)?;
    Ok(Status::Ran)
}
