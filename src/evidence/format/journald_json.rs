//! `journalctl -o json`: one entry of the journal as a JSON object.
//! <https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html>

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Format, Kind, Record, first, syslog_5424};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "journald-json",
    title: "`journalctl -o json`",
    link: "https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html",
    kind: Kind::Relay,
    first: first::BRACE,
    samples: &[(
        "journald-json",
        r#"{"__REALTIME_TIMESTAMP":"1769846400000000","PRIORITY":"3","_SYSTEMD_UNIT":"kubelet.service","_HOSTNAME":"node-1","SYSLOG_IDENTIFIER":"kubelet","_PID":"912","MESSAGE":"Failed to start"}"#,
    )],
    parse,
};

/// Names of the journal with the name that others have for it.
const FIELDS: [(&str, &str); 4] =
    [("_HOSTNAME", "host"), ("_PID", "pid"), ("_SYSTEMD_UNIT", "unit"), ("SYSLOG_FACILITY", "facility")];

fn parse(line: &str) -> Option<Record<'_>> {
    memchr::memmem::find(line.as_bytes(), b"\"MESSAGE\"")?;
    memchr::memmem::find(line.as_bytes(), b"\"__REALTIME_TIMESTAMP\"")?;
    let mut entry: Map<String, Value> = serde_json::from_str(line).ok()?;
    let message = text(&entry.remove("MESSAGE")?)?;
    let mut take = |name: &str| entry.remove(name).as_ref().and_then(text);
    let time = take("__REALTIME_TIMESTAMP").and_then(|t| stamp::epoch(&t)).map(|(time, _)| time);
    let level = take("PRIORITY").and_then(|p| p.parse().ok()).and_then(syslog_5424::level_of);
    let container = take("CONTAINER_NAME").map(Cow::Owned);
    let logger = take("SYSLOG_IDENTIFIER").or_else(|| take("_COMM")).map(Cow::Owned);
    let named = FIELDS.iter().filter_map(|(name, known)| Some((Cow::Borrowed(*known), Cow::Owned(take(name)?))));
    let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = named.collect();
    fields.extend(entry.iter().filter_map(|(name, value)| Some((name.clone().into(), text(value)?.into()))));
    Some(Record { time, level, pod: None, container, logger, message: message.into(), fields })
}

/// A value as text: bytes that are no text come as an array of numbers.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) => Vec::<u8>::deserialize(value).ok().map(|b| String::from_utf8_lossy(&b).into_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn an_entry_is_taken_apart() {
        let line = r#"{"__REALTIME_TIMESTAMP":"1769846400250000","PRIORITY":"4","_HOSTNAME":"node-1","SYSLOG_IDENTIFIER":"kubelet","_PID":"9","MESSAGE":"slow","X":"y"}"#;
        let record = parse(line).expect("an entry");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Warn), "slow"));
        assert_eq!(record.time.expect("a time").to_string(), "2026-01-31T08:00:00.25Z");
        assert_eq!(
            (record.logger.as_deref(), record.field("host"), record.field("X")),
            (Some("kubelet"), Some("node-1"), Some("y"))
        );
    }

    #[test]
    fn bytes_are_text_and_other_objects_are_none() {
        let line = r#"{"__REALTIME_TIMESTAMP":"1769846400000000","MESSAGE":[104,105,255]}"#;
        assert_eq!(parse(line).expect("an entry").message, "hi\u{fffd}");
        for line in [r#"{"MESSAGE":"x"}"#, r#"{"level":"info"}"#, r#"{"__REALTIME_TIMESTAMP":"1","MESSAGE":null}"#, "{"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
