//! A link to a heading that is not there.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::core::{Target, resolve};
use crate::runbook::outline::LinkKind;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "anchor-dead",
    severity: Severity::Low,
    summary: "a link to a heading that is not there",
    why: "The reader lands at the top of a long page and has to look for what was meant.",
    bad: "See [step two](#step-two-check-disks).",
    good: "See [step two](#step-two-check-the-disks).",
    fix: "Take the anchor of the heading as it is now.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, tree: &Tree<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for link in page.links().iter().filter(|l| l.kind == LinkKind::Link || l.kind == LinkKind::Definition) {
        let Target::File(path, Some(anchor)) = resolve(page.path(), &link.target, tree) else { continue };
        if is_special(&anchor) || !tree.lacks_anchor(&path, &anchor) || (path == page.path() && page.includes_others())
        {
            continue;
        }
        let hint = match tree.similar_anchor(&path, &anchor) {
            Some(similar) => format!("{similar:?} is there"),
            None => "take the anchor of the heading that is meant".to_owned(),
        };
        let place = if path == page.path() { "this page".to_owned() } else { path };
        let message = format!("no heading of {place} has the anchor {anchor:?}: {hint}");
        if !found.iter().any(|f| f.line == link.line && f.message == message) {
            found.push(RULE.on_line(page, link.line, message));
        }
    }
    found
}

/// Anchors that the site makes: lines of code, texts, pages of an application.
fn is_special(anchor: &str) -> bool {
    let line = anchor.strip_prefix('L').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    line || anchor == "top"
        || anchor.starts_with("user-content-")
        || anchor.starts_with("fn")
        || anchor.contains(['=', '/', '~', '!', '{', '$', '<'])
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_heading_must_be_there() {
        let text = "# One Two\n\n[a](#one-two) [b](#One-Two) [c](#one--two) [d](#three) [e](#L3) [f](#here)\n\n<a id=\"here\"></a>\n";
        let found = testing::found(&RULE, text);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("\"three\""), "{found:?}");
        let near = testing::found(&RULE, "# Check the disks\n\n[a](#check-the-disks-first)\n");
        assert!(near[0].ends_with("\"check-the-disks\" is there"), "{near:?}");
    }
}
