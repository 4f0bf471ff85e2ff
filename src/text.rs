//! Small presentation words: counts with their noun, byte sizes, a cut with an ellipsis.
//!
//! Imports nothing of ours, so that every room may use it.

use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A number in groups of three digits: `Number(2000)` reads "2 000".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub u64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A number with its noun: `Count(1, "line")` reads "1 line", `Count(2000, "line")` "2 000 lines".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub u64, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", Number(self.0), self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// A length of time in its largest unit, from two of a unit on: `Span(90)` reads "90 seconds", `Span(720)` "12 minutes".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub i64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = u64::try_from(self.0).unwrap_or(0);
        match seconds {
            ..120 => Count(seconds, "second").fmt(f),
            120..7_200 => Count(seconds / 60, "minute").fmt(f),
            7_200..172_800 => Count(seconds / 3_600, "hour").fmt(f),
            _ => Count(seconds / 86_400, "day").fmt(f),
        }
    }
}

/// A size in bytes, shown in powers of 1024 with one decimal: `1.5 MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl fmt::Display for Size {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = self.0 as f64;
        let mut unit = "B";
        for next in ["KiB", "MiB", "GiB", "TiB"] {
            if value < 1024.0 {
                break;
            }
            value /= 1024.0;
            unit = next;
        }
        if unit == "B" { write!(f, "{} B", self.0) } else { write!(f, "{value:.1} {unit}") }
    }
}

/// Cuts `text` to at most `most` columns of a terminal, where a wide character takes two; what is cut is shown as `…`.
#[must_use]
pub fn ellipsis(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used < most
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// Joins words as a sentence does: "a", "a and b", "a, b and c".
#[must_use]
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The last of a chain of errors, which says what really happened.
#[must_use]
pub fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |e| (*e).source()).last().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Count, Size, Span, ellipsis, list};

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(Count(0, "line").to_string(), "0 lines");
        assert_eq!(Count(1, "line").to_string(), "1 line");
        assert_eq!(Count(1_234_567, "line").to_string(), "1 234 567 lines");
    }

    #[test]
    fn the_unit_of_a_span_fits_its_length() {
        let all = [-5, 40, 719, 7_200, 400_000].map(|seconds| Span(seconds).to_string());
        assert_eq!(all, ["0 seconds", "40 seconds", "11 minutes", "2 hours", "4 days"]);
    }

    #[test]
    fn sizes_have_one_decimal_above_a_kibibyte() {
        assert_eq!(Size(999).to_string(), "999 B");
        assert_eq!(Size(1536).to_string(), "1.5 KiB");
        assert_eq!(Size(3 << 30).to_string(), "3.0 GiB");
    }

    #[test]
    fn a_cut_counts_columns_not_bytes() {
        assert_eq!(ellipsis("日本語のログ", 7), "日本語…");
        assert_eq!(ellipsis("größer", 6), "größer");
        assert_eq!(ellipsis("größer als", 7), "größer…");
    }

    #[test]
    fn lists_read_as_sentences() {
        let words = |n: usize| ["a", "b", "c"][..n].iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(list(&words(0)), "");
        assert_eq!(list(&words(2)), "a and b");
        assert_eq!(list(&words(3)), "a, b and c");
    }
}
