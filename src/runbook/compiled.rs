//! What the build script makes of the runbooks, and what the binary reads back: a hot part, needed for every input, and
//! one cold part per runbook, decoded only when it has something to say.
//!
//! Self-contained on purpose: the build script compiles this file too, so that both sides agree on the layout.

use std::borrow::Cow;
use std::collections::HashMap;

use daachorse::DoubleArrayAhoCorasick;

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

/// Who wants the lines that hold a literal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// Log signals, numbered through all runbooks.
    pub signals: Vec<u32>,
    /// Whether a reader outside of the catalogue wants them.
    pub watched: bool,
}

/// Lists every literal once, with every digit as `0`, and its owners. The numbers of both are the same wherever the same runbooks come in the same order.
pub fn plan<'h>(hot: impl Iterator<Item = &'h Hot<'h>>, watch: &[&'h str]) -> (Vec<Cow<'h, str>>, Vec<Owners>) {
    let mut places: HashMap<Cow<'h, str>, usize> = HashMap::new();
    let mut texts: Vec<Cow<'h, str>> = Vec::new();
    let mut owners: Vec<Owners> = Vec::new();
    let mut owner = |text: &'h str, own: &dyn Fn(&mut Owners)| {
        let text = blank(text);
        let at = *places.entry(text.clone()).or_insert(texts.len());
        if at == texts.len() {
            texts.push(text);
            owners.push(Owners::default());
        }
        own(&mut owners[at]);
    };
    let logs = hot.flat_map(|h| &h.signals).filter_map(|s| match &s.kind {
        Kind::Log { literals, .. } => Some(literals),
        _ => None,
    });
    for (number, literals) in (0u32..).zip(logs) {
        for literal in literals.iter().filter(|l| !is_number(l)) {
            owner(literal, &|o| o.signals.push(number));
        }
    }
    for text in watch {
        owner(text, &|o| o.watched = true);
    }
    (texts, owners)
}

/// Whether a literal is little more than a number. With its digits blanked it would be found in most lines, so that such literals are also looked for as
/// they are, and a line that holds one is read by itself.
#[must_use]
pub fn is_number(literal: &str) -> bool {
    literal.bytes().filter(|b| !b.is_ascii_digit()).count() < 3 && literal.bytes().any(|b| b.is_ascii_digit())
}

/// Literals are looked for in lines whose digits are all `0`, so that one search serves every line of a shape.
#[must_use]
pub fn blank(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        Cow::Owned(text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Builds the automaton that finds the literals of a [`plan`] in text that was made lower case and whose digits are `0`.
///
/// # Panics
/// Never for a plan: its literals are neither empty nor repeated.
#[must_use]
pub fn automaton(texts: &[Cow<'_, str>]) -> DoubleArrayAhoCorasick<u32> {
    let numbered = texts.iter().zip(0u32..).map(|(text, number)| (text.as_ref(), number));
    DoubleArrayAhoCorasick::with_values(numbered)
        .unwrap_or_else(|_| unreachable!("a plan's literals are neither empty nor repeated"))
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
