//! A command that its tool no longer has.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::tools;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "command-removed",
    severity: Severity::High,
    summary: "a command that its tool no longer has",
    why: "The command fails on every release that is still maintained.",
    bad: "helm init",
    good: "helm repo update",
    fix: "Use what the message names.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    page.commands()
        .iter()
        .filter_map(|command| {
            let old = tools::old_command(command).filter(|old| old.gone)?;
            let message = format!("`{} {}` {}", old.program, old.words.join(" "), old.note);
            Some(RULE.on_line(page, command.line(), message))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn what_is_gone_is_found() {
        let text = "```sh\nhelm init --upgrade\nkubectl -n x rolling-update a b\n$(aws ecr get-login)\naws --region x ecr get-login --no-include-email\nterraform 0.12upgrade .\n```\n";
        assert_eq!(testing::lines(&RULE, text), [2, 3, 5, 6]);
        assert_eq!(
            testing::found(&RULE, "```sh\naws ecr get-login-password\nterraform init\nhelm install init x\n```\n"),
            Vec::<String>::new()
        );
    }
}
