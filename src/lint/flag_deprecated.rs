//! A flag that its command advises against.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::old_flags;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "flag-deprecated",
    severity: Severity::Info,
    summary: "a flag that its command advises against",
    why: "It works today with a warning, and will not for ever.",
    bad: "kubectl apply -f x.yaml --dry-run",
    good: "kubectl apply -f x.yaml --dry-run=client",
    fix: "Use what the message names. `--fix` does where another flag means the same.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    old_flags::found(&RULE, page, false)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_dry_run_says_who_tries() {
        let text = "```sh\nkubectl apply -f x --dry-run -o yaml\nkubectl apply -f x --dry-run=true\n```\n";
        let typed = "```sh\nkubectl apply -f x --dry-run=client -o yaml\nkubectl apply -f x --dry-run=client\n```\n";
        assert_eq!(testing::mended(&RULE, "x.md", text), typed);
        assert_eq!(
            testing::found(&RULE, "```sh\nkubectl apply --dry-run=server\nhelm install x --dry-run\n```\n"),
            Vec::<String>::new()
        );
        assert_eq!(testing::lines(&RULE, "```sh\nkubectl apply -f x --record\n```\n"), [2]);
    }
}
