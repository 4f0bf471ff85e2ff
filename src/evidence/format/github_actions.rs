//! Logs downloaded from GitHub Actions: every line starts with a time stamp of 100 ns, and some with a marker such as `##[error]`.
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use super::{Format, Kind, Record, first, take, timestamp};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "github-actions",
    title: "GitHub Actions",
    link: "https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions",
    kind: Kind::Wrapper,
    first: first::DIGIT | first::BRACKET | first::OTHER,
    samples: &[
        ("github-actions", "2022-09-09T09:38:34.1049260Z ##[error]Process completed with exit code 1."),
        ("github-actions, a group", "2022-09-09T09:38:34.1049260Z ##[group]Run make test"),
        ("github-actions without time stamps", "##[error]Process completed with exit code 1."),
    ],
    parse,
};

/// The marker stays in the message: signals match on it.
fn parse(line: &str) -> Option<Record<'_>> {
    let line = line.trim_start_matches('\u{feff}');
    if line.starts_with("##[") {
        // No group here: what is left is the same line, and it is read again.
        let level = level(line)?;
        return Some(Record { level: Some(level), ..Record::of(line) });
    }
    let end = timestamp(line)?;
    // Seven digits of a second are what .NET prints, and hardly anybody else.
    let seven = end == 28 && line.as_bytes()[27] == b'Z' && line.as_bytes()[19] == b'.';
    let text = line.get(end + 1..).filter(|_| seven)?;
    let time = stamp::iso(line).map(|(time, _)| time);
    let group = text.strip_prefix("##[group]").unwrap_or("");
    Some(Record { time, level: level(text), fields: take::fields([("group", group)]), ..Record::of(text) })
}

fn level(text: &str) -> Option<Level> {
    let (word, _) = text.strip_prefix("##[")?.split_once(']')?;
    match word {
        "error" => Some(Level::Error),
        "warning" => Some(Level::Warn),
        "notice" => Some(Level::Info),
        "debug" => Some(Level::Debug),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn the_runner_s_time_stamp_comes_off() {
        for (marked, level, group) in [
            ("##[error]Process completed with exit code 1.", Some(Level::Error), None),
            ("##[warning]Node.js 12 actions are deprecated", Some(Level::Warn), None),
            ("##[notice]x", Some(Level::Info), None),
            ("##[debug]x", Some(Level::Debug), None),
            ("##[group]Run make", None, Some("Run make")),
            ("##[endgroup]", None, None),
            ("##[command]/usr/bin/git version", None, None),
            ("npm ERR! code 1", None, None),
        ] {
            let line = format!("\u{feff}2022-09-09T09:38:34.1049260Z {marked}");
            let record = parse(&line).expect("runner line");
            assert_eq!((record.message.as_ref(), record.level, record.field("group")), (marked, level, group));
            assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2022-09-09T09:38:34.104926Z"));
        }
    }

    #[test]
    fn markers_are_read_without_a_time_too() {
        let record = parse("##[warning]x").expect("a marker");
        assert_eq!((record.message.as_ref(), record.level), ("##[warning]x", Some(Level::Warn)));
    }

    #[test]
    fn other_lines_are_not_the_runner_s() {
        for line in ["", "2022-09-09T09:38:34.104Z INFO x", "## Heading", "##[x", "##[é]", "##[link]x"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
