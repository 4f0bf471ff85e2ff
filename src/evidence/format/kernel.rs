//! The kernel's ring buffer as `dmesg` prints it: `[12345.678901] text`, with `-T` a date, raw with `<4>` before.
//! <https://man7.org/linux/man-pages/man1/dmesg.1.html>

use super::{Format, Kind, Record, first, syslog_5424};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "kernel",
    title: "Kernel (`dmesg`)",
    link: "https://man7.org/linux/man-pages/man1/dmesg.1.html",
    kind: Kind::Program,
    first: first::BRACKET,
    samples: &[
        ("dmesg", "[12345.678901] Out of memory: Killed process 912 (java)"),
        ("dmesg -T", "[Sat Jan 31 08:00:00 2026] Out of memory: Killed process 912 (java)"),
        ("dmesg -r", "<3>[12345.678901] EXT4-fs error (device sda1)"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (priority, rest) = syslog_5424::priority(line).map_or((None, line), |(p, rest)| (Some(p), rest));
    let (inside, text) = rest.strip_prefix('[')?.split_once("] ")?;
    let level = priority.and_then(|p| syslog_5424::level_of(p % 8));
    let logger = Some("kernel".into());
    if is_uptime(inside.trim_start()) {
        let fields = vec![("uptime".into(), inside.trim().into())];
        return Some(Record { level, logger, fields, ..Record::of(text) });
    }
    let (time, length) = stamp::ctime(inside)?;
    // Apache writes the same with a fraction, and its level in brackets next.
    let other = inside.contains('.') || text.starts_with('[');
    (length == inside.len() && !other).then(|| Record { time: Some(time), level, logger, ..Record::of(text) })
}

/// Seconds since the start with six digits of a fraction.
fn is_uptime(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part) && part.len() == 6)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn every_spelling_of_dmesg_is_read() {
        let record = parse("[    0.000000] Linux version 6.1").expect("dmesg");
        assert_eq!((record.field("uptime"), record.message.as_ref()), (Some("0.000000"), "Linux version 6.1"));
        let record = parse("<4>[12345.678901] oom_kill_process").expect("raw");
        assert_eq!(record.level, Some(Level::Warn));
        let record = parse("[Sat Jan 31 08:00:00 2026] text").expect("-T");
        assert_eq!(record.time.expect("a time").to_string(), "2026-01-31T08:00:00");
    }

    #[test]
    fn other_brackets_are_no_kernel() {
        for line in [
            "[info] x",
            "[1.5] x",
            "[Sat Jan 31 08:00:00 2026] [error] x",
            "[Sat Jan 31 08:00:00.5 2026] x",
            "<34>Oct 11 22:14:15 h su: x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
