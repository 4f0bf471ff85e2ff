//! What a rule found in a file, and the edits that mend it.

use std::ops::Range;

use crate::finding::Severity;
use crate::redact::Quote;

/// A fault in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Path of the file, as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Character of the line, from 1.
    pub column: usize,
    /// One sentence: what is wrong and what to do.
    pub message: String,
    /// The line without its secrets.
    pub excerpt: Quote,
    /// What mends it without a person's judgement; empty where there is no such thing.
    pub edits: Vec<Edit>,
}

impl Finding {
    /// `error`, `warning` or `info`.
    #[must_use]
    pub fn level(&self) -> &'static str {
        super::rule::level(self.severity)
    }

    pub(crate) fn order(&self) -> (&str, usize, usize, &str, &str) {
        (&self.file, self.line, self.column, self.rule, &self.message)
    }
}

/// Bytes of a file and what is to stand in their place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Which bytes.
    pub range: EditRange,
    /// The new text.
    pub replacement: String,
}

/// Bytes of a file, ordered by where they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EditRange {
    /// First byte.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Edit {
    /// Puts `replacement` in the place of `range`.
    #[must_use]
    pub fn new(range: Range<usize>, replacement: impl Into<String>) -> Self {
        Self { range: EditRange { start: range.start, end: range.end }, replacement: replacement.into() }
    }
}

/// Carries out `edits` on `text`. Of edits that overlap the first one wins; one that does not fit the text is passed over.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort();
    edits.dedup();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { range, replacement } in edits {
        let Some(kept) = text.get(at..range.start).filter(|_| text.get(range.start..range.end).is_some()) else {
            continue;
        };
        out.push_str(kept);
        out.push_str(replacement);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Edit, apply};

    #[test]
    fn edits_are_carried_out_from_the_front_and_never_twice() {
        let edits = [Edit::new(4..7, "x"), Edit::new(0..3, "one"), Edit::new(2..5, "no"), Edit::new(0..3, "one")];
        assert_eq!(apply("abc def", &edits), "one x");
        assert_eq!(apply("abc", &[Edit::new(3..3, "!")]), "abc!");
    }

    #[test]
    fn what_does_not_fit_is_passed_over() {
        assert_eq!(apply("aé", &[Edit::new(2..3, "x"), Edit::new(9..12, "y")]), "aé");
    }

    proptest! {
        #[test]
        fn any_edits_are_survived(text in "\\PC{0,40}", edits in proptest::collection::vec((0usize..50, 0usize..50, "[a-z]{0,3}"), 0..6)) {
            let edits: Vec<Edit> = edits.into_iter().map(|(a, b, t)| Edit::new(a..b, t)).collect();
            let _ = apply(&text, &edits);
        }
    }
}
