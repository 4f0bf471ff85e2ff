//! Job logs of GitLab: `section_start:EPOCH:name` around a section, and `TIME 00O text` where the runner stamps each line.
//! <https://docs.gitlab.com/ci/jobs/job_logs/>

use super::{Format, Kind, Record, first, take};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "gitlab-ci",
    title: "GitLab CI job logs",
    link: "https://docs.gitlab.com/ci/jobs/job_logs/",
    kind: Kind::Wrapper,
    first: first::DIGIT | first::LETTER,
    samples: &[
        ("gitlab-ci", "section_start:1560896352:build_script[collapsed=true] Building"),
        ("gitlab-ci with time stamps", "2024-05-22T12:43:46.962646Z 01E ERROR: Job failed: exit code 1"),
    ],
    parse,
};

/// The length of the runner's time stamps.
const STAMP: usize = "2024-05-22T12:43:46.962646Z".len();

fn parse(line: &str) -> Option<Record<'_>> {
    if line.starts_with("section_") { section(line) } else { stamped(line) }
}

/// `section_start:1560896352:name text`; the carriage return and the escape that stood after the name are blanked already.
fn section(line: &str) -> Option<Record<'_>> {
    let (mark, rest) = line.split_once(':')?;
    let mark = *["section_start", "section_end"].iter().find(|m| **m == mark)?;
    let (epoch, rest) = rest.split_once(':')?;
    let (time, _) = stamp::epoch(epoch).filter(|(_, length)| *length == epoch.len())?;
    let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
    (!name.is_empty()).then(|| Record { time: Some(time), fields: take::fields([(mark, name)]), ..Record::of(text) })
}

/// `TIME 00O text`: the number of the stream in hexadecimal, `O` or `E`, and `+` where the line goes on with the one before.
fn stamped(line: &str) -> Option<Record<'_>> {
    let (head, rest) = line.split_at_checked(STAMP)?;
    let rest = rest.strip_prefix(' ').filter(|_| head.ends_with('Z'))?;
    let (number, rest) = rest.split_at_checked(2)?;
    let (letter, rest) = rest.split_at_checked(1)?;
    let stream = match letter {
        "O" => "stdout",
        "E" => "stderr",
        _ => return None,
    };
    let (joined, text) = if rest.is_empty() { ("", "") } else { rest.split_at_checked(1)? };
    if !number.bytes().all(|b| b.is_ascii_hexdigit()) || !matches!(joined, "" | " " | "+") {
        return None;
    }
    let (time, _) = stamp::iso(head).filter(|(_, length)| *length == STAMP)?;
    let fields = take::fields([("stream", stream), ("stream_number", number), ("joined", joined)]);
    Some(Record { time: Some(time), fields, ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::{format::unwrap, printable};

    #[test]
    fn stamps_and_streams_come_off() {
        for (line, stream, joined, text) in [
            ("2024-05-22T12:43:46.962646Z 00O $ make", "stdout", None, "$ make"),
            ("2024-05-22T12:43:46.962646Z 01E   x", "stderr", None, "  x"),
            ("2024-05-22T12:43:46.962646Z 00O+rest", "stdout", Some("+"), "rest"),
            ("2024-05-22T12:43:46.962646Z 0fO", "stdout", None, ""),
        ] {
            let record = parse(line).expect(line);
            assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2024-05-22T12:43:46.962646Z"));
            assert_eq!((record.field("stream"), record.field("joined")), (Some(stream), joined), "{line}");
            assert_eq!(record.message, text, "{line}");
        }
    }

    #[test]
    fn sections_come_off_one_after_the_other() {
        let raw = b"section_end:1560896353:prepare\r\x1b[0Ksection_start:1560896354:build[collapsed=true]\r\x1b[0K\x1b[36;1mBuilding\x1b[0m";
        let line = printable(raw);
        let record = unwrap(&line);
        assert_eq!(
            (record.field("section_end"), record.field("section_start"), record.message.as_ref()),
            (Some("prepare"), Some("build[collapsed=true]"), "Building")
        );
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2019-06-18T22:19:14Z"));
    }

    #[test]
    fn other_lines_are_not_gitlab_s() {
        for line in [
            "",
            "section_start",
            "section_start:x:y z",
            "section_start:1560896352:",
            "section_middle:1560896352:y",
            "2024-05-22T12:43:46.962646Z 00X text",
            "2024-05-22T12:43:46.962646Z 00Otext",
            "2024-05-22T12:43:46.962646Z INFO text",
            "2024-05-22T12:43:46.962646Z zzO text",
            "2024-05-22T12:43:46.962646Z 0é",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
