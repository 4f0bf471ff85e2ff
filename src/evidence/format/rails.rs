//! Ruby's Logger, `I, [2024-01-01T10:00:00.123456 #7]  INFO -- : msg`, and the requests of Rails.
//! <https://docs.ruby-lang.org/en/master/Logger/Formatter.html>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "rails",
    title: "Ruby Logger and Rails",
    link: "https://docs.ruby-lang.org/en/master/Logger/Formatter.html",
    kind: Kind::Program,
    first: first::LETTER,
    samples: &[
        ("logger", "E, [2026-01-31T08:00:00.123456 #7] ERROR -- shop: no such host"),
        ("request", r#"Started GET "/orders" for 10.0.0.7 at 2026-01-31 08:00:00 +0000"#),
        ("reply", "Completed 500 Internal Server Error in 12ms (ActiveRecord: 1.2ms)"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    match line.as_bytes() {
        [b'D' | b'I' | b'W' | b'E' | b'F' | b'A', b',', ..] => logger(line),
        [b'S', b't', ..] => started(line),
        [b'C', b'o', ..] => completed(line),
        _ => None,
    }
}

fn logger(line: &str) -> Option<Record<'_>> {
    let text = line.get(1..)?.strip_prefix(", [")?;
    let (time, length) = stamp::iso(text)?;
    let (pid, rest) = text.get(length..)?.trim_start().strip_prefix('#')?.split_once(']')?;
    let (severity, rest) = rest.trim_start().split_once(" -- ")?;
    let (program, message) = rest.split_once(':')?;
    let level = Level::from_word(severity);
    if level.is_none() && severity != "ANY" {
        return None;
    }
    let logger = Some(program).filter(|p| !p.is_empty()).map(Into::into);
    let message = message.strip_prefix(' ').unwrap_or(message);
    Some(Record { time: Some(time), level, logger, fields: take::fields([("pid", pid)]), ..Record::of(message) })
}

fn started(line: &str) -> Option<Record<'_>> {
    let (request, rest) = line.split_once("\" for ").filter(|_| line.starts_with("Started "))?;
    let (client, time) = rest.split_once(" at ")?;
    let (time, _) = stamp::iso(time).filter(|(_, length)| *length == time.len())?;
    let message = line.get(..=request.len())?;
    let fields = take::fields([("client", client)]);
    Some(Record { time: Some(time), level: Some(Level::Info), fields, ..Record::of(message) })
}

fn completed(line: &str) -> Option<Record<'_>> {
    let (status, rest) = take::number(line.strip_prefix("Completed ")?)?;
    if status.len() != 3 || !rest.contains(" in ") {
        return None;
    }
    let level = match status.as_bytes() {
        [b'5', ..] => Level::Error,
        [b'4', ..] => Level::Warn,
        _ => Level::Info,
    };
    Some(Record { level: Some(level), fields: take::fields([("status", status)]), ..Record::of(line) })
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn the_head_of_the_logger_comes_off() {
        let record = parse("W, [2026-01-31T08:00:00.123456 #7]  WARN -- : slow: 3s").expect("Logger");
        assert_eq!((record.level, record.logger, record.message.as_ref()), (Some(Level::Warn), None, "slow: 3s"));
        let record = parse(FORMAT.samples[0].1).expect("Logger");
        assert_eq!((record.logger.as_deref(), record.field("pid")), (Some("shop"), Some("7")));
    }

    #[test]
    fn requests_and_replies_are_read() {
        let record = parse(FORMAT.samples[1].1).expect("a request");
        assert_eq!((record.message.as_ref(), record.field("client")), (r#"Started GET "/orders""#, Some("10.0.0.7")));
        let levels = ["200 OK", "404 Not Found", "500 Internal Server Error"]
            .map(|status| parse(&format!("Completed {status} in 3ms")).and_then(|r| r.level));
        assert_eq!(levels, [Level::Info, Level::Warn, Level::Error].map(Some));
    }

    #[test]
    fn other_lines_are_no_rails() {
        for line in [
            "",
            "I,",
            "I, [x",
            "I, [2026-01-31T08:00:00.1 #7] x",
            "Started x",
            "Started \"a\" for b at c",
            "Completed 12 in 3",
            "Completed é",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
