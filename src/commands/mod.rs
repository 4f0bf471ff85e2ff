//! One file per subcommand: collect, engine, report, exit status.

mod cluster;
mod cluster_health;
mod completions;
mod config;
mod diagnose;
mod follow;
mod http;
mod input;
mod logs;
mod pager;
mod runbook;
mod serve;
mod target;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use crate::cli::{Cli, ColorChoice, Command};
use crate::report::Style;
use crate::runbook::Catalogue;
use crate::service::Knowledge;
use crate::settings::{Flags, Settings};

pub use crate::service::Advice;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It ran.
    Ran,
    /// A cause reached `--fail-on`.
    Found,
    /// It ran, and something that was asked for could not be read.
    Incomplete,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Ran => Self::SUCCESS,
            Status::Found => Self::from(1),
            Status::Incomplete => Self::from(2),
        }
    }
}

/// Runs what was typed.
///
/// # Errors
/// Whatever kept it from running; the chain says why, an [`Advice`] in it says what to do.
pub fn run(cli: Cli) -> anyhow::Result<Status> {
    let flags = Flags { color: cli.color, ..Flags::default() };
    match cli.command {
        Command::Diagnose(args) => diagnose::run(&args, cli.color),
        Command::ClusterHealth(args) => {
            cluster_health::run(&args, &Settings::resolve(Flags { fail_on: args.fail_on.clone(), ..flags })?)
        }
        Command::Logs(args) => logs::run(&args, &Settings::resolve(flags)?),
        Command::Runbook(args) => runbook::run(&args, &Settings::resolve(flags)?),
        Command::Serve(args) => serve::run(&args, &Settings::resolve(flags)?),
        Command::Config(args) => config::run(args.command, flags),
        Command::Completions { shell } => completions::run(shell),
    }
}

/// The catalogue in force; broken runbooks of the directory are named on standard error and left out.
fn catalogue(settings: &Settings) -> (Catalogue, Vec<String>) {
    let Knowledge { catalogue, remarks } = Knowledge::load(settings.runbook_dir.value.as_deref());
    for remark in &remarks {
        complain(&format!("idp: warning: {remark}"));
    }
    (catalogue, remarks)
}

/// Columns where the terminal does not say, and at the most.
const WIDTH: usize = 80;
const WIDEST: usize = 120;

/// How text for people looks on standard output.
fn style(settings: &Settings) -> Style {
    let color = match settings.color.value {
        ColorChoice::Auto => io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    };
    let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(40, WIDEST));
    Style { color, width }
}

/// Writes a line to standard error; where that is closed nobody is listening.
fn complain(line: &str) {
    use io::Write as _;
    let _ = writeln!(io::stderr(), "{line}");
}
