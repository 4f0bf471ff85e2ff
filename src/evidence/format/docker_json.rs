//! Docker's json-file driver: `{"log":"text\n","stream":"stderr","time":"…"}`.
//! <https://docs.docker.com/engine/logging/drivers/json-file/>

use serde::Deserialize;

use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format = Format {
    name: "docker-json-file",
    title: "Docker json-file driver",
    link: "https://docs.docker.com/engine/logging/drivers/json-file/",
    kind: Kind::Wrapper,
    first: first::BRACE,
    samples: &[("docker-json-file", r#"{"log":"panic: boom\n","stream":"stderr","time":"2024-01-01T00:00:00Z"}"#)],
    parse,
};

#[derive(Deserialize)]
struct Line {
    log: String,
    #[serde(rename = "stream")]
    _stream: String,
}

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.starts_with("{\"log\":") {
        return None;
    }
    let inner: Line = serde_json::from_str(line).ok()?;
    Some(Record { message: inner.log.trim_end_matches(['\n', '\r']).to_owned().into(), ..Record::default() })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_text_comes_out_of_its_string() {
        let line = r#"{"log":"\tat a.b(C.java:1)\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}"#;
        assert_eq!(parse(line).expect("json-file").message, "\tat a.b(C.java:1)");
        assert_eq!(parse(r#"{"log":"x"}"#), None);
        assert_eq!(parse(r#"{"log":"#), None);
    }
}
