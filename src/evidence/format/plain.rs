//! The last resort: a line that starts with a time, a level or both, in whatever layout.
//! <https://datatracker.ietf.org/doc/html/rfc3339>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "plain",
    title: "A time, a level, or both at the start of the line",
    link: "https://datatracker.ietf.org/doc/html/rfc3339",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER | first::BRACKET,
    samples: &[
        ("time and level", "2026-01-31 08:00:00 ERROR cannot open socket"),
        ("time in brackets", "[2026-01-31 08:00:00] cannot open socket"),
        ("time, a word in brackets, level", "2026-01-31T08:00:00Z [worker-1] [error] cannot open socket"),
        ("time and level in brackets", "[08:00:00 WRN] cannot open socket"),
        ("level", "[WARN] cannot open socket"),
        ("level before a colon", "error: cannot open socket"),
        ("level and time", "ERROR 2026-01-31T08:00:00Z cannot open socket"),
    ],
    parse,
};

/// What layouts set between the parts.
const BETWEEN: [char; 5] = [' ', '\t', ':', '-', '|'];

/// What is left when they are gone. Two dashes begin an option, which is part of the message.
fn after_between(text: &str) -> &str {
    let dashes = text.find("--").unwrap_or(text.len());
    let rest = text[..dashes].trim_start_matches(BETWEEN);
    &text[dashes - rest.len()..]
}

fn parse(line: &str) -> Option<Record<'_>> {
    let Some((time, rest)) = take::time(line) else { return without_time(line) };
    let record = after_time(after_between(rest));
    // A number alone counts something more often than it is a time.
    if record.level.is_none() && take::number(line).is_some() {
        return None;
    }
    Some(Record { time: Some(time), ..record })
}

fn after_time(rest: &str) -> Record<'_> {
    if let Some(record) = leveled(rest) {
        return record;
    }
    let bracketed = take::bracketed(rest).and_then(|(context, rest)| Some((context, leveled(rest)?)));
    match bracketed {
        Some((context, record)) => Record { fields: take::fields([("context", context)]), ..record },
        None => Record::of(rest),
    }
}

fn leveled(text: &str) -> Option<Record<'_>> {
    if let Some((level, message)) = take::level(text) {
        return Some(Record { level: Some(level), ..Record::of(after_between(message)) });
    }
    let level = level_before_colon(text)?;
    Some(Record { level: Some(level), ..Record::of(text) })
}

/// `Error: msg` may be a level or the name of an exception, so it stays in the message too.
fn level_before_colon(text: &str) -> Option<Level> {
    let (word, rest) = text.split_at_checked(text.bytes().take_while(u8::is_ascii_alphabetic).count().min(12))?;
    let set = rest.starts_with(": ") && !take::is_also_a_word(word);
    set.then(|| Level::from_word(word)).flatten()
}

fn without_time(line: &str) -> Option<Record<'_>> {
    if let Some(record) = together(line) {
        return Some(record);
    }
    let record = leveled(line)?;
    let timed = take::level(line).and_then(|(_, rest)| take::time(rest));
    let Some((time, rest)) = timed else { return Some(record) };
    Some(Record { time: Some(time), level: record.level, ..Record::of(after_between(rest)) })
}

/// `[08:00:00 WRN] msg`.
fn together(line: &str) -> Option<Record<'_>> {
    let (time, rest) = take::time(line.strip_prefix('[')?)?;
    let (word, message) = rest.split_once(']')?;
    let level = Level::from_word(word.trim())?;
    Some(Record { time: Some(time), level: Some(level), ..Record::of(after_between(message)) })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn time_and_level_come_off() {
        for (line, time, level, message) in [
            ("2026-01-31 08:00:00 ERROR x", true, Some(Level::Error), "x"),
            ("[2026-01-31 08:00:00] - x: y", true, None, "x: y"),
            ("08:00:00 [a] [warn] x", true, Some(Level::Warn), "x"),
            ("08:00:00 [a] x", true, None, "[a] x"),
            ("[info] x", false, Some(Level::Info), "x"),
            ("FATAL: x", false, Some(Level::Fatal), "x"),
            ("Error: x", false, Some(Level::Error), "Error: x"),
            ("WARN 1769846400 x", true, Some(Level::Warn), "x"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!(
                (record.time.is_some(), record.level, record.message.as_ref()),
                (time, level, message),
                "{line}"
            );
        }
        assert_eq!(parse("08:00:00 [a] [warn] x").expect("plain").field("context"), Some("a"));
    }

    #[test]
    fn a_text_is_not_taken_apart() {
        for line in [
            "",
            "x",
            "hello ERROR",
            "errors: 3",
            "FAIL pkg",
            "Note: x",
            "LOG x",
            "12 x",
            "1365301360 double exceptions",
            "10.0.0.7 x",
            "[main] x",
            "é: x",
            "INFORMATIONS: x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
