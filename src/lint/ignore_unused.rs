//! A remark that ignores what is not there.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "ignore-unused",
    severity: Severity::Low,
    summary: "a remark that ignores what is not there",
    why: "The fault was mended and the remark stayed: it will hide the next one.",
    bad: "<!-- idp-lint: ignore link-dead moved soon -->\n[x](there.md)",
    good: "[x](there.md)",
    fix: "Take the remark out.",
    fixable: false,
    scope: Scope::Remarks,
};

/// The remarks of a page that covered nothing, of those for rules that were `tried`.
pub(super) fn check(page: &Page<'_>, tried: impl Fn(&str) -> bool) -> Vec<Finding> {
    let unused = page.ignores().unused().filter(|r| !r.reason.is_empty() && tried(&r.rule));
    unused
        .map(|r| RULE.on_line(page, r.line, format!("there is no {} here to ignore: take the remark out", r.rule)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    use crate::lint::core::{Input, Page};

    #[test]
    fn only_rules_that_were_tried_count() {
        let page = Page::read(Input { path: "x.md", text: "<!-- idp-lint: ignore link-dead because -->\n" });
        assert_eq!(super::check(&page, |_| true).len(), 1);
        assert_eq!(super::check(&page, |_| false), []);
        assert_eq!(testing::found(&RULE, page.text()), Vec::<String>::new());
    }
}
