//! Secrets out. A [`Quote`] of the input can only be built here, so nothing is shown or written that was not looked through.

mod rules;

use std::fmt;

use serde::Serialize;

/// A piece of the input with its secrets taken out, safe to show, store and send.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Quote(String);

impl Quote {
    /// Takes the secrets out of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(rules::apply(text))
    }

    /// Keeps `text` as it is. Only for a person who asked for it on a terminal (`--no-redact`).
    #[must_use]
    pub fn unredacted(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is quoted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How quotes are made in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redaction {
    /// Secrets are taken out.
    #[default]
    On,
    /// A person asked for the input as it is, on a terminal.
    Off,
}

impl Redaction {
    /// Makes a quote of `text`.
    #[must_use]
    pub fn quote(self, text: &str) -> Quote {
        match self {
            Self::On => Quote::of(text),
            Self::Off => Quote::unredacted(text),
        }
    }
}
