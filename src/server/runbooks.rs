//! `GET /runbooks` and `/runbooks/{id}`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::app::App;
use super::problem::Problem;
use super::routes::{answer, no_query};
use crate::runbook::{Entry, head};

/// The runbooks in force.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Runbooks {
    /// The runbooks, by id.
    pub runbooks: Vec<RunbookItem>,
    /// What could not be read or was left out, and why.
    pub notes: Vec<String>,
}

/// A runbook in a line.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunbookItem {
    /// Its id.
    pub id: String,
    /// Its file name.
    pub file: String,
    /// Its title.
    pub title: String,
    /// Category of the taxonomy.
    pub error_category: String,
    /// Narrower cause; may be empty.
    pub cause: String,
    /// CRITICAL, HIGH, MEDIUM, LOW or INFO.
    pub severity: String,
    /// Whether it came with the program.
    pub built_in: bool,
}

/// A runbook with its text.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunbookText {
    /// What the list says of it.
    #[serde(flatten)]
    pub item: RunbookItem,
    /// What a person reads, in Markdown.
    pub markdown: String,
}

fn item(entry: &Entry) -> RunbookItem {
    let head = entry.head();
    RunbookItem {
        id: entry.id().to_owned(),
        file: entry.file(),
        title: head.title.clone(),
        error_category: head.category.clone(),
        cause: head.cause.clone(),
        severity: head.severity.word().to_owned(),
        built_in: entry.is_built_in(),
    }
}

pub(super) async fn list(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    no_query(&request)?;
    let library = app.library();
    let runbooks = library.knowledge.catalogue.entries().iter().map(item).collect();
    answer(&Runbooks { runbooks, notes: library.remarks.clone() })
}

/// Runbooks are looked up among those that are loaded; no id ever becomes a path.
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    no_query(&request)?;
    let library = app.library();
    let stem = id.strip_suffix(".md").unwrap_or(&id);
    let entry = library.knowledge.catalogue.get(stem);
    let entry = entry
        .ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "there is no such runbook: GET /runbooks lists them"))?;
    let body = head::split(entry.text()).map_or(entry.text(), |(_, body, _)| body);
    answer(&RunbookText { item: item(entry), markdown: body.trim_start().to_owned() })
}
