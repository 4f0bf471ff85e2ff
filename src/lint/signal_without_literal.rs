//! A signal that has no text of three bytes on every path.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::literal;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "signal-without-literal",
    severity: Severity::High,
    summary: "a signal that has no text of three bytes on every path",
    why: "Lines that hold no literal of any signal are never tried, so that the expression would never be.",
    bad: "log: '[a-z]+: [0-9]+'",
    good: "log: 'exit status: [0-9]+'",
    fix: "Add words that every such line has.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(head) = page.usable_head() else { return Vec::new() };
    let logs = head.signals.each().filter_map(|(_, s)| s.log.as_deref());
    let bare = logs.filter(|e| regex_syntax::parse(e).is_ok() && literal::required(e).is_err());
    let message =
        "no text of three bytes is common to all that this expression matches: add words that every such line has";
    bare.map(|e| RULE.on_line(page, page.line_of_text(e), message)).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn an_expression_needs_words() {
        let with = |e: &str| runbook("x", "").replace("out of cheese", e);
        assert_eq!(testing::found(&RULE, &with("[a-z]+: [0-9]+")).len(), 1);
        assert_eq!(testing::found(&RULE, &with("(foo|[0-9]+)")).len(), 1);
        assert_eq!(testing::found(&RULE, &with("exit: [0-9]+")), Vec::<String>::new());
    }
}
