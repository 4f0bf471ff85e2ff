//! The file format of container runtimes: `TIME stdout|stderr P|F text`.
//! <https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md>

use super::{Format, Kind, Record, first, take, timestamp};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "cri",
    title: "Container runtime (CRI) log files",
    link: "https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md",
    kind: Kind::Wrapper,
    first: first::DIGIT,
    samples: &[
        ("cri", "2024-03-01T10:00:00.123456789Z stderr F panic: boom"),
        ("cri, a part of a long line", "2024-03-01T10:00:00.123456789Z stdout P {\"level\":\"info\","),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let rest = line.get(timestamp(line)? + 1..)?;
    let stream = rest.get(..6).filter(|s| matches!(*s, "stdout" | "stderr"))?;
    let rest = rest.get(6..)?.strip_prefix(' ')?;
    let (tag, text) = rest.split_once(' ').unwrap_or((rest, ""));
    if !matches!(tag, "P" | "F") {
        return None;
    }
    let time = stamp::iso(line).map(|(time, _)| time);
    Some(Record { time, fields: take::fields([("stream", stream), ("tag", tag)]), ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn time_stream_and_tag_come_off() {
        for (line, time, stream, tag, text) in [
            (
                "2024-03-01T10:00:00.123456789Z stderr F panic: boom",
                "2024-03-01T10:00:00.123456789Z",
                "stderr",
                "F",
                "panic: boom",
            ),
            ("2024-03-01T10:00:00.1+02:00 stdout P par", "2024-03-01T10:00:00.1+02:00", "stdout", "P", "par"),
            ("2024-03-01T10:00:00Z stdout F", "2024-03-01T10:00:00Z", "stdout", "F", ""),
            ("2024-03-01T10:00:00Z stdout F   x", "2024-03-01T10:00:00Z", "stdout", "F", "  x"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some(time), "{line}");
            assert_eq!((record.field("stream"), record.field("tag")), (Some(stream), Some(tag)), "{line}");
            assert_eq!(record.message, text, "{line}");
        }
    }

    #[test]
    fn other_lines_are_no_runtime_s() {
        for line in [
            "",
            "2024-03-01T10:00:00Z stderr X y",
            "hello stderr F x",
            "2024-03-01T10:00:00Z stdéé",
            "2024-03-01T10:00:00Z ",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
