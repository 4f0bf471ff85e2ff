//! `--since`: passes over lines that are older than a time.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// The time from which lines count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    from: Timestamp,
    now: Timestamp,
}

impl Since {
    /// Reads an age before `now` (`90s`, `1h30m`, `2d`), a date in UTC, or an RFC 3339 time.
    ///
    /// # Errors
    /// One sentence that quotes the text.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, String> {
        if let Ok(from) = text.parse::<Timestamp>() {
            return Ok(Self { from, now });
        }
        let start_of_day = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp());
        let age = |age: Span| now.to_zoned(TimeZone::UTC).checked_sub(age.abs()).ok().map(|z| z.timestamp());
        let from = match (text.parse::<Date>(), text.parse::<Span>()) {
            (Ok(day), _) => start_of_day(day),
            (_, Ok(span)) if !span.is_negative() => age(span),
            _ => None,
        };
        let from = from.ok_or_else(|| format!("{text:?} is neither an age nor a time"))?;
        Ok(Self { from, now })
    }

    /// Whether a line is recent enough; `None` where it carries no time, so that it goes with the line before it.
    #[must_use]
    pub fn keeps(&self, line: &[u8]) -> Option<bool> {
        time_of(line, self.now).map(|time| time >= self.from)
    }
}

/// A time stamp starts within so many bytes of a line.
const WITHIN: usize = 80;

/// Finds the first time stamp of a line: RFC 3339, `2026-01-31 08:00:00`, or syslog's `Jan 31 08:00:00`. Without a zone it is UTC.
fn time_of(line: &[u8], now: Timestamp) -> Option<Timestamp> {
    let head = String::from_utf8_lossy(&line[..line.len().min(WITHIN + 40)]);
    head.char_indices().take_while(|(at, _)| *at < WITHIN).find_map(|(at, c)| {
        let rest = &head[at..];
        if c.is_ascii_digit() {
            iso(rest)
        } else if c.is_ascii_uppercase() {
            syslog(rest, now)
        } else {
            None
        }
    })
}

fn iso(text: &str) -> Option<Timestamp> {
    let day = text.get(..10)?;
    let shaped = day
        .bytes()
        .enumerate()
        .all(|(i, b)| if i == 4 || i == 7 { matches!(b, b'-' | b'/') } else { b.is_ascii_digit() });
    let clock = text.get(11..19)?;
    if !shaped || !matches!(text.as_bytes()[10], b'T' | b' ') {
        return None;
    }
    let rest = &text[19..];
    let fraction = rest.strip_prefix(['.', ',']).map_or(0, |r| 1 + r.bytes().take_while(u8::is_ascii_digit).count());
    let zone = &rest[fraction..];
    let zone = &zone[..zone.find(|c: char| !matches!(c, 'Z' | '+' | '-' | ':' | '0'..='9')).unwrap_or(zone.len())];
    let plain = format!("{}T{clock}", day.replace('/', "-"));
    format!("{plain}{zone}").parse().ok().or_else(|| in_utc(plain.parse().ok()?))
}

fn syslog(text: &str, now: Timestamp) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|m| text.starts_with(m))? + 1;
    let day: i8 = text.get(4..6)?.trim().parse().ok()?;
    let clock = text.get(7..15)?;
    let year = now.to_zoned(TimeZone::UTC).year();
    let of = |year: i16| in_utc(format!("{year:04}-{month:02}-{day:02}T{clock}").parse().ok()?);
    // The year is not written: a time to come was last year.
    of(year).filter(|t| *t <= now).or_else(|| of(year - 1))
}

fn in_utc(time: DateTime) -> Option<Timestamp> {
    time.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{Since, Timestamp};

    fn since(text: &str) -> Since {
        let now: Timestamp = "2026-01-31T08:00:00Z".parse().expect("time");
        Since::parse(text, now).expect("valid")
    }

    #[test]
    fn lines_are_kept_by_their_time_in_every_spelling() {
        let recent = since("1h");
        for line in [
            "2026-01-31T07:30:00.123Z x",
            "web | 2026-01-31 07:30:00,123 INFO x",
            "2026/01/31 07:30:00 x",
            "Jan 31 07:30:00 host x",
            "2026-01-31T09:30:00+02:00 x",
        ] {
            assert_eq!(recent.keeps(line.as_bytes()), Some(true), "{line}");
        }
        for line in ["2026-01-31T06:30:00Z x", "Jan 30 07:30:00 host x", "Feb  1 07:30:00 host x"] {
            assert_eq!(recent.keeps(line.as_bytes()), Some(false), "{line}");
        }
        assert_eq!(recent.keeps(b"\tat a.b(C.java:1)"), None);
    }

    #[test]
    fn ages_and_times_are_read_and_nonsense_is_refused() {
        assert_eq!(since("2026-01-31T07:00:00Z"), since("1h"));
        assert_eq!(since("2026-01-31"), since("8h"));
        assert_eq!(since("1h30m"), since("90m"));
        for text in ["", "x", "5", "-1h", "99999999999999999999d", "é"] {
            assert!(Since::parse(text, Timestamp::UNIX_EPOCH).is_err(), "{text}");
        }
    }
}
