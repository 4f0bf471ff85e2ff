//! Python's `logging`: its default, the layouts that programs choose most, Flask's, Celery's, Airflow's and loguru's.
//! <https://docs.python.org/3/library/logging.html#logrecord-attributes>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "python-logging",
    title: "Python logging, Flask, Celery, Airflow and loguru",
    link: "https://docs.python.org/3/library/logging.html#logrecord-attributes",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER | first::BRACKET,
    samples: &[
        ("dashes", "2026-01-31 08:00:00,123 - shop.db - ERROR - pool timed out"),
        ("basicConfig", "WARNING:root:disk is nearly full"),
        ("blanks", "2026-01-31 08:00:00,123 ERROR shop.db pool timed out"),
        ("flask", "[2026-01-31 08:00:00,123] ERROR in app: Exception on /orders [GET]"),
        ("celery", "[2026-01-31 08:00:00,123: ERROR/MainProcess] consumer: Cannot connect"),
        ("airflow", "[2026-01-31T08:00:00.123+0000] {taskinstance.py:1826} ERROR - Task failed with exception"),
        ("loguru", "2026-01-31 08:00:00.123 | ERROR    | shop.db:connect:12 - pool timed out"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    match line.as_bytes().first()? {
        b'0'..=b'9' => {
            let (time, rest) = take::time(line)?;
            let record = dashes(rest).or_else(|| loguru(rest)).or_else(|| blanks(rest))?;
            Some(Record { time: Some(time), ..record })
        }
        b'[' => in_brackets(line.get(1..)?),
        _ => basic(line),
    }
}

/// Python names five levels; Java's `WARN` and `TRACE` are not among them.
fn level_of(word: &str) -> Option<Level> {
    let own = matches!(word, "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL");
    Level::from_word(word).filter(|_| own)
}

fn level(text: &str) -> Option<(Level, &str)> {
    let (word, rest) = take::word(text)?;
    Some((level_of(word)?, rest))
}

fn entry<'a>(level: Level, logger: &'a str, message: &'a str) -> Record<'a> {
    let logger = Some(logger).filter(|l| !l.is_empty()).map(Into::into);
    Record { level: Some(level), logger, ..Record::of(message) }
}

/// `LEVEL:name:msg`.
fn basic(line: &str) -> Option<Record<'_>> {
    let (word, rest) = line.split_once(':')?;
    let level = level_of(word)?;
    let (name, message) = rest.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'/');
    is_name.then(|| entry(level, name, message))
}

/// `- name - LEVEL - msg`, `- LEVEL - name - msg` and `- LEVEL - msg`.
fn dashes(rest: &str) -> Option<Record<'_>> {
    let (first, rest) = rest.strip_prefix("- ")?.split_once(" - ")?;
    if let Some(level) = level_of(first.trim()) {
        let named = rest.split_once(" - ").filter(|(name, _)| is_module(name));
        let (name, message) = named.unwrap_or(("", rest));
        return Some(entry(level, name, message));
    }
    let (word, message) = rest.split_once(" - ")?;
    Some(entry(level_of(word.trim())?, first, message))
}

/// `| LEVEL    | module:function:12 - msg`.
fn loguru(rest: &str) -> Option<Record<'_>> {
    let (word, rest) = rest.strip_prefix("| ")?.split_once('|')?;
    let level = Level::from_word(word.trim()).or_else(|| (word.trim() == "SUCCESS").then_some(Level::Info))?;
    let (place, message) = rest.trim_start().split_once(" - ")?;
    Some(entry(level, place, message))
}

/// `LEVEL name msg`, where the name cannot be a word of the message.
fn blanks(rest: &str) -> Option<Record<'_>> {
    if rest.contains('\t') {
        return None;
    }
    let (level, rest) = level(rest)?;
    let (name, message) = take::word(rest)?;
    let name = name.strip_suffix(':').unwrap_or(name);
    let is_name = is_module(name) && name.contains(['.', '_']) && !message.starts_with("- ");
    is_name.then(|| entry(level, name, message))
}

/// A dotted name in small letters; Java's end in the name of a class.
fn is_module(name: &str) -> bool {
    let letters = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    name.split('.').all(letters)
}

fn in_brackets(text: &str) -> Option<Record<'_>> {
    let (time, length) = stamp::iso(text)?;
    let rest = text.get(length..)?;
    if let Some(rest) = rest.strip_prefix(": ") {
        return celery(time, rest);
    }
    let rest = rest.strip_prefix("] ")?;
    let record = flask(rest).or_else(|| airflow(rest))?;
    Some(Record { time: Some(time), ..record })
}

/// `ERROR/MainProcess] msg`.
fn celery(time: Stamp, rest: &str) -> Option<Record<'_>> {
    let (head, message) = rest.split_once("] ")?;
    let (word, process) = head.split_once('/')?;
    let fields = take::fields([("process", process)]);
    Some(Record { time: Some(time), level: Some(level_of(word)?), fields, ..Record::of(message) })
}

/// `ERROR in app: msg`.
fn flask(rest: &str) -> Option<Record<'_>> {
    let (level, rest) = level(rest)?;
    let (module, message) = rest.strip_prefix("in ")?.split_once(": ")?;
    (!module.contains(' ')).then(|| entry(level, module, message))
}

/// `{file.py:12} ERROR - msg`.
fn airflow(rest: &str) -> Option<Record<'_>> {
    let (place, rest) = rest.strip_prefix('{')?.split_once("} ")?;
    let (level, message) = level(rest)?;
    Some(entry(level, place, message.strip_prefix("- ")?))
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn every_dialect_has_its_parts() {
        let wanted = [
            (Level::Error, Some("shop.db"), "pool timed out"),
            (Level::Warn, Some("root"), "disk is nearly full"),
            (Level::Error, Some("shop.db"), "pool timed out"),
            (Level::Error, Some("app"), "Exception on /orders [GET]"),
            (Level::Error, None, "consumer: Cannot connect"),
            (Level::Error, Some("taskinstance.py:1826"), "Task failed with exception"),
            (Level::Error, Some("shop.db:connect:12"), "pool timed out"),
        ];
        for ((dialect, line), (level, logger, message)) in FORMAT.samples.iter().zip(wanted) {
            let record = parse(line).expect(dialect);
            assert_eq!(
                (record.level, record.logger.as_deref(), record.message.as_ref()),
                (Some(level), logger, message),
                "{dialect}"
            );
        }
        assert_eq!(parse(FORMAT.samples[4].1).expect("Celery").field("process"), Some("MainProcess"));
    }

    #[test]
    fn the_name_may_be_last_or_left_out() {
        let record = parse("2026-01-31 08:00:00,123 - INFO - shop.db - a - b").expect("dashes");
        assert_eq!((record.logger.as_deref(), record.message.as_ref()), (Some("shop.db"), "a - b"));
        let record = parse("2026-01-31 08:00:00,123 - INFO - Ready - set").expect("dashes");
        assert_eq!((record.logger.as_deref(), record.message.as_ref()), (None, "Ready - set"));
    }

    #[test]
    fn lines_of_java_and_others_are_not_python() {
        for line in [
            "",
            "ERROR: x",
            "ERROR:x",
            "Error:a:b",
            "2026-01-31 08:00:00,123 INFO org.apache.App: x",
            "2026-01-31 08:00:00,123 WARN a.b x",
            "2026-01-31 08:00:00,123 INFO a.b - x",
            "2026-01-31 08:00:00,123 ERROR pool timed out",
            "[2026-01-31 08:00:00,123] INFO x (kafka.A)",
            "[é",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
