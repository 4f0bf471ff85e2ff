//! What is refused before it is a request: a head that nobody can read, or one that is too large. `hyper` answers those by itself, without a body and without asking anybody;
//! such an answer is known by what it lacks, and a problem document goes out in its place.

use axum::http::StatusCode;

use super::problem::Problem;
use crate::service::request_id;

/// An answer of `hyper`'s own, made into one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) request_id: String,
    /// Head and body.
    pub(super) bytes: Vec<u8>,
}

impl Refusal {
    /// Reads what `hyper` is about to write. Every answer of ours has the id of its request, and no body of ours holds a carriage return as it is.
    pub(super) fn of(written: &[u8]) -> Option<Self> {
        if !written.starts_with(b"HTTP/1.1 4") || !written.ends_with(b"\r\n\r\n") {
            return None;
        }
        let head = std::str::from_utf8(written).ok()?;
        let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
        let first = lines.next()?;
        let status = StatusCode::from_bytes(first.split(' ').nth(1)?.as_bytes()).ok()?;
        let (length, kept): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("content-length: "));
        if length != ["content-length: 0"] || kept.iter().any(|line| line.starts_with("x-request-id: ")) {
            return None;
        }
        let id = request_id();
        let document = Problem::new(status, advice(status)).document(&id);
        let ours = format!(
            "content-type: application/problem+json\r\ncontent-length: {}\r\nx-request-id: {id}\r\nx-content-type-options: nosniff\r\ncache-control: no-store",
            document.len()
        );
        let mut bytes = [&[first][..], &kept, &[&ours, "", ""]].concat().join("\r\n").into_bytes();
        bytes.extend_from_slice(&document);
        Some(Self { status, request_id: id, bytes })
    }
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            "the head of the request is too large: send at most 100 header fields, 16 KiB with the first line"
        }
        StatusCode::URI_TOO_LONG => "the address of the request is too long: send a text as the body of a POST",
        _ => {
            "this is no request of HTTP/1.1: send `METHOD /path HTTP/1.1`, then one `Name: value` a line, then an empty line"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    const BARE: &str =
        "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";

    #[test]
    fn a_bare_refusal_gets_a_document() {
        let refusal = Refusal::of(BARE.as_bytes()).expect("bare");
        let text = String::from_utf8(refusal.bytes).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ndate: x\r\n"));
        assert!(head.contains(&format!("content-length: {}\r\nx-request-id: {}", body.len(), refusal.request_id)));
        assert!(body.contains("at most 100 header fields") && body.contains(&refusal.request_id));
    }

    #[test]
    fn answers_of_ours_stay_as_they_are() {
        for written in [
            BARE.replace("date: x", "x-request-id: a"),
            BARE.replace("length: 0", "length: 7"),
            BARE.replace("content-length: 0\r\n", ""),
            BARE.replace("431", "200"),
            format!("{BARE}more"),
            format!("\"{BARE}"),
        ] {
            assert_eq!(Refusal::of(written.as_bytes()), None, "{written}");
        }
    }
}
