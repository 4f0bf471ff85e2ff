//! PostgreSQL's standard error: a prefix of the user's choice, a severity, two blanks: `2023-… UTC [1] LOG:  msg`.
//! <https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX>

use super::take::{self, Field};
use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "postgres",
    title: "PostgreSQL",
    link: "https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER,
    samples: &[
        ("default prefix", "2026-01-31 08:00:00.123 UTC [1] LOG:  database system is ready to accept connections"),
        (
            "user and database",
            r#"2026-01-31 08:00:00 UTC [77] app@shop ERROR:  relation "orders" does not exist at character 15"#,
        ),
        ("detail", "2026-01-31 08:00:00.123 CET [77] DETAIL:  Key (id)=(7) already exists."),
        ("rds", "2026-01-31 08:00:00 UTC:10.0.0.7(5000):app@shop:[77]:FATAL:  too many connections"),
        ("no prefix", "FATAL:  the database system is starting up"),
    ],
    parse,
};

/// A prefix is not longer than this.
const WITHIN: usize = 200;

fn parse(line: &str) -> Option<Record<'_>> {
    let at = line.find(":  ").filter(|at| *at < WITHIN && !line[at + 3..].starts_with(' '))?;
    let start = line[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
    let (prefix, rest) = (line.get(..start)?, line.get(start..)?);
    let word = &line[start..at];
    let level = level_of(word);
    let message = if level.is_some() { line[at + 3..].trim_start() } else { rest };
    if level.is_none() && !is_addition(word) {
        return None;
    }
    if prefix.is_empty() {
        // uvicorn pads `WARNING:` in the same way.
        return (word != "WARNING").then(|| Record { level, ..Record::of(message) });
    }
    let (time, prefix) = take::time(prefix)?;
    Some(Record { time: Some(time), level, fields: prefix_fields(prefix)?, ..Record::of(message) })
}

fn level_of(word: &str) -> Option<Level> {
    match word {
        "LOG" | "NOTICE" | "INFO" => Some(Level::Info),
        "WARNING" => Some(Level::Warn),
        "ERROR" => Some(Level::Error),
        "FATAL" | "PANIC" => Some(Level::Fatal),
        "DEBUG" | "DEBUG1" | "DEBUG2" | "DEBUG3" | "DEBUG4" | "DEBUG5" => Some(Level::Debug),
        _ => None,
    }
}

/// What follows a message on lines of its own.
fn is_addition(word: &str) -> bool {
    matches!(word, "DETAIL" | "HINT" | "STATEMENT" | "CONTEXT" | "QUERY" | "LOCATION")
}

/// The process is in brackets; without it the line is another program's.
fn prefix_fields(prefix: &str) -> Option<Vec<Field<'_>>> {
    let (before, rest) = prefix.split_once('[')?;
    let (process, after) = rest.split_once(']')?;
    let (pid, line) = process.split_once('-').unwrap_or((process, ""));
    if !take::is_number(pid) || !(line.is_empty() || take::is_number(line)) {
        return None;
    }
    let around = |c: char| c.is_whitespace() || c == ':';
    let (before, after) = (before.trim_matches(around), after.trim_matches(around));
    let (user, database) = session(after).unwrap_or(("", ""));
    let after = if user.is_empty() { after } else { "" };
    Some(take::fields([
        ("pid", pid),
        ("line", line),
        ("user", user),
        ("database", database),
        ("prefix", before),
        ("session", after),
    ]))
}

/// `user@database` and nothing else.
fn session(text: &str) -> Option<(&str, &str)> {
    text.split_once('@').filter(|_| !text.contains([' ', ':', ',', '=']))
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn the_prefix_is_told_by_fields() {
        let record = parse(FORMAT.samples[1].1).expect("a session");
        assert_eq!(record.message, r#"relation "orders" does not exist at character 15"#);
        assert_eq!(
            (record.field("pid"), record.field("user"), record.field("database")),
            (Some("77"), Some("app"), Some("shop"))
        );
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00Z"));
        let record = parse("2026-01-31 08:00:00 UTC [7-2] user=a,db=b,client=10.0.0.7 ERROR:  x").expect("a session");
        assert_eq!((record.field("line"), record.field("session")), (Some("2"), Some("user=a,db=b,client=10.0.0.7")));
    }

    #[test]
    fn severities_are_levels_and_additions_stay() {
        for (word, level, message) in [
            ("LOG", Some(Level::Info), "x"),
            ("WARNING", Some(Level::Warn), "x"),
            ("PANIC", Some(Level::Fatal), "x"),
            ("DEBUG2", Some(Level::Debug), "x"),
            ("HINT", None, "HINT:  x"),
        ] {
            let line = format!("2026-01-31 08:00:00.123 UTC [1] {word}:  x");
            let record = parse(&line).expect(word);
            assert_eq!((record.level, record.message.as_ref()), (level, message), "{word}");
        }
    }

    #[test]
    fn other_lines_are_no_postgres() {
        for line in [
            "",
            "ERROR: x",
            "ERROR:    x",
            "WARNING:  x",
            "2026-01-31 08:00:00 app LOG:  x",
            "Name:  x",
            "é:  x",
            "10:00:00 [x] LOG:  y",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
