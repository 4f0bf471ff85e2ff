//! Logs downloaded from GitHub Actions: every line starts with a time stamp of 100 ns and no level.

use super::{Unwrapped, timestamp};

pub(super) fn unwrap(line: &str) -> Option<Unwrapped<'_>> {
    let line = line.trim_start_matches('\u{feff}');
    let end = timestamp(line)?;
    // Seven digits of a second are what .NET prints, and hardly anybody else.
    let seven = end == 28 && line.as_bytes()[27] == b'Z' && line.as_bytes()[19] == b'.';
    seven.then(|| Unwrapped { text: line[end + 1..].into(), ..Unwrapped::default() })
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn the_runner_s_time_stamp_comes_off() {
        let line = "2022-09-09T09:38:34.1049260Z ##[error]Process completed with exit code 1.";
        assert_eq!(unwrap(line).expect("runner line").text, "##[error]Process completed with exit code 1.");
        assert_eq!(unwrap("2022-09-09T09:38:34.104Z INFO x"), None);
    }
}
