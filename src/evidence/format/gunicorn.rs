//! gunicorn: `[2024-01-01 10:00:00 +0000] [7] [INFO] Starting`.
//! <https://docs.gunicorn.org/en/stable/settings.html#logging>

use super::take;
use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format = Format {
    name: "gunicorn",
    title: "gunicorn",
    link: "https://docs.gunicorn.org/en/stable/settings.html#logging",
    kind: Kind::Program,
    first: first::BRACKET,
    samples: &[("gunicorn", "[2026-01-31 08:00:00 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:12)")],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.starts_with('[') {
        return None;
    }
    let (time, rest) = take::time(line).filter(|(time, _)| time.zone.is_some())?;
    let (pid, rest) = take::bracketed(rest).filter(|(pid, _)| take::is_number(pid))?;
    let (level, message) = take::level(rest).filter(|_| rest.starts_with('['))?;
    let fields = take::fields([("pid", pid)]);
    Some(Record { time: Some(time), level: Some(level), fields, ..Record::of(message) })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn brackets_come_off() {
        let record = parse("[2026-01-31 08:00:00 +0000] [7] [ERROR] Exception in worker process").expect("gunicorn");
        assert_eq!((record.level, record.field("pid")), (Some(Level::Error), Some("7")));
        assert_eq!(record.message, "Exception in worker process");
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00Z"));
    }

    #[test]
    fn other_brackets_are_no_gunicorn() {
        for line in [
            "",
            "[7] [INFO] x",
            "[2026-01-31 08:00:00 +0000] [x] [INFO] y",
            "[2026-01-31 08:00:00 +0000] [7] INFO y",
            "[2026-01-31 08:00:00.123][7][warning] envoy",
            "[é] [7] [INFO] x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
