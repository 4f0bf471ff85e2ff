//! What was typed after `idp runbook`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// Find the runbooks for a question, an alert, an error or a whole log.
    Search(RunbookSearch),
    /// List runbooks by category, alert or severity.
    List(RunbookList),
    /// Show a runbook.
    Show(RunbookShow),
    /// Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back.
    Lint(RunbookLint),
    /// Run the examples of runbooks: each must rank its own runbook first.
    Test(RunbookTest),
    /// Begin a new runbook, from a log or by questions.
    New(RunbookNew),
    /// Say which checks, categories and alert rules have no runbook.
    Coverage(RunbookCoverage),
    /// Print the log signals of all runbooks, one expression a line, for `rg -f`.
    Signatures,
}

/// Where runbooks are, beside the built-in ones and `RUNBOOK_DIR`.
#[derive(Clone, Debug, Default, Args)]
pub struct Shelves {
    /// Also look in this directory and those below it, for any Markdown; may be repeated.
    #[arg(long = "dir", value_name = "DIR")]
    pub dirs: Vec<PathBuf>,
}

/// `idp runbook search`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  idp runbook search pod is killed for memory
  idp runbook search KubePodCrashLooping --dir ./runbooks
  kubectl logs deploy/api --previous | idp runbook search --top 3
  idp runbook search --dir ./docs -o json 'x509: certificate has expired'

Exit status: 0 it ran, whether or not something was found; 2 idp itself failed.")]
pub struct RunbookSearch {
    /// What to look for; standard input when nothing is given: a log, an alert, an error.
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// Where to look.
    #[command(flatten)]
    pub shelves: Shelves,
    /// Runbooks shown.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
    /// How to print them.
    #[arg(short, long, value_name = "FORMAT", ignore_case = true, default_value = "human")]
    pub output: SearchOutput,
}

/// How found runbooks are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SearchOutput {
    /// For a person.
    Human,
    /// For a machine, see docs/search.schema.json.
    Json,
    /// For a job summary or a channel.
    Markdown,
    /// A notice for a GitHub workflow.
    Github,
}

/// `idp runbook list`.
#[derive(Debug, Args)]
pub struct RunbookList {
    /// What the list goes by.
    #[arg(long, value_name = "WHAT", default_value = "category")]
    pub by: ListBy,
    /// Where to look.
    #[command(flatten)]
    pub shelves: Shelves,
    /// How to print it.
    #[arg(short, long, value_name = "FORMAT", ignore_case = true, default_value = "human")]
    pub output: PlainOutput,
}

/// What a list of runbooks goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListBy {
    /// The category of the failure.
    Category,
    /// The alert that leads there.
    Alert,
    /// How bad the failure is, the worst first.
    Severity,
}

/// For a person or for a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlainOutput {
    /// For a person.
    Human,
    /// For a machine.
    Json,
}

/// `idp runbook show`.
#[derive(Debug, Args)]
pub struct RunbookShow {
    /// The id of a runbook, the name of its file, or a path.
    #[arg(value_name = "ID|FILE")]
    pub runbook: String,
    /// Only this section, by its heading: `diagnosis`.
    #[arg(long, value_name = "HEADING")]
    pub section: Option<String>,
    /// The file as it is.
    #[arg(long)]
    pub raw: bool,
    /// Do not use a pager (`PAGER`) on a terminal.
    #[arg(long)]
    pub no_pager: bool,
    /// Where to look.
    #[command(flatten)]
    pub shelves: Shelves,
}

/// `idp runbook lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  idp runbook lint ./runbooks
  idp runbook lint ./docs -o github --fail-on warning
  idp runbook lint ./runbooks --alert-rules ./rules --fix

docs/lint.md says what each rule is about. A line is excused by
`<!-- idp-lint: ignore RULE REASON -->` before it.

Exit status: 0 it ran, 1 a finding reached --fail-on, 2 idp itself failed.")]
pub struct RunbookLint {
    /// Files and directories; the built-in runbooks when none is given.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Prometheus rule files, or directories of them, whose `runbook_url`s are to lead somewhere; may be repeated.
    #[arg(long, value_name = "PATH")]
    pub alert_rules: Vec<PathBuf>,
    /// Mend what can be mended without thinking.
    #[arg(long)]
    pub fix: bool,
    /// Also ask whether web links still lead somewhere.
    #[arg(long)]
    pub online: bool,
    /// Exit with 1 when a finding is at least this: `error`, `warning`, `info` or `never`.
    #[arg(long, value_name = "LEVEL", default_value = "error", ignore_case = true)]
    pub fail_on: LintLevel,
    /// How to print the findings.
    #[arg(short, long, value_name = "FORMAT", ignore_case = true, default_value = "human")]
    pub output: LintOutput,
}

/// From which finding on the exit status is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LintLevel {
    /// Something is broken.
    Error,
    /// Something will hurt somebody.
    Warning,
    /// Something could be better.
    Info,
    /// None.
    Never,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LintOutput {
    /// For a person.
    Human,
    /// For a machine, see docs/lint.schema.json.
    Json,
    /// Annotations for a GitHub workflow.
    Github,
    /// SARIF 2.1.0, as code hosts read it.
    Sarif,
    /// Test results of a CI system.
    Junit,
}

/// `idp runbook test`.
#[derive(Debug, Args)]
pub struct RunbookTest {
    /// Files and directories; the built-in runbooks when none is given.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print the outcome.
    #[arg(short, long, value_name = "FORMAT", ignore_case = true, default_value = "human")]
    pub output: TestOutput,
}

/// How the outcome of examples is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestOutput {
    /// For a person.
    Human,
    /// For a machine.
    Json,
    /// Test results of a CI system.
    Junit,
}

/// `idp runbook new`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  idp runbook new --log failed.log > runbooks/payment-gateway-refused.md
  idp runbook new --id payment-gateway-refused --title 'The payment gateway refuses' --write ./runbooks
  idp runbook new                      # asks, on a terminal")]
pub struct RunbookNew {
    /// Its id: lower-case words joined by hyphens, naming the fault.
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Its title.
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// Category of the taxonomy.
    #[arg(long, value_name = "CATEGORY")]
    pub category: Option<String>,
    /// A log with the failure, `-` for standard input: signals, an example and what is known are taken from it.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Write the file into this directory instead of standard output; never over another file.
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// `idp runbook coverage`.
#[derive(Debug, Args)]
pub struct RunbookCoverage {
    /// Prometheus rule files, or directories of them; may be repeated.
    #[arg(long, value_name = "PATH")]
    pub alert_rules: Vec<PathBuf>,
    /// Where runbooks are.
    #[command(flatten)]
    pub shelves: Shelves,
    /// Exit with 1 when something has no runbook.
    #[arg(long)]
    pub fail: bool,
    /// How to print it.
    #[arg(short, long, value_name = "FORMAT", ignore_case = true, default_value = "human")]
    pub output: PlainOutput,
}
