//! For the tests of rules: a rule on a text.

use super::{Input, Page, Rule, Scope, Tree, apply};

/// Lines and messages of what `rule` finds in a file of that name.
pub(in crate::lint) fn found_in(rule: &Rule, path: &str, text: &str) -> Vec<String> {
    let pages = [Page::read(Input { path, text })];
    let tree = Tree::new(&pages, []);
    let found = match rule.scope {
        Scope::Page(check) => check(&pages[0], &tree),
        Scope::Tree(check) => check(&pages, &tree),
        Scope::Given | Scope::Remarks => Vec::new(),
    };
    found.into_iter().map(|f| format!("{}: {}", f.line, f.message)).collect()
}

/// The same in a file without a telling name.
pub(in crate::lint) fn found(rule: &Rule, text: &str) -> Vec<String> {
    found_in(rule, "x.md", text)
}

/// The lines only.
pub(in crate::lint) fn lines(rule: &Rule, text: &str) -> Vec<usize> {
    found(rule, text).iter().filter_map(|f| f.split(':').next()?.parse().ok()).collect()
}

/// The text after the edits of `rule`, which mend all that it found and change nothing more a second time.
pub(in crate::lint) fn mended(rule: &Rule, path: &str, text: &str) -> String {
    let once = mend(rule, path, text);
    assert_eq!(mend(rule, path, &once), once, "a second time changes nothing");
    assert_eq!(found_in(rule, path, &once), Vec::<String>::new(), "after the edits nothing is left");
    once
}

fn mend(rule: &Rule, path: &str, text: &str) -> String {
    let pages = [Page::read(Input { path, text })];
    let tree = Tree::new(&pages, []);
    let Scope::Page(check) = rule.scope else { return text.to_owned() };
    let edits: Vec<_> = check(&pages[0], &tree).into_iter().flat_map(|f| f.edits).collect();
    apply(text, &edits)
}

/// A runbook of ours with this id and these fixes, each indented by two.
pub(in crate::lint) fn runbook(id: &str, fixes: &str) -> String {
    let fixes = if fixes.is_empty() { "fixes: []\n".to_owned() } else { format!("fixes:\n{fixes}") };
    format!(
        "---\nid: {id}\ntitle: Ours\ncategory: OOMKilled\ncause: memory-limit\nseverity: low\nsignals:\n  any: [{{ log: 'out of cheese' }}]\n\
         root_cause: x\n{fixes}prevention: []\n---\n## Meaning\na\n## Impact\nb\n## Diagnosis\nc\n## Mitigation\nd\n"
    )
}
