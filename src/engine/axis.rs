//! Counts along a line that is not known in advance: when something falls outside, the steps become twice as wide.

/// Steps of an axis, which is what a sparkline has columns.
pub const STEPS: usize = 24;

/// The same as a distance in steps.
const LAST_STEP: i64 = 23;

/// Counts by step.
pub type Steps = [u32; STEPS];

/// Where the steps lie: `origin` in the unit of what is counted, `width` units a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    origin: i64,
    width: i64,
    begun: bool,
}

impl Axis {
    /// An axis whose steps are at first `width` units wide.
    #[must_use]
    pub fn new(width: i64) -> Self {
        Self { origin: 0, width: width.max(1), begun: false }
    }

    /// The step of `value`, if the axis reaches there.
    #[must_use]
    pub fn step(&self, value: i64) -> Option<usize> {
        if !self.begun {
            return None;
        }
        let step = value.checked_sub(self.origin)?.div_euclid(self.width);
        usize::try_from(step).ok().filter(|s| *s < STEPS)
    }

    /// Widens the axis until it reaches `value`; counts made before belong to `before`, and [`Axis::refit`] moves them.
    #[must_use]
    pub fn reach(&mut self, value: i64) -> Self {
        let before = *self;
        if !self.begun {
            *self = Self { origin: value - value.rem_euclid(self.width), width: self.width, begun: true };
            return before;
        }
        let last = self.origin.saturating_add(self.width.saturating_mul(LAST_STEP));
        let (low, high) = (self.origin.min(value), last.max(value));
        while self.step(low).is_none() || self.step(high).is_none() {
            let Some(width) = self.width.checked_mul(2) else { break };
            // Steps keep to multiples of their width, so that old ones fall into new ones whole.
            *self = Self { origin: low - low.rem_euclid(width), width, begun: true };
        }
        before
    }

    /// Moves counts that were made on `before` to this axis.
    pub fn refit(&self, before: &Self, counts: &mut Steps) {
        let mut moved = [0u32; STEPS];
        for (index, count) in (0i64..).zip(counts.iter()).filter(|(_, c)| **c > 0) {
            if let Some(step) = self.step(before.start(index)) {
                moved[step] = moved[step].saturating_add(*count);
            }
        }
        *counts = moved;
    }

    /// Where a step begins.
    #[must_use]
    pub fn start(&self, step: i64) -> i64 {
        self.origin.saturating_add(self.width.saturating_mul(step))
    }

    /// Units in a step.
    #[must_use]
    pub fn width(&self) -> i64 {
        self.width
    }
}

#[cfg(test)]
mod tests {
    use super::{Axis, STEPS};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_count_is_lost_wherever_values_fall(values in proptest::collection::vec(-100_000i64..100_000, 1..60)) {
            let mut axis = Axis::new(1);
            let mut counts = [0u32; STEPS];
            for value in &values {
                if axis.step(*value).is_none() {
                    let before = axis.reach(*value);
                    axis.refit(&before, &mut counts);
                }
                counts[axis.step(*value).expect("reached")] += 1;
            }
            prop_assert_eq!(counts.iter().sum::<u32>() as usize, values.len());
            let fresh: Vec<usize> = values.iter().map(|v| axis.step(*v).expect("reached")).collect();
            for (step, count) in counts.iter().enumerate() {
                prop_assert_eq!(fresh.iter().filter(|s| **s == step).count(), *count as usize);
            }
        }
    }
}
