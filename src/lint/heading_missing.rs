//! A page without any heading.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "heading-missing",
    severity: Severity::Info,
    summary: "a page without any heading",
    why: "Search weighs titles and headings; a page without one is hard to find and impossible to link into.",
    bad: "Restart the proxy when it hangs.",
    good: "# Proxy hangs\n\nRestart it.",
    fix: "Give it a title.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let titled = page.outline.title.is_some() || !page.outline.headings.is_empty();
    // A stub is no page, and HTML has headings of its own.
    let words = page.outline.sections.iter().map(|s| s.prose.split_whitespace().count()).sum::<usize>();
    let licence = ["LICENSE", "LICENCE", "NOTICE", "COPYING", "CHANGELOG"]
        .iter()
        .any(|n| page.stem().to_uppercase().starts_with(n));
    if titled || licence || words < 20 || page.text().contains("<h1") || page.text().contains("<h2") {
        return Vec::new();
    }
    vec![RULE.on_line(page, 1, "this page has no heading: give it a title by which it is found")]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_page_needs_a_title() {
        let prose = "Restart the proxy when it hangs. ".repeat(5);
        assert_eq!(testing::lines(&RULE, &prose), [1]);
        for text in [format!("# Proxy\n\n{prose}"), format!("---\ntitle: Proxy\n---\n{prose}"), "stub".to_owned()] {
            assert_eq!(testing::found(&RULE, &text), Vec::<String>::new());
        }
    }
}
