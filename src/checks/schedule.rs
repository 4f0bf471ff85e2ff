//! The schedule of a cron job, read as its controller reads it (robfig/cron, the standard form with five fields).
//!
//! It is stricter than the crons of many systems: no seconds, no `L`, `W` or `#`, and Sunday is 0, never 7.

use super::time_zone::zone_fault;

/// When something runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schedule {
    /// At these minutes, hours and days.
    At(Fields),
    /// Each time when so many seconds have passed.
    Every(i64),
}

/// For each field the values that fit, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) minutes: u64,
    pub(super) hours: u64,
    pub(super) days: u64,
    pub(super) months: u64,
    pub(super) weekdays: u64,
    /// Both fields of days must fit, because one of them is `*`; else one of them is enough.
    pub(super) both_days: bool,
}

/// What a field may hold.
struct Bounds {
    name: &'static str,
    least: u32,
    most: u32,
    words: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const MINUTE: Bounds = Bounds { name: "minute", least: 0, most: 59, words: &[] };
const HOUR: Bounds = Bounds { name: "hour", least: 0, most: 23, words: &[] };
const DAY: Bounds = Bounds { name: "day of month", least: 1, most: 31, words: &[] };
const MONTH: Bounds = Bounds { name: "month", least: 1, most: 12, words: MONTHS };
const WEEKDAY: Bounds = Bounds { name: "day of week", least: 0, most: 6, words: WEEKDAYS };

/// Reads a schedule; else what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Schedule, String> {
    let plain = without_zone(text)?;
    if let Some(macro_name) = plain.strip_prefix('@') {
        return of_macro(macro_name);
    }
    let fields: Vec<&str> = plain.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return Err(format!("it has {} fields, not 5", fields.len()));
    };
    let (minutes, _) = field(minute, &MINUTE)?;
    let (hours, _) = field(hour, &HOUR)?;
    let (days, any_day) = field(day, &DAY)?;
    let (months, _) = field(month, &MONTH)?;
    let (weekdays, any_weekday) = field(weekday, &WEEKDAY)?;
    Ok(Schedule::At(Fields { minutes, hours, days, months, weekdays, both_days: any_day || any_weekday }))
}

/// Whether a schedule names its zone itself, as in `TZ=Europe/Berlin 0 3 * * *`.
pub(super) fn has_zone(text: &str) -> bool {
    text.starts_with("TZ=") || text.starts_with("CRON_TZ=")
}

fn without_zone(text: &str) -> Result<&str, String> {
    if !has_zone(text) {
        return Ok(text);
    }
    let (zone, rest) = text.split_once(' ').ok_or("it has a zone and nothing else")?;
    let name = zone.split_once('=').map_or("", |(_, name)| name);
    zone_fault(name).map_or(Ok(rest.trim()), Err)
}

fn of_macro(name: &str) -> Result<Schedule, String> {
    let fields = match name {
        "yearly" | "annually" => "0 0 1 1 *",
        "monthly" => "0 0 1 * *",
        "weekly" => "0 0 * * 0",
        "daily" | "midnight" => "0 0 * * *",
        "hourly" => "0 * * * *",
        other => {
            let every = other.strip_prefix("every ").ok_or_else(|| format!("@{other} is no known word"))?;
            let seconds = duration(every).ok_or_else(|| format!("{every:?} is no duration"))?;
            // Whole seconds, and at least one.
            return Ok(Schedule::Every(seconds.max(1)));
        }
    };
    parse(fields)
}

/// Whole seconds of a duration as Go writes it: `1h30m`, `1.5h`, `90s`.
fn duration(text: &str) -> Option<i64> {
    let of_number = |c: char| c.is_ascii_digit() || c == '.';
    let (mut rest, mut nanos) = (text, 0_i128);
    while !rest.is_empty() {
        let (number, unit) = rest.split_at(rest.find(|c| !of_number(c))?);
        let end = unit.find(of_number).unwrap_or(unit.len());
        let factor = match &unit[..end] {
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        nanos += times(number, factor)?;
        rest = &unit[end..];
    }
    if text.is_empty() { None } else { i64::try_from(nanos / 1_000_000_000).ok() }
}

/// A decimal number of something, rounded down.
fn times(number: &str, factor: i128) -> Option<i128> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<u32>().ok().map(i128::from) };
    // Billionths of an hour are enough.
    let part = part.get(..9).unwrap_or(part);
    let scale = 10_i128.pow(u32::try_from(part.len()).ok()?);
    let some = !(whole.is_empty() && part.is_empty());
    Some(digits(whole)? * factor + digits(part)? * factor / scale).filter(|_| some)
}

/// Reads a field: the values that fit, and whether it is open (`*`).
fn field(text: &str, bounds: &Bounds) -> Result<(u64, bool), String> {
    let wrong = |why: String| format!("{} {text:?}: {why}", bounds.name);
    let (mut bits, mut open) = (0, false);
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (more, is_open) = range(part, bounds).map_err(wrong)?;
        bits |= more;
        open |= is_open;
    }
    Ok((bits, open))
}

