//! What `journalctl` prints in the spellings of time that syslog's files do not have, and its `-- Boot … --` lines.
//! <https://www.freedesktop.org/software/systemd/man/latest/journalctl.html#-o>

use super::{Format, Kind, Record, first, syslog_3164, take};
use crate::evidence::{Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "journald-short",
    title: "systemd journal, `journalctl`",
    link: "https://www.freedesktop.org/software/systemd/man/latest/journalctl.html#-o",
    kind: Kind::Relay,
    first: first::DIGIT | first::LETTER | first::OTHER,
    samples: &[
        ("journalctl -o short-iso", "2026-01-31T08:00:00+0100 node-1 kubelet[812]: cannot start container"),
        ("journalctl -o short-precise", "Jan 31 08:00:00.123456 node-1 kubelet[812]: cannot start container"),
        ("journalctl -o short-full", "Sat 2026-01-31 08:00:00 CET node-1 kubelet[812]: cannot start container"),
        ("journalctl -o short-unix", "1769846400.250000 node-1 kubelet[812]: cannot start container"),
        ("journalctl, its first line", "-- Logs begin at Sat 2026-01-31 08:00:00 CET. --"),
    ],
    parse,
};

const NOTES: [&str; 6] = ["Logs begin at ", "Journal begins at ", "No entries", "Boot ", "Reboot", "Journal file "];

fn parse(line: &str) -> Option<Record<'_>> {
    if line.starts_with('-') {
        return note(line);
    }
    let (time, zone, rest) = time(line)?;
    let record = syslog_3164::after_time(rest.strip_prefix(' ')?)?;
    let mut fields = record.fields;
    fields.extend(take::fields([("zone", zone)]));
    Some(Record { time: Some(time), fields, ..record })
}

/// `-- No entries --`.
fn note(line: &str) -> Option<Record<'_>> {
    let text = line.strip_prefix("-- ")?.trim_end().strip_suffix("--")?.trim_end();
    NOTES.iter().any(|n| text.starts_with(n.trim_end())).then(|| Record::of(text))
}

/// The time, the name of a zone that is no distance from UTC, and what follows.
fn time(line: &str) -> Option<(Stamp, &str, &str)> {
    let bytes = line.as_bytes();
    let (stamp, length) = match bytes.first()? {
        b'0'..=b'9' if bytes.get(10) == Some(&b'T') => with_offset(line)?,
        b'0'..=b'9' if bytes.get(10) == Some(&b'.') => stamp::epoch(line)?,
        b'A'..=b'Z' if bytes.get(4).is_some_and(u8::is_ascii_digit) && bytes.get(8) == Some(&b'-') => {
            return full(line);
        }
        b'A'..=b'Z' => stamp::month_first(line).filter(|(stamp, _)| stamp.time.subsec_nanosecond() != 0)?,
        _ => return None,
    };
    Some((stamp, "", line.get(length..)?))
}

/// The journal writes `+0000` and `+00:00`, never `Z`, which programs prefer.
fn with_offset(line: &str) -> Option<(Stamp, usize)> {
    let (stamp, length) = stamp::iso(line)?;
    let offset = stamp.zone.is_some() && line.as_bytes().get(length - 1) != Some(&b'Z');
    offset.then_some((stamp, length))
}

/// `Sat 2026-01-31 08:00:00 CET`.
fn full(line: &str) -> Option<(Stamp, &str, &str)> {
    let text = line.get(4..).filter(|_| line.as_bytes().get(3) == Some(&b' '))?;
    let (stamp, length) = stamp::iso(text)?;
    let rest = text.get(length..)?;
    if stamp.zone.is_some() {
        return Some((stamp, "", rest));
    }
    let end = rest.strip_prefix(' ')?.find(' ')? + 1;
    let (zone, rest) = rest.split_at_checked(end)?;
    let zone = zone.trim_start();
    let named = zone.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'+' | b'-'));
    named.then_some((stamp, zone, rest))
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};

    #[test]
    fn every_spelling_of_time_is_read() {
        for (line, time, zone) in [
            (FORMAT.samples[0].1, "2026-01-31T08:00:00+01:00", None),
            (FORMAT.samples[1].1, "01-31 08:00:00.123456", None),
            (FORMAT.samples[2].1, "2026-01-31T08:00:00", Some("CET")),
            (FORMAT.samples[3].1, "2026-01-31T08:00:00.25Z", None),
            (
                "2026-01-31T08:00:00.123456+00:00 node-1 kubelet[812]: cannot start container",
                "2026-01-31T08:00:00.123456Z",
                None,
            ),
            ("Sat 2026-01-31 08:00:00 UTC node-1 kubelet[812]: cannot start container", "2026-01-31T08:00:00Z", None),
        ] {
            let record = parse(line).expect(line);
            assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some(time), "{line}");
            assert_eq!((record.field("host"), record.field("pid")), (Some("node-1"), Some("812")), "{line}");
            assert_eq!((record.field("zone"), record.message.as_ref()), (zone, "cannot start container"), "{line}");
            assert_eq!(record.logger.as_deref(), Some("kubelet"), "{line}");
        }
    }

    #[test]
    fn notes_lose_their_dashes() {
        for (line, text) in [
            ("-- Boot 5f0e0c5d --", "Boot 5f0e0c5d"),
            ("-- Reboot --", "Reboot"),
            ("-- No entries --", "No entries"),
            ("-- Logs begin at Mon 2022-05-30 17:37:44 PDT. --", "Logs begin at Mon 2022-05-30 17:37:44 PDT."),
        ] {
            assert_eq!(parse(line).expect(line).message, text);
        }
    }

    #[test]
    fn other_lines_are_not_the_journal_s() {
        for line in [
            "",
            "-- a comment of SQL",
            "-- select --",
            "Jan 31 08:00:00 n1 kubelet[812]: x",
            "2026-01-31T08:00:00Z n1 kubelet[812]: x",
            "2026-01-31T08:00:00+0100 INFO main: x",
            "2026-01-31T08:00:00+0100 no tag here",
            "Sat 2026-01-31 08:00:00 é",
            "1769846400.25 x",
            "Sun shines",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
