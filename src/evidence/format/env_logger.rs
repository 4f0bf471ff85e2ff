//! Rust's `env_logger`, `[2024-01-01T10:00:00Z ERROR crate::mod] msg`, and the plain format of `tracing`.
//! <https://docs.rs/env_logger/latest/env_logger/>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "env-logger",
    title: "env_logger and tracing (Rust)",
    link: "https://docs.rs/env_logger/latest/env_logger/",
    kind: Kind::Program,
    first: first::DIGIT | first::BRACKET,
    samples: &[
        ("env_logger", "[2026-01-31T08:00:00Z ERROR shop::db] pool timed out"),
        ("tracing", "2026-01-31T08:00:00.123456Z  WARN shop::db: pool is slow waited=3s"),
        ("tracing with spans", "2026-01-31T08:00:00.123456Z ERROR request{id=7}:query{}: shop::db: pool timed out"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    match line.strip_prefix('[') {
        Some(text) => env_logger(text),
        None => tracing(line),
    }
}

fn env_logger(text: &str) -> Option<Record<'_>> {
    let (time, length) = stamp::iso(text).filter(|(t, _)| t.zone.is_some())?;
    let (head, message) = text.get(length..)?.split_once(']')?;
    let (level, module) = take::level_in_capitals(head.strip_prefix(' ')?)?;
    if module.contains(' ') {
        return None;
    }
    let logger = Some(module).filter(|m| !m.is_empty()).map(Into::into);
    let message = message.strip_prefix(' ').unwrap_or(message);
    Some(Record { time: Some(time), level: Some(level), logger, ..Record::of(message) })
}

fn tracing(line: &str) -> Option<Record<'_>> {
    let (time, length) = stamp::iso(line)?;
    if line.as_bytes().get(10) != Some(&b'T') || !line.get(..length)?.ends_with('Z') {
        return None;
    }
    let (level, rest) = take::level_in_capitals(line.get(length..)?.trim_start())?;
    let (spans, rest) = spans(rest).unwrap_or(("", rest));
    let (module, message) = rest.split_once(": ")?;
    let is_path = module.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-'));
    if module.is_empty() || !is_path {
        return None;
    }
    let fields = take::fields([("span", spans)]);
    Some(Record { time: Some(time), level: Some(level), logger: Some(module.into()), fields, ..Record::of(message) })
}

/// `request{id=7}:query{}: `, from the outer span to the inner.
fn spans(text: &str) -> Option<(&str, &str)> {
    let name = text.find(['{', ' ', ':']).filter(|at| *at > 0 && text[*at..].starts_with('{'))?;
    let (before, rest) = text.split_at(text[name..].find("}: ")? + name + 1);
    Some((before, rest.strip_prefix(": ")?))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn level_and_module_come_off() {
        for (line, level, logger, message) in [
            ("[2026-01-31T08:00:00Z INFO  a::b] x [y]", Level::Info, Some("a::b"), "x [y]"),
            ("[2026-01-31T08:00:00.5Z WARN] x", Level::Warn, None, "x"),
            ("2026-01-31T08:00:00.123456Z  INFO a::b: x: y", Level::Info, Some("a::b"), "x: y"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!(
                (record.level, record.logger.as_deref(), record.message.as_ref()),
                (Some(level), logger, message),
                "{line}"
            );
        }
    }

    #[test]
    fn spans_are_a_field() {
        let record = parse("2026-01-31T08:00:00.1Z ERROR r{id=7 a=\"b c\"}:q{}: a::b: x").expect("tracing");
        assert_eq!((record.field("span"), record.logger.as_deref()), (Some("r{id=7 a=\"b c\"}:q{}"), Some("a::b")));
        assert_eq!(record.message, "x");
    }

    #[test]
    fn other_lines_are_neither() {
        for line in [
            "",
            "[",
            "[2026-01-31T08:00:00Z] x",
            "[2026-01-31T08:00:00Z é] x",
            "2026-01-31T08:00:00Z INFO no module",
            "2026-01-31 08:00:00 INFO a: x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
