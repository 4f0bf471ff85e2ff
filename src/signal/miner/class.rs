//! What each byte can be part of.

/// A digit.
pub(super) const DIGIT: u8 = 1;
/// A letter that is also a hexadecimal digit.
pub(super) const HEX: u8 = 2;
/// Another letter, an underscore or a byte outside ASCII.
pub(super) const LETTER: u8 = 4;
/// A mark that stands inside words, such as `-`.
pub(super) const MARK: u8 = 8;
/// A blank.
pub(super) const BLANK: u8 = 16;
/// A dot.
pub(super) const DOT: u8 = 32;
/// `/`, `\\` or `@`.
pub(super) const SLASH: u8 = 64;
/// Any mark inside words.
pub(super) const MARKS: u8 = MARK | DOT | SLASH;
/// Any of the bytes of a word.
pub(super) const WORD: u8 = DIGIT | HEX | LETTER | MARKS;

/// The class of every byte; 0 is punctuation that stands alone.
pub(super) const CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0u8;
    loop {
        table[byte as usize] = class(byte);
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

const fn class(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => DIGIT,
        b'a'..=b'f' | b'A'..=b'F' => HEX,
        b'g'..=b'z' | b'G'..=b'Z' | b'_' | 0x80.. => LETTER,
        b'.' => DOT,
        b'/' | b'\\' | b'@' => SLASH,
        b'-' | b'%' | b'+' | b'~' | b'$' | b'#' | b'&' | b'*' => MARK,
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => BLANK,
        _ => 0,
    }
}

/// The class of one byte.
#[inline]
pub(super) fn of(byte: u8) -> u8 {
    CLASS[byte as usize]
}

/// The end of the run of word bytes from `start`, and all their classes together.
#[inline]
pub(super) fn word_end(line: &[u8], start: usize) -> (usize, u8) {
    let mut all = 0;
    let mut end = start;
    for byte in &line[start..] {
        let class = of(*byte);
        if class & WORD == 0 {
            break;
        }
        all |= class;
        end += 1;
    }
    (end, all)
}

#[cfg(test)]
mod tests {
    use super::{DIGIT, DOT, HEX, LETTER, SLASH, word_end};

    #[test]
    fn a_word_ends_at_punctuation_or_a_blank() {
        assert_eq!(word_end(b"beef=1", 0), (4, HEX));
        assert_eq!(word_end(b"x y", 0), (1, LETTER));
        assert_eq!(word_end(b"10.0/z", 0), (6, DIGIT | DOT | SLASH | LETTER));
        assert_eq!(word_end(b"=", 0), (0, 0));
    }
}
