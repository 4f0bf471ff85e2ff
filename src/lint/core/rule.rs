//! A rule of the linter: what it is called, how bad its fault is, what it explains, and how it is found.

use crate::finding::Severity;
use crate::redact::Quote;

use super::{Edit, Finding, Page, Tree};

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// One page, in the light of the tree.
    Page(fn(&Page<'_>, &Tree<'_>) -> Vec<Finding>),
    /// All pages together.
    Tree(fn(&[Page<'_>], &Tree<'_>) -> Vec<Finding>),
    /// What another room found and hands in.
    Given,
    /// The remarks that ask for something to be ignored.
    Remarks,
}

impl Scope {
    /// The word for it in the documentation.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Page(_) => "one file",
            Self::Tree(_) => "the whole tree",
            Self::Given => "the engine",
            Self::Remarks => "ignore remarks",
        }
    }
}

/// One rule. Its id names the fault, reads well after "ignore", and is never given to another fault.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Kebab-case name of the fault.
    pub id: &'static str,
    /// `High` is an error, `Medium` a warning, less is a hint.
    pub severity: Severity,
    /// One line.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What it finds.
    pub bad: &'static str,
    /// The same without the fault.
    pub good: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Whether `--fix` can do it, at least in some cases.
    pub fixable: bool,
    /// What it looks at.
    pub scope: Scope,
}

impl Rule {
    /// A finding of this rule on a line of `page`, with the line as its excerpt.
    #[must_use]
    pub fn on_line(&self, page: &Page<'_>, line: usize, message: impl Into<String>) -> Finding {
        self.found(page, line, 1, message.into())
    }

    /// A finding of this rule at a byte of `page`.
    #[must_use]
    pub fn at(&self, page: &Page<'_>, byte: usize, message: impl Into<String>) -> Finding {
        let (line, column) = page.place(byte);
        self.found(page, line, column, message.into())
    }

    fn found(&self, page: &Page<'_>, line: usize, column: usize, message: String) -> Finding {
        Finding {
            rule: self.id,
            severity: self.severity,
            file: page.path().to_owned(),
            line,
            column,
            message,
            excerpt: Quote::of(page.line(line).trim()).cut(120),
            edits: Vec::new(),
        }
    }
}

/// The word that linters use for a severity.
#[must_use]
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "info",
    }
}

impl Finding {
    /// The same with an edit that mends it.
    #[must_use]
    pub fn mended_by(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }
}
