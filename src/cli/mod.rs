//! What was typed. [`crate::settings`] says what it means.

mod runbook;
mod serve;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use runbook::*;
pub use serve::Serve;

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
    /// Say what is wrong in a cluster, and what causes what.
    ClusterHealth(Box<ClusterHealth>),
    /// See what a log consists of: its patterns, what is new in it, its errors over time.
    Logs(Logs),
    /// Work with runbooks.
    Runbook(Runbook),
    /// Answer requests for diagnoses over HTTP.
    Serve(Box<Serve>),
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
  idp diagnose pod/api-0 -n shop
  idp diagnose deployment/api -n shop --from ./cluster-dump
  kubectl logs api-0 -n shop | idp diagnose --live --pod api-0 -n shop

Exit status: 0 it ran, 1 a cause reached --fail-on, 2 idp itself failed.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Diagnose {
    /// Files to read, standard input when none is given or for `-`; or an object of the cluster: `pod/NAME`, `deployment/NAME`, `job/NAME`, `node/NAME` …
    #[arg(value_name = "FILE|KIND/NAME")]
    pub files: Vec<String>,

    /// Ask neither a cluster nor a model (a plain pipe asks neither anyway).
    #[arg(long, conflicts_with_all = ["live", "from", "context", "kubeconfig"])]
    pub offline: bool,
    /// Also read the object that the text is about from the live cluster.
    #[arg(long, conflicts_with = "follow", help_heading = "Which cluster")]
    pub live: bool,
    /// How the cluster is reached.
    #[command(flatten)]
    pub reach: Reach,

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

    /// Show also what is new compared with this log, which is well.
    #[arg(long, value_name = "GOOD", help_heading = "What is read")]
    pub baseline: Option<String>,
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

/// How a cluster is reached.
#[derive(Clone, Debug, Default, Args)]
pub struct Reach {
    /// Context of the kubeconfig; the current one when none is named.
    #[arg(long, value_name = "NAME", help_heading = "Which cluster")]
    pub context: Option<String>,
    /// Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory.
    #[arg(long, value_name = "FILE", help_heading = "Which cluster")]
    pub kubeconfig: Option<PathBuf>,
    /// Read a dump instead of a live cluster: a folder of `kubectl cluster-info dump`, JSON or YAML of `kubectl get`, a support bundle, a must-gather
    /// (folder or .tar.gz), or manifests.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["context", "kubeconfig", "timeout"], help_heading = "Which cluster")]
    pub from: Option<PathBuf>,
    /// Longest time that reading the cluster may take: `30s`, `2m`. What was not read by then is named.
    #[arg(long, value_name = "TIME", help_heading = "Which cluster")]
    pub timeout: Option<String>,
}

/// `idp cluster-health`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  idp cluster-health
  idp cluster-health -n shop -n payments --fail-on high
  idp cluster-health --from ./cluster-dump -o markdown
  idp cluster-health --only container-oom-killed,image-pull-failed
  idp cluster-health -o json > before.json; idp cluster-health --baseline before.json

Checks are listed in docs/checks.md. What may not be read is named, never taken for missing.

Exit status: 0 it ran, 1 a cause reached --fail-on, 2 idp itself failed or the cluster cannot
be reached.")]
pub struct ClusterHealth {
    /// How the cluster is reached.
    #[command(flatten)]
    pub reach: Reach,
    /// Look at every context of the kubeconfig, one after the other.
    #[arg(long, conflicts_with_all = ["context", "from"], help_heading = "Which cluster")]
    pub all_contexts: bool,
    /// Look only at this namespace; may be repeated.
    #[arg(short, long = "namespace", value_name = "NAME", value_parser = dns_name, help_heading = "What is looked at")]
    pub namespaces: Vec<String>,
    /// Run only these checks, by commas.
    #[arg(long, value_name = "CHECK", value_delimiter = ',', help_heading = "What is looked at")]
    pub only: Vec<String>,
    /// Do not run these checks, by commas.
    #[arg(long, value_name = "CHECK", value_delimiter = ',', help_heading = "What is looked at")]
    pub skip: Vec<String>,
    /// Also run the checks that are about order, not about failures: unused objects, missing limits, image tags.
    #[arg(long, help_heading = "What is looked at")]
    pub hygiene: bool,

    /// How to print the health.
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        ignore_case = true,
        default_value = "human",
        help_heading = "What is shown"
    )]
    pub output: HealthOutput,
    /// Show symptoms, evidence and all fixes.
    #[arg(short, long, help_heading = "What is shown")]
    pub verbose: bool,
    /// Show what is new, gone and still there since this report (`-o json`).
    #[arg(long, value_name = "FILE", help_heading = "What is shown")]
    pub baseline: Option<PathBuf>,
    /// Exit with 1 when a cause is at least this severe.
    #[arg(long, value_name = "SEVERITY", help_heading = "What is shown")]
    pub fail_on: Option<String>,
    /// Look again and again, at most this often; shows what changed. 30 seconds when no time is given.
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "30s", conflicts_with_all = ["from", "all_contexts"], help_heading = "What is shown")]
    pub watch: Option<String>,
}

