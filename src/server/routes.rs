//! Which path leads where, and what it takes to go there.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Serialize;

use super::app::App;
use super::problem::Problem;
use super::{cors, diagnose, docs, guard, health, openapi, runbooks, suggest, upload, watch};

/// A route, as logs and metrics name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Route {
    Diagnose,
    DiagnoseLogs,
    ClusterHealth,
    SuggestRunbook,
    Health,
    Ready,
    Metrics,
    OpenApi,
    Docs,
    Runbooks,
    Runbook,
    Unknown,
}

/// What it takes to go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing: whoever looks after the server may always ask.
    Open,
    /// A token, where callers need one.
    Known,
    /// A token, and a place in the caller's bucket.
    Limited,
}

impl Route {
    pub(super) fn of(path: &str) -> Self {
        match path {
            "/diagnose" => Self::Diagnose,
            "/diagnose/logs" => Self::DiagnoseLogs,
            "/cluster-health" => Self::ClusterHealth,
            "/suggest-runbook" => Self::SuggestRunbook,
            "/health" => Self::Health,
            "/ready" => Self::Ready,
            "/metrics" => Self::Metrics,
            "/openapi.json" => Self::OpenApi,
            "/runbooks" => Self::Runbooks,
            path if path == "/docs" || path.starts_with("/docs/") => Self::Docs,
            path if path.starts_with("/runbooks/") => Self::Runbook,
            _ => Self::Unknown,
        }
    }

    /// Its name in logs and metrics: few, whatever is asked for.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Diagnose => "/diagnose",
            Self::DiagnoseLogs => "/diagnose/logs",
            Self::ClusterHealth => "/cluster-health",
            Self::SuggestRunbook => "/suggest-runbook",
            Self::Health => "/health",
            Self::Ready => "/ready",
            Self::Metrics => "/metrics",
            Self::OpenApi => "/openapi.json",
            Self::Docs => "/docs",
            Self::Runbooks => "/runbooks",
            Self::Runbook => "/runbooks/{id}",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn access(self) -> Access {
        match self {
            Self::Health | Self::Ready => Access::Open,
            Self::Diagnose | Self::DiagnoseLogs | Self::SuggestRunbook => Access::Limited,
            _ => Access::Known,
        }
    }
}

pub(super) fn router(app: &Arc<App>) -> Router {
    let routes = Router::new()
        .route("/diagnose", post(diagnose::handle))
        .route("/diagnose/logs", post(upload::handle))
        .route("/cluster-health", get(watch::handle))
        .route("/suggest-runbook", post(suggest::handle))
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(openapi::handle))
        .route("/docs", get(docs::page))
        .route("/docs/{file}", get(docs::file))
        .route("/runbooks", get(runbooks::list))
        .route("/runbooks/{id}", get(runbooks::one))
        .fallback(nothing_there)
        .method_not_allowed_fallback(wrong_method)
        .with_state(app.clone())
        .layer(from_fn_with_state(app.clone(), guard::guard));
    match cors::layer(&app.options.origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    }
}

async fn nothing_there() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this path: /openapi.json lists what there is")
}

async fn wrong_method(request: Request) -> Response {
    let post = matches!(Route::of(request.uri().path()), Route::Diagnose | Route::DiagnoseLogs | Route::SuggestRunbook);
    let allowed = if post { "POST" } else { "GET, HEAD" };
    let detail = format!("this path takes {allowed}");
    let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// A JSON answer.
pub(super) fn answer<T: Serialize>(value: &T) -> Result<Response, Problem> {
    let text = serde_json::to_vec(value).map_err(|_| Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response())
}

/// Nothing may be in the query.
pub(super) fn no_query(request: &Request) -> Result<(), Problem> {
    super::fields::Fields::of_query(request.uri().query()).finish(&[])
}
