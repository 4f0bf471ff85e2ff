//! Which runbooks fit a text: those whose signals fire on it, as the engine ranks them, then those whose words fit.

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
use crate::diagnosis::Given;
use crate::engine::Engine;
use crate::evidence::Source;
use crate::runbook::Catalogue;
use crate::search::{Builder, Document, Index, Query, Stamp, passage};

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
    pub runbooks: Vec<Suggestion>,
    /// What could not be read or was left out, and why.
    pub notes: Vec<String>,
}

/// A runbook that fits.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct Suggestion {
    /// Its file name.
    pub file: String,
    /// Its title.
    pub title: String,
    /// How well it fits, 0 to 1. Those whose signals fire come first, and their score is how sure the diagnosis is.
    pub score: f64,
    /// The place of its text that fits best; empty where none does.
    pub passage: String,
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
    let mut runbooks = library.shelf().find(catalogue, text, top);
    runbooks.truncate(top);
    Suggestions { runbooks, notes: library.remarks.clone() }
}

/// The index over the texts of a catalogue.
pub(super) struct Shelf(Option<Index>);

impl Shelf {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let mut builder = Builder::new();
        for entry in catalogue.entries() {
            let file = entry.file();
            builder.add(&Document { path: &file, directory: 0, stamp: Stamp::default(), text: entry.text() });
        }
        // What was just written is sound.
        Self(Index::open(builder.finish()).ok())
    }

    /// At most `top` runbooks for a text.
    fn find(&self, catalogue: &Catalogue, text: &str, top: usize) -> Vec<Suggestion> {
        let query = Query::of(text);
        let answer = self.0.as_ref().map(|index| index.search(&query, top));
        let (hits, words) = answer.map(|a| (a.hits, a.words)).unwrap_or_default();
        let by_words: Vec<Suggestion> = hits
            .iter()
            .map(|hit| {
                let whole = id_of(&hit.record.path).and_then(|id| catalogue.get(id));
                let passage = whole.and_then(|entry| passage(entry.text(), hit, &words)).map(|p| p.text);
                let (file, title) = (hit.record.path.clone(), hit.record.title.clone());
                Suggestion { file, title, score: rounded(hit.score), passage: passage.unwrap_or_default() }
            })
            .collect();
        let mut found: Vec<Suggestion> = Vec::new();
        for one in by_signals(catalogue, text) {
            let same = by_words.iter().find(|w| w.file == one.file);
            let passage = same.map_or_else(|| one.passage.clone(), |w| w.passage.clone());
            found.push(Suggestion { passage, ..one });
        }
        let rest = by_words.into_iter().filter(|w| !found.iter().any(|f| f.file == w.file)).collect::<Vec<_>>();
        found.extend(rest);
        found
    }
}

/// The runbooks whose signals fire, causes before alternatives, with the evidence as their passage.
fn by_signals(catalogue: &Catalogue, text: &str) -> Vec<Suggestion> {
    let mut engine = Engine::new(catalogue);
    engine.begin(Source::Stdin);
    engine.push(text.as_bytes());
    let diagnosis = engine.conclude(&Given::default());
    let causes = diagnosis.causes.iter().filter_map(|c| {
        let said = c.evidence.first().map(|e| e.at.text.to_string()).unwrap_or_default();
        Some((c.runbook.clone()?, c.title.clone(), c.confidence.value(), said))
    });
    let others = diagnosis.alternatives.iter();
    let others = others.map(|a| (a.runbook.clone(), a.title.clone(), a.confidence.value(), String::new()));
    let mut found: Vec<Suggestion> = Vec::new();
    for (id, title, score, passage) in causes.chain(others) {
        let file = format!("{id}.md");
        if !found.iter().any(|f| f.file == file) {
            found.push(Suggestion { file, title, score: rounded(score), passage });
        }
    }
    found
}

fn id_of(file: &str) -> Option<&str> {
    file.strip_suffix(".md")
}

/// More than three digits of a score are noise.
fn rounded(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}
