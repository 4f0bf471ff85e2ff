//! `kubectl logs --timestamps`: the runtime's time stamp before the line that the program wrote.

use super::{Format, Kind, Record, first, timestamp};
use crate::evidence::{Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "kubectl-timestamps",
    title: "`kubectl logs --timestamps`",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/",
    kind: Kind::Wrapper,
    first: first::DIGIT,
    samples: &[("--timestamps", "2024-03-01T10:00:00.123456789Z panic: boom")],
    parse,
};

/// Digits of a second that hardly a program writes itself.
const NANOSECONDS: usize = 9;

fn parse(line: &str) -> Option<Record<'_>> {
    let end = timestamp(line)?;
    let (time, length) = stamp::iso(line).filter(|(_, length)| *length == end)?;
    let text = line.get(length + 1..)?;
    // Go's RFC3339Nano drops zeros at the end, so that fewer digits count where the program's own time follows.
    let fraction = line[..end].split_once('.').map_or(0, |(_, f)| f.bytes().take_while(u8::is_ascii_digit).count());
    let carried = fraction == NANOSECONDS || (fraction > 6 && fraction < NANOSECONDS && fraction != 7);
    (carried || Stamp::at_start(text).is_some()).then(|| Record { time: Some(time), ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_runtime_s_time_stamp_comes_off() {
        for (line, text) in [
            ("2024-03-01T10:00:00.123456789Z panic: boom", "panic: boom"),
            ("2024-03-01T10:00:00.123456789+02:00 INFO x", "INFO x"),
            ("2024-03-01T10:00:00.12345678Z \tat a.B.c(B.java:1)", "\tat a.B.c(B.java:1)"),
            ("2024-03-01T10:00:00Z 2024-03-01 10:00:00,000 INFO x", "2024-03-01 10:00:00,000 INFO x"),
        ] {
            assert_eq!(parse(line).expect(line).message, text);
        }
    }

    #[test]
    fn a_program_s_own_time_stays() {
        for line in [
            "2024-01-01T00:00:00Z INFO x",
            "2023-05-18T14:12:06.280Z ERR lookup",
            "2023-05-18T14:12:06.280123Z  INFO app: x",
            "2022-09-09T09:38:34.1049260Z ##[error]x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
