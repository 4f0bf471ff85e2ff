//! Docker's json-file driver: `{"log":"text\n","stream":"stderr","time":"…"}`.
//! <https://docs.docker.com/engine/logging/drivers/json-file/>

use serde::Deserialize;

use super::{Format, Kind, Record, first};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "docker-json",
    title: "Docker json-file driver",
    link: "https://docs.docker.com/engine/logging/drivers/json-file/",
    kind: Kind::Wrapper,
    first: first::BRACE,
    samples: &[("docker-json", r#"{"log":"panic: boom\n","stream":"stderr","time":"2024-01-01T00:00:00Z"}"#)],
    parse,
};

#[derive(Deserialize)]
struct Line {
    log: String,
    stream: String,
    #[serde(default)]
    time: String,
}

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.starts_with("{\"log\":") {
        return None;
    }
    let inner: Line = serde_json::from_str(line).ok()?;
    Some(Record {
        time: stamp::iso(&inner.time).map(|(time, _)| time),
        message: inner.log.trim_end_matches(['\n', '\r']).to_owned().into(),
        fields: vec![("stream".into(), inner.stream.into())],
        ..Record::default()
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_text_comes_out_of_its_string() {
        let line = r#"{"log":"\tat a.b(C.java:1)\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}"#;
        let record = parse(line).expect("json-file");
        assert_eq!((record.message.as_ref(), record.field("stream")), ("\tat a.b(C.java:1)", Some("stdout")));
        assert_eq!(record.time.expect("a time").to_string(), "2024-01-01T00:00:00Z");
        assert_eq!(parse(r#"{"log":"x"}"#), None);
        assert_eq!(parse(r#"{"log":"#), None);
    }
}
