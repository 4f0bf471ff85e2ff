//! `POST /diagnose`.

use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::response::Response;
use jiff::Timestamp;
use schemars::JsonSchema;

use super::app::App;
use super::body;
use super::edge::RequestId;
use super::fields::Fields;
use super::library::Library;
use super::live::Evidence;
use super::names::{LABEL, SUBDOMAIN, Shape};
use super::problem::Problem;
use super::routes::answer;
use crate::diagnosis::{Diagnosis, Given};
use crate::engine::Engine;
use crate::evidence::Source;
use crate::report;
use crate::service::{self, Named};

/// Characters of an error text; a longer one is a log.
pub(super) const LONGEST: usize = 100_000;

/// What `POST /diagnose` takes.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "DiagnoseRequest")]
#[expect(dead_code, reason = "it is what the OpenAPI document is made of; `Fields` reads field by field")]
pub(super) struct DiagnoseRequest {
    /// The error text, or a piece of a log.
    #[schemars(length(min = 1, max = 100_000))]
    error_message: String,
    /// The pod that it is about.
    #[schemars(length(max = 253), regex(pattern = SUBDOMAIN))]
    pod_name: Option<String>,
    /// Its namespace.
    #[schemars(length(max = 63), regex(pattern = LABEL))]
    namespace: Option<String>,
    /// The deployment that it is about.
    #[schemars(length(max = 253), regex(pattern = SUBDOMAIN))]
    deployment_name: Option<String>,
    /// Also read the live cluster, and use what is seen there as evidence.
    #[schemars(default)]
    include_cluster_health: Option<bool>,
}

/// What a caller asks.
struct Ask {
    text: String,
    named: Named,
    live: bool,
}

impl Ask {
    fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::of_json(bytes)?;
        let text = fields.text("error_message", LONGEST)?;
        let pod = fields.name("pod_name", Shape::Subdomain);
        let namespace = fields.name("namespace", Shape::Label);
        let deployment = fields.name("deployment_name", Shape::Subdomain);
        let live = fields.flag("include_cluster_health");
        fields.finish(&["error_message", "pod_name", "namespace", "deployment_name", "include_cluster_health"])?;
        Ok(Self { text, named: Named { namespace, pod, deployment }, live })
    }
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let whole = body::json(&app.room, &parts.headers, body).await?;
    let ask = Ask::read(&whole.bytes)?;
    drop(whole);
    let library = app.library();
    let evidence =
        if ask.live { Evidence::gather(&app, &library, &ask.named, &ask.text).await } else { Evidence::Unasked };
    let long = if ask.live { usize::MAX } else { ask.text.len() };
    let diagnosis = app.pool.run(long, move || diagnose(&library, &ask.text, &ask.named, evidence)).await?;
    respond(&app, &id, diagnosis)
}

/// What a caller gave, as templates name it.
pub(super) fn given(named: &Named) -> Given {
    let values = [("namespace", &named.namespace), ("pod", &named.pod), ("deployment", &named.deployment)];
    Given {
        values: values.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect(),
        ..Given::default()
    }
}

fn diagnose(library: &Library, text: &str, named: &Named, evidence: Evidence) -> Diagnosis {
    let mut engine = Engine::new(&library.knowledge.catalogue);
    library.remarks.iter().for_each(|remark| engine.remark(remark.clone()));
    engine.begin(Source::Stdin);
    engine.push(text.as_bytes());
    let mut given = given(named);
    evidence.show(&mut engine, &mut given);
    engine.conclude(&given)
}

/// The answer of the contract.
pub(super) fn respond(app: &App, id: &RequestId, diagnosis: Diagnosis) -> Result<Response, Problem> {
    let report = service::report(diagnosis, (*id.0).to_owned(), app.options.top, Timestamp::now());
    let response = report::response(&report);
    app.metrics.diagnosis(&response.error_category);
    answer(&response)
}
