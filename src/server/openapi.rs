//! The OpenAPI 3.1 document, made from the types of requests and answers. `docs/openapi.json` is its committed copy.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::diagnose::DiagnoseRequest;
use super::health::{Health, Ready};
use super::names::{LABEL, SUBDOMAIN};
use super::problem::{Document, Problem};
use super::routes::no_query;
use super::runbooks::{RunbookText, Runbooks};
use super::suggest::{SuggestRequest, Suggestions};
use super::upload;
use super::watch::ClusterHealth;

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| serde_json::to_vec(&document()).unwrap_or_default().into());

pub(super) async fn handle(request: Request) -> Result<Response, Problem> {
    no_query(&request)?;
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind)], DOCUMENT.clone()).into_response())
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut schemas =
        SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into()).into_generator();
    let paths = paths(&mut schemas);
    let _ = schemas.subschema_for::<Document<'static>>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "idp",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Names the cause of a failure from logs and clusters, with evidence and safe fixes. Nothing here changes a cluster.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "security": [{}, { "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "Needed where the server has a file of tokens." },
            },
        },
    })
}

fn paths(schemas: &mut SchemaGenerator) -> Value {
    let operations = [
        ("/diagnose", "post", diagnose(schemas)),
        ("/diagnose/logs", "post", upload(schemas)),
        ("/cluster-health", "get", cluster(schemas)),
        ("/suggest-runbook", "post", suggest(schemas)),
        ("/health", "get", open(read::<Health>(schemas, "health", "How the server is.", &[]))),
        ("/ready", "get", open(read::<Ready>(schemas, "ready", "Whether the server takes requests.", &[503]))),
        (
            "/metrics",
            "get",
            text("metrics", "Metrics in the text format of OpenMetrics.", "application/openmetrics-text"),
        ),
        ("/openapi.json", "get", plain_json("openapi", "This document.")),
        ("/docs", "get", text("docs", "Swagger UI.", "text/html")),
        ("/runbooks", "get", read::<Runbooks>(schemas, "listRunbooks", "The runbooks in force.", &[401, 503])),
        ("/runbooks/{id}", "get", runbook(schemas)),
    ];
    let paths = operations.into_iter().map(|(path, method, operation)| (path.to_owned(), json!({ method: operation })));
    Value::Object(paths.collect())
}

fn reference<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Schema {
    schemas.subschema_for::<T>()
}

/// An operation with the answer for success and the problems that it may have.
fn operation(id: &str, summary: &str, success: &Value, problems: &[u16]) -> Map<String, Value> {
    let mut responses = Map::from_iter([("200".to_owned(), success.clone())]);
    for status in [&[421, 422, 431], problems].concat() {
        let name = axum::http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("Error");
        let mut response = json!({
            "description": name,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
        if matches!(status, 429 | 503) {
            response["headers"] = json!({ "Retry-After": { "schema": { "type": "integer" } } });
        }
        responses.insert(status.to_string(), response);
    }
    responses.sort_keys();
    let fields = json!({ "operationId": id, "summary": summary, "responses": responses });
    fields.as_object().cloned().unwrap_or_default()
}

fn json_answer(description: &str, schema: &Value) -> Value {
    json!({
        "description": description,
        "headers": { "x-request-id": { "schema": { "type": "string" } } },
        "content": { "application/json": { "schema": schema } },
    })
}

fn read<T: JsonSchema>(schemas: &mut SchemaGenerator, id: &str, summary: &str, problems: &[u16]) -> Value {
    let schema = reference::<T>(schemas).to_value();
    Value::Object(operation(id, summary, &json_answer(summary, &schema), problems))
}

/// No token is ever needed.
fn open(mut operation: Value) -> Value {
    operation["security"] = json!([]);
    operation
}

fn text(id: &str, summary: &str, kind: &str) -> Value {
    let success = json!({ "description": summary, "content": { kind: { "schema": { "type": "string" } } } });
    Value::Object(operation(id, summary, &success, &[401, 503]))
}

fn plain_json(id: &str, summary: &str) -> Value {
    Value::Object(operation(id, summary, &json_answer(summary, &json!({ "type": "object" })), &[401, 503]))
}

/// What everything that takes a body may answer.
const OF_BODIES: &[u16] = &[400, 401, 408, 413, 415, 429, 500, 503];

fn takes<T: JsonSchema>(schemas: &mut SchemaGenerator, mut operation: Value, example: &Value) -> Value {
    let schema = reference::<T>(schemas).to_value();
    operation["requestBody"] =
        json!({ "required": true, "content": { "application/json": { "schema": schema, "example": example } } });
    operation
}

fn diagnose(schemas: &mut SchemaGenerator) -> Value {
    let read = read::<crate::report::Response>(schemas, "diagnose", "Names the cause of an error.", OF_BODIES);
    let example = json!({ "error_message": "Back-off pulling image \"shop/api:1\"", "namespace": "shop" });
    takes::<DiagnoseRequest>(schemas, read, &example)
}

fn suggest(schemas: &mut SchemaGenerator) -> Value {
    let read = read::<Suggestions>(schemas, "suggestRunbook", "Runbooks that fit a text, best first.", OF_BODIES);
    takes::<SuggestRequest>(schemas, read, &json!({ "error_message": "disk is full", "top_k": 3 }))
}

fn parameter(name: &str, description: &str, pattern: &str, longest: usize) -> Value {
    json!({
        "name": name, "in": "query", "description": description,
        "schema": { "type": "string", "pattern": pattern, "minLength": 1, "maxLength": longest },
    })
}

fn upload(schemas: &mut SchemaGenerator) -> Value {
    let summary = "Names the cause of a failure from a log of any size, which is read while it comes.";
    let mut operation = read::<crate::report::Response>(schemas, "diagnoseLogs", summary, OF_BODIES);
    operation["parameters"] = json!([
        parameter("namespace", "The namespace of the pod.", LABEL, 63),
        parameter("pod", "The pod that wrote the log.", SUBDOMAIN, 253),
        parameter("container", "The container that wrote the log.", LABEL, 63),
    ]);
    let content = upload::TYPES
        .iter()
        .map(|kind| ((*kind).to_owned(), json!({ "schema": { "type": "string", "minLength": 1 } })));
    let description = "A log, as it is or compressed with gzip or zstd; its first bytes say which.";
    operation["requestBody"] =
        json!({ "required": true, "description": description, "content": Value::Object(content.collect()) });
    operation
}

fn cluster(schemas: &mut SchemaGenerator) -> Value {
    let summary = "The health of the cluster, as it was when it was last looked at.";
    let mut operation = read::<ClusterHealth>(schemas, "clusterHealth", summary, &[401, 500, 503]);
    operation["parameters"] = json!([{
        "name": "refresh", "in": "query", "description": "Look again before the answer; all who ask share one look.",
        "schema": { "type": "boolean", "default": false },
    }]);
    operation
}

fn runbook(schemas: &mut SchemaGenerator) -> Value {
    let mut operation = read::<RunbookText>(schemas, "readRunbook", "A runbook with its text.", &[400, 401, 404, 503]);
    operation["parameters"] = json!([{
        "name": "id", "in": "path", "required": true, "description": "Its id, or its file name.",
        "schema": { "type": "string" }, "example": "oomkilled",
    }]);
    operation
}
