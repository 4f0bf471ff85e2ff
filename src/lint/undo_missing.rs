//! A fix that loses or replaces something and does not say how to take it back.

use crate::command::{Command, Risk};
use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::fill_command;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "undo-missing",
    severity: Severity::Medium,
    summary: "a fix that loses or replaces something and does not say how to take it back",
    why: "At three in the morning the second command is needed as fast as the first.",
    bad: "- run: kubectl -n {{namespace}} delete pvc {{pvc}}",
    good: "- run: kubectl -n {{namespace}} delete pvc {{pvc}}\n  undo: kubectl -n {{namespace}} apply -f snapshot.yaml",
    fix: "Add `undo`, or take a smaller step.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(head) = page.usable_head() else { return Vec::new() };
    let bare = head.fixes.iter().filter(|f| f.undo.as_deref().is_none_or(|u| u.trim().is_empty()));
    let risky =
        bare.filter(|f| Command::parse(&fill_command(&f.run, &|_| None)).is_ok_and(|c| c.risk() == Risk::Critical));
    let message = "this fix can lose data or state and has no undo: say how to take it back, or take a smaller step";
    risky.map(|fix| RULE.on_line(page, page.line_of_text(&fix.run), message)).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn what_loses_data_needs_an_undo() {
        let fix = "  - run: kubectl delete pvc {{pvc}}\n    why: it is stuck\n";
        assert_eq!(testing::found(&RULE, &runbook("x", fix)).len(), 1);
        let undone = format!("{fix}    undo: kubectl apply -f claim.yaml\n");
        assert_eq!(testing::found(&RULE, &runbook("x", &undone)), Vec::<String>::new());
        assert_eq!(
            testing::found(&RULE, &runbook("x", "  - run: kubectl get pods\n    why: look\n")),
            Vec::<String>::new()
        );
    }
}
