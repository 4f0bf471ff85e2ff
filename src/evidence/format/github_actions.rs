//! Logs downloaded from GitHub Actions: every line starts with a time stamp of 100 ns and no level.

use super::{Format, Kind, Record, first, timestamp};

pub(super) const FORMAT: Format = Format {
    name: "github-actions",
    title: "GitHub Actions",
    link: "https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions",
    kind: Kind::Wrapper,
    first: first::DIGIT | first::OTHER,
    samples: &[("github-actions", "2022-09-09T09:38:34.1049260Z ##[error]Process completed with exit code 1.")],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let line = line.trim_start_matches('\u{feff}');
    let end = timestamp(line)?;
    // Seven digits of a second are what .NET prints, and hardly anybody else.
    let seven = end == 28 && line.as_bytes()[27] == b'Z' && line.as_bytes()[19] == b'.';
    seven.then(|| Record::of(&line[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_runner_s_time_stamp_comes_off() {
        let line = "2022-09-09T09:38:34.1049260Z ##[error]Process completed with exit code 1.";
        assert_eq!(parse(line).expect("runner line").message, "##[error]Process completed with exit code 1.");
        assert_eq!(parse("2022-09-09T09:38:34.104Z INFO x"), None);
    }
}
