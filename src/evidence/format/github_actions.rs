//! Logs of GitHub Actions: a time stamp of 100 ns before every line, and workflow commands such as `##[error]`.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::{Format, Kind, Record, first, timestamp};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "github-actions",
    title: "GitHub Actions",
    link: "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands",
    kind: Kind::Wrapper,
    first: first::DIGIT | first::OTHER,
    samples: &[
        ("job log", "2022-09-09T09:38:34.1049260Z ##[error]Process completed with exit code 1."),
        ("group", "2022-09-09T09:38:30.0000000Z ##[group]Run actions/checkout@v4"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let line = line.trim_start_matches('\u{feff}');
    let end = timestamp(line)?;
    // Seven digits of a second are what .NET prints, and hardly anybody else.
    let seven = end == 28 && line.as_bytes()[27] == b'Z' && line.as_bytes()[19] == b'.';
    if !seven {
        return None;
    }
    let text = &line[end + 1..];
    let (level, group) = command(text);
    let fields = group.map(|name| ("group".into(), name.into())).into_iter().collect();
    // The command stays in the message: what it says of the line is part of the line.
    Some(Record { time: stamp::iso(line).map(|(time, _)| time), level, fields, ..Record::of(text) })
}

/// The level and the group that a workflow command names.
fn command(text: &str) -> (Option<Level>, Option<&str>) {
    let Some((name, rest)) = text.strip_prefix("##[").and_then(|t| t.split_once(']')) else { return (None, None) };
    match name {
        "error" => (Some(Level::Error), None),
        "warning" => (Some(Level::Warn), None),
        "notice" => (Some(Level::Info), None),
        "debug" => (Some(Level::Debug), None),
        "group" | "section" => (None, Some(rest)),
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn the_runner_s_time_stamp_comes_off() {
        for (text, level, group) in [
            ("##[error]Process completed with exit code 1.", Some(Level::Error), None),
            ("##[warning]Node.js 16 actions are deprecated", Some(Level::Warn), None),
            ("##[debug]Evaluating condition", Some(Level::Debug), None),
            ("##[group]Run make test", None, Some("Run make test")),
            ("##[endgroup]", None, None),
            ("make: *** [test] Error 2", None, None),
        ] {
            let line = format!("2022-09-09T09:38:34.1049260Z {text}");
            let record = parse(&line).expect(text);
            assert_eq!((record.message.as_ref(), record.level, record.field("group")), (text, level, group));
        }
        assert_eq!(parse("2022-09-09T09:38:34.104Z INFO x"), None);
    }
}
