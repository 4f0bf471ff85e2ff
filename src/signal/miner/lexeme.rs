//! Values that are written with punctuation or blanks inside.

use super::class::{self, BLANK, DIGIT, HEX};

/// Length of a bracket at the start of `rest` that only restates the size before it: `1190 bytes (1.16 KB)`.
pub(super) fn restated(before: &[u8], rest: &[u8]) -> Option<usize> {
    let unit = before.trim_ascii_end();
    let unit = &unit[unit.iter().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |at| at + 1)..];
    if !is_size_unit(unit) {
        return None;
    }
    let number = rest[1..].iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    let after = &rest[1 + number..];
    let end = memchr::memchr(b')', &after[..after.len().min(12)])?;
    (number > 0 && is_size_unit(after[..end].trim_ascii())).then_some(1 + number + end + 1)
}

fn is_size_unit(word: &[u8]) -> bool {
    match word {
        b"byte" | b"bytes" | b"Bytes" | b"B" => true,
        [b'k' | b'K' | b'M' | b'G' | b'T', rest @ ..] => matches!(rest, b"" | b"B" | b"iB" | b"b" | b"bytes"),
        _ => false,
    }
}

/// Length of a bound at the start of `rest`, with its unit: `<1 sec`.
pub(super) fn bound(rest: &[u8]) -> Option<usize> {
    let number = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let after = &rest[1 + number..];
    let unit = after.strip_prefix(b" ")?.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    (number > 0 && unit > 0).then_some(1 + number + 1 + unit)
}

/// Whether letters that could be hexadecimal are a group of an address such as `5c:ba:15:4c:18:13` or `fe80::ab`.
///
/// `joined` says that a value and a colon stand before it.
pub(super) fn is_group(line: &[u8], start: usize, end: usize, joined: bool) -> bool {
    let colon_before = start > 0 && line[start - 1] == b':';
    (joined && colon_before) || starts_address(&line[start..], end - start)
}

/// Three groups at least, a colon right after each.
fn starts_address(rest: &[u8], first: usize) -> bool {
    let mut at = first;
    let mut groups = 1;
    while rest.get(at) == Some(&b':') && groups < 16 {
        at += 1 + usize::from(rest.get(at + 1) == Some(&b':'));
        let group = rest[at.min(rest.len())..].iter().take_while(|b| class::of(**b) & (HEX | DIGIT) != 0);
        let (length, letters) =
            group.fold((0, 0), |(all, letters), b| (all + 1, letters + usize::from(!b.is_ascii_digit())));
        if length == 0 || letters > 4 {
            break;
        }
        at += length;
        groups += 1;
    }
    groups >= 3 && rest.get(at).is_none_or(|b| class::of(*b) & BLANK != 0 || !b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{bound, is_group, restated};

    #[test]
    fn a_size_is_restated_only_after_a_size() {
        assert_eq!(restated(b"1190 bytes ", b"(1.16 KB) sent"), Some(9));
        assert_eq!(restated(b"a block ", b"(1.16 KB) sent"), None);
        assert_eq!(restated(b"9 bytes ", b"(in all) sent"), None);
    }

    #[test]
    fn a_bound_is_a_number_with_its_unit() {
        assert_eq!(bound(b"<1 sec"), Some(6));
        assert_eq!(bound(b"<1> x"), None);
        assert_eq!(bound(b"<none"), None);
    }

    #[test]
    fn groups_of_an_address_are_told_from_words() {
        assert!(is_group(b"ba:5c:4d:00:00:01", 0, 2, false));
        assert!(is_group(b"5c:ba", 3, 5, true));
        assert!(!is_group(b"bad: 5", 0, 3, false));
        assert!(!is_group(b"add:bed", 0, 3, false));
    }
}
