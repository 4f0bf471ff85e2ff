//! A remark that ignores a rule without a reason.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "ignore-without-reason",
    severity: Severity::Medium,
    summary: "a remark that ignores a rule without a reason",
    why: "Whoever reads it later cannot tell whether it still holds. Such a remark ignores nothing.",
    bad: "<!-- idp-lint: ignore link-dead -->",
    good: "<!-- idp-lint: ignore link-dead the page comes with the next release -->",
    fix: "Say why.",
    fixable: false,
    scope: Scope::Remarks,
};

/// The remarks of a page that give no reason.
pub(super) fn check(page: &Page<'_>) -> Vec<Finding> {
    let bare = page.ignores().remarks.iter().filter(|r| r.reason.is_empty());
    bare.map(|r| {
        RULE.on_line(
            page,
            r.line,
            format!("this remark does not say why {:?} is to be ignored: add the reason", r.rule),
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    use crate::lint::core::{Input, Page};

    #[test]
    fn a_remark_needs_a_reason() {
        let text = "<!-- idp-lint: ignore link-dead -->\n<!-- idp-lint: ignore link-dead because -->\n";
        assert_eq!(super::check(&Page::read(Input { path: "x.md", text })).len(), 1);
        assert_eq!(testing::found(&RULE, text), Vec::<String>::new());
    }
}