/// How the health of a cluster is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HealthOutput {
    /// One screen for a person.
    Human,
    /// The stable machine format, see docs/health.schema.json.
    Json,
    /// The same as YAML.
    Yaml,
    /// For a job summary or a channel.
    Markdown,
    /// Test results of a CI system.
    Junit,
    /// SARIF 2.1.0, as code hosts read it.
    Sarif,
    /// Metrics in Prometheus' text format.
    Prometheus,
}

/// `idp logs`.
#[derive(Debug, Args)]
pub struct Logs {
    /// What to see.
    #[command(subcommand)]
    pub command: LogsCommand,
}

/// The subcommands of `idp logs`.
#[derive(Debug, Subcommand)]
pub enum LogsCommand {
    /// List the kinds of lines of a log, with how often and since when each comes.
    Patterns(Patterns),
    /// Compare a log with one that is well: kinds of lines that are new, gone or come at another rate.
    Diff(Diff),
    /// Show errors over time, with bursts, the first error and the causes.
    Timeline(Timeline),
}

/// `idp logs patterns`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kubectl logs deploy/api | idp logs patterns --level warn
  idp logs patterns app.log.gz --sort count --top 10
  idp logs patterns --assign app.log | paste - app.log | awk '$1 == 7'

A pattern is the constant text of a kind of line, with <*> where its lines differ.
Lines of a stack trace belong to the line that they follow. --assign needs
memory for every line, 4 bytes each; everything else does not grow with the log.")]
pub struct Patterns {
    /// Files to read; standard input when none is given or for `-`.
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// Only patterns of at least this level: trace, debug, info, warn, error or fatal.
    #[arg(long, value_name = "LEVEL", value_parser = level, conflicts_with = "assign")]
    pub level: Option<crate::evidence::Level>,
    /// What comes first.
    #[arg(long, value_name = "ORDER", default_value = "count", conflicts_with = "assign")]
    pub sort: PatternOrder,
    /// Patterns shown, all when it is 0; without it people see 20 and machines all.
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// How to print them.
    #[arg(short, long, value_name = "FORMAT", default_value = "human", conflicts_with = "assign")]
    pub output: LogsFormat,
    /// Print the number of its pattern for every line, and nothing else.
    #[arg(long)]
    pub assign: bool,
}

/// `idp logs diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  idp logs diff yesterday.log today.log
  idp logs diff <(kubectl logs api-old) <(kubectl logs api-new) -o json

A rate has changed when its share of the lines at least doubled or halved, and that is no
chance.")]
pub struct Diff {
    /// The log that is well.
    #[arg(value_name = "GOOD")]
    pub good: String,
    /// The log in question.
    #[arg(value_name = "BAD")]
    pub bad: String,
    /// Patterns shown of each kind of change.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    pub top: u64,
    /// How to print them; JSON has all.
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub output: LogsFormat,
}

/// `idp logs timeline`.
#[derive(Debug, Args)]
pub struct Timeline {
    /// Files to read; standard input when none is given or for `-`.
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// How to print it.
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub output: LogsFormat,
}

/// How `idp logs` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogsFormat {
    /// For a person.
    Human,
    /// For a machine.
    Json,
}

/// The order of patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PatternOrder {
    /// The most frequent first.
    Count,
    /// The rarest first.
    Rare,
    /// The most serious first, then the most frequent.
    Level,
    /// In the order in which they first appear.
    First,
    /// Those that appeared last first.
    New,
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

fn level(word: &str) -> Result<crate::evidence::Level, String> {
    crate::evidence::Level::from_word(word).ok_or_else(|| "use trace, debug, info, warn, error or fatal".into())
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
