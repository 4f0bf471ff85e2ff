//! Kubernetes' components: `E0105 14:20:08.488171       1 sync.go:186] msg`.
//! <https://github.com/kubernetes/klog>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "klog",
    title: "klog (Kubernetes components)",
    link: "https://github.com/kubernetes/klog",
    kind: Kind::Program,
    first: first::LETTER,
    samples: &[
        ("klog", "E0105 14:20:08.488171       1 sync.go:186] error syncing: not found"),
        (
            "klog structured",
            r#"I0105 14:20:08.488171       1 kubelet.go:12] "Pod status updated" pod="kube-system/dns" status="ready""#,
        ),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let digits = line.as_bytes().get(1..6)?;
    if !digits[..4].iter().all(u8::is_ascii_digit) || digits[4] != b' ' {
        return None;
    }
    let level = level_of_letter(line)?;
    let text = line.get(1..)?;
    let (time, length) = stamp::klog(text)?;
    after_time(level, time, text.get(length..)?)
}

pub(super) fn level_of_letter(line: &str) -> Option<Level> {
    match line.as_bytes().first()? {
        b'I' => Some(Level::Info),
        b'W' => Some(Level::Warn),
        b'E' => Some(Level::Error),
        b'F' => Some(Level::Fatal),
        _ => None,
    }
}

/// `       1 sync.go:186] msg`, which glog writes too.
pub(super) fn after_time(level: Level, time: Stamp, rest: &str) -> Option<Record<'_>> {
    let (thread, rest) = take::number(rest.trim_start())?;
    let (place, text) = rest.split_once(']')?;
    if place.contains(' ') || !place.contains(':') {
        return None;
    }
    let mut record =
        structured(text.trim_start()).unwrap_or_else(|| Record::of(text.strip_prefix(' ').unwrap_or(text)));
    record.fields.splice(0..0, take::fields([("thread", thread)]));
    Some(Record { level: Some(level), time: Some(time), logger: Some(place.into()), ..record })
}

/// `"msg" key="value"`.
fn structured(text: &str) -> Option<Record<'_>> {
    let (message, rest) = take::quoted(text)?;
    Some(Record { message, fields: take::pairs(rest)?, ..Record::default() })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn head_comes_off() {
        let record = parse("E0105 14:20:08.488171       1 sync.go:186] error syncing [a]: x").expect("klog");
        assert_eq!((record.level, record.logger.as_deref()), (Some(Level::Error), Some("sync.go:186")));
        assert_eq!((record.message.as_ref(), record.field("thread")), ("error syncing [a]: x", Some("1")));
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("01-05 14:20:08.488171"));
    }

    #[test]
    fn structured_messages_have_fields() {
        let record =
            parse(r#"W0105 14:20:08.488171 1 a.go:1] "Pod \"x\" late" pod="a/b" err={"a": 1} n=3"#).expect("klog");
        assert_eq!(record.message, "Pod \"x\" late");
        assert_eq!(
            (record.field("pod"), record.field("err"), record.field("n")),
            (Some("a/b"), Some("{\"a\": 1}"), Some("3"))
        );
        let record = parse(r#"W0105 14:20:08.488171 1 a.go:1] "a" and b"#).expect("klog");
        assert_eq!(record.message, r#""a" and b"#);
    }

    #[test]
    fn other_lines_are_no_klog() {
        for line in [
            "",
            "E",
            "Error",
            "E0105",
            "E0105 14:20:08 x",
            "X0105 14:20:08.4 1 a.go:1] x",
            "E0105 14:20:08.4 1 a b] x",
            "Eéé05 1",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
