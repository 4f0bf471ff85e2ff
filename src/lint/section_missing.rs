//! A runbook that lacks one of the four headings, or has them out of order.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::head;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "section-missing",
    severity: Severity::Medium,
    summary: "a runbook that lacks one of the four headings, or has them out of order",
    why: "Whoever is woken up looks for Meaning, Impact, Diagnosis and Mitigation where they always are.",
    bad: "## Meaning\n## Mitigation",
    good: "## Meaning\n## Impact\n## Diagnosis\n## Mitigation",
    fix: "Add the section.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let (Some(_), Some(matter)) = (page.head(), &page.outline.front_matter) else { return Vec::new() };
    let body = page.text().get(matter.body..).unwrap_or_default();
    let Some(missing) = head::missing_section(body) else { return Vec::new() };
    let elsewhere = page.outline.headings.iter().find(|h| h.text == missing);
    let line = elsewhere.map_or_else(|| page.place(matter.body).0, |h| h.line);
    let message = match elsewhere {
        Some(_) => format!(
            "the section {missing:?} is not where it belongs: Meaning, Impact, Diagnosis, Mitigation at level two"
        ),
        None => format!("there is no section {missing:?}: add it"),
    };
    vec![RULE.on_line(page, line, message)]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn four_sections_in_their_order() {
        let text = runbook("x", "");
        assert_eq!(testing::found(&RULE, &text), Vec::<String>::new());
        assert!(testing::found(&RULE, &text.replace("## Impact\n", ""))[0].contains("no section \"Impact\""));
        assert!(testing::found(&RULE, &text.replace("## Impact", "### Impact"))[0].contains("not where it belongs"));
        assert_eq!(testing::found(&RULE, "# Foreign\n\n1. Do it\n"), Vec::<String>::new());
    }
}
