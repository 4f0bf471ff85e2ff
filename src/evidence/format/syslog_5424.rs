//! Syslog as RFC 5424 writes it: `<PRI>1 TIME HOST APP PROCID MSGID [id name="value"] MSG`.
//! <https://datatracker.ietf.org/doc/html/rfc5424>

use std::borrow::Cow;

use super::take::Field;
use super::{Format, Kind, Record, first, syslog_3164, take};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "syslog-5424",
    title: "Syslog (RFC 5424)",
    link: "https://datatracker.ietf.org/doc/html/rfc5424",
    kind: Kind::Relay,
    first: first::BRACKET,
    samples: &[
        (
            "syslog with structured data",
            r#"<165>1 2026-01-31T08:00:00.003Z shop.example.com orders 812 ID47 [order@32473 id="7" step="pay"] payment refused"#,
        ),
        ("syslog without", "<34>1 2026-01-31T08:00:00Z node-1 su - - - 'su root' failed for lonvick on /dev/pts/8"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (level, facility, rest) = syslog_3164::priority(line)?;
    let rest = rest.strip_prefix("1 ")?;
    let (time, rest) = rest.split_once(' ')?;
    let (host, rest) = rest.split_once(' ')?;
    let (app, rest) = rest.split_once(' ')?;
    let (pid, rest) = rest.split_once(' ')?;
    let (msgid, rest) = rest.split_once(' ')?;
    let read = stamp::iso(time).filter(|(_, length)| *length == time.len());
    if read.is_none() && time != "-" {
        return None;
    }
    let (data, message) = structured(rest)?;
    let mut fields = take::fields([("facility", facility), ("host", host), ("pid", pid), ("msgid", msgid)]);
    fields.extend(data);
    let logger = (app != "-").then(|| app.into());
    Some(Record { time: read.map(|(t, _)| t), level: Some(level), logger, fields, ..Record::of(message) })
}

/// `-`, or elements one after the other; then the message, which may be left out.
fn structured(text: &str) -> Option<(Vec<Field<'_>>, &str)> {
    let mut fields = Vec::new();
    let mut rest = text;
    if let Some(after) = text.strip_prefix('-') {
        rest = after;
    } else {
        while rest.starts_with('[') {
            rest = element(rest, &mut fields)?;
        }
    }
    let apart = rest.len() < text.len() && (rest.is_empty() || rest.starts_with(' '));
    apart.then(|| (fields, rest.strip_prefix(' ').unwrap_or(rest)))
}

/// `[id name="value" …]`; gives what follows it.
fn element<'a>(text: &'a str, fields: &mut Vec<Field<'a>>) -> Option<&'a str> {
    let text = text.strip_prefix('[')?;
    let end = text.find([' ', ']'])?;
    let (id, mut rest) = text.split_at_checked(end)?;
    fields.extend(take::fields([("sd-id", id)]));
    while let Some(pair) = rest.strip_prefix(' ') {
        let (name, value) = pair.split_once("=\"")?;
        let end = closing_quote(value)?;
        fields.push((name.into(), unescaped(value.get(..end)?)));
        rest = value.get(end + 1..)?;
    }
    rest.strip_prefix(']')
}

fn closing_quote(value: &str) -> Option<usize> {
    let mut escaped = false;
    value.bytes().position(|b| {
        let closes = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        closes
    })
}

/// Only `"`, `\` and `]` are escaped; any other backslash is one.
fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return value.into();
    }
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().filter(|n| c == '\\' && matches!(n, '"' | '\\' | ']'));
        text.push(next.unwrap_or(c));
        if next.is_some() {
            chars.next();
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn every_part_has_its_place() {
        let record = parse(FORMAT.samples[0].1).expect("syslog");
        assert_eq!((record.level, record.logger.as_deref()), (Some(Level::Info), Some("orders")));
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00.003Z"));
        for (name, value) in [
            ("facility", "local4"),
            ("host", "shop.example.com"),
            ("pid", "812"),
            ("msgid", "ID47"),
            ("sd-id", "order@32473"),
            ("id", "7"),
            ("step", "pay"),
        ] {
            assert_eq!(record.field(name), Some(value), "{name}");
        }
        assert_eq!(record.message, "payment refused");
    }

    #[test]
    fn structured_data_is_unescaped() {
        let record = parse(r#"<11>1 - - - - - [a b="x\"y\\z\]\n"][c] m"#).expect("syslog");
        assert_eq!((record.field("b"), record.message.as_ref()), (Some(r#"x"y\z]\n"#), "m"));
        assert_eq!((record.level, record.time, record.logger), (Some(Level::Error), None, None));
        for line in ["<11>1 - - - - - -", "<11>1 - - - - - [a]"] {
            assert_eq!(parse(line).expect(line).message, "");
        }
    }

    #[test]
    fn other_lines_are_no_syslog() {
        for line in [
            "",
            "<34>Jan 31 08:00:00 n1 a: x",
            "<34>1 2026-01-31T08:00:00Z n1",
            "<34>1 noon n1 a - - - x",
            "<34>1 - - - - - x",
            "<34>1 - - - - - [a b=\"x m",
            "<34>1 - - - - - -x",
            "<34>2 - - - - - - x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
