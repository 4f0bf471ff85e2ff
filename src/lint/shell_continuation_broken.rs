//! A blank behind the backslash that should continue a line.

use crate::finding::Severity;
use crate::lint::core::{Block, Edit};
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "shell-continuation-broken",
    severity: Severity::Medium,
    summary: "a blank behind the backslash that should continue a line",
    why: "The shell takes the blank for an argument and runs the next line as a command of its own.",
    bad: "kubectl get pods \\ \n  -A",
    good: "kubectl get pods \\\n  -A",
    fix: "Take the blank out. `--fix` does.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let shells = page.scripts().iter().filter_map(|(at, _)| page.blocks.get(*at));
    shells.flat_map(|block| broken(page, block)).collect()
}

fn broken(page: &Page<'_>, block: &Block) -> Vec<Finding> {
    let goes_on = |text: &str| text.starts_with([' ', '\t']) || text.starts_with('-');
    let pairs = block
        .lines
        .windows(2)
        .filter(|w| blanks(&w[0].text) > 0 && goes_on(&w[1].text) && !w[1].text.trim().is_empty());
    pairs
        .map(|w| {
            let finding =
                RULE.on_line(page, w[0].number, "a blank behind the backslash ends the command here: take it out");
            match w[0].at.map(|at| at + w[0].text.len()) {
                Some(end) => finding.mended_by(Edit::new(end - blanks(&w[0].text)..end, "")),
                None => finding,
            }
        })
        .collect()
}

/// The number of blanks behind a backslash at the end of a line.
fn blanks(line: &str) -> usize {
    let bare = line.trim_end_matches([' ', '\t']);
    if bare.ends_with('\\') && !bare.ends_with("\\\\") { line.len() - bare.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn the_blank_goes() {
        let text = "# X\n\n```sh\nkubectl get pods \\  \n  -A\n```\n";
        assert_eq!(testing::mended(&RULE, "x.md", text), "# X\n\n```sh\nkubectl get pods \\\n  -A\n```\n");
        assert_eq!(testing::found(&RULE, "```sh\nls \\\n  -a\necho \\ \n```\n"), Vec::<String>::new());
    }
}
