//! `idp`: parse, run, print the error, return the code.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use idp::cli::Cli;
use idp::commands::{self, Advice};

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(status) => status.into(),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed nobody is listening.
            let _ = complain(&error);
            ExitCode::from(2)
        }
    }
}

/// The reader of our output went away: it has what it wanted.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|e| e.kind() == ErrorKind::BrokenPipe)
}

fn complain(error: &anyhow::Error) -> io::Result<()> {
    let mut err = io::stderr().lock();
    writeln!(err, "idp: error: {error}")?;
    for cause in error.chain().skip(1) {
        writeln!(err, "  because: {cause}")?;
    }
    if let Some(advice) = error.chain().find_map(|cause| cause.downcast_ref::<Advice>()) {
        writeln!(err, "  help: {}", advice.help)?;
    }
    Ok(())
}
