//! Texts as vectors, from any server that speaks the embeddings API of `OpenAI`; Gemini does, too.
//! <https://platform.openai.com/docs/api-reference/embeddings>, <https://ai.google.dev/gemini-api/docs/openai>

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde::{Deserialize, Serialize};

use crate::redact::Quote;
use crate::text::innermost;

/// Texts of one request.
const BATCH: usize = 64;
/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Characters of an answer that is an error that are told.
const TOLD: usize = 160;

/// A model could not be asked. The world's fault, or that of whoever configured it.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The client cannot be made: the address is none.
    #[error("{0}")]
    Client(String),
    /// Nothing came back, or not in time.
    #[error("{url} does not answer: {why}")]
    Silent {
        /// The address, without what is secret in it.
        url: String,
        /// The last of the chain of reasons.
        why: String,
    },
    /// It answers, and not with vectors.
    #[error("{url} refuses ({status}): {why}")]
    Refused {
        /// The address.
        url: String,
        /// The status of the answer.
        status: StatusCode,
        /// The beginning of what it says, redacted.
        why: String,
    },
    /// What it answers is not what was asked for.
    #[error("{url} answers something else: {why}")]
    Odd {
        /// The address.
        url: String,
        /// What does not fit.
        why: String,
    },
}

/// A model that turns texts into vectors.
pub struct Embeddings {
    client: Client,
    url: String,
    model: String,
    key: Option<String>,
}

#[derive(Serialize)]
struct Request<'r> {
    model: &'r str,
    input: &'r [String],
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}

impl Embeddings {
    /// A model at the base address `url`, as in `http://127.0.0.1:11434/v1`.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn new(client: Client, url: &str, model: &str, key: Option<&str>) -> Result<Self, ModelError> {
        let url = format!("{}/embeddings", url.trim_end_matches('/'));
        reqwest::Url::parse(&url).map_err(|error| ModelError::Client(format!("{url} is no address: {error}")))?;
        Ok(Self { client, url, model: model.to_owned(), key: key.map(ToOwned::to_owned) })
    }

    /// One vector for each text, in their order. Secrets are taken out of the texts before they are sent.
    ///
    /// # Errors
    /// See [`ModelError`].
    pub async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let clean: Vec<String> = texts.iter().map(|text| Quote::of(text).to_string()).collect();
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in clean.chunks(BATCH) {
            vectors.extend(self.ask(batch).await?);
        }
        Ok(vectors)
    }

    async fn ask(&self, input: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let url = self.url.clone();
        let silent = |error: reqwest::Error| ModelError::Silent { url: url.clone(), why: innermost(&error) };
        let request = self.client.post(&self.url).timeout(PATIENCE).json(&Request { model: &self.model, input });
        let request = match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        let response = request.send().await.map_err(silent)?;
        let status = response.status();
        let text = response.text().await.map_err(silent)?;
        if !status.is_success() {
            return Err(ModelError::Refused { url, status, why: Quote::of(&text).cut(TOLD).to_string() });
        }
        let answer: Answer = serde_json::from_str(&text)
            .map_err(|error| ModelError::Odd { url: url.clone(), why: error.to_string() })?;
        in_order(answer.data, input.len()).map_err(|why| ModelError::Odd { url, why })
    }
}

/// The vectors by the texts that they belong to.
fn in_order(mut data: Vec<Vector>, wanted: usize) -> Result<Vec<Vec<f32>>, String> {
    data.sort_by_key(|vector| vector.index);
    if data.len() != wanted {
        return Err(format!("{} vectors for {wanted} texts", data.len()));
    }
    let length = data.first().map_or(0, |vector| vector.embedding.len());
    if length == 0 || data.iter().any(|vector| vector.embedding.len() != length) {
        return Err("the vectors have no common length".into());
    }
    Ok(data.into_iter().map(|vector| vector.embedding).collect())
}

#[cfg(test)]
mod tests {
    use super::{Vector, in_order};

    fn vector(index: usize, embedding: &[f32]) -> Vector {
        Vector { index, embedding: embedding.to_vec() }
    }

    #[test]
    fn vectors_belong_to_their_texts() {
        let mixed = vec![vector(1, &[2.0]), vector(0, &[1.0])];
        assert_eq!(in_order(mixed, 2), Ok(vec![vec![1.0], vec![2.0]]));
        assert_eq!(in_order(vec![vector(0, &[1.0])], 2), Err("1 vectors for 2 texts".into()));
        assert!(in_order(vec![vector(0, &[1.0]), vector(1, &[1.0, 2.0])], 2).is_err());
        assert!(in_order(vec![vector(0, &[])], 1).is_err());
    }
}
