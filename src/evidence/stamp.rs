//! A time as a log writes it: whole or in part, with its zone where one is given.
//!
//! Logs spell times in more ways than a date library parses, and most of those without a year, a date or a zone. Reading is by hand, byte by byte,
//! because `idp logs patterns` reads the time of millions of lines; the calendar is `jiff`'s.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// Which parts of a time are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// Date and time of day.
    Whole,
    /// Month, day and time of day, as syslog and klog write it.
    NoYear,
    /// The time of day alone.
    Clock,
}

/// A time as a log writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Date and time as written; what is not written is 1972 (a leap year) or the first of January 1970.
    pub time: DateTime,
    /// Which parts of it are written.
    pub known: Known,
    /// Distance from UTC, where it is written.
    pub zone: Option<Offset>,
}

/// A time with the number of bytes that it takes in the text.
pub type Read = (Stamp, usize);

const NO_YEAR: i16 = 1972;

impl Stamp {
    /// Milliseconds since 1970 in UTC; a time without a zone is taken for UTC.
    #[must_use]
    pub fn millis(&self) -> i64 {
        let zone = self.zone.unwrap_or(Offset::UTC);
        zone.to_timestamp(self.time).map_or(0, jiff::Timestamp::as_millisecond)
    }

    /// A time of so many milliseconds since 1970, written with the parts and the zone that this one has.
    #[must_use]
    pub fn at_millis(self, millis: i64) -> Self {
        let zone = self.zone.unwrap_or(Offset::UTC);
        let time = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
        Self { time: zone.to_datetime(time), ..self }
    }

    /// Reads whichever spelling `text` starts with.
    #[must_use]
    pub fn at_start(text: &str) -> Option<Read> {
        match text.as_bytes().first()? {
            b'[' | b'(' | b'"' => bare(&text[1..]).map(|(stamp, length)| (stamp, length + 1)),
            _ => bare(text),
        }
    }
}

fn bare(text: &str) -> Option<Read> {
    match text.as_bytes().first()? {
        b'0'..=b'9' => iso(text)
            .or_else(|| day_first(text))
            .or_else(|| glog(text))
            .or_else(|| short_year(text))
            .or_else(|| month_and_day(text))
            .or_else(|| clock(text))
            .or_else(|| epoch(text)),
        b'A'..=b'Z' => ctime(text).or_else(|| month_first(text)).or_else(|| jul(text)),
        _ => None,
    }
}

impl fmt::Display for Stamp {
    /// As RFC 3339 where all is known, else the parts that are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.time.date(), self.time.time());
        match self.known {
            Known::Whole => write!(f, "{date}T{time}")?,
            Known::NoYear => write!(f, "{:02}-{:02} {time}", date.month(), date.day())?,
            Known::Clock => write!(f, "{time}")?,
        }
        match self.zone {
            Some(zone) if zone.is_zero() => f.write_str("Z"),
            Some(zone) => {
                let minutes = zone.seconds() / 60;
                write!(f, "{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
            }
            None => Ok(()),
        }
    }
}

