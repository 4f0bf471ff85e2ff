//! A command that its tool advises against.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::tools;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "command-deprecated",
    severity: Severity::Info,
    summary: "a command that its tool advises against",
    why: "It works today, and its tool says what replaces it.",
    bad: "terraform refresh",
    good: "terraform apply -refresh-only",
    fix: "Use what the message names.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    page.commands()
        .iter()
        .filter_map(|command| {
            let old = tools::old_command(command).filter(|old| !old.gone)?;
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
    fn what_is_going_is_found() {
        assert_eq!(
            testing::lines(&RULE, "```sh\nterraform refresh\nterraform -chdir=x env list\nterraform taint a.b\n```\n"),
            [2, 3, 4]
        );
        assert_eq!(
            testing::found(&RULE, "```sh\nterraform plan -refresh=false\nterraform untaint a.b\n```\n"),
            Vec::<String>::new()
        );
    }
}
