//! Go's standard `log`: `2024/01/01 10:00:00 msg`, with a file, with a prefix; Gin's requests; and zap's console.
//! <https://pkg.go.dev/log#pkg-constants>

use super::take;
use super::{Format, Kind, Record, first, json_logger};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "go-std",
    title: "Go standard log, Gin and zap's console",
    link: "https://pkg.go.dev/log#pkg-constants",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER | first::BRACKET,
    samples: &[
        ("log", "2026/01/31 08:00:00 listening on :8080"),
        ("log with file", "2026/01/31 08:00:00.123456 main.go:12: listen tcp :8080: bind: address already in use"),
        ("log with prefix", "ERROR: 2026/01/31 08:00:00 main.go:12: no such host"),
        ("gin", r#"[GIN] 2026/01/31 - 08:00:00 | 500 |     1.2ms |        10.0.0.7 | GET      "/orders""#),
        (
            "zap console",
            "2026-01-31T08:00:00.123Z\tERROR\tcontroller.web\tReconciler error\t{\"name\": \"web-0\", \"error\": \"no route\"}",
        ),
    ],
    parse,
};

/// A time or a prefix is not longer than this.
const WITHIN: usize = 40;

fn parse(line: &str) -> Option<Record<'_>> {
    if let Some(record) = zap(line) {
        return Some(record);
    }
    let start = date(line)?;
    let (prefix, rest) = line.split_at_checked(start)?;
    if prefix == "[GIN] " {
        return gin(rest);
    }
    let (time, length) = stamp::iso(rest)?;
    let (place, message) = place(rest.get(length..)?.strip_prefix(' ')?);
    let (level, prefix) = match take::level(prefix) {
        Some((level, "")) => (Some(level), ""),
        _ => (None, prefix.trim()),
    };
    let (level, message) = match take::level(message).filter(|_| level.is_none()) {
        Some((level, message)) => (Some(level), message),
        None => (level, message),
    };
    let logger = Some(place).filter(|p| !p.is_empty()).map(Into::into);
    Some(Record { time: Some(time), level, logger, fields: take::fields([("prefix", prefix)]), ..Record::of(message) })
}

/// Where `2026/01/31` starts, at the start of the line or after a prefix.
fn date(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let head = bytes.get(..bytes.len().min(WITHIN + 5))?;
    let slash = head.iter().position(|b| *b == b'/')?;
    let start = slash.checked_sub(4)?;
    let date = bytes.get(start..start + 10)?;
    let shaped =
        date.iter().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { *b == b'/' } else { b.is_ascii_digit() });
    let apart = start == 0 || matches!(bytes[start - 1], b' ' | b'\t' | b':' | b']');
    (shaped && apart).then_some(start)
}

/// `file.go:12: `.
fn place(text: &str) -> (&str, &str) {
    let found = text.split_once(": ").filter(|(place, _)| {
        place.rsplit_once(':').is_some_and(|(file, line)| file.strip_suffix(".go").is_some() && take::is_number(line))
    });
    found.unwrap_or(("", text))
}

/// `2026/01/31 - 08:00:00 | 500 | 1.2ms | 10.0.0.7 | GET "/orders"`.
fn gin(text: &str) -> Option<Record<'_>> {
    let (date, rest) = text.split_once(" - ")?;
    let (clock, rest) = rest.split_once(" | ")?;
    let (time, _) = stamp::iso(&format!("{date} {}", clock.trim()))?;
    let (status, rest) = rest.split_once('|')?;
    let (took, rest) = rest.split_once('|')?;
    let (client, request) = rest.split_once('|')?;
    let level = match status.trim().as_bytes() {
        [b'5', ..] => Level::Error,
        [b'4', ..] => Level::Warn,
        _ => Level::Info,
    };
    let fields = take::fields([("status", status.trim()), ("took", took.trim()), ("client", client.trim())]);
    let logger = Some("GIN".into());
    Some(Record { time: Some(time), level: Some(level), logger, fields, ..Record::of(request.trim()) })
}

/// `TIME\tLEVEL\tlogger\tfile.go:12\tmsg\t{"key": "value"}`, as controllers write it; logger, file and object may be left out.
fn zap(line: &str) -> Option<Record<'_>> {
    line.bytes().take(WITHIN).position(|b| b == b'\t')?;
    let (time, rest) = line.split_once('\t')?;
    let (stamp, _) = take::bare_time(time).filter(|(_, rest)| rest.is_empty())?;
    let (word, rest) = rest.split_once('\t')?;
    let level = Level::from_word(word)?;
    let object = rest.rsplit_once('\t').and_then(|(before, object)| Some((before, json_logger::fields(object)?)));
    let (text, fields) = object.unwrap_or((rest, Vec::new()));
    let names = text.rsplit_once('\t').filter(|(names, _)| !names.contains(' '));
    let (logger, message) = names.map_or((None, text), |(names, text)| (Some(names.replace('\t', " ").into()), text));
    Some(Record { time: Some(stamp), level: Some(level), logger, fields, ..Record::of(message) })
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn every_dialect_has_its_parts() {
        for (line, level, logger, message) in [
            (FORMAT.samples[0].1, None, None, "listening on :8080"),
            (FORMAT.samples[1].1, None, Some("main.go:12"), "listen tcp :8080: bind: address already in use"),
            (FORMAT.samples[2].1, Some(Level::Error), Some("main.go:12"), "no such host"),
            (FORMAT.samples[3].1, Some(Level::Error), Some("GIN"), r#"GET      "/orders""#),
            ("2026/01/31 08:00:00 [WARN] slow", Some(Level::Warn), None, "slow"),
        ] {
            let record = parse(line).expect(line);
            assert!(record.time.is_some(), "{line}");
            assert_eq!(
                (record.level, record.logger.as_deref(), record.message.as_ref()),
                (level, logger, message),
                "{line}"
            );
        }
        let zap = parse(FORMAT.samples[4].1).expect("zap");
        assert_eq!((zap.level, zap.logger.as_deref()), (Some(Level::Error), Some("controller.web")));
        assert_eq!((zap.message.as_ref(), zap.field("error")), ("Reconciler error", Some("no route")));
        assert_eq!(parse("shop: 2026/01/31 08:00:00 x").expect("a prefix").field("prefix"), Some("shop:"));
    }

    #[test]
    fn other_lines_are_not_gos() {
        for line in [
            "",
            "/",
            "2026/01/31",
            "2026/01/31 x",
            "a/b 2026/01/31 08:00:00 x",
            "2026-01-31 08:00:00 x",
            "[GIN] 2026/01/31 - x",
            "éé2026/01/31 08:00:00 x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
