//! The shape of a line: its bytes with every digit as `0`. Lines of one shape say the same, but for their numbers.
//!
//! A log of millions of lines has a few thousand shapes. What was found out about one line holds for the next of its shape, as long as nothing that
//! was asked tells one digit from another; [`Steady`] keeps account of that.

use std::cell::Cell;

use super::Pattern;

/// Every digit as `0`, for eight bytes at once.
///
/// Exclusive-or with `0` leaves a digit between 0 and 9; adding 0x76 carries anything above that into the top bit of its byte.
fn blank(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const TOP: u64 = 0x8080_8080_8080_8080;
    let value = word ^ 0x3030_3030_3030_3030;
    let beyond = ((value & LOW) + 0x7676_7676_7676_7676) | value;
    let digits = !beyond & TOP;
    word & !((digits >> 7) * 0x0f)
}

/// Mixes two words into one, as wyhash does.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let folded = (product as u64) ^ ((product >> 64) as u64);
    folded
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0xa076_1d64_78bd_642f;

/// A number that stands for the shape of `line`; two shapes share one by chance only.
#[must_use]
pub fn shape(line: &[u8]) -> u64 {
    let mut state = mix(line.len() as u64 ^ SEED, STEP);
    let (words, rest) = line.as_chunks::<8>();
    for word in words {
        state = mix(blank(u64::from_le_bytes(*word)) ^ state, STEP ^ SEED.rotate_left(17));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(blank(u64::from_le_bytes(last)) ^ state, STEP)
}

/// A number that stands for the shape of `line` with numbers of any length: each run of digits is one `0`.
#[must_use]
pub fn loose_shape(line: &[u8]) -> u64 {
    let (mut state, mut word, mut filled) = (SEED, 0u64, 0u32);
    let mut in_number = false;
    for byte in line {
        if byte.is_ascii_digit() && std::mem::replace(&mut in_number, true) {
            continue;
        }
        in_number = byte.is_ascii_digit();
        word = word << 8 | u64::from(if in_number { b'0' } else { *byte });
        filled += 1;
        if filled == 8 {
            state = mix(word ^ state, STEP ^ SEED.rotate_left(17));
            (word, filled) = (0, 0);
        }
    }
    mix(word ^ state, STEP ^ u64::from(filled))
}

/// Fills `out` with `line` in ASCII lower case and with every digit as `0`, the form in which literals are looked for.
pub fn blanked(line: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend(line.iter().map(|b| if b.is_ascii_digit() { b'0' } else { b.to_ascii_lowercase() }));
}

/// Keeps account of whether the answers of expressions would be the same for any line of the shape.
#[derive(Debug)]
pub struct Steady {
    holds: Cell<bool>,
}

impl Steady {
    /// Begins to keep account.
    #[must_use]
    pub fn watching() -> Self {
        Self { holds: Cell::new(true) }
    }

    /// Keeps no account, which is cheaper; nothing is steady then.
    #[must_use]
    pub fn indifferent() -> Self {
        Self { holds: Cell::new(false) }
    }

    /// Whether `pattern` matches in `text`.
    #[must_use]
    pub fn matches(&self, pattern: &Pattern, text: &str) -> bool {
        let matched = pattern.is_match(text);
        if self.holds.get() && !pattern.is_steady(text, matched) {
            self.holds.set(false);
        }
        matched
    }

    /// Whether every answer so far is the same whatever digits stand in the places of digits.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.holds.get()
    }

    /// Says that something depends on the digits.
    pub fn doubt(&self) {
        self.holds.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Steady, blanked, loose_shape, shape};
    use proptest::prelude::*;

    #[test]
    fn lines_that_differ_in_their_digits_have_one_shape() {
        let one = b"2026-01-31T08:00:00Z worker 17: took 250 ms";
        assert_eq!(shape(one), shape(b"2031-12-01T19:59:59Z worker 93: took 999 ms"));
        for other in [
            &b"2026-01-31T08:00:00Z worker 17: took 25 ms"[..],
            b"2026-01-31T08:00:00Z worker 17: took 2x0 ms",
            b"2026-01-31T08:00:00Z Worker 17: took 250 ms",
            b"",
        ] {
            assert_ne!(shape(one), shape(other));
        }
    }

    #[test]
    fn a_loose_shape_does_not_count_digits() {
        let one = b"worker 17: took 250 ms";
        assert_eq!(loose_shape(one), loose_shape(b"worker 1: took 1250000 ms"));
        for other in [&b"worker 17: took 2.50 ms"[..], b"worker 17: took  ms", b"worker 17: took 250 mss", b""] {
            assert_ne!(loose_shape(one), loose_shape(other));
        }
    }

    #[test]
    fn steadiness_knows_which_answers_hang_on_digits() {
        let steady = |pattern: &'static str, text: &str| {
            let steady = Steady::watching();
            let matched = steady.matches(&Pattern::new(pattern), text);
            (matched, steady.holds())
        };
        assert_eq!(steady(r"took \d+ ms", "took 5 ms"), (true, true));
        assert_eq!(steady("exit code [1-9]", "exit code 7"), (true, false));
        assert_eq!(steady("exit code [1-9]", "exit code 0"), (false, false));
        assert_eq!(steady("exit code [1-9]", "no such thing 0"), (false, true));
        assert_eq!(steady("fatal|exit code [1-9]", "fatal: 7"), (true, true));
        assert_eq!(steady("code 137", "code 137"), (true, false));
        assert_eq!(steady("[a-f0-8]+:", "ab: 1"), (true, true));
    }

    proptest! {
        #[test]
        fn a_shape_is_that_of_the_line_with_zeros(line in proptest::collection::vec(any::<u8>(), 0..60)) {
            let zeros: Vec<u8> = line.iter().map(|b| if b.is_ascii_digit() { b'0' } else { *b }).collect();
            prop_assert_eq!(shape(&line), shape(&zeros));
            let mut out = Vec::new();
            blanked(&line, &mut out);
            prop_assert_eq!(out, zeros.to_ascii_lowercase());
        }

        /// What steadiness promises: other digits, same answer.
        #[test]
        fn a_steady_answer_holds_for_other_digits(
            pattern in "(a|b|[1-9]|\\\\d|[0-9a]|7|b?|[^0]|[^ab])(x|\\\\d+|[2-4]{1,2}|1?)(\\|(a[0-5]|b\\\\d|c))?",
            text in "[abcx0-9 ]{0,8}",
            other in "[0-9]{8}",
        ) {
            let pattern = Pattern::of(&pattern);
            let steady = Steady::watching();
            let matched = steady.matches(&pattern, &text);
            if steady.holds() {
                let mut digits = other.chars().cycle();
                let changed: String = text.chars().map(|c| if c.is_ascii_digit() { digits.next().expect("endless") } else { c }).collect();
                prop_assert_eq!(matched, pattern.is_match(&changed), "{:?} on {:?} and {:?}", pattern, text, changed);
            }
        }
    }
}