/// A place in a text, moving right.
struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes one of `bytes`.
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let found = self.peek().filter(|b| bytes.contains(b))?;
        self.at += 1;
        Some(found)
    }

    /// Takes exactly `digits` digits.
    fn number(&mut self, digits: usize) -> Option<i16> {
        let taken = self.text.get(self.at..self.at + digits)?;
        let value = taken
            .iter()
            .try_fold(0i16, |n, b| b.is_ascii_digit().then(|| n.wrapping_mul(10).wrapping_add(i16::from(b - b'0'))))?;
        self.at += digits;
        Some(value)
    }

    /// A number of one or two digits, padded with a blank or not.
    fn day(&mut self) -> Option<i16> {
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        let digits = usize::from(self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit)) + 1;
        self.number(digits)
    }

    /// `HH:MM:SS` with a fraction after `.` or `,`.
    fn clock(&mut self) -> Option<Time> {
        let hour = self.number(2)?;
        self.clock_after(hour)
    }

    fn clock_after(&mut self, hour: i16) -> Option<Time> {
        self.one_of(b":")?;
        let minute = self.number(2)?;
        self.one_of(b":")?;
        let second = self.number(2)?;
        let mut nanos = 0i32;
        let fraction = self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit);
        if fraction && self.one_of(b".,").is_some() {
            let mut unit = 100_000_000;
            while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
                nanos += i32::from(digit - b'0') * unit;
                unit /= 10;
                self.at += 1;
            }
        }
        // A leap second is written as 60.
        Time::new(small(hour)?, small(minute)?, small(second.min(59))?, nanos).ok()
    }

    /// `Z`, `+01:00`, `-0700`, ` UTC`, ` GMT`, ` +0000`; takes nothing where there is none.
    fn zone(&mut self) -> Option<Offset> {
        let before = self.at;
        let found = self.zone_here();
        if found.is_none() {
            self.at = before;
        }
        found
    }

    fn zone_here(&mut self) -> Option<Offset> {
        if self.peek() == Some(b'Z') {
            self.at += 1;
            return Some(Offset::UTC);
        }
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        for name in [&b"UTC"[..], b"GMT"] {
            if self.text[self.at..].starts_with(name) {
                self.at += name.len();
                return Some(Offset::UTC);
            }
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.number(2)?;
        let _ = self.one_of(b":");
        let minutes = self.number(2).unwrap_or(0);
        Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
    }

    fn month(&mut self) -> Option<i16> {
        const MONTHS: [&[u8]; 12] =
            [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
        let name = self.text.get(self.at..self.at + 3)?;
        let found = MONTHS.iter().position(|m| *m == name)?;
        self.at += 3;
        i16::try_from(found + 1).ok()
    }

    fn done(&self, known: Known, date: Date, time: Time, zone: Option<Offset>) -> Option<Read> {
        // Digits that go on belong to something else.
        let ends = !self.peek().is_some_and(|b| b.is_ascii_digit());
        ends.then(|| (Stamp { time: date.to_datetime(time), known, zone }, self.at))
    }
}

fn small(value: i16) -> Option<i8> {
    i8::try_from(value).ok()
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, small(month)?, small(day)?).ok()
}

/// `2026-01-31T08:00:00.123Z`, `2026-01-31 08:00:00,123 +0100`, `2026/01/31 08:00:00`.
#[must_use]
pub fn iso(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let year = c.number(4)?;
    let between = c.one_of(b"-/.")?;
    let month = c.number(2)?;
    c.one_of(&[between])?;
    let day = date(year, month, c.number(2)?)?;
    let blank = c.one_of(b"T -_")? == b' ';
    // MariaDB pads the hour with a blank.
    let hour = if blank && c.peek() == Some(b' ') { c.day()? } else { c.number(2)? };
    if c.peek() == Some(b'.') && between == b'-' {
        // `2005-06-03-15.42.50.363779`, as IBM's machines write it.
        c.at += 1;
        let minute = c.number(2)?;
        c.one_of(b".")?;
        let second = c.number(2)?;
        let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
        while c.peek().is_some_and(|b| b.is_ascii_digit() || b == b'.') {
            c.at += 1;
        }
        return c.done(Known::Whole, day, time, None);
    }
    let time = c.clock_after(hour)?;
    let zone = c.zone();
    c.done(Known::Whole, day, time, zone)
}

/// `Jan 31 08:00:00`, with a fraction or not; also with a year before the time.
#[must_use]
pub fn month_first(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = c.day()?;
    c.one_of(b" ")?;
    if c.text.get(c.at + 4) == Some(&b' ') {
        let day = date(c.number(4)?, month, day)?;
        c.one_of(b" ")?;
        let time = c.clock()?;
        return c.done(Known::Whole, day, time, None);
    }
    let time = c.clock()?;
    c.done(Known::NoYear, date(NO_YEAR, month, day)?, time, None)
}

/// `31/Jan/2026:08:00:00 +0000` of access logs, `31 Jan 2026 08:00:00.123` of Redis, `31-Jan-2026 08:00:00.123` of Tomcat.
#[must_use]
pub fn day_first(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let day = c.day()?;
    let between = c.one_of(b"/ -")?;
    let month = c.month()?;
    c.one_of(&[between])?;
    let mark = c.text.get(c.at + 4).copied()?;
    if !matches!(mark, b':' | b' ') {
        // Redis before 3.2 writes no year.
        let time = c.clock()?;
        return c.done(Known::NoYear, date(NO_YEAR, month, day)?, time, None);
    }
    let date = date(c.number(4)?, month, day)?;
    c.one_of(b": ")?;
    let time = c.clock()?;
    let zone = c.zone();
    c.done(Known::Whole, date, time, zone)
}

