//! `journalctl` in the forms that only it has: `-o short-iso`, `-o short-precise`, `-o short-full`, and its marks of boots.
//! <https://www.freedesktop.org/software/systemd/man/latest/journalctl.html>

use super::{Format, Kind, Record, first, syslog_3164};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "journald-short",
    title: "`journalctl`",
    link: "https://www.freedesktop.org/software/systemd/man/latest/journalctl.html",
    kind: Kind::Relay,
    first: first::DIGIT | first::LETTER | first::OTHER,
    samples: &[
        ("-o short-iso", "2026-01-31T08:00:00+0100 node-1 kubelet[912]: Failed to start"),
        ("-o short-full", "Sat 2026-01-31 08:00:00 CET node-1 kubelet[912]: Failed to start"),
        ("mark", "-- Boot 5f1b6f3b6c4e4c0f8b1e6a3f4d2c1b0a --"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if line.starts_with("-- ") {
        let known =
            ["Boot ", "Logs begin", "Journal begins", "No entries", "Reboot"].iter().any(|m| line[3..].starts_with(m));
        return (known && line.ends_with("--")).then(|| Record::of(line));
    }
    let (day, rest) = match line.split_once(' ') {
        Some((day, rest)) if ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&day) => (Some(day), rest),
        _ => (None, line),
    };
    let (time, length) = stamp::iso(rest)?;
    let text = rest.get(length..)?.strip_prefix(' ')?;
    if day.is_none() {
        return syslog_3164::sender(time, text).filter(|_| rest.as_bytes().get(10) == Some(&b'T'));
    }
    // The zone is an abbreviation, which names no distance from UTC; where it is UTC it was read.
    let zone =
        text.split_once(' ').filter(|(zone, _)| time.zone.is_none() && zone.bytes().all(|b| b.is_ascii_uppercase()));
    let mut record = syslog_3164::sender(time, zone.map_or(text, |(_, text)| text))?;
    record.fields.extend(day.map(|d| ("day".into(), d.into())));
    record.fields.extend(zone.map(|(z, _)| ("zone".into(), z.into())));
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_form_is_read() {
        for (line, time) in [
            ("2026-01-31T08:00:00+0100 node-1 kubelet[912]: x", "2026-01-31T08:00:00+01:00"),
            ("2026-01-31T08:00:00.123456+01:00 node-1 kubelet[912]: x", "2026-01-31T08:00:00.123456+01:00"),
            ("Sat 2026-01-31 08:00:00 UTC node-1 kubelet[912]: x", "2026-01-31T08:00:00Z"),
            ("Sat 2026-01-31 08:00:00 CET node-1 kubelet[912]: x", "2026-01-31T08:00:00"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.time.expect(line).to_string().as_str(), record.message.as_ref()), (time, "x"));
            assert_eq!((record.logger.as_deref(), record.field("host")), (Some("kubelet"), Some("node-1")), "{line}");
        }
        assert!(parse("-- Boot 5f1b --").is_some());
    }

    #[test]
    fn other_lines_are_none() {
        for line in
            ["2026-01-31T08:00:00Z INFO app started", "-- comment", "Sat is a day", "2026-01-31 08:00:00 a b: c", ""]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
