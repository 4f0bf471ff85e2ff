//! The order of times that have parts missing: what jumps back by more than half a year, or half a day, is of the next one.
//!
//! Of several clocks in one log the one that says most is followed; a time of day among dates says too little.

use crate::evidence::Stamp;
use crate::evidence::stamp::Known;

/// Puts the times of one log in an order.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    strength: u8,
    last: Option<i64>,
    carry: i64,
}

/// Where a time is in the order of the log.
pub(super) struct Moment {
    /// Milliseconds on the axis; `None` where the time says too little.
    pub millis: Option<i64>,
    /// It says more than all before it.
    pub stronger: bool,
}

const DAY: i64 = 86_400_000;
const YEAR: i64 = 366 * DAY;

impl Calendar {
    pub(super) fn place(&mut self, time: Stamp) -> Moment {
        let (strength, period) = match time.known {
            Known::Clock => (1, DAY),
            Known::NoYear => (2, YEAR),
            Known::Whole => (3, 0),
        };
        if strength < self.strength {
            return Moment { millis: None, stronger: false };
        }
        let stronger = strength > self.strength && self.strength > 0;
        if strength > self.strength {
            *self = Self { strength, last: None, carry: 0 };
        }
        let mut millis = time.millis() + self.carry;
        if period > 0 && self.last.is_some_and(|last| millis < last - period / 2) {
            self.carry += period;
            millis += period;
        }
        self.last = Some(millis);
        Moment { millis: Some(millis), stronger }
    }
}

#[cfg(test)]
mod tests {
    use super::{Calendar, DAY};
    use crate::evidence::Stamp;

    fn places(times: &[&str]) -> Vec<Option<i64>> {
        let mut calendar = Calendar::default();
        times.iter().map(|t| calendar.place(Stamp::at_start(t).expect("a time").0).millis).collect()
    }

    #[test]
    fn midnight_and_new_year_carry_over() {
        let days = |times: &[&str]| {
            let found = places(times);
            found.last().copied().flatten().zip(found[0]).map(|(last, first)| (last - first).div_euclid(DAY))
        };
        assert_eq!(days(&["23:59:58 x", "00:00:01 x"]), Some(0));
        assert_eq!(days(&["23:59:58 x", "00:00:01 x", "23:00:00 x", "01:00:00 x"]), Some(1));
        assert_eq!(days(&["Dec 31 23:59:58 h", "Jan  1 00:00:01 h"]), Some(0));
        // A little back is out of order, not a day later.
        assert_eq!(days(&["08:00:05 x", "08:00:01 x"]), Some(-1));
    }

    #[test]
    fn a_clock_that_says_more_is_followed() {
        let mut calendar = Calendar::default();
        let mut place = |t: &str| {
            let moment = calendar.place(Stamp::at_start(t).expect("a time").0);
            (moment.millis.is_some(), moment.stronger)
        };
        assert_eq!(place("08:00:00 x"), (true, false));
        assert_eq!(place("2026-01-31T08:00:00Z x"), (true, true));
        assert_eq!(place("08:00:01 x"), (false, false));
    }
}