/// `Sat Jan 31 08:00:00.123456 2026`, as C's `ctime` and Apache's error log write it; also with a zone before the year.
#[must_use]
pub fn ctime(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let name = c.text.get(..3)?;
    if ![&b"Mon"[..], b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"].contains(&name) {
        return None;
    }
    c.at = 3;
    c.one_of(b" ")?;
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = c.day()?;
    c.one_of(b" ")?;
    let time = c.clock()?;
    let zone = c.zone();
    c.one_of(b" ")?;
    let day = date(c.number(4)?, month, day)?;
    c.done(Known::Whole, day, time, zone)
}

/// `01-31 08:00:00.123` of Android's logcat, `01/31 08:00:00` of others.
#[must_use]
pub fn month_and_day(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let month = c.number(2)?;
    c.one_of(b"-/")?;
    let day = date(NO_YEAR, month, c.number(2)?)?;
    c.one_of(b" ")?;
    let time = c.clock()?;
    c.done(Known::NoYear, day, time, None)
}

/// `0131 08:00:00.123456` of klog.
#[must_use]
pub fn klog(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let day = date(NO_YEAR, c.number(2)?, c.number(2)?)?;
    c.one_of(b" ")?;
    let time = c.clock()?;
    c.done(Known::NoYear, day, time, None)
}

/// `20260131 08:00:00.123456` of glog, `20260131-08:00:00` of others.
#[must_use]
pub fn glog(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let day = date(c.number(4)?, c.number(2)?, c.number(2)?)?;
    c.one_of(b" -T")?;
    let time = c.clock()?;
    c.done(Known::Whole, day, time, None)
}

/// `260131  8:00:00` of MySQL before 5.7, `26/01/31 08:00:00` of Spark, `260131 080000` of HDFS.
#[must_use]
pub fn short_year(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let year = 2000 + c.number(2)?;
    let slashed = c.one_of(b"/").is_some();
    let month = c.number(2)?;
    if slashed {
        c.one_of(b"/")?;
    }
    let day = date(year, month, c.number(2)?)?;
    c.one_of(b" ")?;
    let compact = !slashed && c.text.get(c.at..c.at + 6).is_some_and(|t| t.iter().all(u8::is_ascii_digit));
    let time = if compact {
        Time::new(small(c.number(2)?)?, small(c.number(2)?)?, small(c.number(2)?)?, 0).ok()?
    } else {
        let hour = c.day()?;
        c.clock_after(hour)?
    };
    c.done(Known::Whole, day, time, None)
}

/// `08:00:00.123`: a time of day alone.
#[must_use]
pub fn clock(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let time = c.clock()?;
    c.done(Known::Clock, Date::constant(1970, 1, 1), time, None)
}

/// `Jan 31, 2026 8:00:00 AM` of `java.util.logging`.
#[must_use]
pub fn jul(text: &str) -> Option<Read> {
    let mut c = Cursor::new(text);
    let month = c.month()?;
    c.one_of(b" ")?;
    let day = c.day()?;
    c.one_of(b",")?;
    c.one_of(b" ")?;
    let day = date(c.number(4)?, month, day)?;
    c.one_of(b" ")?;
    let hour = c.day()?;
    let at = c.at;
    let half = c.text.get(at + 7..at + 9).filter(|_| c.text.get(at + 6) == Some(&b' '));
    let hour = match half {
        Some(b"PM") => hour % 12 + 12,
        Some(b"AM") => hour % 12,
        _ => hour,
    };
    let time = c.clock_after(hour)?;
    if half.is_some_and(|h| matches!(h, b"AM" | b"PM")) {
        c.at += 3;
    }
    c.done(Known::Whole, day, time, None)
}

/// Seconds (with a fraction), milliseconds, microseconds or nanoseconds since 1970, told apart by their number of digits.
#[must_use]
pub fn epoch(text: &str) -> Option<Read> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let whole: i64 = text.get(..digits)?.parse().ok()?;
    let per_second = match digits {
        10 => 1,
        13 => 1_000,
        16 => 1_000_000,
        19 => 1_000_000_000,
        _ => return None,
    };
    let mut nanos = (whole % per_second) * (1_000_000_000 / per_second);
    let mut length = digits;
    let fraction = text[digits..].strip_prefix('.').map_or(0, |r| r.bytes().take_while(u8::is_ascii_digit).count());
    if digits == 10 && fraction > 0 {
        let written = &text[digits + 1..digits + 1 + fraction.min(9)];
        let power = u32::try_from(9 - written.len()).ok()?;
        nanos = written.parse::<i64>().ok()? * 10i64.pow(power);
        length += 1 + fraction;
    }
    let time = jiff::Timestamp::new(whole / per_second, i32::try_from(nanos).ok()?).ok()?;
    Some((Stamp { time: Offset::UTC.to_datetime(time), known: Known::Whole, zone: Some(Offset::UTC) }, length))
}

