//! `--since`: passes over lines that are older than a time.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use crate::evidence::stamp::{Known, Stamp};
use crate::evidence::{format, printable};

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

/// Finds the time of a line: the first date with a time that stands in it, or what its format says. Without a zone it is UTC.
fn time_of(line: &[u8], now: Timestamp) -> Option<Timestamp> {
    let head = String::from_utf8_lossy(&line[..line.len().min(WITHIN + 40)]);
    let begins = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    let places = head.char_indices().take_while(|(at, _)| *at < WITHIN).filter(|(_, c)| begins(*c));
    let mut dated = places
        .filter(|(at, _)| !is_number(&head[*at..]))
        .filter_map(|(at, _)| Stamp::at_start(&head[at..]))
        .map(|(stamp, _)| stamp);
    // A number alone may be anything; a time of day alone says nothing of the day.
    let found = dated.find(|s| s.known != Known::Clock);
    let stamp = found.or_else(|| format::read(&printable(line)).time).filter(|s| s.known != Known::Clock)?;
    absolute(stamp, now)
}

/// Ten digits and more are a time only where a format says so.
fn is_number(text: &str) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() >= 10
}

fn absolute(stamp: Stamp, now: Timestamp) -> Option<Timestamp> {
    let zone = stamp.zone.unwrap_or(Offset::UTC);
    if stamp.known == Known::Whole {
        return zone.to_timestamp(stamp.time).ok();
    }
    let this_year = zone.to_datetime(now).year();
    let of = |year: i16| zone.to_timestamp(stamp.time.with().year(year).build().ok()?).ok();
    // The year is not written: a time to come was last year.
    of(this_year).filter(|t| *t <= now).or_else(|| of(this_year - 1))
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
        assert_eq!(recent.keeps(br#"{"level":"info","ts":1769844600.5,"msg":"x"}"#), Some(true));
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
