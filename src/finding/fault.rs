//! What a check found on an object of the cluster.

use crate::evidence::cluster::{ObjectRef, Time};
use crate::redact::Quote;

use super::Severity;

/// What an object says, and in which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Path of the field: `status.containerStatuses[web].state.waiting.message`, or `event BackOff`.
    pub field: String,
    /// The text, as the cluster has it. It is shown only through a [`Quote`].
    pub text: String,
}

/// What a check found on an object of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of the check; the one who runs it fills it in.
    pub check: &'static str,
    /// The object on which it is seen.
    pub subject: ObjectRef,
    /// The object that is to blame where that is another one (it may be missing): the node, the `Secret`, the class.
    pub culprit: Option<ObjectRef>,
    /// How bad it is; `None` is as bad as the check says.
    pub severity: Option<Severity>,
    /// One sentence with the values seen.
    pub message: Quote,
    /// Where it is seen, the most telling first. Runbooks look at these texts for the cause beneath.
    pub statements: Vec<Statement>,
    /// Values that the texts of a runbook may use: `container`, `image`, `secret` … (`runbooks/README.md` lists them).
    pub facts: Vec<(&'static str, String)>,
    /// Since when, where that is known.
    pub since: Time,
    /// Other objects that it hangs on, beside those that the graph knows.
    pub involves: Vec<ObjectRef>,
}

impl Fault {
    /// A fault seen on `subject`; `message` is one sentence with the values seen.
    #[must_use]
    pub fn on(subject: ObjectRef, message: &str) -> Self {
        Self {
            check: "",
            subject,
            culprit: None,
            severity: None,
            message: Quote::of(message),
            statements: Vec::new(),
            facts: Vec::new(),
            since: Time::default(),
            involves: Vec::new(),
        }
    }

    /// Adds where it is seen: the field and what stands in it.
    #[must_use]
    pub fn seen(mut self, field: impl Into<String>, text: impl Into<String>) -> Self {
        let statement = Statement { field: field.into(), text: text.into() };
        if !statement.text.is_empty() && !self.statements.contains(&statement) {
            self.statements.push(statement);
        }
        self
    }

    /// Says which other object is to blame.
    #[must_use]
    pub fn because_of(mut self, culprit: ObjectRef) -> Self {
        self.culprit = Some(culprit);
        self
    }

    /// Says how bad it is where that differs from what the check says.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Adds a value that the texts of a runbook may use.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() && !self.facts.iter().any(|(known, _)| *known == name) {
            self.facts.push((name, value));
        }
        self
    }

    /// Says since when.
    #[must_use]
    pub fn since(mut self, since: Time) -> Self {
        self.since = since;
        self
    }

    /// Adds another object that it hangs on.
    #[must_use]
    pub fn involving(mut self, object: ObjectRef) -> Self {
        self.involves.push(object);
        self
    }
}
