//! One request, read-only, with limits on time and size, and its failure in a few words.

use std::fmt;
use std::time::Duration;

use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use kube::client::Body;

use super::Cluster;

/// What is asked for.
pub(super) const JSON: &str = "application/json";
/// Objects without anything but their metadata: values of secrets never leave the server.
pub(super) const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// Bytes of the largest answer; a page of 500 pods has about 4 million.
const LARGEST: usize = 256 << 20;

/// Why a request brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// 403, with what the server says.
    Forbidden(String),
    /// 401, with what the server says.
    Unauthorized(String),
    /// 404: there is no such thing.
    NotFound,
    /// 410: the list has to begin anew.
    Gone,
    /// Any other status, with what the server says.
    Status(u16, String),
    /// It took longer than it may.
    Slow(Duration),
    /// The answer is larger than it may be.
    Large,
    /// Whoever gets the credentials failed.
    Credentials(String),
    /// The connection.
    Connection(String),
    /// The answer is none of an API server.
    Odd(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(_) => f.write_str("forbidden"),
            Self::Unauthorized(_) => f.write_str("the credentials are refused (401)"),
            Self::NotFound => f.write_str("not found"),
            Self::Gone => f.write_str("the list changed too fast to be read to its end (410)"),
            Self::Status(429, _) => f.write_str("the server is overloaded (429)"),
            Self::Status(code, said) if said.is_empty() => write!(f, "the server failed ({code})"),
            Self::Status(code, said) => write!(f, "the server failed ({code}: {said})"),
            Self::Slow(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            Self::Large => write!(f, "an answer of more than {} MiB", LARGEST >> 20),
            Self::Credentials(why) | Self::Connection(why) | Self::Odd(why) => f.write_str(why),
        }
    }
}

impl Cluster {
    /// Asks for `path` and returns the body of the answer.
    pub(super) async fn get(&self, path: &str, accept: &str) -> Result<Vec<u8>, Failure> {
        let limit = self.limits.request;
        let answer = tokio::time::timeout(limit, self.exchange(path, accept)).await;
        answer.unwrap_or(Err(Failure::Slow(limit)))
    }

    async fn exchange(&self, path: &str, accept: &str) -> Result<Vec<u8>, Failure> {
        let request = Request::get(path).header(http::header::ACCEPT, accept).body(Body::empty());
        let request = request.map_err(|error| Failure::Odd(error.to_string()))?;
        let answer = self.client.send(request).await.map_err(|error| failure(&error))?;
        let status = answer.status();
        let mut body = answer.into_body();
        let mut text = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame
                .map_err(|error| Failure::Connection(format!("the connection broke off: {}", plain_reason(&error))))?;
            let Some(data) = frame.data_ref() else { continue };
            if text.len() + data.len() > LARGEST {
                return Err(Failure::Large);
            }
            text.extend_from_slice(data);
        }
        if status.is_success() { Ok(text) } else { Err(refusal(status, &text)) }
    }
}

fn refusal(status: StatusCode, text: &[u8]) -> Failure {
    let said: serde_json::Value = serde_json::from_slice(text).unwrap_or_default();
    let said: String = said["message"].as_str().unwrap_or_default().chars().take(200).collect();
    match status {
        StatusCode::FORBIDDEN => Failure::Forbidden(said),
        StatusCode::UNAUTHORIZED => Failure::Unauthorized(said),
        StatusCode::NOT_FOUND => Failure::NotFound,
        StatusCode::GONE => Failure::Gone,
        other => Failure::Status(other.as_u16(), said),
    }
}

fn failure(error: &kube::Error) -> Failure {
    match error {
        kube::Error::Auth(error) => Failure::Credentials(auth_reason(error)),
        other => Failure::Connection(plain_reason(other)),
    }
}

/// Why a client cannot be built, without what the plugin printed: that may hold secrets.
pub(super) fn reason(error: &kube::Error) -> String {
    match error {
        kube::Error::Auth(error) => auth_reason(error),
        other => plain_reason(other),
    }
}

fn auth_reason(error: &kube::client::AuthError) -> String {
    use kube::client::AuthError;
    match error {
        AuthError::AuthExecStart(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "it is not installed, or not in PATH".into()
        }
        AuthError::AuthExecStart(error) => error.to_string(),
        AuthError::AuthExecRun { out, .. } => match out.status.code() {
            Some(code) => format!("it ended with status {code}"),
            None => "it was killed".into(),
        },
        AuthError::AuthExecParse(_) => "what it prints is no credential".into(),
        AuthError::AuthExec(why) => why.lines().next().unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}

/// What really happened, in words for people where the library has none.
fn plain_reason(error: &(dyn std::error::Error + 'static)) -> String {
    let text = crate::text::innermost(error);
    let named = [
        ("UnknownIssuer", "its certificate is signed by an unknown authority"),
        ("Expired", "its certificate has expired"),
        ("NotValidForName", "its certificate is for another name"),
        ("dns error", "its name does not resolve"),
        ("failed to lookup", "its name does not resolve"),
        ("onnection refused", "connection refused"),
        ("deadline has elapsed", "no answer in time"),
    ];
    named.iter().find(|(sign, _)| text.contains(sign)).map_or(text.clone(), |(_, words)| (*words).to_owned())
}

/// Escapes a value of a query.
pub(super) fn escape(value: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    value.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Failure, escape, refusal};
    use http::StatusCode;

    #[test]
    fn refusals_keep_what_the_server_says() {
        let said = br#"{"kind":"Status","message":"pods is forbidden"}"#;
        assert_eq!(refusal(StatusCode::FORBIDDEN, said), Failure::Forbidden("pods is forbidden".into()));
        assert_eq!(refusal(StatusCode::BAD_GATEWAY, b"<html>").to_string(), "the server failed (502)");
    }

    #[test]
    fn tokens_of_pages_survive_a_query() {
        assert_eq!(escape("a+b/c=="), "a%2Bb%2Fc%3D%3D");
    }
}
