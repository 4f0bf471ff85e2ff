//! Layouts of log4j, Logback and their kin: `2024-01-01 10:00:00,000 [thread] LEVEL logger - msg`, Spring Boot, Spark, Kafka, Elasticsearch.
//! <https://logback.qos.ch/manual/layouts.html>

use std::borrow::Cow;

use super::take::{self, Field};
use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "logback",
    title: "Logback and log4j (Spring Boot, Spark, Kafka, Elasticsearch, WildFly)",
    link: "https://logback.qos.ch/manual/layouts.html",
    kind: Kind::Program,
    first: first::DIGIT | first::BRACKET,
    samples: &[
        ("log4j", "2026-01-31 08:00:00,123 [main] ERROR com.example.App - cannot start"),
        ("logback", "08:00:00.123 [main] ERROR c.e.App - cannot start"),
        (
            "spring boot 2",
            "2026-01-31 08:00:00.123  WARN 1 --- [           main] c.e.App                  : cannot start",
        ),
        ("spring boot 3", "2026-01-31T08:00:00.123Z ERROR 1 --- [shop] [nio-8080-exec-1] c.e.App : cannot start"),
        ("hadoop", "2026-01-31 08:00:00,123 INFO org.apache.hadoop.hdfs.DataNode: cannot start"),
        ("hdfs", "081109 203615 148 WARN dfs.DataNode$DataXceiver: Got exception while serving"),
        ("spark", "26/01/31 08:00:00 INFO Executor: Finished task 0.0 in stage 1.0"),
        ("zookeeper", "2026-01-31 08:00:00,123 [myid:1] - WARN  [main:QuorumPeer@1] - cannot open channel"),
        ("kafka", "[2026-01-31 08:00:00,123] ERROR [Broker id=0] cannot start (kafka.server.KafkaServer)"),
        ("elasticsearch", "[2026-01-31T08:00:00,123][ERROR][o.e.b.Bootstrap] [node-1] cannot start"),
        ("wildfly", "2026-01-31 08:00:00,123 ERROR [org.jboss.as] (main) WFLYSRV0026: cannot start"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (time, rest) = take::time(line)?;
    let bracketed = line.starts_with('[');
    let record = if bracketed { elasticsearch(rest).or_else(|| kafka(rest)) } else { layout(rest) }?;
    Some(Record { time: Some(time), ..record })
}

/// `[thread] LEVEL pid --- [thread] logger - msg`, most of it left out.
fn layout(rest: &str) -> Option<Record<'_>> {
    let (mut set, rest) = brackets(rest);
    let (early_pid, rest) = take::number(rest).unwrap_or(("", rest));
    let (level, rest) = take::level_in_capitals(rest.strip_prefix("- ").unwrap_or(rest))?;
    let (pid, rest) = spring(rest).unwrap_or((early_pid, rest));
    let (after, rest) = brackets(rest);
    set.extend(after);
    let (logger, message) = source(&mut set, rest);
    if logger.is_empty() && set.is_empty() {
        return None;
    }
    let thread = set.pop().unwrap_or_default();
    let fields =
        take::fields([("thread", Cow::Borrowed(thread)), ("context", set.join(" ").into()), ("pid", pid.into())]);
    Some(entry(level, logger, fields, message))
}

fn entry<'a>(level: Level, logger: &'a str, fields: Vec<Field<'a>>, message: &'a str) -> Record<'a> {
    let logger = Some(logger).filter(|l| !l.is_empty()).map(Into::into);
    Record { level: Some(level), logger, fields, ..Record::of(message) }
}

/// Everything in brackets: diagnostic context first, the thread last.
fn brackets(mut text: &str) -> (Vec<&str>, &str) {
    let mut set = Vec::new();
    while let Some((inner, rest)) = take::bracketed(text) {
        set.push(inner);
        text = rest;
    }
    (set, text)
}

/// The logger and the message; `WildFly`'s `[logger] (thread) msg` and others' `[thread] [logger] msg` have it among the brackets.
fn source<'a>(set: &mut Vec<&'a str>, rest: &'a str) -> (&'a str, &'a str) {
    if let Some((thread, message)) = parenthesis(rest)
        && let Some(logger) = set.pop()
    {
        set.push(thread);
        return (logger, message);
    }
    let bracketed = |last: &mut &str| last.contains('.') && is_logger(last);
    let message = rest.strip_prefix("- ").unwrap_or(rest);
    logger(rest).unwrap_or_else(|| (set.pop_if(bracketed).unwrap_or_default(), message))
}

/// `(thread) `.
fn parenthesis(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('(')?.split_once(") ")
}

