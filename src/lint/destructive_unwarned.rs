//! A command that loses data, without a warning or an undo near it.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::loss;
use crate::runbook::outline::{Heading, Section};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "destructive-unwarned",
    severity: Severity::Medium,
    summary: "a command that loses data, without a warning or an undo near it",
    why: "Commands are copied by people who read only the block.",
    bad: "Free the disk:\n\n    kubectl delete pvc data-0",
    good: "**Warning**: this deletes the data; take a snapshot first.\n\n    kubectl delete pvc data-0",
    fix: "Say before the command what is lost and how to get it back.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (block, line, what) in shell(page).into_iter().chain(sql(page)) {
        // One finding per block: one warning is enough for all of it.
        if found.iter().any(|f| page.blocks[block].lines.iter().any(|l| l.number == f.line))
            || is_warned(page, block, line)
        {
            continue;
        }
        let message =
            format!("this {what}, and nothing near it warns or says how to take it back: add a warning before it");
        found.push(RULE.on_line(page, line, message));
    }
    found
}

type Losing = (usize, usize, &'static str);

fn shell(page: &Page<'_>) -> Vec<Losing> {
    page.commands().iter().filter_map(|c| Some((c.block, c.line(), loss::loss(c)?))).collect()
}

fn sql(page: &Page<'_>) -> Vec<Losing> {
    let blocks = page
        .blocks
        .iter()
        .enumerate()
        .filter(|(_, b)| matches!(b.language.as_str(), "sql" | "mysql" | "postgresql" | "psql"));
    blocks
        .flat_map(|(at, b)| b.lines.iter().filter_map(move |l| Some((at, l.number, loss::sql(statement(&l.text)?)?))))
        .collect()
}

/// A line of SQL that begins a statement which drops or empties something, behind a prompt or not.
fn statement(line: &str) -> Option<&str> {
    let bare = line.trim_start();
    let bare = bare.split_once("> ").or_else(|| bare.split_once("=# ")).map_or(bare, |(_, rest)| rest);
    let first = bare.split_whitespace().next()?.to_ascii_uppercase();
    matches!(first.as_str(), "DROP" | "TRUNCATE").then_some(bare)
}

/// How far from the command a warning still is one, in lines.
const BEFORE: usize = 30;
const BEHIND: usize = 15;
/// The same for words that warn only where they stand beside the command.
const JUST_BEFORE: usize = 8;
const JUST_BEHIND: usize = 4;

/// Words of a warning, of an undo, or of a place that exists to be thrown away, in lower case.
const WARNINGS: &[&str] = &[
    "warning",
    "caution",
    "careful",
    "danger",
    "data loss",
    "data will be lost",
    "lose data",
    "loses data",
    "lose the data",
    "losing",
    "irrevers",
    "irrecover",
    "unrecover",
    "cannot be undone",
    "can't be undone",
    "destructive",
    "permanent",
    "undo",
    "take care",
    "last resort",
    "double check",
    "double-check",
    "[!",
    "admonition",
    ":::",
    "!!!",
    "⚠",
    "will be deleted",
    "will delete",
    "will be removed",
    "will remove",
    "deletes all",
    "removes all",
    "wipe",
    "clean up",
    "cleanup",
    "clean-up",
    "tear down",
    "teardown",
    "tear-down",
    "uninstall",
    "decommission",
    "throwaway",
    "scratch",
    "no longer needed",
    "no longer required",
    "think twice",
    "beware",
    "sandbox",
];

/// Words that warn of anything, so that they must be near.
const HINTS: &[&str] = &[
    "backup",
    "back up",
    "backed up",
    "snapshot",
    "restor",
    "roll back",
    "rollback",
    "recreat",
    "re-creat",
    "dry run",
    "dry-run",
    "make sure",
    "be sure",
    "ensure",
    "only if",
    "only when",
    "safe",
    "risk",
    "important",
    "attention",
    "lost",
    "verify that",
    "confirm",
    "unused",
    "not needed",
    "do not ",
    "don't ",
    "never ",
    "rebuil",
    "recover",
    "before you",
    "consequence",
    "downtime",
    "outage",
    "forc",
];

fn is_warned(page: &Page<'_>, block: usize, line: usize) -> bool {
    let section = page.blocks.get(block).and_then(|b| page.outline.sections.get(b.section));
    let Some(section) = section else { return true };
    let (from, to) = (*section.lines.start(), *section.lines.end());
    let within = |before: usize, behind: usize| line.saturating_sub(before).max(from)..=(line + behind).min(to);
    let said = |line: usize| has_warning(page.line(line));
    let hinted = |line: usize| {
        !page.blocks.iter().any(|b| b.lines.iter().any(|l| l.number == line)) && has(page.line(line), HINTS)
    };
    within(BEFORE, BEHIND).any(said)
        || within(JUST_BEFORE, JUST_BEHIND).any(hinted)
        || above(page, section).iter().any(|h| has_warning(&h.text))
        || introduction(page, section).any(said)
}

fn has_warning(line: &str) -> bool {
    has(line, WARNINGS)
}

fn has(line: &str, words: &[&str]) -> bool {
    // A remark for this tool is no warning for a reader.
    let lower = if line.contains("idp-lint:") { String::new() } else { line.to_lowercase() };
    words.iter().any(|w| lower.contains(w))
}

/// The headings over a section: its own, that of the section it is part of, and so on.
fn above<'p>(page: &'p Page<'_>, section: &Section) -> Vec<&'p Heading> {
    let mut level = u8::MAX;
    let before = page.outline.headings.iter().take(section.heading.map_or(0, |h| h + 1)).rev();
    before
        .filter(|h| {
            let over = h.level < level;
            level = level.min(h.level);
            over
        })
        .collect()
}

/// The lines between the heading over a section and that section, and those before the first subsection of the page.
fn introduction<'p>(page: &'p Page<'_>, section: &Section) -> impl Iterator<Item = usize> + 'p {
    let lines: Vec<usize> = above(page, section).iter().map(|h| h.line).collect();
    let over = move |s: &&Section| {
        s.heading.is_some_and(|h| page.outline.headings.get(h).is_some_and(|h| lines.contains(&h.line)))
    };
    page.outline.sections.iter().filter(over).flat_map(|s| (*s.lines.start()..=*s.lines.end()).take(BEFORE))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_loss_needs_a_warning() {
        assert_eq!(
            testing::lines(
                &RULE,
                "# Full\n\nFree it:\n\n```sh\nls\nkubectl delete pvc data-0\nkubectl delete pvc data-1\n```\n"
            ),
            [7]
        );
        assert_eq!(testing::lines(&RULE, "# Full\n\n```sql\nDROP TABLE x;\n```\n"), [4]);
    }

    #[test]
    fn a_warned_one_is_fine() {
        for before in ["**Warning:** the data goes.", "Be careful.", "This cannot be undone."] {
            let text = format!("# Full\n\n{before}\n\n## Step\n\n```sh\nkubectl delete pvc data-0\n```\n");
            assert_eq!(testing::found(&RULE, &text), Vec::<String>::new());
        }
        for text in [
            "# Full\n\nTake a backup first:\n\n```sh\nkubectl delete ns test\n```\n",
            "# Clean up\n\n```sh\nkubectl delete ns test\n```\n",
            "# Full\n\n```sh\nrm -rf /srv/x # irreversible!\n```\n",
            "# Full\n\n```sh\nkubectl get pvc\n```\n",
            "# Full\n\n```sql\nDROP TABLE IF EXISTS x;\nselect 'drop table x';\n```\n",
        ] {
            assert_eq!(testing::found(&RULE, text), Vec::<String>::new());
        }
    }
}
