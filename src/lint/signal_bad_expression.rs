//! A signal that is no regular expression.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "signal-bad-expression",
    severity: Severity::High,
    summary: "a signal that is no regular expression",
    why: "An expression that does not parse never matches.",
    bad: "log: 'denied for (?<image>'",
    good: "log: 'denied for (?<image>[^ ]+)'",
    fix: "Write it in the syntax of the Rust crate `regex`: no look-around, no back-references.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(head) = page.usable_head() else { return Vec::new() };
    let signals = head.signals.each().flat_map(|(_, s)| [&s.log, &s.not, &s.kind]).flatten();
    let broken = signals.filter_map(|e| Some((e, regex_syntax::parse(e).err()?)));
    broken.map(|(e, error)| RULE.on_line(page, page.line_of_text(e), said(&error))).collect()
}

fn said(error: &regex_syntax::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
    format!("the expression does not parse: {last}; write it as the crate regex reads it")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn what_does_not_parse_is_found() {
        let with = |e: &str| runbook("x", "").replace("out of cheese", e);
        assert!(testing::found(&RULE, &with("out of (cheese"))[0].contains("unclosed group"));
        assert_eq!(testing::found(&RULE, &with("(?=cheese)")).len(), 1);
        assert_eq!(testing::found(&RULE, &with("(?i)out of (a|b) cheese")), Vec::<String>::new());
    }
}