#[cfg(test)]
mod tests {
    use super::{Stamp, klog};
    use proptest::prelude::*;

    #[test]
    fn every_spelling_is_read_to_its_end() {
        for (text, wanted, rest) in [
            ("2026-01-31T08:00:00.123456789Z x", "2026-01-31T08:00:00.123456789Z", " x"),
            ("2026-01-31T08:00:00+01:00 x", "2026-01-31T08:00:00+01:00", " x"),
            ("2026-01-31 08:00:00,123 -0730 x", "2026-01-31T08:00:00.123-07:30", " x"),
            ("2026-01-31 08:00:00.5 UTC [7]", "2026-01-31T08:00:00.5Z", " [7]"),
            ("2026/01/31 08:00:00 [error]", "2026-01-31T08:00:00", " [error]"),
            ("2005-06-03-15.42.50.363779 R0", "2005-06-03T15:42:50", " R0"),
            ("Jan 31 08:00:00 host", "01-31 08:00:00", " host"),
            ("Jan  1 08:00:00.25 host", "01-01 08:00:00.25", " host"),
            ("31/Jan/2026:08:00:00 +0200] x", "2026-01-31T08:00:00+02:00", "] x"),
            ("31 Jan 2026 08:00:00.123 # x", "2026-01-31T08:00:00.123", " # x"),
            ("Sat Jan 31 08:00:00.5 2026] x", "2026-01-31T08:00:00.5", "] x"),
            ("Sat Jan 31 08:00:00 UTC 2026 x", "2026-01-31T08:00:00Z", " x"),
            ("20260131 08:00:00.5 7", "2026-01-31T08:00:00.5", " 7"),
            ("260131  8:00:00 [ERROR]", "2026-01-31T08:00:00", " [ERROR]"),
            ("26/01/31 08:00:00 INFO", "2026-01-31T08:00:00", " INFO"),
            ("081109 203615 148 INFO", "2008-11-09T20:36:15", " 148 INFO"),
            ("01-31 08:00:00.123  1702", "01-31 08:00:00.123", "  1702"),
            ("2026-01-31  8:00:00 140 [Note]", "2026-01-31T08:00:00", " 140 [Note]"),
            ("08:00:00.123 x", "08:00:00.123", " x"),
            ("Jan 31, 2026 8:00:00 PM x.Y", "2026-01-31T20:00:00", " x.Y"),
            ("1769846400 x", "2026-01-31T08:00:00Z", " x"),
            ("1769846400.25 x", "2026-01-31T08:00:00.25Z", " x"),
            ("1769846400250 x", "2026-01-31T08:00:00.25Z", " x"),
            ("[2026-01-31 08:00:00] x", "2026-01-31T08:00:00", "] x"),
        ] {
            let (stamp, length) = Stamp::at_start(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((stamp.to_string().as_str(), &text[length..]), (wanted, rest), "{text}");
        }
        assert_eq!(klog("0131 08:00:00.123456 7").expect("klog").0.to_string(), "01-31 08:00:00.123456");
    }

    #[test]
    fn milliseconds_are_in_utc() {
        let millis = |text| Stamp::at_start(text).expect("a time").0.millis();
        assert_eq!(millis("2026-01-31T08:00:00.250Z"), 1_769_846_400_250);
        assert_eq!(millis("2026-01-31T09:00:00.250+01:00"), 1_769_846_400_250);
    }

    #[test]
    fn other_numbers_and_words_are_no_time() {
        for text in [
            "",
            "x",
            "12",
            "2026",
            "2026-13-01 00:00:00",
            "10.0.0.1",
            "[[[2026-01-31 08:00:00",
            "Marble",
            "123456",
            "99:00:00",
            "é",
        ] {
            assert_eq!(Stamp::at_start(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[0-9TZ:., +/A-Za-zé-]{0,40}") {
            if let Some((stamp, length)) = Stamp::at_start(&text) {
                prop_assert!(text.is_char_boundary(length));
                let _ = (stamp.millis(), stamp.to_string());
            }
        }
    }
}
