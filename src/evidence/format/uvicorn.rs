//! uvicorn: a level padded to ten columns; `INFO:     127.0.0.1:1 - "GET / HTTP/1.1" 200 OK`.
//! <https://www.uvicorn.org/settings/#logging>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "uvicorn",
    title: "uvicorn",
    link: "https://www.uvicorn.org/settings/#logging",
    kind: Kind::Program,
    first: first::LETTER,
    samples: &[
        ("uvicorn", "ERROR:    Exception in ASGI application"),
        ("uvicorn access", r#"INFO:     10.0.0.7:5000 - "GET / HTTP/1.1" 500 Internal Server Error"#),
    ],
    parse,
};

/// Where the message starts.
const COLUMN: usize = 10;

fn parse(line: &str) -> Option<Record<'_>> {
    let (head, text) = line.split_at_checked(COLUMN)?;
    let (word, blanks) = head.split_once(':')?;
    let padded = !blanks.is_empty() && blanks.bytes().all(|b| b == b' ') && !text.starts_with(' ');
    if !padded || !matches!(word, "TRACE" | "DEBUG" | "INFO" | "WARNING" | "ERROR") {
        return None;
    }
    let record = access(text).unwrap_or_else(|| Record::of(text));
    Some(Record { level: Level::from_word(word), ..record })
}

/// The level of these is always `INFO`; the status tells more.
fn access(text: &str) -> Option<Record<'_>> {
    let (client, rest) = text.split_once(" - ").filter(|(client, _)| !client.contains(' '))?;
    let (request, rest) = take::quoted(rest)?;
    let (status, reason) = take::number(rest)?;
    let fields = take::fields([("client", client), ("status", status), ("reason", reason)]);
    Some(Record { message: request, fields, ..Record::default() })
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn level_and_request_are_read() {
        let record = parse("WARNING:  Invalid HTTP request received.").expect("uvicorn");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Warn), "Invalid HTTP request received."));
        let record = parse(FORMAT.samples[1].1).expect("access");
        assert_eq!((record.message.as_ref(), record.field("status")), ("GET / HTTP/1.1", Some("500")));
        assert_eq!(
            (record.field("client"), record.field("reason")),
            (Some("10.0.0.7:5000"), Some("Internal Server Error"))
        );
    }

    #[test]
    fn other_padding_is_no_uvicorn() {
        for line in ["", "INFO: x", "INFO:      x", "ERROR:     x", "Status:   x", "INFO:    éé", "ERROR:  two"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
