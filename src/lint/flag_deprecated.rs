//! A flag that its command advises against.

use crate::finding::Severity;
use crate::lint::core::Edit;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::tools::{self, OldFlag};
use crate::lint::shell::Argument;

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
    page.commands()
        .iter()
        .flat_map(|command| {
            tools::old_flags(command).into_iter().filter(|(old, _)| !old.gone).map(|(old, word)| found(page, old, word))
        })
        .collect()
}

fn found(page: &Page<'_>, old: &OldFlag, word: &Argument) -> Finding {
    let finding = RULE.on_line(page, word.line, format!("`{}` {}", word.text, old.note));
    let (Some(range), Some(instead)) = (word.range.clone().filter(|_| word.raw == word.text), old.instead) else {
        return finding;
    };
    let end = if old.value.is_some() { range.end } else { range.start + old.flag.len() };
    finding.mended_by(Edit::new(range.start..end, instead))
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
