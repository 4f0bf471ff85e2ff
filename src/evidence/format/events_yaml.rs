//! Lines of Kubernetes events printed over several lines, as `kubectl get events -o yaml` and `-o json` do it.
//! <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>

use std::borrow::Cow;

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, Stamp};

pub(super) const FORMAT: Format = Format {
    name: "events-yaml",
    title: "Kubernetes events as YAML or JSON over several lines",
    link: "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    kind: Kind::Program,
    first: first::BRACKET | first::OTHER,
    samples: &[
        ("yaml", "  message: Back-off restarting failed container api in pod api-0"),
        ("json", r#"            "lastTimestamp": "2026-01-31T08:00:00Z","#),
    ],
    parse,
};

/// Keys of an event that say something by themselves.
const KEYS: [&str; 13] = [
    "message",
    "note",
    "reason",
    "type",
    "lastTimestamp",
    "firstTimestamp",
    "eventTime",
    "count",
    "kind",
    "name",
    "namespace",
    "reportingComponent",
    "component",
];

fn parse(line: &str) -> Option<Record<'_>> {
    let text = nested(line)?;
    let (key, value) = json(text).or_else(|| yaml(text, line))?;
    let level = if key == "type" { level_of(&value) } else { None };
    let time = if key.ends_with("Time") || key.ends_with("Timestamp") { time_of(&value) } else { None };
    let is_message = matches!(key, "message" | "note") && !is_block(&value);
    let message = if is_message { value.clone() } else { Cow::Borrowed(line.trim()) };
    Some(Record { time, level, message, fields: vec![(key.into(), value)], ..Record::default() })
}

/// The line without its indent and the dash of a list; an unindented key is not an event's.
fn nested(line: &str) -> Option<&str> {
    if !line.starts_with([' ', '\t', '-', '"']) {
        return None;
    }
    let text = line.trim();
    let text = text.strip_prefix("- ").map_or(text, str::trim_start);
    text.starts_with(|c: char| c == '"' || c.is_ascii_lowercase()).then_some(text)
}

/// `"key": "value",` or `"count": 5,`.
fn json(text: &str) -> Option<(&str, Cow<'_, str>)> {
    let (key, rest) = text.strip_prefix('"')?.split_once("\":")?;
    let value = rest.trim_start();
    let value = value.strip_suffix(',').unwrap_or(value).trim_end();
    if !KEYS.contains(&key) {
        return None;
    }
    let bare = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric());
    let value = if bare { Cow::Borrowed(value) } else { serde_json::from_str::<String>(value).ok()?.into() };
    Some((key, value))
}

/// `key: value`, also in quotes.
fn yaml<'a>(text: &'a str, line: &str) -> Option<(&'a str, Cow<'a, str>)> {
    let end = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (key, value) = text.split_at_checked(end)?;
    let value = value.strip_prefix(": ")?.trim_start();
    // Objects that a JavaScript program prints have commas.
    let is_code = value.ends_with(',') && value.starts_with(['\'', '"', '`']);
    if !KEYS.contains(&key) || value.is_empty() || is_code || line.starts_with('"') {
        return None;
    }
    Some((key, unquoted(value)))
}

fn unquoted(value: &str) -> Cow<'_, str> {
    if let Some(inner) = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')) {
        return if inner.contains("''") { inner.replace("''", "'").into() } else { inner.into() };
    }
    if value.starts_with('"') {
        return serde_json::from_str::<String>(value).map_or(Cow::Borrowed(value), Cow::Owned);
    }
    value.into()
}

/// `|`, `>-` and their like say that the text follows on the next lines.
fn is_block(value: &str) -> bool {
    value.is_empty() || value == "null" || (value.len() < 4 && value.starts_with(['|', '>']))
}

fn level_of(value: &str) -> Option<Level> {
    match value {
        "Normal" => Some(Level::Info),
        "Warning" => Some(Level::Warn),
        _ => None,
    }
}

fn time_of(value: &str) -> Option<Stamp> {
    let (stamp, rest) = take::bare_time(value)?;
    rest.is_empty().then_some(stamp)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn a_key_names_its_value() {
        for (line, key, value, message) in [
            ("  message: Back-off: x", "message", "Back-off: x", "Back-off: x"),
            ("  note: 'it''s gone'", "note", "it's gone", "it's gone"),
            (r#"  message: "a \"b\"""#, "message", "a \"b\"", "a \"b\""),
            (r#"  message: "goes on"#, "message", "\"goes on", "\"goes on"),
            ("  message: |-", "message", "|-", "message: |-"),
            ("  reason: BackOff", "reason", "BackOff", "reason: BackOff"),
            ("- count: 5", "count", "5", "- count: 5"),
            ("    name: api-0  ", "name", "api-0", "name: api-0"),
            (r#"        "message": "a \"b\": c","#, "message", "a \"b\": c", "a \"b\": c"),
            (r#""reason": "BackOff""#, "reason", "BackOff", r#""reason": "BackOff""#),
            ("\t\"count\": 12,", "count", "12", "\"count\": 12,"),
            (r#"   "message": "","#, "message", "", r#""message": "","#),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.field(key), record.message.as_ref()), (Some(value), message), "{line}");
            assert_eq!((record.level, record.time), (None, None), "{line}");
        }
    }

    #[test]
    fn types_are_levels_and_timestamps_times() {
        let level = |line| parse(line).expect(line).level;
        assert_eq!(level("  type: Warning"), Some(Level::Warn));
        assert_eq!(level(r#"  "type": "Normal","#), Some(Level::Info));
        assert_eq!(level("  type: Opaque"), None);
        assert_eq!(level("  reason: Warning"), None);
        for line in [
            r#"  lastTimestamp: "2026-01-31T08:00:00Z""#,
            r#"  "firstTimestamp": "2026-01-31T08:00:00Z","#,
            r#"- eventTime: "2026-01-31T08:00:00.000000Z""#,
        ] {
            let record = parse(line).expect(line);
            assert_eq!(record.time.expect(line).to_string(), "2026-01-31T08:00:00Z");
            assert_eq!(record.message, line.trim());
        }
        assert_eq!(parse(r#"  "eventTime": null,"#).expect("null").time, None);
    }

    #[test]
    fn other_lines_are_no_events() {
        for line in [
            "",
            "-",
            "- ",
            "\"",
            "message: x",
            "type: Warning",
            "reason: x",
            "  level: error",
            "  message:",
            "  message:x",
            "  the message: x",
            "  Message: x",
            "  message: 'x',",
            "  involvedObject:",
            r#"  "kind": {"#,
            r#"  "name": "a", "kind": "b""#,
            r#"  "msg": "x","#,
            r#"  "message": "open"#,
            "\"x\" message: y",
            "  é: x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
