//! Docker's json-file driver: `{"log":"text\n","stream":"stderr","time":"…"}`.
//! <https://docs.docker.com/engine/logging/drivers/json-file/>

use serde::Deserialize;

use super::Unwrapped;

#[derive(Deserialize)]
struct Line {
    log: String,
    #[serde(rename = "stream")]
    _stream: String,
}

pub(super) fn unwrap(line: &str) -> Option<Unwrapped<'_>> {
    if !line.starts_with("{\"log\":") {
        return None;
    }
    let inner: Line = serde_json::from_str(line).ok()?;
    Some(Unwrapped { text: inner.log.trim_end_matches(['\n', '\r']).to_owned().into(), ..Unwrapped::default() })
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn the_text_comes_out_of_its_string() {
        let line = r#"{"log":"\tat a.b(C.java:1)\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}"#;
        assert_eq!(unwrap(line).expect("json-file").text, "\tat a.b(C.java:1)");
        assert_eq!(unwrap(r#"{"log":"x"}"#), None);
        assert_eq!(unwrap(r#"{"log":"#), None);
    }
}
