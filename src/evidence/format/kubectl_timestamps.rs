//! `kubectl logs --timestamps` and `docker logs --timestamps`: a time to the nanosecond, a blank, the line.
//! <https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/>

use super::{Format, Kind, Record, first, klog, take, timestamp};
use crate::evidence::{Level, Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "kubectl-timestamps",
    title: "`kubectl logs --timestamps`, `docker logs --timestamps`",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/",
    kind: Kind::Wrapper,
    first: first::DIGIT,
    samples: &[
        ("kubectl-timestamps", "2024-03-01T10:00:00.123456789Z panic: boom"),
        ("kubectl-timestamps before the program's own", "2024-03-01T10:00:00Z 2024/03/01 10:00:00 listening"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let end = timestamp(line)?;
    let text = line.get(end + 1..)?;
    // Go cuts zeros at the end of the fraction, and programs write milliseconds and microseconds themselves.
    let carried = match fraction(line) {
        9 => true,
        7 | 8 => !has_level(text),
        0 | 6 => has_head(text),
        _ => false,
    };
    let (time, _) = stamp::iso(line).filter(|(_, length)| carried && *length == end)?;
    Some(Record { time: Some(time), ..Record::of(text) })
}

/// How many digits the second's fraction has.
fn fraction(line: &str) -> usize {
    let after = line.get(19..).and_then(|rest| rest.strip_prefix('.')).unwrap_or("");
    after.bytes().take_while(u8::is_ascii_digit).count()
}

fn has_level(text: &str) -> bool {
    let text = text.trim_start();
    let word = take::word(text).map_or("", |(word, _)| word);
    Level::from_word(word).is_some() || take::level(text).is_some()
}

/// Whether the line has a head of its own, so that the time before it is another's.
fn has_head(text: &str) -> bool {
    text.starts_with('{') || Stamp::at_start(text).is_some() || (klog::FORMAT.parse)(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_time_comes_off() {
        for (line, time, text) in [
            ("2024-03-01T10:00:00.123456789Z x", "2024-03-01T10:00:00.123456789Z", "x"),
            ("2024-03-01T10:00:00.123456789+02:00  x", "2024-03-01T10:00:00.123456789+02:00", " x"),
            ("2024-03-01T10:00:00.12345678Z ", "2024-03-01T10:00:00.12345678Z", ""),
            ("2024-03-01T10:00:00.123456Z {\"a\":1}", "2024-03-01T10:00:00.123456Z", "{\"a\":1}"),
            ("2024-03-01T10:00:00Z 2024/03/01 10:00:00 x", "2024-03-01T10:00:00Z", "2024/03/01 10:00:00 x"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some(time), "{line}");
            assert_eq!(record.message, text, "{line}");
        }
    }

    #[test]
    fn lines_of_programs_keep_their_time() {
        for line in [
            "",
            "2024-01-01T00:00:00Z INFO x",
            "2023-05-18T14:12:06.280Z ERR lookup",
            "2024-01-01T00:00:00.123456Z  INFO proxy::router: no route",
            "2024-01-01T00:00:00.12345678Z  INFO proxy::router: no route",
            "2024-01-01T00:00:00.123456Z 0 [ERROR] [MY-010119] [Server] Aborting",
            "2024-01-01T00:00:00.123456789Z",
            "2024-01-01 00:00:00.123456789 x",
            "2024-99-01T00:00:00.123456789Z x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
