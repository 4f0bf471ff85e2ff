//! Shows a diagnosis: one file per output format, each a function of a report, a style and a writer.

pub mod catalogue;
pub mod coverage;
pub mod examples;
pub mod follow;
mod github;
pub mod health;
mod human;
mod json;
pub mod lint;
pub mod logs;
mod markdown;
mod page;
mod sarif;
pub mod search;
pub mod show;

use std::io::{self, Write};

use crate::diagnosis::Diagnosis;
use crate::engine::{Changed, Patterns, changes};

pub use follow::Happening;
pub use json::{Response, response, schema};

/// A diagnosis with what is known about the run that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The diagnosis.
    pub diagnosis: Diagnosis,
    /// Identifies the request.
    pub request_id: String,
    /// When it was made: RFC 3339, UTC, milliseconds.
    pub timestamp: String,
    /// Alternatives to show.
    pub top: usize,
    /// Show what spoke for and against every candidate.
    pub explain: bool,
    /// Cause and evidence only.
    pub quiet: bool,
    /// What differs from a log that is well, where there is one.
    pub comparison: Option<Comparison>,
}

/// What differs from a log that is well.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The log that is well, as it was named.
    pub baseline: String,
    /// The kinds of lines of both.
    pub patterns: Patterns,
    /// Those that changed, the most telling first.
    pub changes: Vec<Changed>,
}

impl Comparison {
    /// Compares the two sides of a survey.
    #[must_use]
    pub fn new(baseline: String, patterns: Patterns) -> Self {
        let changes = changes(&patterns);
        Self { baseline, patterns, changes }
    }
}

/// How text for people looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colour is used; nothing is said by colour alone.
    pub color: bool,
    /// Columns to fill at the most.
    pub width: usize,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One screen for a person.
    Human,
    /// The stable machine format.
    Json,
    /// The same as YAML.
    Yaml,
    /// For a job summary or a channel.
    Markdown,
    /// Annotations and groups for a GitHub workflow.
    Github,
}

/// Writes `report` to `out`.
///
/// # Errors
/// What the writer says.
pub fn write(report: &Report, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Yaml => json::write_yaml(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Github => github::write(report, out),
    }
}

/// What `idp runbook list`, `test` and `coverage` print as JSON, each as a property by its name.
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is wanted")]
struct RunbookOutputs {
    list: catalogue::Listing,
    test: examples::Document,
    coverage: coverage::Coverage,
}

/// The JSON schema of the machine formats of `idp runbook list`, `test` and `coverage`.
#[must_use]
pub fn runbook_schema() -> schemars::Schema {
    schemars::schema_for!(RunbookOutputs)
}
