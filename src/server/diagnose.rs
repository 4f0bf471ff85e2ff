//! `POST /diagnose`.

use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use schemars::JsonSchema;

use super::app::App;
use super::body::{self, Whole};
use super::edge::RequestId;
use super::fields::Fields;
use super::library::Library;
use super::live::Evidence;
use super::memo::{self, Answered};
use super::names::{LABEL, SUBDOMAIN, Shape};
use super::problem::Problem;
use super::work::broken;
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
    /// The error text, or a piece of a log: at most 100 000 characters, else the answer is 413.
    #[schemars(length(min = 1))]
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
    let Whole { bytes, room } = body::json(&app.room, &parts.headers, body).await?;
    let ask = Ask::read(&bytes)?;
    // The text was taken out of it; it lies in the buffer of the connection, which is not to be kept while the engine reads.
    drop(bytes);
    let library = app.library();
    if ask.live {
        let evidence = Evidence::gather(&app, &library, &ask.named, &ask.text).await;
        let top = app.options.top;
        let answered = app.engine.run(move || answered(diagnose(&library, &ask.text, &ask.named, evidence), top));
        return Ok(respond(&app, &id, &answered.await??));
    }
    let question = memo::question(&ask.text, &ask.named);
    if let Some(known) = question.and_then(|question| library.memo.get(&question)) {
        return Ok(respond(&app, &id, &known));
    }
    let top = app.options.top;
    let answered = app.engine.run(move || {
        let _room = room;
        let made = Arc::new(answered(diagnose(&library, &ask.text, &ask.named, Evidence::Unasked), top)?);
        if let Some(question) = question {
            library.memo.put(question, made.clone());
        }
        Ok::<_, Problem>(made)
    });
    let made = answered.await??;
    Ok(respond(&app, &id, &made))
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

/// The answer of the contract, but for its id and time.
pub(super) fn answered(diagnosis: Diagnosis, top: usize) -> Result<Answered, Problem> {
    let mut report = service::report(diagnosis, String::new(), top, Timestamp::UNIX_EPOCH);
    report.timestamp.clear();
    Answered::of(&report::response(&report)).ok_or_else(broken)
}

/// The answer of the contract.
pub(super) fn respond(app: &App, id: &RequestId, answered: &Answered) -> Response {
    app.metrics.diagnosis(&answered.category);
    let text = answered.text(&id.0, &format!("{:.3}", Timestamp::now()));
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}
