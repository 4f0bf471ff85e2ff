//! All rules over a page, or over a tree of pages, less what the pages ask to be ignored.

use std::collections::{BTreeMap, BTreeSet};

use super::core::{Finding, Page, Scope, Tree};
use super::list::RULES;
use super::{ignore_unknown_rule, ignore_unused, ignore_without_reason, rule};

/// What the rules that look at one page find in it, in the order of its lines.
#[must_use]
pub fn lint_page(page: &Page<'_>, tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = on_page(page, tree);
    found.retain(|f| !page.ignores().covers(f));
    found.extend(remarks(page, |id| rule(id).is_some_and(|r| matches!(r.scope, Scope::Page(_)))));
    sorted(found)
}

/// What all rules find in `pages`, with what others `given` (examples that rank wrong, dead links into the web), in the order of files and lines.
#[must_use]
pub fn lint(pages: &[Page<'_>], tree: &Tree<'_>, given: Vec<Finding>) -> Vec<Finding> {
    let by_path: BTreeMap<&str, &Page<'_>> = pages.iter().map(|p| (p.path(), p)).collect();
    let tried_elsewhere: BTreeSet<&str> = given.iter().map(|f| f.rule).collect();
    let mut found: Vec<Finding> = pages.iter().flat_map(|p| on_page(p, tree)).chain(given).collect();
    for rule in RULES {
        if let Scope::Tree(check) = rule.scope {
            found.extend(check(pages, tree));
        }
    }
    found.retain(|f| !by_path.get(f.file.as_str()).is_some_and(|p| p.ignores().covers(f)));
    let tried = |id: &str| {
        rule(id).is_some_and(|r| match r.scope {
            Scope::Page(_) | Scope::Tree(_) => true,
            Scope::Given => tried_elsewhere.contains(id),
            Scope::Remarks => false,
        })
    };
    found.extend(pages.iter().flat_map(|p| remarks(p, tried)));
    sorted(found)
}

fn on_page(page: &Page<'_>, tree: &Tree<'_>) -> Vec<Finding> {
    let checks = RULES.iter().filter_map(|rule| match rule.scope {
        Scope::Page(check) => Some(check),
        _ => None,
    });
    checks.flat_map(|check| check(page, tree)).collect()
}

/// What is wrong with the remarks of a page; to be asked after they were used.
fn remarks(page: &Page<'_>, tried: impl Fn(&str) -> bool) -> Vec<Finding> {
    if page.ignores().remarks.is_empty() {
        return Vec::new();
    }
    let known: Vec<&str> = RULES.iter().map(|r| r.id).collect();
    let mut found = ignore_without_reason::check(page);
    found.extend(ignore_unknown_rule::check(page, &known));
    found.extend(ignore_unused::check(page, tried));
    found
}

fn sorted(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{lint, lint_page};
    use crate::lint::core::{Edit, Input, Page, Tree, apply};
    use crate::lint::list::RULES;

    fn rules(text: &str) -> Vec<(usize, &'static str)> {
        let pages = [Page::read(Input { path: "x.md", text })];
        let tree = Tree::new(&pages, []);
        lint(&pages, &tree, Vec::new()).into_iter().map(|f| (f.line, f.rule)).collect()
    }

    #[test]
    fn a_remark_with_a_reason_ignores_what_follows() {
        let gone = "[x](gone.md)\n";
        assert_eq!(rules(gone), [(1, "link-dead")]);
        assert_eq!(rules(&format!("<!-- idp-lint: ignore link-dead it comes later -->\n\n{gone}")), []);
        let again = format!("<!-- idp-lint: ignore link-dead it comes later -->\n{gone}\n{gone}");
        assert_eq!(rules(&again), [(4, "link-dead")]);
        let whole = format!("<!-- idp-lint: ignore-file link-dead it comes later -->\n{gone}\n{gone}");
        assert_eq!(rules(&whole), []);
        let block = "<!-- idp-lint: ignore destructive-unwarned a lab -->\n\n```sh\nls\nkubectl delete pvc x\n```\n";
        assert_eq!(rules(block), []);
    }

    #[test]
    fn a_remark_that_helps_nobody_is_a_finding() {
        let bare = rules("<!-- idp-lint: ignore link-dead -->\n[x](gone.md)\n");
        assert_eq!(bare, [(1, "ignore-without-reason"), (2, "link-dead")]);
        assert_eq!(rules("<!-- idp-lint: ignore nonsense why not -->\nText.\n"), [(1, "ignore-unknown-rule")]);
        assert_eq!(rules("<!-- idp-lint: ignore link-dead it was there -->\nText.\n"), [(1, "ignore-unused")]);
        assert_eq!(rules("```\n<!-- idp-lint: ignore link-dead x -->\n```\n"), []);
    }

    #[test]
    fn rules_are_sorted_and_named_once() {
        assert!(RULES.windows(2).all(|w| w[0].id < w[1].id));
    }

    #[test]
    fn a_directory_of_rules_is_the_list_of_rules() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint");
        // Only where the sources are at hand.
        let Ok(entries) = std::fs::read_dir(&dir) else { return };
        let names = entries.filter_map(|e| e.ok()?.file_name().into_string().ok());
        let mut ids: Vec<String> = names.filter_map(|n| Some(n.strip_suffix(".rs")?.replace('_', "-"))).collect();
        ids.retain(|id| id != "mod" && id != "list");
        ids.sort();
        assert_eq!(ids, RULES.iter().map(|r| r.id.to_owned()).collect::<Vec<_>>());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn any_text_is_survived_and_edits_settle(
            lines in proptest::collection::vec(
                prop_oneof![
                    "\\PC{0,30}",
                    "(```(sh|console|yaml|sql|)|~~~|---|# [A-Z]|## Impact|TODO|<!-- idp-lint: ignore link-dead x -->)",
                    "(kubectl|helm|rm|terraform|\\$ kubectl) (get|exec|drain|log|-rf /x|destroy|delete pvc) [a-z–“” <>'\"(){}|&;]{0,16}( \\\\ )?",
                    "(apiVersion: (policy/v1beta1|batch/v1beta1)|kind: (CronJob|PodDisruptionBudget)|id: [a-z]|signals: \\{\\}|  any: \\[)",
                    "\\[[a-z]\\]\\((#[A-Za-z]|[a-z./%#]{0,8})\\)( --delete-local-data| --dry-run)?",
                ],
                0..14,
            )
        ) {
            let mut text = lines.join("\n");
            for _ in 0..4 {
                let pages = [Page::read(Input { path: "a/x.md", text: &text })];
                let tree = Tree::new(&pages, ["a/y.md"]).with_known(["y"]);
                let found = lint(&pages, &tree, Vec::new());
                for finding in found.iter().chain(&lint_page(&pages[0], &tree)) {
                    prop_assert!(finding.line >= 1 && finding.column >= 1);
                    for edit in &finding.edits {
                        prop_assert!(text.get(edit.range.start..edit.range.end).is_some());
                    }
                }
                let edits: Vec<Edit> = found.into_iter().flat_map(|f| f.edits).collect();
                text = apply(&text, &edits);
            }
            let pages = [Page::read(Input { path: "a/x.md", text: &text })];
            let edits: Vec<Edit> = lint(&pages, &Tree::new(&pages, ["a/y.md"]), Vec::new()).into_iter().flat_map(|f| f.edits).collect();
            prop_assert_eq!(apply(&text, &edits), text.clone());
        }
    }
}
