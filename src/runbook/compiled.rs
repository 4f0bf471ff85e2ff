//! What the build script makes of the runbooks, and what the binary reads back: a hot part, needed for every input, and
//! one cold part per runbook, decoded only when it has something to say.
//!
//! Self-contained on purpose: the build script compiles this file too, so that both sides agree on the layout.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::head::{Head, Specificity};
use super::literal;

/// The part a signal plays in its runbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// One of these is enough.
    Any,
    /// Each of these is needed.
    All,
    /// One of these rules the runbook out.
    None,
    /// Raises the confidence.
    Support,
    /// Afterwards, the failure has healed.
    Recovered,
}

/// What a signal looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind<'a> {
    /// One plain line.
    Log {
        /// Expression that must match.
        #[serde(borrow)]
        pattern: Cow<'a, str>,
        /// Expression that must not match.
        not: Option<Cow<'a, str>>,
        /// Least level, as written.
        level: Option<Cow<'a, str>>,
        /// Lower-case texts of which a matching line has one.
        literals: Vec<Cow<'a, str>>,
    },
    /// A stack trace.
    Exception {
        /// One of [`super::head::LANGUAGES`].
        language: Cow<'a, str>,
        /// Expression on the innermost type.
        pattern: Option<Cow<'a, str>>,
    },
    /// A check of the cluster.
    Check {
        /// Its id.
        id: Cow<'a, str>,
    },
}

/// One signal, ready to be looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compiled<'a> {
    /// The part it plays.
    pub role: Role,
    /// What it looks at.
    #[serde(borrow)]
    pub kind: Kind<'a>,
}

/// The hot part of one runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hot<'a> {
    /// Id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// How directly its signals state the fault.
    pub specificity: Specificity,
    /// Whether software retries it.
    pub transient: bool,
    /// Its signals.
    pub signals: Vec<Compiled<'a>>,
}

/// Where the cold part and the text of a built-in runbook lie in the blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First byte of the encoded head.
    pub head: u32,
    /// First byte of the file's text, one past the head.
    pub text: u32,
    /// One past the text.
    pub end: u32,
}

/// Everything that is known about the built-in runbooks before any input is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index<'a> {
    /// Hot parts, sorted by id.
    #[serde(borrow)]
    pub hot: Vec<Hot<'a>>,
    /// Cold parts, in the same order.
    pub places: Vec<Place>,
}

/// Works out the hot part of a head.
///
/// # Errors
/// One sentence that quotes the expression that does not parse or has no literal.
pub fn hot(head: &Head) -> Result<Hot<'static>, String> {
    let signals = head.signals.each().map(|(role, signal)| {
        let kind = if let Some(pattern) = &signal.log {
            let literals = literal::required(pattern).map_err(|e| format!("expression {pattern:?}: {e}"))?;
            if let Some(not) = &signal.not {
                regex_syntax::parse(not).map_err(|e| format!("expression {not:?}: {e}"))?;
            }
            Kind::Log {
                pattern: pattern.clone().into(),
                not: signal.not.clone().map(Into::into),
                level: signal.level.clone().map(Into::into),
                literals: literals.into_iter().map(Into::into).collect(),
            }
        } else if let Some(language) = &signal.exception {
            if let Some(pattern) = &signal.kind {
                regex_syntax::parse(pattern).map_err(|e| format!("expression {pattern:?}: {e}"))?;
            }
            Kind::Exception { language: language.clone().into(), pattern: signal.kind.clone().map(Into::into) }
        } else {
            Kind::Check { id: signal.check.clone().unwrap_or_default().into() }
        };
        let role = match role {
            "any" => Role::Any,
            "all" => Role::All,
            "none" => Role::None,
            "support" => Role::Support,
            _ => Role::Recovered,
        };
        Ok(Compiled { role, kind })
    });
    Ok(Hot {
        id: head.id.clone().into(),
        specificity: head.specificity,
        transient: head.transient,
        signals: signals.collect::<Result<_, String>>()?,
    })
}
