//! When a schedule runs next, in the time of its own zone.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::schedule::{Fields, Schedule};

/// Days after which a schedule that names no day is given up. The controller gives up after five years too.
const FAR: usize = 5 * 366;

impl Schedule {
    /// The first run after a moment; none where it names no day that exists.
    pub(super) fn after(self, moment: DateTime) -> Option<DateTime> {
        match self {
            Self::Every(seconds) => moment.checked_add(seconds.seconds()).ok(),
            Self::At(fields) => fields.after(moment),
        }
    }

    /// How often it runs after `from` and up to `to`, counted up to `most`.
    pub(super) fn runs(self, from: DateTime, to: DateTime, most: usize) -> usize {
        let runs = std::iter::successors(self.after(from), |last| self.after(*last));
        runs.take_while(|run| *run <= to).take(most).count()
    }
}

impl Fields {
    fn after(self, moment: DateTime) -> Option<DateTime> {
        let today = moment.date();
        let passed = i32::from(moment.hour()) * 60 + i32::from(moment.minute());
        let later = std::iter::successors(today.tomorrow().ok(), |day| day.tomorrow().ok()).take(FAR);
        let today = Some(today).filter(|day| self.on(*day)).and_then(|day| Some(day.to_datetime(self.at(passed + 1)?)));
        today.or_else(|| later.into_iter().find(|day| self.on(*day)).and_then(|day| Some(day.to_datetime(self.at(0)?))))
    }

    /// Whether it runs on a day.
    fn on(self, date: Date) -> bool {
        let has = |bits: u64, value: i8| bits >> value & 1 == 1;
        let day = has(self.days, date.day());
        let weekday = has(self.weekdays, date.weekday().to_sunday_zero_offset());
        let fits = if self.both_days { day && weekday } else { day || weekday };
        fits && has(self.months, date.month())
    }

    /// The first time of a day from a minute of the day on.
    fn at(self, from: i32) -> Option<Time> {
        let fits = |minute: &i32| self.hours >> (minute / 60) & 1 == 1 && self.minutes >> (minute % 60) & 1 == 1;
        let minute = (from..24 * 60).find(fits)?;
        Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::checks::schedule::parse;

    #[test]
    fn runs_are_counted() {
        let hourly = parse("@hourly").expect("a schedule");
        let morning = date(2026, 11, 26).at(9, 0, 0, 0);
        assert_eq!(hourly.runs(morning, date(2026, 11, 26).at(12, 0, 0, 0), 10), 3);
        assert_eq!(hourly.runs(morning, date(2026, 11, 26).at(12, 0, 0, 0), 2), 2);
    }
}
