//! Docker's json-file driver: `{"log":"text\n","stream":"stderr","time":"…"}`.
//! <https://docs.docker.com/engine/logging/drivers/json-file/>

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Format, Kind, Record, first, take};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "docker-json-file",
    title: "Docker json-file driver",
    link: "https://docs.docker.com/engine/logging/drivers/json-file/",
    kind: Kind::Wrapper,
    first: first::BRACE,
    samples: &[
        ("docker-json-file", r#"{"log":"panic: boom\n","stream":"stderr","time":"2024-01-01T00:00:00Z"}"#),
        (
            "docker-json-file with labels",
            r#"{"log":"panic: boom\n","stream":"stderr","attrs":{"tag":"web"},"time":"2024-01-01T00:00:00.123456789Z"}"#,
        ),
    ],
    parse,
};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    log: Cow<'a, str>,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    #[serde(borrow, default)]
    time: Cow<'a, str>,
    /// Labels and variables that `--log-opt` names.
    #[serde(default)]
    attrs: BTreeMap<String, String>,
}

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.starts_with("{\"log\":") {
        return None;
    }
    let inner: Line<'_> = serde_json::from_str(line).ok()?;
    let read = stamp::iso(&inner.time).filter(|(_, length)| *length == inner.time.len());
    // A time that cannot be read is kept as it is written.
    let unread = if read.is_some() { Cow::Borrowed("") } else { inner.time };
    let mut fields = take::fields([("stream", inner.stream), ("time", unread)]);
    fields.extend(inner.attrs.into_iter().map(|(name, value)| (name.into(), value.into())));
    let message = cut(inner.log);
    Some(Record { time: read.map(|(time, _)| time), message, fields, ..Record::default() })
}

/// Without its line ending.
fn cut(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches(['\n', '\r'])),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end_matches(['\n', '\r']).len());
            Cow::Owned(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};

    #[test]
    fn the_text_comes_out_of_its_string() {
        let line = r#"{"log":"\tat a.b(C.java:1)\n","stream":"stdout","time":"2024-01-01T00:00:00.5Z"}"#;
        let record = parse(line).expect("json-file");
        assert_eq!((record.message.as_ref(), record.field("stream")), ("\tat a.b(C.java:1)", Some("stdout")));
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2024-01-01T00:00:00.5Z"));
        assert_eq!(parse(FORMAT.samples[1].1).expect("labels").field("tag"), Some("web"));
    }

    #[test]
    fn a_time_of_another_spelling_is_kept() {
        let record = parse(r#"{"log":"x","stream":"stdout","time":"noon"}"#).expect("json-file");
        assert_eq!((record.time, record.field("time"), record.message.as_ref()), (None, Some("noon"), "x"));
    }

    #[test]
    fn other_objects_are_not_docker_s() {
        for line in [r#"{"log":"x"}"#, r#"{"log":"#, "", r#"{"msg":"x","stream":"stdout"}"#] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
