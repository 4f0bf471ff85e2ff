//! Syslog as RFC 5424 has it: `<PRI>1 TIME HOST APP PROCID MSGID [SD] MSG`.
//! <https://www.rfc-editor.org/rfc/rfc5424>

use std::borrow::Cow;

use super::{Format, Kind, Record, first, take};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "syslog-5424",
    title: "syslog, RFC 5424",
    link: "https://www.rfc-editor.org/rfc/rfc5424",
    kind: Kind::Relay,
    first: first::BRACKET,
    samples: &[(
        "syslog-5424",
        r#"<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 8710 ID47 [exampleSDID@32473 iut="3" eventSource="Application"] An application event"#,
    )],
    parse,
};

/// Parameters of structured data that are kept.
const MOST_PARAMETERS: usize = 32;

fn parse(line: &str) -> Option<Record<'_>> {
    let (priority, rest) = priority(line)?;
    let rest = rest.strip_prefix("1 ")?;
    let (time, rest) = rest.split_once(' ')?;
    let mut words = rest.splitn(5, ' ');
    let (host, app, process, id) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (parameters, message) = structured(words.next()?)?;
    let facility = (priority / 8).to_string();
    let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = take::fields([("host", host), ("pid", process), ("msgid", id)]);
    fields.push(("facility".into(), facility.into()));
    fields.extend(parameters);
    Some(Record {
        time: stamp::iso(time).map(|(time, _)| time),
        level: level_of(priority % 8),
        logger: (app != "-").then(|| app.into()),
        fields,
        ..Record::of(message.trim_start_matches('\u{feff}'))
    })
}

/// `<PRI>`: facility times eight plus severity.
pub(super) fn priority(line: &str) -> Option<(u8, &str)> {
    let (digits, rest) = line.strip_prefix('<')?.split_once('>')?;
    let known = take::is_number(digits) && digits.len() <= 3;
    digits.parse().ok().filter(|p| known && *p <= 191).map(|p| (p, rest))
}

/// The level of a severity: 0 is an emergency, 7 is for debugging.
pub(super) fn level_of(severity: u8) -> Option<Level> {
    match severity {
        0..=2 => Some(Level::Fatal),
        3 => Some(Level::Error),
        4 => Some(Level::Warn),
        5 | 6 => Some(Level::Info),
        7 => Some(Level::Debug),
        _ => None,
    }
}

type Parameters<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Structured data and the message behind it.
fn structured(text: &str) -> Option<(Parameters<'_>, &str)> {
    if let Some(message) = text.strip_prefix('-') {
        return Some((Vec::new(), message.strip_prefix(' ').unwrap_or(message)));
    }
    let mut parameters = Vec::new();
    let mut rest = text;
    while let Some(inside) = rest.strip_prefix('[') {
        let id_end = inside.find([' ', ']'])?;
        parameters.push(("sd_id".into(), inside[..id_end].into()));
        rest = element(&inside[id_end..], &mut parameters)?;
    }
    (rest.len() < text.len()).then(|| (parameters, rest.strip_prefix(' ').unwrap_or(rest)))
}

/// ` name="value"` until the bracket that closes the element; returns what is behind it.
fn element<'a>(text: &'a str, parameters: &mut Parameters<'a>) -> Option<&'a str> {
    let mut rest = text;
    loop {
        if let Some(behind) = rest.strip_prefix(']') {
            return Some(behind);
        }
        let (name, value) = rest.trim_start().split_once("=\"")?;
        let end = closing_quote(value)?;
        if parameters.len() < MOST_PARAMETERS {
            parameters.push((name.into(), value[..end].replace("\\\"", "\"").replace("\\]", "]").into()));
        }
        rest = &value[end + 1..];
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|b| {
        let closes = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        closes
    })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn head_structured_data_and_message_are_set_apart() {
        let record = parse("<34>1 2003-10-11T22:14:15.003Z host su - ID47 - 'su root' failed").expect("syslog");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Fatal), "'su root' failed"));
        assert_eq!(
            (record.logger.as_deref(), record.field("host"), record.field("facility")),
            (Some("su"), Some("host"), Some("4"))
        );
        let record = parse(r#"<165>1 - h a 1 - [x@1 k="a \"b\" \]c" l="2"][y@1] text"#).expect("syslog");
        assert_eq!(
            (record.field("k"), record.field("l"), record.message.as_ref()),
            (Some(r#"a "b" ]c"#), Some("2"), "text")
        );
        assert_eq!(record.time, None);
    }

    #[test]
    fn other_lines_are_none() {
        for line in ["<34>Oct 11 22:14:15 host su: x", "<999>1 - h a 1 - - x", "<34>1 - h a 1 - [open", "<b>1 x", ""] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
