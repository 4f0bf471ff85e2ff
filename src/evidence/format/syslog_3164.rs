//! Syslog as BSD writes it: `<34>Jan 31 08:00:00 host app[pid]: msg`, in files without the number.
//! <https://datatracker.ietf.org/doc/html/rfc3164>

use super::take::Field;
use super::{Format, Kind, Record, first, take};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "syslog-3164",
    title: "Syslog (RFC 3164)",
    link: "https://datatracker.ietf.org/doc/html/rfc3164",
    kind: Kind::Relay,
    first: first::LETTER | first::BRACKET,
    samples: &[
        ("syslog in a file", "Jan 31 08:00:00 node-1 kubelet[812]: cannot start container"),
        ("syslog on the wire", "<34>Jan 31 08:00:00 node-1 su: 'su root' failed for lonvick on /dev/pts/8"),
        ("syslog of the local socket", "<13>Jan 31 08:00:00 backup[7]: disk full"),
    ],
    parse,
};

/// A tag is not longer than this.
const WITHIN: usize = 64;

/// Names of the facilities, in the order of their numbers.
pub(super) const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
    "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];

fn parse(line: &str) -> Option<Record<'_>> {
    let sent = priority(line);
    let rest = sent.map_or(line, |(_, _, rest)| rest);
    let (time, length) = stamp::month_first(rest)?;
    // Fractions in a file are the journal's.
    if sent.is_none() && time.time.subsec_nanosecond() != 0 {
        return None;
    }
    let rest = rest.get(length..)?.strip_prefix(' ')?;
    let Some((level, facility, _)) = sent else { return Some(Record { time: Some(time), ..after_time(rest)? }) };
    let record = after_time(rest).unwrap_or_else(|| Record::of(rest));
    let mut fields = take::fields([("facility", facility)]);
    fields.extend(record.fields);
    Some(Record { time: Some(time), level: record.level.or(Some(level)), fields, ..record })
}

/// `<34>`: eight times the facility, and the severity.
pub(super) fn priority(line: &str) -> Option<(Level, &'static str, &str)> {
    let (number, rest) = line.strip_prefix('<')?.split_once('>')?;
    let number: u8 = number.parse().ok().filter(|_| take::is_number(number))?;
    let facility = FACILITIES.get(usize::from(number / 8))?;
    Some((level(number % 8), facility, rest))
}

/// The level of a severity.
pub(super) fn level(severity: u8) -> Level {
    match severity {
        0..=2 => Level::Fatal,
        3 => Level::Error,
        4 => Level::Warn,
        5 | 6 => Level::Info,
        _ => Level::Debug,
    }
}

/// `host app[pid]: msg`, or `app[pid]: msg` of the local socket.
pub(super) fn after_time(text: &str) -> Option<Record<'_>> {
    let local =
        tagged(text).filter(|r| r.field("pid").is_some() && r.logger.as_ref().is_some_and(|l| !l.contains(' ')));
    if local.is_some() {
        return local;
    }
    let (host, rest) = text.split_once(' ')?;
    let record = tagged(rest.trim_start()).filter(|_| is_host(host))?;
    let mut fields: Vec<Field<'_>> = take::fields([("host", host)]);
    fields.extend(record.fields);
    Some(Record { fields, ..record })
}

fn is_host(word: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':');
    word.bytes().all(inner) && !word.is_empty() && !word.ends_with(':') && Level::from_word(word).is_none()
}

/// `app[pid]: msg`, `app: msg`.
fn tagged(text: &str) -> Option<Record<'_>> {
    let end = text.bytes().take(WITHIN).position(|b| matches!(b, b'[' | b':'))?;
    let (app, rest) = text.split_at_checked(end)?;
    let (pid, rest) = match rest.strip_prefix('[') {
        Some(inner) => inner.split_once(']').filter(|(pid, _)| take::is_number(pid))?,
        None => ("", rest),
    };
    // Names of more than one word are macOS's, and have a process id.
    if !app.starts_with(|c: char| c.is_alphanumeric() || c == '/') || (app.contains(' ') && pid.is_empty()) {
        return None;
    }
    let (level, message) = after_tag(rest).filter(|(_, m)| !pid.is_empty() || m.len() < rest.len())?;
    Some(Record { level, logger: Some(app.into()), fields: take::fields([("pid", pid)]), ..Record::of(message) })
}

/// `: msg`; macOS also writes ` <Error>: msg` and ` (name): msg`.
fn after_tag(rest: &str) -> Option<(Option<Level>, &str)> {
    if let Some(message) = rest.strip_prefix(':') {
        return if message.is_empty() { Some((None, "")) } else { Some((None, message.strip_prefix(' ')?)) };
    }
    let rest = rest.strip_prefix(' ')?;
    let marked = rest.strip_prefix('<').and_then(|r| r.split_once(">: "));
    if let Some((level, message)) = marked.and_then(|(word, m)| Some((Level::from_word(word)?, m))) {
        return Some((Some(level), message));
    }
    rest.starts_with('(').then_some((None, rest))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn host_tag_and_process_come_off() {
        for (line, level, host, app, pid, message) in [
            ("Jan 31 08:00:00 n1 kubelet[812]: x: y", None, Some("n1"), "kubelet", Some("812"), "x: y"),
            ("Jan  1 08:00:00 n1 kernel: [ 1.2] x", None, Some("n1"), "kernel", None, "[ 1.2] x"),
            ("Jan  1 08:00:00 n1 sshd(pam_unix)[9]: x", None, Some("n1"), "sshd(pam_unix)", Some("9"), "x"),
            ("<34>Oct 11 22:14:15 n1 su: x", Some(Level::Fatal), Some("n1"), "su", None, "x"),
            ("<13>Oct 11 22:14:15 backup[7]: x", Some(Level::Info), None, "backup", Some("7"), "x"),
            ("Jan 31 08:00:00 mac Google Chrome[7]: x", None, Some("mac"), "Google Chrome", Some("7"), "x"),
            ("Jan 31 08:00:00 mac a.b[7] <Error>: x", Some(Level::Error), Some("mac"), "a.b", Some("7"), "x"),
            ("Jan 31 08:00:00 mac a.b[7] (c.d[8]): x", None, Some("mac"), "a.b", Some("7"), "(c.d[8]): x"),
            ("Jan 31 08:00:00 n1 app:", None, Some("n1"), "app", None, ""),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.level, record.field("host"), record.field("pid")), (level, host, pid), "{line}");
            assert_eq!((record.logger.as_deref(), record.message.as_ref()), (Some(app), message), "{line}");
        }
    }

    #[test]
    fn the_number_says_facility_and_level() {
        let record = parse("<165>Aug 24 05:34:00 a message without a tag").expect("syslog");
        assert_eq!((record.field("facility"), record.level), (Some("local4"), Some(Level::Info)));
        assert_eq!(record.message, "a message without a tag");
    }

    #[test]
    fn other_lines_are_no_syslog() {
        for line in [
            "",
            "Jan 31 08:00:00",
            "Jan 31 08:00:00 INFO app: x",
            "Jan 31 08:00:00 a message without a tag",
            "Jan 31 08:00:00 n1 http://x",
            "Jan 31 08:00:00.123456 n1 kubelet[812]: x",
            "<999>Jan 31 08:00:00 n1 a: x",
            "<+5>Jan 31 08:00:00 n1 a: x",
            "January is cold",
            "<é>x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
