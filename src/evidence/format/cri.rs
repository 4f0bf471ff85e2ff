//! The file format of container runtimes: `TIME stdout|stderr P|F text`.
//! <https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md>

use super::{Format, Kind, Record, first, timestamp};

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
    let rest = &line[timestamp(line)? + 1..];
    let rest = rest.strip_prefix("stdout ").or_else(|| rest.strip_prefix("stderr "))?;
    let text = rest.strip_prefix("F ").or_else(|| rest.strip_prefix("P ")).or_else(|| (rest == "F").then_some(""))?;
    Some(Record::of(text))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn time_stream_and_tag_come_off() {
        let line = "2024-03-01T10:00:00.123456789Z stderr F panic: boom";
        assert_eq!(parse(line).expect("CRI").message, "panic: boom");
        assert_eq!(parse("2024-03-01T10:00:00.1+02:00 stdout P par").expect("CRI").message, "par");
        assert_eq!(parse("2024-03-01T10:00:00Z stderr X y"), None);
        assert_eq!(parse("hello stderr F x"), None);
    }
}
