//! Job logs of GitLab CI: section marks, and the time stamp, stream and mark that runners since 17.0 put before a line.
//! <https://docs.gitlab.com/ci/jobs/job_logs/>

use super::{Format, Kind, Record, first};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "gitlab-ci",
    title: "GitLab CI",
    link: "https://docs.gitlab.com/ci/jobs/job_logs/",
    kind: Kind::Wrapper,
    first: first::DIGIT | first::LETTER,
    samples: &[
        ("time stamps", "2024-05-22T12:43:46.962646Z 01E make: *** [test] Error 2"),
        ("section", "section_start:1560896352:build_script $ make build"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if line.starts_with("section_") { section(line) } else { stamped(line) }
}

/// `section_start:TIME:NAME` and what follows it; an escape sequence stood between.
fn section(line: &str) -> Option<Record<'_>> {
    let rest = line.strip_prefix("section_start:").or_else(|| line.strip_prefix("section_end:"))?;
    let (seconds, rest) = rest.split_once(':')?;
    let (time, length) = stamp::epoch(seconds)?;
    let name_end =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(rest.len());
    let (name, text) = rest.split_at(name_end);
    let options = text.strip_prefix('[').and_then(|t| t.split_once(']'));
    let text = options.map_or(text, |(_, after)| after).trim_start();
    let mut fields = vec![("section".into(), name.into())];
    fields.extend(options.map(|(options, _)| ("options".into(), options.into())));
    let kind = if line.starts_with("section_start") { "start" } else { "end" };
    fields.push(("section_mark".into(), kind.into()));
    (length == seconds.len()).then(|| Record { time: Some(time), fields, ..Record::of(text) })
}

/// `TIME 01E text`: the number of the stream, `O` or `E`, and `+` where the line goes on with the one before.
fn stamped(line: &str) -> Option<Record<'_>> {
    let (time, length) = stamp::iso(line)?;
    let rest = line.get(length..)?.strip_prefix(' ')?;
    let (mark, text) = rest.split_at_checked(3)?;
    let [a, b, stream] = mark.as_bytes() else { return None };
    let shaped = a.is_ascii_hexdigit() && b.is_ascii_hexdigit() && matches!(stream, b'O' | b'E');
    let text = match text.as_bytes().first() {
        None => text,
        Some(b' ' | b'+') => &text[1..],
        Some(_) => return None,
    };
    let stream = if *stream == b'E' { "stderr" } else { "stdout" };
    let fields = vec![("stream".into(), stream.into()), ("mark".into(), mark.into())];
    shaped.then(|| Record { time: Some(time), fields, ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn stamps_and_marks_come_off() {
        for (line, text, field) in [
            (
                "2024-05-22T12:43:46.962646Z 01E make: *** [test] Error 2",
                "make: *** [test] Error 2",
                ("stream", "stderr"),
            ),
            ("2024-05-22T12:43:46.962646Z 00O $ make", "$ make", ("stream", "stdout")),
            ("2024-05-22T12:43:46.962646Z 00O+and on", "and on", ("stream", "stdout")),
            ("2024-05-22T12:43:46.962646Z 00O", "", ("stream", "stdout")),
            ("section_start:1560896352:build_script $ make", "$ make", ("section", "build_script")),
            ("section_end:1560896353:build_script", "", ("section_mark", "end")),
            ("section_start:1560896352:logs[collapsed=true] Logs", "Logs", ("options", "collapsed=true")),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.message.as_ref(), record.field(field.0)), (text, Some(field.1)), "{line}");
            assert!(record.time.is_some(), "{line}");
        }
    }

    #[test]
    fn other_lines_are_none() {
        for line in
            ["section_start:x:y", "section_about: x", "2024-05-22T12:43:46Z INFO x", "2024-05-22T12:43:46Z 00X y", ""]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
