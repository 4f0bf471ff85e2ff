//! Which runbooks fit a text: those whose signals fire on it, as the engine ranks them, then those whose words fit.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::app::App;
use super::body;
use super::fields::Fields;
use super::library::Library;
use super::problem::Problem;
use super::routes::answer;
use crate::runbook::Catalogue;
use crate::search::{self, Found, Index, Record};
use crate::service;
use crate::store::Leaf;

/// Characters of an error text.
const LONGEST: usize = super::diagnose::LONGEST;
/// Runbooks that may be asked for.
pub(super) const MOST: u32 = 20;
/// Runbooks that are shown when nobody says how many.
pub(super) const FEW: u32 = 3;

/// What `POST /suggest-runbook` takes.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "SuggestRequest")]
#[expect(dead_code, reason = "it is what the OpenAPI document is made of; `Fields` reads field by field")]
pub(super) struct SuggestRequest {
    /// The error text, or words that describe the trouble: at most 100 000 characters, else the answer is 413.
    #[schemars(length(min = 1))]
    error_message: String,
    /// How many runbooks are wanted.
    #[schemars(range(min = 1, max = 20), default = "few")]
    top_k: Option<u32>,
}

#[expect(clippy::unnecessary_wraps, reason = "the default of an optional field")]
fn few() -> Option<u32> {
    Some(FEW)
}

/// Runbooks that fit, best first.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct Suggestions {
    /// The runbooks, best first.
    pub results: Vec<Suggestion>,
    /// What could not be read or was left out, and why.
    pub notes: Vec<String>,
}

/// A runbook that fits.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct Suggestion {
    /// Its path below its directory; of a built-in one its file name.
    pub file: String,
    /// Its title.
    pub title: String,
    /// How well it fits, 0 to 1: 1 where its signals match or the text names it.
    pub score: f64,
    /// Heading of the section that fits best; empty for text before the first heading.
    pub section: String,
    /// The place of its text that fits best; empty where none does.
    pub passage: String,
    /// Its id.
    pub id: String,
    /// `signals`, `name` or `words`: why it was found.
    pub why: &'static str,
}

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let whole = body::json(&app.room, &parts.headers, body).await?;
    let mut fields = Fields::of_json(&whole.bytes)?;
    let text = fields.text("error_message", LONGEST)?;
    let top = fields.number("top_k", 1..=MOST, FEW);
    fields.finish(&["error_message", "top_k"])?;
    let library = app.library();
    let found = app.engine.run(move || suggest(&library, &text, top as usize)).await?;
    answer(&found)
}

fn suggest(library: &Library, text: &str, top: usize) -> Suggestions {
    let catalogue = &library.knowledge.catalogue;
    let shelf = library.shelf();
    let results = shelf.find(catalogue, text, top);
    Suggestions { results, notes: library.remarks.iter().chain(&shelf.remarks).cloned().collect() }
}

/// The index over all texts, and where those of the directory are.
pub(super) struct Shelf {
    index: Index,
    leaves: Vec<Leaf>,
    /// What could not be read of the directory.
    remarks: Vec<String>,
}

impl Shelf {
    pub(super) fn of(catalogue: &Catalogue, dir: Option<&Path>) -> Self {
        let dirs: Vec<PathBuf> = dir.filter(|dir| dir.is_dir()).into_iter().map(Path::to_owned).collect();
        let (shelf, mut remarks) = service::shelf(catalogue, dirs);
        let opened = shelf.open(None);
        remarks.extend(opened.remarks);
        Self { index: opened.index, leaves: shelf.leaves, remarks }
    }

    /// At most `top` runbooks for a text.
    fn find(&self, catalogue: &Catalogue, text: &str, top: usize) -> Vec<Suggestion> {
        let read = |record: &Record| self.text(catalogue, record);
        let library = search::Library { catalogue, index: &self.index, text: &read };
        library.suggest(text, top, None).found.into_iter().map(Suggestion::of).collect()
    }

    fn text<'c>(&self, catalogue: &'c Catalogue, record: &Record) -> Option<Cow<'c, str>> {
        if record.directory == 0 {
            let id = record.path.strip_suffix(".md")?;
            return catalogue.get(id).map(|entry| Cow::Borrowed(entry.text()));
        }
        self.leaves.iter().find(|l| l.path == record.path)?.read().ok().map(Cow::Owned)
    }
}

impl Suggestion {
    fn of(found: Found) -> Self {
        let (section, passage) = found.passage.map(|p| (p.heading, p.text)).unwrap_or_default();
        // More than three digits of a score are noise.
        let score = (found.score * 1000.0).round() / 1000.0;
        let why = found.why.word();
        Self { file: found.file, title: found.title, score, section, passage, id: found.id, why }
    }
}
