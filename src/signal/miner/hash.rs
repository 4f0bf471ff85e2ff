//! Fast mixing of bytes into 64 bits. Fixed constants: the same input gives the same patterns on every run.

const FIRST: u64 = 0xa076_1d64_78bd_642f;
const SECOND: u64 = 0xe703_7ed1_a0b4_28db;

/// Folds the full product of both halves, as wyhash does.
#[inline]
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ FIRST) * u128::from(b ^ SECOND);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are folded into one")]
    let folded = (product as u64) ^ ((product >> 64) as u64);
    folded
}

/// Hash of a word that is the `length` bytes of `line` from `start`.
#[inline]
pub(super) fn word(line: &[u8], start: usize, length: usize) -> u64 {
    let mut hash = length as u64;
    let mut at = start;
    let mut left = length;
    while left > 8 {
        hash = mix(hash, eight(line, at));
        at += 8;
        left -= 8;
    }
    mix(hash, eight(line, at) & (u64::MAX >> ((8 - left) * 8).min(63)))
}

/// Eight bytes from `at`, with zeros beyond the end.
#[inline]
pub(super) fn eight(line: &[u8], at: usize) -> u64 {
    if let Some(chunk) = line[at..].first_chunk::<8>() {
        return u64::from_le_bytes(*chunk);
    }
    let left = line.len() - at;
    match line.last_chunk::<8>() {
        Some(last) if left > 0 => u64::from_le_bytes(*last) >> ((8 - left) * 8),
        _ => line[at..].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::{mix, word};

    #[test]
    fn a_word_hashes_alike_wherever_it_stands() {
        for text in ["a", "word", "eightlet", "ninelette", "a_much_longer_word_than_that"] {
            let line = format!("x {text} and more to follow");
            assert_eq!(word(text.as_bytes(), 0, text.len()), word(line.as_bytes(), 2, text.len()), "{text}");
        }
    }

    #[test]
    fn order_matters() {
        assert_ne!(mix(mix(0, 1), 2), mix(mix(0, 2), 1));
    }
}
