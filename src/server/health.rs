//! `GET /health`, `/ready` and `/metrics`: about the server itself. None of them waits for anything.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::app::App;
use super::problem::Problem;
use super::routes::{answer, no_query};

/// How the server is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Health")]
pub(super) struct Health {
    /// Always `ok`: a server that is not does not answer.
    pub status: &'static str,
    /// Always `ai-devops-assistant`.
    pub service: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Whether the cluster could be read when it was last looked at.
    pub k8s_connected: bool,
    /// Whether a model may word diagnoses.
    pub llm_configured: bool,
}

/// Whether the server takes requests.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ready")]
pub(super) struct Ready {
    /// Always `ready`.
    pub status: &'static str,
    /// Runbooks in force.
    pub runbooks: usize,
}

pub(super) async fn health(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    no_query(&request)?;
    answer(&Health {
        status: "ok",
        service: "ai-devops-assistant",
        version: env!("CARGO_PKG_VERSION"),
        k8s_connected: app.watch.is_connected(),
        llm_configured: false,
    })
}

pub(super) async fn ready(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    no_query(&request)?;
    if app.stopping.load(Ordering::Relaxed) {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping: ask another one"));
    }
    answer(&Ready { status: "ready", runbooks: app.library().knowledge.catalogue.entries().len() })
}

pub(super) async fn metrics(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    no_query(&request)?;
    let runbooks = app.library().knowledge.catalogue.entries().len();
    app.metrics.runbooks.set(i64::try_from(runbooks).unwrap_or(i64::MAX));
    let text = app.metrics.text(app.watch.age());
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