/// Reads `*`, `5`, `1-5`, `*/15`, `3/10`, `mon-fri`.
fn range(text: &str, bounds: &Bounds) -> Result<(u64, bool), String> {
    let (span, step) = match text.split_once('/') {
        Some((span, step)) => (span, number(step)?),
        None => (text, 1),
    };
    let stepped = text.contains('/');
    if step == 0 {
        return Err("a step must not be 0".into());
    }
    // With a step of more than one, `*` is no longer open.
    if matches!(span.split('-').next(), Some("*" | "?")) {
        return Ok((bits(bounds.least, bounds.most, step), step == 1));
    }
    let (first, last) = match span.split_once('-') {
        Some((first, last)) => (value(first, bounds)?, value(last, bounds)?),
        // `3/10` means: from 3 on.
        None => (value(span, bounds)?, if stepped { bounds.most } else { value(span, bounds)? }),
    };
    within(first, last, bounds)?;
    Ok((bits(first, last, step), false))
}

fn within(first: u32, last: u32, bounds: &Bounds) -> Result<(), String> {
    let Bounds { least, most, .. } = bounds;
    if first < *least {
        return Err(format!("{first} is below {least}"));
    }
    if first.max(last) > *most {
        let hint = if *most == WEEKDAY.most { " (Sunday is 0)" } else { "" };
        return Err(format!("{} is above {most}{hint}", first.max(last)));
    }
    if first > last { Err(format!("{first} comes after {last}")) } else { Ok(()) }
}

fn value(text: &str, bounds: &Bounds) -> Result<u32, String> {
    let word = bounds.words.iter().position(|word| text.eq_ignore_ascii_case(word));
    match word.and_then(|place| u32::try_from(place).ok()) {
        Some(place) => Ok(place + bounds.least),
        None => number(text),
    }
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text:?} is no number"))
}

fn bits(first: u32, last: u32, step: u32) -> u64 {
    (first..=last).step_by(step as usize).fold(0, |bits, value| bits | 1 << value)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date};

    use super::parse;

    fn thursday() -> DateTime {
        date(2026, 11, 26).at(12, 0, 0, 0)
    }

    #[track_caller]
    fn next(text: &str) -> String {
        let next = parse(text).expect("a schedule").after(thursday());
        next.map_or_else(|| "never".into(), |run| run.to_string())
    }

    #[test]
    fn every_form_of_the_five_fields_is_read() {
        for (text, run) in [
            ("* * * * *", "2026-11-26T12:01:00"),
            ("*/15 * * * *", "2026-11-26T12:15:00"),
            ("5/20 12 * * *", "2026-11-26T12:05:00"),
            ("0 3 * * mon-FRI", "2026-11-27T03:00:00"),
            ("30 6 1,15 * ?", "2026-12-01T06:30:00"),
            ("0 0 1 Jan *", "2027-01-01T00:00:00"),
            ("0 0 13 * 5", "2026-11-27T00:00:00"),
            ("0 0 29 2 *", "2028-02-29T00:00:00"),
            ("0 0 30 2 *", "never"),
            ("@daily", "2026-11-27T00:00:00"),
            ("@every 1h30m", "2026-11-26T13:30:00"),
            ("@every 1.5h", "2026-11-26T13:30:00"),
            ("@every 1h0.5m", "2026-11-26T13:00:30"),
            ("@every 90000000\u{3bc}s", "2026-11-26T12:01:30"),
            ("TZ=Europe/Berlin 0 3 * * *", "2026-11-27T03:00:00"),
            ("CRON_TZ=UTC @hourly", "2026-11-26T13:00:00"),
        ] {
            assert_eq!(next(text), run, "{text}");
        }
    }

    #[test]
    fn what_the_controller_refuses_is_refused_with_the_reason() {
        for (text, why) in [
            ("", "it has 0 fields, not 5"),
            ("0 3 * *", "it has 4 fields, not 5"),
            ("0 0 3 * * *", "it has 6 fields, not 5"),
            ("60 * * * *", "minute \"60\": 60 is above 59"),
            ("0 24 * * *", "hour \"24\": 24 is above 23"),
            ("0 3 0 * *", "day of month \"0\": 0 is below 1"),
            ("0 3 * * 7", "day of week \"7\": 7 is above 6 (Sunday is 0)"),
            ("0 3 L * *", "day of month \"L\": \"L\" is no number"),
            ("0 3 * * fri#2", "day of week \"fri#2\": \"fri#2\" is no number"),
            ("*/0 * * * *", "minute \"*/0\": a step must not be 0"),
            ("10-5 * * * *", "minute \"10-5\": 10 comes after 5"),
            ("-5 * * * *", "minute \"-5\": \"\" is no number"),
            ("* * jan * *", "day of month \"jan\": \"jan\" is no number"),
            ("@reboot", "@reboot is no known word"),
            ("@every soon", "\"soon\" is no duration"),
            ("@every .h", "\".h\" is no duration"),
            ("@every 1.2.3h", "\"1.2.3h\" is no duration"),
            ("TZ=UTC", "it has a zone and nothing else"),
        ] {
            assert_eq!(parse(text), Err(why.into()), "{text}");
        }
    }
}
