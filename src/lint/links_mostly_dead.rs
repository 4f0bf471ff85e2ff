//! A folder most of whose relative links lead nowhere.

use std::collections::BTreeSet;

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "links-mostly-dead",
    severity: Severity::Info,
    summary: "a folder most of whose relative links lead nowhere",
    why: "Such a folder was copied out of a larger tree. Its dead links are not listed one by one, because the files may well exist where it came from.",
    bad: "docs/ with 40 links to files that were left behind",
    good: "docs/ with the files it links to",
    fix: "Lint the tree it comes from, or bring the files along.",
    fixable: false,
    scope: Scope::Tree(check),
};

fn check(pages: &[Page<'_>], tree: &Tree<'_>) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let cut = pages.iter().filter(|p| tree.is_excerpt(p.path()));
    let message = "most relative links of the pages in this folder lead nowhere, so they are not listed: it looks like a part of a larger tree";
    cut.filter(|p| told.insert(p.path().rsplit_once('/').map_or("", |(f, _)| f)))
        .map(|p| RULE.on_line(p, 1, message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_part_of_a_tree_is_told_once() {
        let text = "[a](x/a.md) [b](x/b.md) [c](x/c.md)\n";
        assert_eq!(testing::found_in(&RULE, "in/p.md", text).len(), 1);
        assert_eq!(testing::found_in(&RULE, "in/p.md", "[a](x/a.md)\n"), Vec::<String>::new());
    }
}
