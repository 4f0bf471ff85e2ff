//! A flag that its command no longer has.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::old_flags;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "flag-removed",
    severity: Severity::High,
    summary: "a flag that its command no longer has",
    why: "The command stops with an error, or does something else than the runbook says.",
    bad: "kubectl drain n1 --delete-local-data",
    good: "kubectl drain n1 --delete-emptydir-data",
    fix: "Use what the message names. `--fix` does where another flag means the same.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    old_flags::found(&RULE, page, true)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn what_is_gone_is_found() {
        let text =
            "```sh\nkubectl get x -o yaml --export\nhelm delete --purge x\nkubectl run a --image=b --replicas=2\n```\n";
        assert_eq!(testing::lines(&RULE, text), [2, 3, 4]);
        for code in [
            "kubectl scale x --replicas=2",
            "kubectl run a --image=b -- x --replicas=2",
            "gpg --export",
            "helm install x --set a=--name",
        ] {
            assert_eq!(testing::found(&RULE, &format!("```sh\n{code}\n```\n")), Vec::<String>::new());
        }
    }

    #[test]
    fn the_same_flag_under_its_new_name() {
        let text = "```sh\nkubectl drain n1 --delete-local-data=true\n```\n";
        assert_eq!(testing::mended(&RULE, "x.md", text), text.replace("local", "emptydir"));
    }
}
