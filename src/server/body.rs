//! Takes bodies in: within a size, a time, and an amount of memory that all requests share.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;

/// Bytes of a JSON body: 100 000 characters, each written as two escapes, and some names.
pub(super) const MOST_JSON: usize = 1_300_000;
/// How long a JSON body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);
/// Memory for bodies that are still coming, in KiB: forty of the largest.
const ROOM: usize = 48 << 10;
/// Bytes that are let go by before an answer.
const LET_GO: usize = 32 << 20;
/// Bodies up to this size need no room: so much every connection may have.
const SMALL: usize = 8 << 10;

/// Memory for bodies that are still coming.
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOM)))
    }

    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let kib = u32::try_from(bytes.div_ceil(1 << 10)).unwrap_or(u32::MAX);
        let full = |_| Problem::busy("too many large requests are coming in at the moment: try again in a second");
        self.0.clone().try_acquire_many_owned(kib).map_err(full)
    }
}

/// A body with the room that it takes.
pub(super) struct Whole {
    pub(super) bytes: Bytes,
    /// Kept until the text is read.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// Reads a JSON body whole.
pub(super) async fn json(room: &Room, headers: &HeaderMap, mut body: Body) -> Result<Whole, Problem> {
    wants(headers, &["application/json"])?;
    if headers.get(header::CONTENT_ENCODING).is_some_and(|e| e != "identity") {
        return Err(unsupported("a JSON body is sent as it is, without Content-Encoding"));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|l| l.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MOST_JSON) {
        discard(&mut body).await;
        return Err(large());
    }
    let read = tokio::time::timeout(PATIENCE, gather(room, announced, body)).await;
    read.unwrap_or_else(|_| {
        let detail = format!("the body did not come within {} seconds: send it faster", PATIENCE.as_secs());
        Err(Problem::new(StatusCode::REQUEST_TIMEOUT, detail))
    })
}

async fn gather(room: &Room, announced: Option<usize>, mut body: Body) -> Result<Whole, Problem> {
    let mut taken = match announced {
        Some(length) if length <= SMALL => None,
        Some(length) => Some(room.take(length)?),
        None => Some(room.take(SMALL)?),
    };
    let first = frame(&mut body).await?.unwrap_or_default();
    if announced == Some(first.len()) {
        return Ok(Whole { bytes: first, room: taken });
    }
    let mut bytes = first.to_vec();
    while let Some(data) = frame(&mut body).await? {
        if bytes.len() + data.len() > MOST_JSON {
            discard(&mut body).await;
            return Err(large());
        }
        if announced.is_none() {
            let more = room.take(data.len())?;
            if let Some(taken) = &mut taken {
                taken.merge(more);
            }
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Whole { bytes: bytes.into(), room: taken })
}

/// Lets the rest of a body go by, within limits: a caller who is still sending would not see the answer.
pub(super) async fn discard(body: &mut Body) {
    let rest = async {
        let mut left = LET_GO;
        while let Ok(Some(data)) = frame(body).await {
            left = left.saturating_sub(data.len());
            if left == 0 {
                break;
            }
        }
    };
    // Whoever takes longer does not see it.
    let _ = tokio::time::timeout(Duration::from_secs(1), rest).await;
}

/// The next bytes of a body.
pub(super) async fn frame(body: &mut Body) -> Result<Option<Bytes>, Problem> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => return Ok(Some(data)),
                Err(_trailers) => {}
            },
            Some(Err(_)) => {
                let detail = "the body broke off before its end: send it whole, with the length that is announced";
                return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
            }
        }
    }
}

/// The body is of one of these types.
pub(super) fn wants(headers: &HeaderMap, types: &[&str]) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|t| t.to_str().ok()).unwrap_or_default();
    let (said, parameters) = said.split_once(';').unwrap_or((said, ""));
    let fits = types.iter().any(|t| said.trim().eq_ignore_ascii_case(t));
    let charset = parameters.to_ascii_lowercase();
    let utf8 = charset.trim().is_empty() || !charset.contains("charset") || charset.contains("utf-8");
    if fits && (utf8 || types.len() > 1) {
        return Ok(());
    }
    Err(unsupported(&format!("send the body with `Content-Type: {}`", types.join("`, `"))))
}

pub(super) fn unsupported(detail: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
}

fn large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body has more than {MOST_JSON} bytes: send a log as the body of POST /diagnose/logs"),
    )
}
