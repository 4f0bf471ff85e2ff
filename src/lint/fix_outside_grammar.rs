//! A command of a fix that `idp` refuses to offer.

use crate::command::Command;
use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::fill_command;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "fix-outside-grammar",
    severity: Severity::High,
    summary: "a command of a fix that `idp` refuses to offer",
    why: "Commands are run without a shell, by tools that are known, and never with flags that send them elsewhere.",
    bad: "- run: kubectl get pods | grep web",
    good: "- run: kubectl get pods -l app=web",
    fix: "Write one command of a known tool without pipes, globs and substitutions.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(head) = page.usable_head() else { return Vec::new() };
    let lines = head.fixes.iter().flat_map(|f| [Some(&f.run), f.verify.as_ref(), f.undo.as_ref()]).flatten();
    let refused = lines.filter_map(|line| Some((line, Command::parse(&fill_command(line, &|_| None)).err()?)));
    refused
        .map(|(line, error)| {
            RULE.on_line(page, page.line_of_text(line), format!("{error}: write one command of a known tool"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn pipes_and_unknown_tools_are_refused() {
        let fix = |run: &str| runbook("x", &format!("  - run: {run}\n    why: it helps\n"));
        assert!(testing::found(&RULE, &fix("kubectl get pods | sort"))[0].contains("needs a shell"));
        assert!(testing::found(&RULE, &fix("frobnicate"))[0].contains("not a known tool"));
        assert_eq!(testing::found(&RULE, &fix("kubectl -n {{namespace}} get pods")), Vec::<String>::new());
    }
}
