//! A code block that is never closed.

use crate::finding::Severity;
use crate::lint::core::{Block, Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "code-fence-unclosed",
    severity: Severity::Medium,
    summary: "a code block that is never closed",
    why: "Everything to the end of the file is shown as code.",
    bad: "```sh\ndf -h\n\nThen call the owner.",
    good: "```sh\ndf -h\n```\n\nThen call the owner.",
    fix: "Close it with the same fence as it was opened with.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let open = page.blocks.iter().filter(|b| b.fenced && !b.closed && !b.lines.is_empty());
    open.map(|b| RULE.on_line(page, b.line.saturating_sub(1).max(1), said(page, b))).collect()
}

/// A block within a list item or a quotation ends with it, whether or not its fence comes later.
fn said(page: &Page<'_>, block: &Block) -> &'static str {
    let last = block.lines.last().map_or(0, |l| l.number);
    if (last + 1..=page.text().lines().count()).all(|n| page.line(n).trim().is_empty()) {
        "this code block is never closed: close it with the same fence"
    } else {
        "this code block is cut off where its list item ends: indent all its lines as its fence, and close it with the same fence"
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_fence_needs_its_end() {
        assert_eq!(testing::lines(&RULE, "# X\n\n```sh\ndf -h\n\nThen call.\n"), [3]);
        let list = "- one\n\n  ```sh\n  df -h\n\nThen call.\n";
        assert!(testing::found(&RULE, list)[0].contains("list item"));
        assert_eq!(testing::lines(&RULE, "# X\n\n```sh\ndf -h\n```\n\n~~~\nx\n~~~\n"), Vec::<usize>::new());
    }
}
