//! Embeddings in a Chroma server instead of a file: one collection for each model, with the hash of a text as its id.
//! <https://docs.trychroma.com/reference/server-api> (API v2)

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use twox_hash::XxHash3_64;

use crate::text::innermost;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ids or vectors of one request.
const BATCH: usize = 500;
const ROOT: &str = "api/v2/tenants/default_tenant/databases/default_database/collections";

/// A collection of vectors in a Chroma server.
pub struct Chroma {
    client: Client,
    collection: String,
}

/// The server cannot be used, in one sentence.
#[derive(Debug, thiserror::Error)]
#[error("the vector store {url}: {why}")]
pub struct ChromaError {
    /// The address.
    pub url: String,
    /// What happened.
    pub why: String,
}

#[derive(Deserialize)]
struct Collection {
    id: String,
}

#[derive(Deserialize)]
struct Ids {
    ids: Vec<String>,
}

#[derive(Deserialize)]
struct Nearest {
    ids: Vec<Vec<String>>,
    distances: Vec<Vec<Option<f32>>>,
}

impl Chroma {
    /// Opens the collection of the model `name` on the server `url`, and makes it where it is not there.
    ///
    /// # Errors
    /// The server cannot be used.
    pub async fn open(client: Client, url: &str, name: &str) -> Result<Self, ChromaError> {
        let root = format!("{}/{ROOT}", url.trim_end_matches('/'));
        let name = format!("idp-runbooks-{:016x}", XxHash3_64::oneshot(name.as_bytes()));
        let cosine = json!({ "hnsw": { "space": "cosine" } });
        let body = json!({ "name": name, "get_or_create": true, "configuration": cosine });
        let made: Collection = post(&client, &root, &body).await?;
        Ok(Self { client, collection: format!("{root}/{}", made.id) })
    }

    /// Which of the hashes are there already.
    ///
    /// # Errors
    /// The server cannot be used.
    pub async fn known(&self, hashes: &[u64]) -> Result<HashSet<u64>, ChromaError> {
        let mut known = HashSet::new();
        for batch in hashes.chunks(BATCH) {
            let ids: Vec<String> = batch.iter().map(|hash| id(*hash)).collect();
            let body = json!({ "ids": ids, "include": [] });
            let found: Ids = post(&self.client, &format!("{}/get", self.collection), &body).await?;
            known.extend(found.ids.iter().filter_map(|id| hash(id)));
        }
        Ok(known)
    }

    /// Adds vectors.
    ///
    /// # Errors
    /// The server cannot be used.
    pub async fn add(&self, vectors: &[(u64, Vec<f32>)]) -> Result<(), ChromaError> {
        for batch in vectors.chunks(BATCH) {
            let ids: Vec<String> = batch.iter().map(|(hash, _)| id(*hash)).collect();
            let embeddings: Vec<&[f32]> = batch.iter().map(|(_, vector)| vector.as_slice()).collect();
            let body = json!({ "ids": ids, "embeddings": embeddings });
            let _: Value = post(&self.client, &format!("{}/upsert", self.collection), &body).await?;
        }
        Ok(())
    }

    /// The cosines of the vectors nearest to `query`, at most `most` of them.
    ///
    /// # Errors
    /// The server cannot be used.
    pub async fn cosines(&self, query: &[f32], most: usize) -> Result<HashMap<u64, f32>, ChromaError> {
        let body = json!({ "query_embeddings": [query], "n_results": most, "include": ["distances"] });
        let found: Nearest = post(&self.client, &format!("{}/query", self.collection), &body).await?;
        let ids = found.ids.into_iter().flatten();
        let pairs = ids.zip(found.distances.into_iter().flatten());
        Ok(pairs.filter_map(|(id, distance)| Some((hash(&id)?, 1.0 - distance?))).collect())
    }
}

fn id(hash: u64) -> String {
    format!("{hash:016x}")
}

fn hash(id: &str) -> Option<u64> {
    u64::from_str_radix(id, 16).ok()
}

async fn post<T: for<'de> Deserialize<'de>>(client: &Client, url: &str, body: &Value) -> Result<T, ChromaError> {
    let failed = |why: String| ChromaError { url: url.to_owned(), why };
    let sent = client.post(url).timeout(PATIENCE).json(body).send().await;
    let response = sent.map_err(|error| failed(innermost(&error)))?;
    let status = response.status();
    let text = response.text().await.map_err(|error| failed(innermost(&error)))?;
    if !status.is_success() {
        let first: String = text.chars().take(160).collect();
        return Err(failed(format!("it refuses ({status}): {first}")));
    }
    serde_json::from_str(&text).map_err(|error| failed(format!("it answers something else ({error})")))
}
