//! A head of a runbook that lacks something or has a value out of range.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "front-matter-invalid",
    severity: Severity::High,
    summary: "a head of a runbook that lacks something or has a value out of range",
    why: "The engine cannot use such a runbook, so that its failure is never found.",
    bad: "severity: awful",
    good: "severity: high",
    fix: "Give the value that the message asks for.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(Err(error)) = page.read_head() else { return Vec::new() };
    // What is no YAML at all and what nothing reads have rules of their own.
    let yaml = page.head().unwrap_or_default();
    let options = serde_saphyr::options! { with_snippet: false };
    let readable = serde_saphyr::from_str_with_options::<serde_json::Value>(yaml, options).is_ok();
    if !readable || error.what.contains("unknown field") {
        return Vec::new();
    }
    vec![RULE.on_line(page, error.line, format!("the head cannot be used: {}", error.what))]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn values_out_of_range_are_found() {
        for (old, new) in [
            ("severity: low", "severity: awful"),
            ("root_cause: x\n", ""),
            ("id: x", "id: X_y"),
            ("[{ log: 'out of cheese' }]", "[{ log: a, check: b }]"),
        ] {
            assert_eq!(testing::found(&RULE, &runbook("x", "").replace(old, new)).len(), 1, "{new}");
        }
        assert_eq!(testing::found(&RULE, &runbook("x", "")), Vec::<String>::new());
    }
}
