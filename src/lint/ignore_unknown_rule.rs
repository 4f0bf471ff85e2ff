//! A remark that ignores a rule which does not exist.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "ignore-unknown-rule",
    severity: Severity::Medium,
    summary: "a remark that ignores a rule which does not exist",
    why: "It ignores nothing, while it looks as if it did.",
    bad: "<!-- idp-lint: ignore dead-links moved soon -->",
    good: "<!-- idp-lint: ignore link-dead moved soon -->",
    fix: "Take the id of the rule from this page.",
    fixable: false,
    scope: Scope::Remarks,
};

/// The remarks of a page whose rule is none of `known`.
pub(super) fn check(page: &Page<'_>, known: &[&str]) -> Vec<Finding> {
    let odd = page.ignores().remarks.iter().filter(|r| !known.contains(&r.rule.as_str()));
    odd.map(|r| RULE.on_line(page, r.line, format!("there is no rule {:?}: take an id of docs/lint.md", r.rule)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    use crate::lint::core::{Input, Page};

    #[test]
    fn a_rule_must_be_there() {
        let text = "<!-- idp-lint: ignore nothing because -->\n<!-- idp-lint: ignore link-dead because -->\n";
        assert_eq!(super::check(&Page::read(Input { path: "x.md", text }), &["link-dead"]).len(), 1);
        assert_eq!(testing::found(&RULE, text), Vec::<String>::new());
    }
}
