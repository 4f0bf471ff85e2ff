//! Single lines of an event printed over many, as JSON or YAML: `message: Back-off …`, `"reason": "BackOff",`.
//! <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>

use std::borrow::Cow;

use super::{Format, Kind, Record, first, take};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "events-yaml",
    title: "Kubernetes events, as YAML or indented JSON",
    link: "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    kind: Kind::Program,
    first: first::LETTER | first::BRACKET | first::OTHER,
    samples: &[
        ("yaml, message", "  message: 'Error: ImagePullBackOff'"),
        ("yaml, reason", "  reason: BackOff"),
        ("yaml, time", "  lastTimestamp: \"2026-01-31T08:00:00Z\""),
        ("json, message", "   \"message\": \"Back-off restarting failed container\","),
        ("json, type", "   \"type\": \"Warning\""),
    ],
    parse,
};

/// The line stays the message, since a value alone says little; a message's value does not.
fn parse(line: &str) -> Option<Record<'_>> {
    let text = line.trim();
    let text = text.strip_prefix("- ").unwrap_or(text);
    let (key, value) = if text.starts_with('"') { json(text)? } else { yaml(text)? };
    if value.is_empty() {
        return None;
    }
    let record = Record::of(text);
    // Compilers write `note: …` at the start of a line.
    if key == "note" && text.len() == line.len() && !text.starts_with('"') {
        return None;
    }
    match key {
        "message" | "note" => Some(Record { message: value, ..record }),
        "reason" => is_reason(&value).then(|| Record { fields: take::fields([("reason", value)]), ..record }),
        "type" => {
            let level = Level::from_word(&value).filter(|_| matches!(value.as_ref(), "Normal" | "Warning"))?;
            Some(Record { level: Some(level), fields: take::fields([("type", value)]), ..record })
        }
        name => {
            let name = TIMES.iter().find(|n| **n == name)?;
            let (time, _) = stamp::iso(&value).filter(|(_, length)| *length == value.len())?;
            Some(Record { time: Some(time), fields: vec![(Cow::Borrowed(*name), value)], ..record })
        }
    }
}

/// Times that say when an event was last seen; the first time is another line's.
const TIMES: [&str; 3] = ["lastTimestamp", "eventTime", "lastObservedTime"];

/// `"key": "value",`.
fn json(text: &str) -> Option<(&str, Cow<'_, str>)> {
    let (key, value) = text.strip_prefix('"')?.split_once("\": ")?;
    let (value, rest) = take::quoted(value)?;
    matches!(rest, "" | ",").then_some((key, value))
}

/// `key: value`, the value with quotes of either kind or without.
fn yaml(text: &str) -> Option<(&str, Cow<'_, str>)> {
    let (key, value) = text.split_once(": ")?;
    if key.contains(' ') {
        return None;
    }
    let value = value.trim();
    if let Some((inner, "")) = take::quoted(value) {
        return Some((key, inner));
    }
    let single = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\''));
    Some((key, single.map_or(Cow::Borrowed(value), |inner| inner.replace("''", "'").into())))
}

/// Reasons are one word that begins with a capital.
fn is_reason(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_uppercase()) && value.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn messages_lose_key_and_quotes() {
        for (line, message) in [
            ("  message: Back-off: x", "Back-off: x"),
            ("message: 'it''s: gone'", "it's: gone"),
            ("- message: \"a \\\"b\\\"\"", "a \"b\""),
            ("  note: x", "x"),
            ("   \"message\": \"a \\\"b\\\"\",", "a \"b\""),
            ("  message: 'goes on", "'goes on"),
        ] {
            assert_eq!(parse(line).expect(line).message, message);
        }
    }

    #[test]
    fn other_keys_are_fields() {
        let record = parse("  type: Warning").expect("a type");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Warn), "type: Warning"));
        let record = parse("   \"reason\": \"BackOff\",").expect("a reason");
        assert_eq!(record.field("reason"), Some("BackOff"));
        let record = parse("  lastTimestamp: \"2026-01-31T08:00:00Z\"").expect("a time");
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00Z"));
    }

    #[test]
    fn other_lines_are_no_events() {
        for line in [
            "",
            "message:",
            "the message: x",
            "reason: no route to host",
            "type: Opaque",
            "lastTimestamp: null",
            "\"message\": 3,",
            "\"message\": \"x\"}",
            "name: x",
            "note: run with `RUST_BACKTRACE=1`",
            "Message: x",
            "\"é",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
