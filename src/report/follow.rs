//! What happens while a log is followed: a paragraph for people, or one JSON object a line.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnosis::Cause;
use crate::text::Count;

use super::{Report, Style, human, json};

/// Something to tell while a log is followed.
#[derive(Debug)]
pub enum Happening<'r> {
    /// A cause became certain.
    Cause(&'r Cause),
    /// A cause that was told goes on: its count reached the next power of ten.
    Count(&'r Cause),
    /// A cause that was told is none any more: it recovered, or something else explains it.
    Withdrawn(&'r str),
    /// The input ended.
    Summary(&'r Report),
}

/// A line of `--follow -o json`. `event` says which of the other keys are there.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(super) enum Line {
    /// A cause became certain.
    Cause {
        /// How many lines say so by now.
        count: u64,
        /// What failed.
        cause: json::CauseItem,
    },
    /// It goes on: its count reached the next power of ten.
    Count {
        /// How many lines say so by now.
        count: u64,
        /// Category of the taxonomy.
        error_category: String,
        /// Narrower cause; may be empty.
        cause: String,
        /// File name of its runbook; null where no rule knows it.
        runbook: Option<String>,
    },
    /// A cause that was told is none any more: it recovered, or something else explains it.
    Withdrawn {
        /// File name of its runbook, or `Unknown`.
        runbook: String,
    },
    /// The whole diagnosis, as without `--follow`.
    Summary {
        /// See `diagnosis.schema.json`.
        diagnosis: Box<json::Response>,
    },
}

/// Writes it for a person.
///
/// # Errors
/// What the writer says.
pub fn write(happening: &Happening<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match happening {
        Happening::Cause(cause) => {
            human::short(cause, style, out)?;
            writeln!(out)
        }
        Happening::Count(cause) => {
            writeln!(out, "still  {}, {} so far\n", human::name(cause), Count(cause.count, "line"))
        }
        Happening::Withdrawn(name) => {
            writeln!(out, "withdrawn  {name}: it recovered, or something else explains it\n")
        }
        Happening::Summary(report) => human::write(report, style, out),
    }
}

/// Writes it as one line of JSON.
///
/// # Errors
/// What the writer says.
pub fn write_json(happening: &Happening<'_>, out: &mut dyn Write) -> io::Result<()> {
    let line = match happening {
        Happening::Cause(cause) => Line::Cause { count: cause.count, cause: json::cause(cause) },
        Happening::Count(cause) => Line::Count {
            count: cause.count,
            error_category: cause.category.clone(),
            cause: cause.cause.clone(),
            runbook: cause.runbook.as_ref().map(|id| format!("{id}.md")),
        },
        Happening::Withdrawn(name) => Line::Withdrawn { runbook: (*name).to_owned() },
        Happening::Summary(report) => Line::Summary { diagnosis: Box::new(json::response(report)) },
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)
}
