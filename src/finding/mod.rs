//! The waist of the hourglass: what a rule found, how bad and how sure it is, and where it was seen.

mod fault;

use std::fmt;
use std::str::FromStr;

use crate::evidence::{Level, Source, Stamp};
use crate::redact::Quote;

pub use fault::{Fault, Statement};

pub use crate::runbook::head::{Severity, Specificity};

impl Severity {
    /// All of them, the least first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word in capitals, as machines read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Severity {
    type Err = String;

    /// Reads a severity in any case.
    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|s| s.word().eq_ignore_ascii_case(word));
        found.ok_or_else(|| format!("{word:?} is no severity: use info, low, medium, high or critical"))
    }
}

/// How sure a finding is, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// Makes a confidence of any number: what is not between 0 and 1 becomes the nearer end.
    #[must_use]
    pub fn new(value: f64) -> Self {
        Self(if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 })
    }

    /// The number, rounded to two decimals.
    #[must_use]
    pub fn value(self) -> f64 {
        (self.0 * 100.0).round() / 100.0
    }
}

/// A line of the input by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Line of its source, from 1.
    pub line: u64,
    /// The text.
    pub text: Quote,
}

/// Where something was seen, and the text itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which input.
    pub source: Source,
    /// The line.
    pub at: Numbered,
    /// Its level, where it states one.
    pub level: Option<Level>,
    /// Its time, where it states one.
    pub time: Option<Stamp>,
    /// How many lines say the same.
    pub count: u64,
    /// The lines just before it.
    pub before: Vec<Numbered>,
    /// The lines just after it.
    pub after: Vec<Numbered>,
}

/// A runbook whose signals fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Id of the runbook.
    pub id: String,
    /// How directly its signals state the fault.
    pub specificity: Specificity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it was seen, the most telling first.
    pub evidence: Vec<Evidence>,
    /// Named values of the evidence, in the order of the signals.
    pub captures: Vec<(String, String)>,
    /// First line with evidence, counted over all sources.
    pub first: u64,
    /// Last line with evidence, counted over all sources.
    pub last: u64,
    /// What spoke for and against it, in sentences.
    pub reasons: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{Confidence, Severity};

    #[test]
    fn severities_are_read_in_any_case() {
        assert_eq!("Critical".parse(), Ok(Severity::Critical));
        assert_eq!("low".parse::<Severity>().expect("known").to_string(), "LOW");
        assert!("urgent".parse::<Severity>().is_err());
    }

    #[test]
    fn confidence_stays_between_its_ends() {
        for (given, kept) in [(7.0, "1"), (f64::NAN, "0"), (0.456, "0.46")] {
            assert_eq!(Confidence::new(given).value().to_string(), kept);
        }
    }
}
