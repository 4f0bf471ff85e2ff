//! What was typed. [`crate::settings`] says what it means.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Names the cause of a failure from logs, with evidence and safe fixes.
///
/// Pipe it a log, a `kubectl describe`, an events table, the output of terraform, helm or a CI job, a stack trace or a bare
/// error message. It works offline; nothing that it reads leaves the machine.
#[derive(Debug, Parser)]
#[command(name = "idp", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", help_heading = "Global options")]
    pub color: Option<ColorChoice>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Name the cause of a failure in logs or other output.
    Diagnose(Box<Diagnose>),
    /// Work with runbooks.
    Runbook(Runbook),
    /// Show the configuration in force, or where its file is.
    Config(Config),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// `idp diagnose`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kubectl logs deploy/api --previous | idp diagnose
  kubectl describe pod api-0 | idp diagnose --explain
  terraform apply 2>&1 | idp diagnose -n shop
  idp diagnose app.log worker.log.gz --tail 5000 -o markdown
  kubectl logs -f deploy/api | idp diagnose --follow

Exit status: 0 it ran, 1 a cause reached --fail-on, 2 idp itself failed.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Diagnose {
    /// Files to read; standard input when none is given or for `-`.
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,

    /// Ask neither a cluster nor a model (a plain pipe asks neither anyway).
    #[arg(long)]
    pub offline: bool,

    /// Namespace to fill in the fix commands.
    #[arg(short, long, value_name = "NAME", value_parser = dns_name, help_heading = "What it is about")]
    pub namespace: Option<String>,
    /// Pod to fill in the fix commands.
    #[arg(long, value_name = "NAME", value_parser = dns_name, help_heading = "What it is about")]
    pub pod: Option<String>,
    /// Deployment to fill in the fix commands.
    #[arg(long, value_name = "NAME", value_parser = dns_name, help_heading = "What it is about")]
    pub deployment: Option<String>,
    /// Container to fill in the fix commands.
    #[arg(long, value_name = "NAME", value_parser = dns_name, help_heading = "What it is about")]
    pub container: Option<String>,

    /// Read only the last LINES lines of each source.
    #[arg(long, value_name = "LINES", value_parser = clap::value_parser!(u64).range(1..), help_heading = "What is read")]
    pub tail: Option<u64>,
    /// Pass over lines older than this: `15m`, `1h30m`, `2d`, a date or an RFC 3339 time.
    #[arg(long, value_name = "AGE", help_heading = "What is read")]
    pub since: Option<String>,

    /// Show each new cause as soon as it is certain, and the summary when the input ends.
    #[arg(short, long, conflicts_with = "tail", help_heading = "What is read")]
    pub follow: bool,

    /// How to print the diagnosis.
    #[arg(short, long, value_name = "FORMAT", ignore_case = true, help_heading = "What is shown")]
    pub output: Option<OutputFormat>,
    /// Print the answer only: cause and evidence, no fixes.
    #[arg(short, long, help_heading = "What is shown")]
    pub quiet: bool,
    /// Alternatives shown.
    #[arg(long, value_name = "N", help_heading = "What is shown")]
    pub top: Option<usize>,
    /// Show every candidate with what spoke for and against it.
    #[arg(long, help_heading = "What is shown")]
    pub explain: bool,
    /// Show secrets of the input as they are; only when standard output is a terminal.
    #[arg(long, help_heading = "What is shown")]
    pub no_redact: bool,
    /// Exit with 1 when a cause is at least this severe.
    #[arg(long, value_name = "SEVERITY", help_heading = "What is shown")]
    pub fail_on: Option<String>,
}

/// `idp runbook`.
#[derive(Debug, Args)]
pub struct Runbook {
    /// What to do with runbooks.
    #[command(subcommand)]
    pub command: RunbookCommand,
}

/// The subcommands of `idp runbook`.
#[derive(Debug, Subcommand)]
pub enum RunbookCommand {
    /// Print the log signals of all runbooks, one expression a line, for `rg -f`.
    Signatures,
}

/// `idp config`.
#[derive(Debug, Args)]
pub struct Config {
    /// What to show.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// The subcommands of `idp config`.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting in force, with where it comes from.
    Show,
    /// Print where the configuration file is.
    Path,
}

/// How a diagnosis is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputFormat {
    /// One screen for a person.
    #[default]
    Human,
    /// The stable machine format, see docs/diagnosis.schema.json.
    Json,
    /// The same as YAML.
    Yaml,
    /// For a job summary or a channel.
    Markdown,
    /// Annotations and groups for a GitHub workflow.
    Github,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A name as RFC 1123 wants it: what Kubernetes accepts, and what is safe in a command.
fn dns_name(value: &str) -> Result<String, String> {
    let shaped = !value.is_empty()
        && value.len() <= 253
        && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
        && !value.starts_with(['-', '.'])
        && !value.ends_with(['-', '.']);
    if shaped {
        Ok(value.to_owned())
    } else {
        Err("use lower-case letters, digits, '-' and '.', as Kubernetes does".into())
    }
}
