//! nginx' error log: `2024/01/01 10:00:00 [error] 7#7: *1 open() failed, client: …, server: …`.
//! <https://nginx.org/en/docs/ngx_core_module.html#error_log>

use std::borrow::Cow;

use super::take::{self, Field};
use super::{Format, Kind, Record, first};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "nginx-error",
    title: "nginx error log",
    link: "https://nginx.org/en/docs/ngx_core_module.html#error_log",
    kind: Kind::Program,
    first: first::DIGIT,
    samples: &[
        (
            "nginx",
            r#"2026/01/31 08:00:00 [error] 7#7: *12 open() "/srv/a" failed (2: No such file or directory), client: 10.0.0.7, server: shop.example.org, request: "GET /a HTTP/1.1", host: "shop.example.org""#,
        ),
        ("nginx without a request", "2026/01/31 08:00:00 [notice] 1#1: start worker processes"),
    ],
    parse,
};

const CLIENT: &str = ", client: ";

fn parse(line: &str) -> Option<Record<'_>> {
    let bytes = line.as_bytes();
    if bytes.get(4) != Some(&b'/') || bytes.get(20) != Some(&b'[') {
        return None;
    }
    let (time, length) = stamp::iso(line)?;
    let (level, rest) = take::level(line.get(length..)?.trim_start())?;
    let (process, rest) = take::word(rest)?;
    let (pid, thread) = process.strip_suffix(':')?.split_once('#')?;
    let (connection, text) = take::word(rest).filter(|(w, _)| w.starts_with('*')).unwrap_or(("", rest));
    let mut fields =
        take::fields([("pid", pid), ("thread", thread), ("connection", connection.trim_start_matches('*'))]);
    let (message, named) = request(text).unwrap_or((text, Vec::new()));
    fields.extend(named);
    Some(Record { time: Some(time), level: Some(level), fields, ..Record::of(message) })
}

/// The message, and what nginx says of the request after it.
fn request(text: &str) -> Option<(&str, Vec<Field<'_>>)> {
    let at = text.find(CLIENT)?;
    let (message, mut rest) = text.split_at(at);
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let (name, value) = rest.strip_prefix(", ")?.split_once(": ")?;
        let (value, after) = take::quoted(value).unwrap_or_else(|| up_to_comma(value));
        fields.push((name.into(), value));
        rest = after;
    }
    Some((message, fields))
}

fn up_to_comma(text: &str) -> (Cow<'_, str>, &str) {
    let (value, rest) = text.split_at(text.find(", ").unwrap_or(text.len()));
    (value.into(), rest)
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn the_request_is_told_by_fields() {
        let record = parse(FORMAT.samples[0].1).expect("nginx");
        assert_eq!(record.level, Some(Level::Error));
        assert_eq!(record.message, r#"open() "/srv/a" failed (2: No such file or directory)"#);
        for (name, value) in [
            ("pid", "7"),
            ("connection", "12"),
            ("client", "10.0.0.7"),
            ("server", "shop.example.org"),
            ("request", "GET /a HTTP/1.1"),
            ("host", "shop.example.org"),
        ] {
            assert_eq!(record.field(name), Some(value), "{name}");
        }
    }

    #[test]
    fn what_does_not_fit_stays_in_the_message() {
        let line = "2026/01/31 08:00:00 [crit] 7#8: *1 x, client: 10.0.0.7, and then";
        let record = parse(line).expect("nginx");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Fatal), "x, client: 10.0.0.7, and then"));
        for line in ["", "2026/01/31 08:00:00 x", "2026/01/31 08:00:00 [error] x", "2026/01/31 08:00:00 [main] 7#7: x"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
