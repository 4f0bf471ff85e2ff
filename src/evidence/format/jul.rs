//! `java.util.logging`: a head line `Jan 31, 2026 8:00:00 AM pkg.Class method`, then `SEVERE: msg`; and Tomcat's single line.
//! <https://docs.oracle.com/en/java/javase/21/docs/api/java.logging/java/util/logging/SimpleFormatter.html>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "jul",
    title: "java.util.logging and Tomcat",
    link: "https://docs.oracle.com/en/java/javase/21/docs/api/java.logging/java/util/logging/SimpleFormatter.html",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER,
    samples: &[
        ("head", "Jan 31, 2026 8:00:00 AM com.example.App main"),
        ("message", "SEVERE: cannot bind port 8080"),
        (
            "tomcat",
            "31-Jan-2026 08:00:00.123 SEVERE [main] org.apache.catalina.core.StandardService.initInternal Failed to initialize connector",
        ),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    match line.as_bytes() {
        [b'0'..=b'9', _, b'-', b'A'..=b'Z', ..] => tomcat(line),
        [b'A'..=b'Z', b'A'..=b'Z', ..] => message(line),
        [b'A'..=b'Z', _, _, b' ', ..] => head(line),
        _ => None,
    }
}

fn head(line: &str) -> Option<Record<'_>> {
    let (time, length) = stamp::jul(line)?;
    let logger = line.get(length..)?.trim();
    (!logger.is_empty()).then(|| Record { time: Some(time), logger: Some(logger.into()), ..Record::default() })
}

/// `INFO: ` and `WARNING: ` are not only Java's.
fn message(line: &str) -> Option<Record<'_>> {
    let (word, text) = line.split_once(": ")?;
    let own = matches!(word, "SEVERE" | "CONFIG" | "FINE" | "FINER" | "FINEST");
    own.then(|| Record { level: Level::from_word(word), ..Record::of(text) })
}

fn tomcat(line: &str) -> Option<Record<'_>> {
    let (time, length) = stamp::day_first(line)?;
    let (word, rest) = take::word(line.get(length..)?.trim_start())?;
    let level = Level::from_word(word)?;
    let (thread, rest) = take::bracketed(rest)?;
    let (logger, message) = take::word(rest)?;
    let fields = take::fields([("thread", thread)]);
    Some(Record { time: Some(time), level: Some(level), logger: Some(logger.into()), fields, ..Record::of(message) })
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn head_and_message_are_read() {
        let record = parse("Jan 31, 2026 8:00:00 PM com.example.App main").expect("a head");
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T20:00:00"));
        assert_eq!((record.logger.as_deref(), record.message.as_ref()), (Some("com.example.App main"), ""));
        let record = parse("FINER: a: b").expect("a message");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Trace), "a: b"));
    }

    #[test]
    fn tomcat_writes_one_line() {
        let record = parse(FORMAT.samples[2].1).expect("Tomcat");
        assert_eq!((record.level, record.field("thread")), (Some(Level::Error), Some("main")));
        assert_eq!(record.logger.as_deref(), Some("org.apache.catalina.core.StandardService.initInternal"));
        assert_eq!(record.message, "Failed to initialize connector");
    }

    #[test]
    fn other_lines_are_no_jul() {
        for line in
            ["", "INFO: x", "SEVERE", "Jan 31 08:00:00 host x", "Jan 31, 2026 x", "31-Jan-2026 08:00:00.123 x", "Éa 31"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
