//! The front cache: lines that differ in their numbers only find their slot without being read word by word.
//!
//! It is exact up to a collision of 64 bits: no rule of the [`shape`](super::shape) tells one number from another, and a number
//! with dots in it always makes a value.

use super::hash::{eight, mix};

/// Places of a table that is full grown, a power of two.
const SIZE: usize = 1 << 15;
/// Places of a new one: most inputs are short, and filling a large table costs more than reading them.
const FIRST: usize = 1 << 6;
const EMPTY: (u64, u32) = (0, u32::MAX);
const HIGH: u64 = 0x8080_8080_8080_8080;
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const ZEROS: u64 = 0x3030_3030_3030_3030;
/// What lifts a byte of ten or more into its high bit.
const LIFT: u64 = 0x7676_7676_7676_7676;
/// The kind of numbers without a dot.
const WHOLE: u64 = 1;
/// The kind of numbers with dots in between.
const DOTTED: u64 = 2;

/// A direct-mapped table from the hash of a line with its numbers masked to its slot.
#[derive(Clone, Debug)]
pub(super) struct Front {
    table: Vec<(u64, u32)>,
    /// Lines that were put since it last grew.
    put: usize,
}

impl Default for Front {
    fn default() -> Self {
        Self { table: vec![EMPTY; FIRST], put: 0 }
    }
}

impl Front {
    /// The slot that `key` was last put under.
    #[inline]
    pub(super) fn get(&self, key: u64) -> Option<u32> {
        let (found, slot) = self.table[self.place(key)];
        (found == key && slot != u32::MAX).then_some(slot)
    }

    /// Remembers a slot, in the place of another if need be.
    #[inline]
    pub(super) fn put(&mut self, key: u64, slot: u32) {
        if self.put >= self.table.len() / 2 && self.table.len() < SIZE {
            self.grow();
        }
        self.put += 1;
        let place = self.place(key);
        self.table[place] = (key, slot);
    }

    #[cold]
    fn grow(&mut self) {
        let grown = vec![EMPTY; (self.table.len() * 8).min(SIZE)];
        self.put = 0;
        for (key, slot) in std::mem::replace(&mut self.table, grown) {
            let place = self.place(key);
            if slot != u32::MAX {
                self.table[place] = (key, slot);
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
    #[inline]
    fn place(&self, key: u64) -> usize {
        key as usize & (self.table.len() - 1)
    }
}

/// Hash of a line in which a number counts by its kind only.
#[inline]
pub(super) fn key(line: &[u8]) -> u64 {
    let (mut hash, mut at) = (0, 0);
    while at < line.len() {
        let chunk = eight(line, at);
        let digits = digits(chunk);
        if digits == 0 {
            hash = mix(hash, chunk);
            at += 8;
            continue;
        }
        let before = digits.trailing_zeros() / 8;
        let (kind, end) = number(line, at + before as usize);
        // Seven bytes at most stand before a digit, so the highest byte is free.
        let text = chunk & !(u64::MAX << (before * 8));
        hash = mix(hash, text | u64::from(before) << 60 | kind << 56);
        at = end;
    }
    mix(hash, (at - line.len()) as u64)
}

/// The kind of the number that starts at `start`, and its end.
#[inline]
fn number(line: &[u8], start: usize) -> (u64, usize) {
    let mut end = run_end(line, start);
    let mut kind = WHOLE;
    while line.get(end) == Some(&b'.') && line.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = run_end(line, end + 1);
        kind = DOTTED;
    }
    (kind, end)
}

/// The end of the digits from `at`.
#[inline]
fn run_end(line: &[u8], mut at: usize) -> usize {
    while at < line.len() {
        let others = !digits(eight(line, at)) & HIGH;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

/// The high bit of each byte that is a digit.
#[inline]
fn digits(bytes: u64) -> u64 {
    let offset = bytes ^ ZEROS;
    !(((offset & LOW) + LIFT) | offset) & HIGH
}

#[cfg(test)]
mod tests {
    use super::{digits, key};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_and_only_digits_are_found(bytes: [u8; 8]) {
            let wanted = bytes.map(|b| if b.is_ascii_digit() { 0x80 } else { 0 });
            prop_assert_eq!(digits(u64::from_le_bytes(bytes)), u64::from_le_bytes(wanted));
        }

        #[test]
        fn the_key_is_that_of_the_masked_line(text in "[a-c0-9. ]{0,40}", number in "[0-9]{1,20}") {
            let other = text.replace('7', &number);
            prop_assert_eq!(key(text.as_bytes()), key(other.as_bytes()));
        }
    }

    #[test]
    fn lines_that_differ_in_numbers_share_a_key() {
        assert_eq!(key(b"took 17 ms, port 18080 of 10.0.0.1"), key(b"took 93 ms, port 1234567890 of 192.168.100.200"));
        for (one, other) in [("took 17 ms", "tool 17 ms"), ("a", "a\0"), ("", "\0"), ("1", "1.1")] {
            assert_ne!(key(one.as_bytes()), key(other.as_bytes()), "{one}");
        }
    }
}
