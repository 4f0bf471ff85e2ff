//! How alike a query and the runbooks are in meaning, where somebody has configured a model for it.
//!
//! Only what was not embedded before is sent, and the query. Whatever goes wrong is a note: words find most runbooks by themselves.

use std::collections::HashMap;
use std::time::Duration;

use super::super::{cluster, http};
use crate::llm::Embeddings;
use crate::search::{Index, cosine, embeddable};
use crate::settings::Settings;
use crate::store::{Chroma, Shelf, Vectors, text_hash};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where Gemini speaks the protocol of `OpenAI`, and its model.
const GEMINI: (&str, &str) = ("https://generativelanguage.googleapis.com/v1beta/openai", "gemini-embedding-001");
/// The model of servers that do not care.
const MODEL: &str = "text-embedding-3-small";

/// One cosine for each document of the index; `None` where no model is configured or it cannot be used, which is then noted.
pub(super) fn cosines(
    text: &str,
    index: &Index,
    shelf: &Shelf<'_>,
    settings: &Settings,
    notes: &mut Vec<String>,
) -> Option<Vec<f32>> {
    let url = settings.embeddings_url.value.as_deref()?;
    let asked = cluster::wait(ask(text, index, shelf, url, settings)).and_then(|cosines| cosines);
    asked.map_err(|error| notes.push(format!("searched by words alone: {error:#}"))).ok()
}

async fn ask(text: &str, index: &Index, shelf: &Shelf<'_>, url: &str, settings: &Settings) -> anyhow::Result<Vec<f32>> {
    let (url, model) = if url == "gemini" { GEMINI } else { (url, MODEL) };
    let model = settings.embeddings_model.value.as_deref().unwrap_or(model);
    let client = http::client(PATIENCE)?;
    let key = settings.embeddings_key.as_ref().map(|key| key.0.as_str());
    let model = (Embeddings::new(client.clone(), url, model, key)?, format!("{url} {model}"));
    let texts = Texts::of(index, shelf);
    let query = model.0.embed(&[text.to_owned()]).await?.pop().unwrap_or_default();
    let cosines = match settings.chroma_url.value.as_deref() {
        None => by_file(&model, &query, &texts, settings).await?,
        Some(chroma) => by_chroma(&model, &query, &texts, Chroma::open(client, chroma, &model.1).await?).await?,
    };
    Ok(texts.hashes.iter().map(|hash| cosines.get(hash).copied().unwrap_or_default()).collect())
}

/// What of each document is embedded, by its hash, in the order of the index.
struct Texts {
    hashes: Vec<u64>,
    by_hash: HashMap<u64, String>,
}

impl Texts {
    fn of(index: &Index, shelf: &Shelf<'_>) -> Self {
        let (mut hashes, mut by_hash) = (Vec::new(), HashMap::new());
        for document in 0..index.len() {
            let record = index.record(document).unwrap_or_default();
            let text = shelf.text(&record).map(|text| embeddable(&record.path, &text)).unwrap_or_default();
            let hash = text_hash(&text);
            hashes.push(hash);
            by_hash.insert(hash, text);
        }
        Self { hashes, by_hash }
    }

    /// Embeds the texts that are not known yet.
    async fn embed(&self, model: &Embeddings, known: impl Fn(u64) -> bool) -> anyhow::Result<Vec<(u64, Vec<f32>)>> {
        let new: Vec<u64> = self
            .by_hash
            .iter()
            .filter(|(hash, text)| !text.is_empty() && !known(**hash))
            .map(|(hash, _)| *hash)
            .collect();
        let texts: Vec<String> = new.iter().map(|hash| self.by_hash[hash].clone()).collect();
        Ok(new.into_iter().zip(model.embed(&texts).await?).collect())
    }
}

async fn by_file(
    (model, name): &(Embeddings, String),
    query: &[f32],
    texts: &Texts,
    settings: &Settings,
) -> anyhow::Result<HashMap<u64, f32>> {
    let mut vectors = Vectors::open(settings.cache.as_deref(), name);
    let new = texts.embed(model, |hash| vectors.get(hash).is_some()).await?;
    if !new.is_empty() {
        vectors.add(new, &texts.hashes);
    }
    Ok(texts.hashes.iter().filter_map(|hash| Some((*hash, cosine(query, vectors.get(*hash)?)))).collect())
}

async fn by_chroma(
    (model, _): &(Embeddings, String),
    query: &[f32],
    texts: &Texts,
    chroma: Chroma,
) -> anyhow::Result<HashMap<u64, f32>> {
    let known = chroma.known(&texts.hashes).await?;
    let new = texts.embed(model, |hash| known.contains(&hash)).await?;
    chroma.add(&new).await?;
    Ok(chroma.cosines(query, texts.hashes.len()).await?)
}
