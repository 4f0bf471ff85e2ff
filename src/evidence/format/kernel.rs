//! The kernel's ring buffer, as `dmesg` prints it: `[12345.678901] text`.
//! <https://man7.org/linux/man-pages/man1/dmesg.1.html>

use super::{Format, Kind, Record, apache_error, first, syslog_3164, take};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "kernel",
    title: "Linux kernel, `dmesg`",
    link: "https://man7.org/linux/man-pages/man1/dmesg.1.html",
    kind: Kind::Program,
    first: first::BRACKET | first::LETTER,
    samples: &[
        ("dmesg", "[12345.678901] Out of memory: Killed process 812 (java) total-vm:4194304kB"),
        ("dmesg -T", "[Sat Jan 31 08:00:00 2026] EXT4-fs (sda1): mounted filesystem"),
        ("dmesg -r", "<4>[   12.345678] ACPI: thermal zone is hot"),
        ("dmesg -x", "kern  :warn  : [   12.345678] ACPI: thermal zone is hot"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if line.starts_with('[') {
        return stamped(line, false);
    }
    let (level, facility, rest) = syslog_3164::priority(line).or_else(|| decoded(line))?;
    let record = stamped(rest, true)?;
    let mut fields = take::fields([("facility", facility)]);
    fields.extend(record.fields);
    Some(Record { level: Some(level), fields, ..record })
}

/// `kern  :warn  : `.
fn decoded(line: &str) -> Option<(Level, &str, &str)> {
    let end = line.bytes().take(10).position(|b| b == b':')?;
    let facility = line.get(..end)?.trim_end();
    if !syslog_3164::FACILITIES.contains(&facility) {
        return None;
    }
    let (level, rest) = line.get(end + 1..)?.split_once(": ")?;
    Some((Level::from_word(level.trim_end())?, facility, rest))
}

/// `[   12.345678] text`, `[   12.345678][  T812] text`, `[Sat Jan 31 08:00:00 2026] text`.
fn stamped(line: &str, sure: bool) -> Option<Record<'_>> {
    let (head, rest) = line.strip_prefix('[')?.split_once(']')?;
    if is_uptime(head.trim_start(), sure) {
        let (caller, rest) = caller(rest).unwrap_or(("", rest));
        let fields = take::fields([("uptime", head.trim_start()), ("caller", caller)]);
        return text(rest).map(|text| Record { fields, ..Record::of(text) });
    }
    let (time, _) = stamp::ctime(head).filter(|(_, length)| *length == head.len())?;
    if (apache_error::FORMAT.parse)(line).is_some() {
        return None;
    }
    text(rest).map(|text| Record { time: Some(time), ..Record::of(text) })
}

/// Seconds since the start, to the microsecond; a number such as `[1.2]` means other things elsewhere.
fn is_uptime(head: &str, sure: bool) -> bool {
    let parts = head.split_once('.').filter(|(whole, part)| take::is_number(whole) && take::is_number(part));
    parts.is_some_and(|(_, part)| sure || part.len() == 6)
}

/// Thread or processor, where the kernel is built to tell.
fn caller(rest: &str) -> Option<(&str, &str)> {
    let (inner, after) = rest.strip_prefix('[')?.split_once(']')?;
    let inner = inner.trim_start();
    let number = inner.strip_prefix(['T', 'C'])?;
    take::is_number(number).then_some((inner, after))
}

fn text(rest: &str) -> Option<&str> {
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn uptime_and_level_come_off() {
        for (line, level, uptime, message) in [
            ("[12345.678901] x [y] z", None, Some("12345.678901"), "x [y] z"),
            ("[    0.000000]   x", None, Some("0.000000"), "  x"),
            ("<4>[  12.3] x", Some(Level::Warn), Some("12.3"), "x"),
            ("kern  :err   : [   12.345678] x", Some(Level::Error), Some("12.345678"), "x"),
            ("[Sat Jan 31 08:00:00 2026] [drm] x", None, None, "[drm] x"),
            ("[    1.000000]", None, Some("1.000000"), ""),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.level, record.field("uptime")), (level, uptime), "{line}");
            assert_eq!(record.message, message, "{line}");
        }
        let record = parse("[    1.000000][  T812] x").expect("kernel");
        assert_eq!((record.field("caller"), record.message.as_ref()), (Some("T812"), "x"));
        let time = parse(FORMAT.samples[1].1).expect("dmesg -T").time;
        assert_eq!(time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00"));
    }

    #[test]
    fn other_brackets_are_not_the_kernel_s() {
        for line in [
            "",
            "[1.2] x",
            "[12345] x",
            "[info] x",
            "[1.234567]x",
            "<4>x",
            "[Sat Jan 31 08:00:00 2026] [error] [client 10.0.0.7] x",
            "[2026-01-31 08:00:00] x",
            "note: warn: [ 1.234567] é",
            "[é",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
