//! A link to a heading in another case than its anchor has.

use crate::finding::Severity;
use crate::lint::core::{Edit, Target, resolve};
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::outline::{Link, LinkKind};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "anchor-wrong-case",
    severity: Severity::Low,
    summary: "a link to a heading in another case than its anchor has",
    why: "Anchors are compared letter by letter in most sites: the reader lands at the top of the page.",
    bad: "[restore](#Restore)",
    good: "[restore](#restore)",
    fix: "Write it as the anchor is. `--fix` does.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, tree: &Tree<'_>) -> Vec<Finding> {
    let links = page.outline.links.iter().filter(|l| l.kind == LinkKind::Link || l.kind == LinkKind::Definition);
    let mut found: Vec<Finding> = links.filter_map(|link| wrong(page, link, tree)).collect();
    found.dedup();
    found
}

fn wrong(page: &Page<'_>, link: &Link, tree: &Tree<'_>) -> Option<Finding> {
    let Target::File(path, Some(anchor)) = resolve(page.path(), &link.target, tree) else { return None };
    if tree.has_anchor(&path, &anchor)? {
        return None;
    }
    let right = tree.near_anchor(&path, &anchor).filter(|a| a.eq_ignore_ascii_case(&anchor))?;
    let finding =
        RULE.on_line(page, link.line, format!("the anchor is {right:?}, not {anchor:?}: write it in that case"));
    let start = page.start_of(link.line);
    let target = format!("{})", link.target);
    let mut places = page.text().get(start..page.start_of(link.line + 3))?.match_indices(&target);
    let (at, _) = places.next()?;
    let from = start + at + link.target.len() - anchor.len();
    let fits = page.text().get(from..from + anchor.len()) == Some(anchor.as_str());
    Some(if fits { finding.mended_by(Edit::new(from..from + anchor.len(), right)) } else { finding })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn the_case_is_mended() {
        let text = "# One Two\n\n[a](#One-Two) [b](#one-two) [c](#One-two)\n";
        assert_eq!(testing::mended(&RULE, "x.md", text), "# One Two\n\n[a](#one-two) [b](#one-two) [c](#one-two)\n");
    }
}
