//! A key in the head of a runbook that nothing reads.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "front-matter-unknown-key",
    severity: Severity::High,
    summary: "a key in the head of a runbook that nothing reads",
    why: "A misspelt key is a setting that is silently not there.",
    bad: "signals:\n  anny: [{ log: no space left }]",
    good: "signals:\n  any: [{ log: no space left }]",
    fix: "Spell it as `runbooks/README.md` does, or take it out.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(Err(error)) = page.read_head() else { return Vec::new() };
    if !error.what.contains("unknown field") {
        return Vec::new();
    }
    vec![RULE.on_line(
        page,
        error.line,
        format!("{}: spell it as the README of the runbooks does, or take it out", error.what),
    )]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn a_key_that_nothing_reads_is_found_on_its_line() {
        let text = runbook("x", "").replace("severity: low", "severity: low\nsewerity: high");
        let found = testing::found(&RULE, &text);
        assert!(found[0].starts_with("7: ") && found[0].contains("sewerity"), "{found:?}");
        assert_eq!(testing::found(&RULE, &runbook("x", "")), Vec::<String>::new());
    }
}
