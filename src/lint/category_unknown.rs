//! A category or cause that the taxonomy does not have.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::knows_category;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "category-unknown",
    severity: Severity::High,
    summary: "a category or cause that the taxonomy does not have",
    why: "Reports and other programs group by category and cause; a new word belongs to no group.",
    bad: "category: Disk\ncause: full",
    good: "category: DiskPressure\ncause: disk-full",
    fix: "Take a pair of `runbooks/taxonomy.tsv`, or add one there.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(head) = page.usable_head() else { return Vec::new() };
    if knows_category(&head.category, &head.cause) {
        return Vec::new();
    }
    let known = knows_category(&head.category, "");
    let (key, message) = if known {
        (
            "cause:",
            format!(
                "{:?} is no cause of {} in the taxonomy: take one that is, or leave it out",
                head.cause, head.category
            ),
        )
    } else {
        ("category:", format!("{:?} is no category of the taxonomy: take one that is", head.category))
    };
    vec![RULE.on_line(page, page.line_of_key(key), message)]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn category_and_cause_are_a_pair() {
        let text = runbook("x", "");
        assert_eq!(testing::found(&RULE, &text), Vec::<String>::new());
        assert!(testing::found(&RULE, &text.replace("category: OOMKilled", "category: Cheese"))[0].starts_with("4: "));
        assert!(
            testing::found(&RULE, &text.replace("cause: memory-limit", "cause: cheese"))[0].contains("no cause of")
        );
    }
}
