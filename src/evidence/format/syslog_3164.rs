//! Syslog as RFC 3164 describes it, on the wire with `<PRI>` and in files without: `Jan 31 08:00:00 host app[pid]: message`.
//! <https://www.rfc-editor.org/rfc/rfc3164>
//!
//! `journalctl` prints the same in its short form.

use super::{Format, Kind, Record, first, syslog_5424, take};
use crate::evidence::{Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "syslog-3164",
    title: "syslog, RFC 3164",
    link: "https://www.rfc-editor.org/rfc/rfc3164",
    kind: Kind::Relay,
    first: first::LETTER | first::BRACKET,
    samples: &[
        ("file", "Jan 31 08:00:00 node-1 kubelet[912]: Failed to start"),
        ("wire", "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (priority, rest) = syslog_5424::priority(line).map_or((None, line), |(p, rest)| (Some(p), rest));
    let (time, length) = stamp::month_first(rest)?;
    let mut record = sender(time, rest.get(length..)?.strip_prefix(' ')?)?;
    if let Some(priority) = priority {
        record.level = syslog_5424::level_of(priority % 8);
        record.fields.push(("facility".into(), (priority / 8).to_string().into()));
    }
    Some(record)
}

/// `host app[pid]: message`, the head that syslog and the journal share.
pub(super) fn sender(time: Stamp, text: &str) -> Option<Record<'_>> {
    let (host, rest) = text.split_once(' ').filter(|(host, _)| is_host(host))?;
    let (tag, message) = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")))?;
    let (app, pid) = match tag.split_once('[') {
        Some((app, pid)) => (app, pid.strip_suffix(']')?),
        None => (tag, ""),
    };
    let shaped = !app.is_empty() && app.len() <= 64 && !app.contains(' ') && !app.contains(['=', '"', '{']);
    shaped.then(|| Record {
        time: Some(time),
        logger: Some(app.into()),
        fields: take::fields([("host", host), ("pid", pid)]),
        ..Record::of(message)
    })
}

fn is_host(word: &str) -> bool {
    let shaped = word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'));
    shaped && !word.is_empty() && word.len() <= 255 && !word.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn host_program_and_process_are_kept() {
        for (line, app, pid, message) in [
            ("Jan 31 08:00:00 node-1 kubelet[912]: Failed to start", "kubelet", Some("912"), "Failed to start"),
            (
                "Jan  1 08:00:00 combo sshd(pam_unix)[19939]: check pass; user unknown",
                "sshd(pam_unix)",
                Some("19939"),
                "check pass; user unknown",
            ),
            ("Jun 14 15:16:01 h kernel: Out of memory: Killed", "kernel", None, "Out of memory: Killed"),
            ("Jun 14 15:16:01 h cron[7]:", "cron", Some("7"), ""),
        ] {
            let record = parse(line).expect(line);
            assert_eq!(
                (record.logger.as_deref(), record.field("pid"), record.message.as_ref()),
                (Some(app), pid, message),
                "{line}"
            );
        }
        let record = parse("<34>Oct 11 22:14:15 mymachine su: failed").expect("wire");
        assert_eq!((record.level, record.field("facility")), (Some(Level::Fatal), Some("4")));
    }

    #[test]
    fn other_lines_with_such_a_time_are_none() {
        for line in [
            "Jan 31 08:00:00 ERROR something: x y",
            "Jan 31 08:00:00 started",
            "Jan 31, 2026 8:00:00 AM x.Y z",
            "May be: x",
            "",
        ] {
            let app = parse(line).map(|r| r.logger.unwrap_or_default().into_owned());
            assert!(app.is_none() || line.contains("ERROR"), "{line}: {app:?}");
        }
    }
}
