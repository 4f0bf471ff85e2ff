//! A relative link to a file that is not there.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::core::{Target, resolve};
use crate::runbook::outline::LinkKind;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "link-dead",
    severity: Severity::Medium,
    summary: "a relative link to a file that is not there",
    why: "Whoever follows it at night finds nothing.",
    bad: "See [restore](../db/restor.md).",
    good: "See [restore](../db/restore.md).",
    fix: "Point it at the file, or take it out.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, tree: &Tree<'_>) -> Vec<Finding> {
    if tree.is_excerpt(page.path()) {
        return Vec::new();
    }
    let mut found: Vec<Finding> = Vec::new();
    for link in page.links().iter().filter(|l| l.kind != LinkKind::Undefined) {
        let Target::Missing(path) = resolve(page.path(), &link.target, tree) else { continue };
        let what = if link.kind == LinkKind::Image { "shows" } else { "links to" };
        let hint =
            moved(&path, tree).map_or_else(|| "mend it or take it out".to_owned(), |m| format!("{m} has that name"));
        let message = format!("this {what} {:?}, and there is no {path}: {hint}", link.target);
        if !found.iter().any(|f| f.line == link.line && f.message == message) {
            found.push(RULE.on_line(page, link.line, message));
        }
    }
    found
}

/// The one file of the tree that has the name of the missing one.
fn moved<'t>(path: &str, tree: &'t Tree<'_>) -> Option<&'t str> {
    let name = path.rsplit('/').next()?;
    let mut same = tree.paths().filter(|p| p.rsplit('/').next().is_some_and(|n| n.eq_ignore_ascii_case(name)));
    let first = same.next()?;
    same.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_missing_file_is_named() {
        let found =
            testing::found_in(&RULE, "a/b.md", "See [x](gone.md#y), [same](b.md) and [web](https://example.test).\n");
        let hugo = testing::found_in(
            &RULE,
            "a/b.md",
            "See [x]({{< ref \"./gone.md\" >}}) and [y]({{< relref \"b.md\" >}}).\n",
        );
        assert_eq!(hugo.len(), 1, "{hugo:?}");
        assert_eq!(found, ["1: this links to \"gone.md#y\", and there is no a/gone.md: mend it or take it out"]);
    }
}
