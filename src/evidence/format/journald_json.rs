//! `journalctl -o json`: one object a line, with the journal's fields by their names.
//! <https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html>

use std::borrow::Cow;

use super::json_logger::Value;
use super::{Format, Kind, Record, first, syslog_3164};
use crate::evidence::{printable, stamp};

pub(super) const FORMAT: Format = Format {
    name: "journald-json",
    title: "systemd journal, `journalctl -o json`",
    link: "https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html",
    kind: Kind::Relay,
    first: first::BRACE,
    samples: &[(
        "journalctl -o json",
        r#"{"_HOSTNAME":"node-1","PRIORITY":"3","__REALTIME_TIMESTAMP":"1769846400250000","_SYSTEMD_UNIT":"kubelet.service","SYSLOG_IDENTIFIER":"kubelet","_PID":"812","MESSAGE":"cannot start container"}"#,
    )],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.starts_with('{') || !line.contains("\"__REALTIME_TIMESTAMP\"") || !line.contains("\"MESSAGE\"") {
        return None;
    }
    let Value::Map(parts) = serde_json::from_str(line).ok()? else { return None };
    let mut record = Record::default();
    for (name, value) in parts {
        put(&mut record, name, value);
    }
    Some(record)
}

/// Puts a field of the journal where it belongs; what has no other place keeps its name.
fn put<'a>(record: &mut Record<'a>, name: Cow<'a, str>, value: Value<'a>) {
    if name == "MESSAGE" {
        record.message = text(value);
        return;
    }
    let value = value.into_text();
    match name.as_ref() {
        "SYSLOG_IDENTIFIER" => record.logger = Some(value),
        "CONTAINER_NAME" => record.container = Some(value),
        "_HOSTNAME" => record.fields.push(("host".into(), value)),
        "_PID" => record.fields.push(("pid".into(), value)),
        "_SYSTEMD_UNIT" => record.fields.push(("unit".into(), value)),
        "PRIORITY" if severity(&value).is_some() => {
            record.level = severity(&value).map(syslog_3164::level);
        }
        "__REALTIME_TIMESTAMP" if stamp::epoch(&value).is_some() => {
            record.time = stamp::epoch(&value).map(|(time, _)| time);
        }
        _ => record.fields.push((name, value)),
    }
}

fn severity(value: &str) -> Option<u8> {
    value.parse().ok().filter(|number| *number < 8)
}

/// A text that is not valid UTF-8, or holds escapes, is an array of its bytes.
fn text(value: Value<'_>) -> Cow<'_, str> {
    let Value::List(nodes) = value else { return value.into_text() };
    let value = Value::List(nodes).into_text();
    match serde_json::from_str::<Vec<u8>>(&value) {
        Ok(bytes) => bytes.split(|b| *b == b'\n').map(printable).collect::<Vec<_>>().join("\n").into(),
        Err(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn fields_are_put_where_they_belong() {
        let record = parse(FORMAT.samples[0].1).expect("journal");
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00.25Z"));
        assert_eq!((record.level, record.logger.as_deref()), (Some(Level::Error), Some("kubelet")));
        assert_eq!((record.field("host"), record.field("pid")), (Some("node-1"), Some("812")));
        assert_eq!(
            (record.field("unit"), record.message.as_ref()),
            (Some("kubelet.service"), "cannot start container")
        );
    }

    #[test]
    fn a_message_of_bytes_is_spelled_out() {
        for (message, text) in [
            ("[27,91,51,49,109,98,97,100,10,120]", "bad\nx"),
            ("[\"a\",\"b\"]", "[\"a\",\"b\"]"),
            ("\"[1,2]\"", "[1,2]"),
        ] {
            let line =
                format!(r#"{{"__REALTIME_TIMESTAMP":"x","PRIORITY":"9","MESSAGE":{message},"CONTAINER_NAME":"web"}}"#);
            let record = parse(&line).expect(message);
            assert_eq!((record.message.as_ref(), record.container.as_deref()), (text, Some("web")));
            assert_eq!((record.field("PRIORITY"), record.field("__REALTIME_TIMESTAMP")), (Some("9"), Some("x")));
        }
    }

    #[test]
    fn other_objects_are_not_the_journal_s() {
        for line in ["", "{}", r#"{"MESSAGE":"x"}"#, r#"{"__REALTIME_TIMESTAMP":"1","MESSAGE":"#] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
