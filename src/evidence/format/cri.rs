//! The file format of container runtimes: `TIME stdout|stderr P|F text`.
//! <https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md>
//!
//! `P` marks a part of a line. The reader of a stream joins parts first, see [`crate::evidence::Joiner`].

use super::{Format, Kind, Record, first, take};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "cri",
    title: "Container runtime (CRI) log files",
    link: "https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md",
    kind: Kind::Wrapper,
    first: first::DIGIT,
    samples: &[("cri", "2024-03-01T10:00:00.123456789Z stderr F panic: boom")],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (time, length) = stamp::iso(line)?;
    let rest = line.get(length..)?.strip_prefix(' ')?;
    let (stream, rest) = rest.split_once(' ').filter(|(stream, _)| matches!(*stream, "stdout" | "stderr"))?;
    let (tag, text) = rest.split_once(' ').unwrap_or((rest, ""));
    // A tag may carry more than the mark, set apart by colons.
    let mark = tag.split(':').next()?;
    matches!(mark, "F" | "P").then(|| Record {
        time: Some(time),
        fields: take::fields([("stream", stream), ("tag", tag)]),
        ..Record::of(text)
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn time_stream_and_tag_come_off() {
        let record = parse("2024-03-01T10:00:00.123456789Z stderr F panic: boom").expect("CRI");
        assert_eq!((record.message.as_ref(), record.field("stream")), ("panic: boom", Some("stderr")));
        assert_eq!(record.time.expect("a time").to_string(), "2024-03-01T10:00:00.123456789Z");
        assert_eq!(parse("2024-03-01T10:00:00.1+02:00 stdout P par").expect("CRI").message, "par");
        assert_eq!(parse("2024-03-01T10:00:00Z stdout F").expect("CRI").message, "");
        for line in ["2024-03-01T10:00:00Z stderr X y", "hello stderr F x", "2024-03-01T10:00:00Z stdlog F x"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
