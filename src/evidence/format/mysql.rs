//! The error log of MySQL and `MariaDB`: `2024-01-01T10:00:00.000000Z 0 [ERROR] [MY-010119] [Server] msg`.
//! <https://dev.mysql.com/doc/refman/8.0/en/error-log-format.html>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "mysql",
    title: "MySQL and MariaDB error log",
    link: "https://dev.mysql.com/doc/refman/8.0/en/error-log-format.html",
    kind: Kind::Program,
    first: first::DIGIT,
    samples: &[
        ("mysql 8", "2026-01-31T08:00:00.123456Z 0 [ERROR] [MY-010119] [Server] Aborting"),
        ("mysql 5.7", "2026-01-31T08:00:00.123456Z 0 [Note] InnoDB: Using Linux native AIO"),
        ("mysql 5.5", "260131  8:00:00 [ERROR] Can't start server: Bind on TCP/IP port"),
        ("mariadb", "2026-01-31  8:00:00 0 [Note] mariadbd: ready for connections."),
        ("entrypoint", "2026-01-31 08:00:00+00:00 [Note] [Entrypoint]: Initializing database files"),
    ],
    parse,
};

/// The level stands within so many bytes.
const WITHIN: usize = 60;

fn parse(line: &str) -> Option<Record<'_>> {
    line.bytes().take(WITHIN).position(|b| b == b'[')?;
    let (time, rest) = take::time(line).or_else(|| padded_time(line))?;
    let (thread, rest) = take::number(rest).unwrap_or(("", rest));
    let (word, rest) = take::bracketed(rest)?;
    let level = level_of(word)?;
    if thread.is_empty() && !rest.starts_with("[Entrypoint]") && line.as_bytes().get(6) != Some(&b' ') {
        return None;
    }
    let (code, rest) = take::bracketed(rest).filter(|(code, _)| code.starts_with("MY-")).unwrap_or(("", rest));
    let system = take::bracketed(rest).filter(|_| !code.is_empty());
    let (logger, message) = system.map_or((None, rest), |(system, rest)| (Some(system.into()), rest));
    let fields = take::fields([("thread", thread), ("code", code)]);
    Some(Record { time: Some(time), level: Some(level), logger, fields, ..Record::of(message) })
}

/// Only these are written, and so spelled; other programs' `[INFO]` is not meant.
fn level_of(word: &str) -> Option<Level> {
    match word {
        "Note" | "System" => Some(Level::Info),
        "Warning" => Some(Level::Warn),
        "ERROR" | "Error" => Some(Level::Error),
        _ => None,
    }
}

/// `2026-01-31  8:00:00`: `MariaDB` pads the hour with a blank.
fn padded_time(line: &str) -> Option<(Stamp, &str)> {
    let (date, rest) = line.split_once("  ").filter(|(date, _)| date.len() == 10)?;
    let (clock, rest) = rest.split_at_checked(7)?;
    let (stamp, _) = stamp::iso(&format!("{date} 0{clock}"))?;
    Some((stamp, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn every_dialect_has_its_parts() {
        for (at, level, logger, message) in [
            (0, Level::Error, Some("Server"), "Aborting"),
            (1, Level::Info, None, "InnoDB: Using Linux native AIO"),
            (2, Level::Error, None, "Can't start server: Bind on TCP/IP port"),
            (3, Level::Info, None, "mariadbd: ready for connections."),
            (4, Level::Info, None, "[Entrypoint]: Initializing database files"),
        ] {
            let (dialect, line) = FORMAT.samples[at];
            let record = parse(line).expect(dialect);
            assert!(record.time.is_some_and(|t| t.time.hour() == 8), "{dialect}");
            assert_eq!(
                (record.level, record.logger.as_deref(), record.message.as_ref()),
                (Some(level), logger, message)
            );
        }
        assert_eq!(parse(FORMAT.samples[0].1).expect("mysql 8").field("code"), Some("MY-010119"));
    }

    #[test]
    fn other_lines_are_no_mysql() {
        for line in [
            "",
            "[Note] x",
            "2026-01-31 08:00:00 [ERROR] x",
            "2026-01-31 08:00:00 0 [INFO] x",
            "2026-01-31T08:00:00Z 0 x",
            "2026-01-31  é [x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