/// `1 --- `.
fn spring(text: &str) -> Option<(&str, &str)> {
    let (pid, rest) = take::number(text)?;
    Some((pid, rest.strip_prefix("--- ")?.trim_start()))
}

/// `logger - msg`, `logger   : msg`, `logger: msg`.
fn logger(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = take::word(text)?;
    let message = rest.strip_prefix("- ").or_else(|| rest.strip_prefix(": "));
    let (name, message) = match message {
        Some(message) => (name, message),
        None => (name.strip_suffix(':')?, rest),
    };
    is_logger(name).then_some((name, message))
}

/// A dotted name, or one that starts with a capital letter, as classes do.
fn is_logger(name: &str) -> bool {
    let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'$' | b'-' | b'/' | b'@' | b'#');
    let shaped = name.contains('.') || name.starts_with(|c: char| c.is_ascii_uppercase());
    shaped && name.bytes().all(|b| letters(b) || matches!(b, b'[' | b']'))
}

/// `[LEVEL][logger] [node] msg`, after a time in brackets.
fn elasticsearch(rest: &str) -> Option<Record<'_>> {
    let (level, rest) = take::level(rest).filter(|_| rest.starts_with('['))?;
    let (logger, rest) = take::bracketed(rest)?;
    let (node, message) = take::bracketed(rest).unwrap_or(("", rest));
    Some(entry(level, logger, take::fields([("node", node)]), message))
}

/// `LEVEL msg (logger)`, after a time in brackets.
fn kafka(rest: &str) -> Option<Record<'_>> {
    let (level, rest) = take::level_in_capitals(rest)?;
    let (message, logger) = rest.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    is_logger(logger).then(|| entry(level, logger, Vec::new(), message.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn every_dialect_has_its_parts() {
        let wanted = [
            ("com.example.App", "main", "", "cannot start"),
            ("c.e.App", "main", "", "cannot start"),
            ("c.e.App", "main", "", "cannot start"),
            ("c.e.App", "nio-8080-exec-1", "shop", "cannot start"),
            ("org.apache.hadoop.hdfs.DataNode", "", "", "cannot start"),
            ("dfs.DataNode$DataXceiver", "", "", "Got exception while serving"),
            ("Executor", "", "", "Finished task 0.0 in stage 1.0"),
            ("", "main:QuorumPeer@1", "myid:1", "cannot open channel"),
            ("kafka.server.KafkaServer", "", "", "[Broker id=0] cannot start"),
            ("o.e.b.Bootstrap", "", "", "cannot start"),
            ("org.jboss.as", "main", "", "WFLYSRV0026: cannot start"),
        ];
        for ((dialect, line), (logger, thread, context, message)) in FORMAT.samples.iter().zip(wanted) {
            let record = parse(line).expect(dialect);
            assert_eq!(
                (record.logger.as_deref().unwrap_or(""), record.message.as_ref()),
                (logger, message),
                "{dialect}"
            );
            assert_eq!(
                (record.field("thread").unwrap_or(""), record.field("context").unwrap_or("")),
                (thread, context),
                "{dialect}"
            );
        }
    }

    #[test]
    fn the_level_may_stand_before_the_thread() {
        let record = parse("2026-01-31 08:00:00,123 WARN [main] c.e.App: x: y").expect("a layout");
        assert_eq!((record.level, record.logger.as_deref()), (Some(Level::Warn), Some("c.e.App")));
        assert_eq!((record.field("thread"), record.message.as_ref()), (Some("main"), "x: y"));
    }

    #[test]
    fn brackets_may_hold_context_and_logger() {
        let record = parse("2026-01-31 08:00:00.123 [http-1] [a1b2] WARN  c.e.App - x").expect("a layout");
        assert_eq!((record.field("context"), record.field("thread")), (Some("http-1"), Some("a1b2")));
        let record = parse("2026-01-31 08:00:00,123 ERROR [http-1] [c.e.App] failed: x").expect("a layout");
        assert_eq!((record.logger.as_deref(), record.field("thread")), (Some("c.e.App"), Some("http-1")));
        assert_eq!(record.message, "failed: x");
    }

    #[test]
    fn a_time_and_a_level_alone_are_not_enough() {
        for line in [
            "",
            "2026-01-31 08:00:00,123 INFO started",
            "2026-01-31 08:00:00,123 [main] started",
            "2026-01-31 08:00:00 ERROR failed: no",
            "[2026-01-31 08:00:00,123] INFO started (in 3 s)",
            "[main] INFO c.e.App - x",
            "2026-01-31 08:00:00,123 ERROR é: x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
