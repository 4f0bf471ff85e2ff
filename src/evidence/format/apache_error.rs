//! Apache's error log: `[Sat Jan 31 08:00:00.123456 2026] [core:error] [pid 7:tid 9] [client …] AH00001: msg`.
//! <https://httpd.apache.org/docs/2.4/logs.html#errorlog>

use super::take::{self, Field};
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "apache-error",
    title: "Apache error log",
    link: "https://httpd.apache.org/docs/2.4/logs.html#errorlog",
    kind: Kind::Program,
    first: first::BRACKET,
    samples: &[
        (
            "2.4",
            "[Sat Jan 31 08:00:00.123456 2026] [core:error] [pid 7:tid 140] [client 10.0.0.7:5000] AH00037: Symbolic link not allowed: /srv/a",
        ),
        ("2.2", "[Sat Jan 31 08:00:00 2026] [error] [client 10.0.0.7] File does not exist: /srv/a"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let text = line.strip_prefix('[')?;
    let (time, length) = stamp::ctime(text)?;
    let rest = text.get(length..)?.strip_prefix(']')?.trim_start();
    let (serious, rest) = take::bracketed(rest)?;
    let (module, level) = serious.rsplit_once(':').unwrap_or(("", serious));
    // `trace1` to `trace8`.
    let level = Level::from_word(level.trim_end_matches(|c: char| c.is_ascii_digit()))?;
    let (fields, message) = brackets(rest);
    let logger = Some(module).filter(|m| !m.is_empty()).map(Into::into);
    Some(Record { time: Some(time), level: Some(level), logger, fields, ..Record::of(message) })
}

/// `[pid 7:tid 9] [client 10.0.0.7:5000]`, as fields; then what is left.
fn brackets(mut rest: &str) -> (Vec<Field<'_>>, &str) {
    let mut fields = Vec::new();
    while let Some((named, after)) = take::bracketed(rest).and_then(|(inner, after)| Some((named(inner)?, after))) {
        fields.extend(named);
        rest = after;
    }
    (fields, rest)
}

fn named(inner: &str) -> Option<Vec<Field<'_>>> {
    let (name, value) = inner.split_once(' ')?;
    match name {
        "pid" => {
            let (pid, thread) = value.split_once(":tid ").unwrap_or((value, ""));
            Some(take::fields([("pid", pid), ("thread", thread)]))
        }
        "client" => Some(take::fields([("client", value)])),
        "remote" => Some(take::fields([("remote", value)])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn brackets_come_off() {
        let record = parse(FORMAT.samples[0].1).expect("2.4");
        assert_eq!((record.level, record.logger.as_deref()), (Some(Level::Error), Some("core")));
        assert_eq!(record.message, "AH00037: Symbolic link not allowed: /srv/a");
        assert_eq!(
            (record.field("pid"), record.field("thread"), record.field("client")),
            (Some("7"), Some("140"), Some("10.0.0.7:5000"))
        );
        let record = parse("[Sat Jan 31 08:00:00 2026] [ssl:trace3] [x y] z").expect("2.4");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Trace), "[x y] z"));
    }

    #[test]
    fn other_brackets_are_no_apache() {
        for line in ["", "[", "[error] x", "[Sat Jan 31 08:00:00 2026] x", "[Sat Jan 31 08:00:00 2026] [pid 7] x"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
