//! The page of all rules, made from the rules themselves so that it cannot drift.

use std::fmt::Write as _;

use crate::lint::list::RULES;

use super::Rule;
use super::rule::level;

const TOP: &str = "# The rules of `idp runbook lint`

<!-- Generated from the rules themselves: `IDP_UPDATE=1 cargo test generated`. -->

Each rule names a fault. To have one ignored, say why, on the line before
it or before its code block:

    <!-- idp-lint: ignore RULE reason in your own words -->

or, near the top of the file, for the whole file:

    <!-- idp-lint: ignore-file RULE reason in your own words -->

";

/// All rules as a Markdown page: a table, then a section per rule whose anchor is its id.
#[must_use]
pub fn documentation() -> String {
    let mut page = String::from(TOP);
    page.push_str("| rule | level | `--fix` | what it finds |\n|---|---|---|---|\n");
    for rule in RULES {
        let fix = if rule.fixable { "yes" } else { "" };
        let _ = writeln!(page, "| [{0}](#{0}) | {1} | {fix} | {2} |", rule.id, level(rule.severity), rule.summary);
    }
    for rule in RULES {
        section(&mut page, rule);
    }
    page
}

fn section(page: &mut String, rule: &Rule) {
    let _ = write!(page, "\n## {}\n\n{}", rule.id, sentence(rule.summary));
    let _ = write!(page, " Level: {}; looks at {}.\n\n{}\n\n", level(rule.severity), rule.scope.word(), rule.why);
    let _ = write!(page, "Found:\n\n{}\n", indented(rule.bad));
    let _ = write!(page, "Fine:\n\n{}\n", indented(rule.good));
    let _ = writeln!(page, "{}", rule.fix);
}

fn sentence(summary: &str) -> String {
    let mut chars = summary.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// Four blanks make a code block whatever fences are inside.
fn indented(example: &str) -> String {
    example.lines().map(|l| if l.is_empty() { "\n".to_owned() } else { format!("    {l}\n") }).collect()
}

#[cfg(test)]
mod tests {
    use super::documentation;
    use crate::lint::core::testing::found;
    use crate::lint::list::RULES;
    use crate::runbook::outline::Outline;

    #[test]
    fn every_rule_has_its_anchor() {
        let outline = Outline::of(&documentation());
        for rule in RULES {
            assert!(outline.has_anchor(rule.id), "{}", rule.id);
        }
        assert_eq!(outline.headings.len(), RULES.len() + 1);
    }

    /// What the page shows as a command or a manifest is found by the rule that shows it, and by no rule where it is fine.
    #[test]
    fn examples_are_found_and_their_counterparts_are_not() {
        let page = |text: &str| format!("# Example\n\n```sh\n{text}\n```\n");
        let shown =
            ["api-version-removed", "command-", "flag-", "exec-without", "shell-continuation", "shell-typographic"];
        for rule in RULES.iter().filter(|r| shown.iter().any(|s| r.id.starts_with(s))) {
            assert_ne!(found(rule, &page(rule.bad)), Vec::<String>::new(), "{}", rule.id);
            for other in RULES {
                assert_eq!(found(other, &page(rule.good)), Vec::<String>::new(), "{} of {}", other.id, rule.id);
            }
        }
    }

    #[test]
    fn every_rule_says_everything() {
        for rule in RULES {
            for text in [rule.summary, rule.why, rule.bad, rule.good, rule.fix] {
                assert!(!text.trim().is_empty(), "{}", rule.id);
            }
            assert!(!rule.summary.ends_with('.'), "{}", rule.id);
        }
    }
}
