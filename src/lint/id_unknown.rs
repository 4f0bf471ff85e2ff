//! A name of a runbook or check that does not exist.

use std::collections::BTreeSet;

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "id-unknown",
    severity: Severity::Medium,
    summary: "a name of a runbook or check that does not exist",
    why: "A symptom that is explained by a name that nobody has stays a cause of its own; a signal on a check that is not there never fires.",
    bad: "explains: [crashlopbackoff]",
    good: "explains: [crashloopbackoff]",
    fix: "Spell the id as its file or check has it.",
    fixable: false,
    scope: Scope::Tree(check),
};

fn check(pages: &[Page<'_>], tree: &Tree<'_>) -> Vec<Finding> {
    // Without the built-in ids nothing can be called unknown.
    if tree.known().is_empty() {
        return Vec::new();
    }
    let own: BTreeSet<String> = pages.iter().filter_map(Page::own_id).collect();
    let is_unknown = |id: &String| !own.contains(id) && !tree.known().contains(id);
    let mut found = Vec::new();
    for page in pages {
        let Some(head) = page.usable_head() else { continue };
        let checks = head.signals.each().filter_map(|(_, s)| s.check.clone());
        for id in head.explains.iter().cloned().chain(checks).filter(is_unknown) {
            let message = format!("no runbook and no check is called {id:?}: spell it as its file has it");
            found.push(RULE.on_line(page, page.line_of_text(&id), message));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    use crate::lint::core::{Input, Page, Scope, Tree};

    #[test]
    fn a_name_needs_a_bearer() {
        let text = testing::runbook("x", "").replace("root_cause", "explains: [x, pod-lost, nobody]\nroot_cause");
        let pages = [Page::read(Input { path: "x.md", text: &text })];
        let Scope::Tree(check) = RULE.scope else { panic!("it needs the tree") };
        let found = check(&pages, &Tree::new(&pages, []).with_known(["pod-lost"]));
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("nobody"));
        assert_eq!(check(&pages, &Tree::new(&pages, [])), []);
    }
}
