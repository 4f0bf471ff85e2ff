//! An id that two runbooks of the tree have.

use std::collections::BTreeMap;

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "id-duplicate",
    severity: Severity::High,
    summary: "an id that two runbooks of the tree have",
    why: "One of them replaces the other without a word.",
    bad: "a/disk-full.md and b/disk-full.md with the same id",
    good: "a/disk-full.md and b/inodes-full.md",
    fix: "Rename one of them, or merge them.",
    fixable: false,
    scope: Scope::Tree(check),
};

fn check(pages: &[Page<'_>], _: &Tree<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for page in pages {
        let Some(id) = page.own_id() else { continue };
        match first.get(&id) {
            Some(other) => {
                let message = format!("the id {id:?} is also that of {other}: rename one of them");
                found.push(RULE.on_line(page, page.line_of_key("id:"), message));
            }
            None => _ = first.insert(id, page.path()),
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
    fn the_second_one_is_named() {
        let text = testing::runbook("x", "");
        let pages = ["a/x.md", "b/x.md"].map(|path| Page::read(Input { path, text: &text }));
        let Scope::Tree(check) = RULE.scope else { panic!("it needs the tree") };
        let found = check(&pages, &Tree::new(&pages, []));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].file.as_str(), found[0].line), ("b/x.md", 2));
        assert!(found[0].message.contains("a/x.md"));
    }
}
