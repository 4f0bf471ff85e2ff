//! A signal whose compiled expression is larger than the engine takes.

use crate::evidence::Pattern;
use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "signal-too-costly",
    severity: Severity::Medium,
    summary: "a signal whose compiled expression is larger than the engine takes",
    why: "Repetitions of repetitions multiply; beyond four megabytes the expression is not used at all.",
    bad: "log: 'out of (a{500}b?){500}'",
    good: "log: 'out of (ab?)+'",
    fix: "Bound less, or match a shorter text.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(head) = page.usable_head() else { return Vec::new() };
    let signals = head.signals.each().flat_map(|(_, s)| [&s.log, &s.not, &s.kind]).flatten();
    // Only a counted repetition makes an expression grow beyond its own length.
    let large = signals.filter(|e| e.contains('{') && regex_syntax::parse(e).is_ok() && !Pattern::of(e).is_valid());
    let message = "compiled, this expression is too large to be used: repeat less";
    large.map(|e| RULE.on_line(page, page.line_of_text(e), message)).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn repetitions_multiply() {
        let with = |e: &str| runbook("x", "").replace("out of cheese", e);
        assert_eq!(testing::found(&RULE, &with("out of (([a-z]{90}b?){90}c?){90}")).len(), 1);
        assert_eq!(testing::found(&RULE, &with("out of [a-z]{2,5}")), Vec::<String>::new());
    }
}
