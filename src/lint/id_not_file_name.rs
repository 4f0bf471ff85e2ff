//! An id that is not the name of its file.

use crate::finding::Severity;
use crate::lint::core::{Edit, Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "id-not-file-name",
    severity: Severity::High,
    summary: "an id that is not the name of its file",
    why: "Links, `explains` and the reports name a runbook by its id; a reader looks for the file of that name.",
    bad: "disk-full.md: id: disk-is-full",
    good: "disk-full.md: id: disk-full",
    fix: "Rename the file or the id. `--fix` takes the name of the file.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let (Some(id), Some(matter)) = (page.own_id(), &page.outline.front_matter) else { return Vec::new() };
    if id == page.stem() {
        return Vec::new();
    }
    let line = page.line_of_key("id:");
    let message = format!("the id {id:?} is not the name of the file: rename one of them ({:?})", page.stem());
    let finding = RULE.on_line(page, line, message);
    let at = page.start_of(line) + page.line(line).find(&id).unwrap_or(0);
    let fits = page.text().get(at..at + id.len()) == Some(id.as_str()) && line >= matter.line;
    let kebab = page.stem().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    vec![if fits && kebab { finding.mended_by(Edit::new(at..at + id.len(), page.stem())) } else { finding }]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn the_name_of_the_file_wins() {
        let text = runbook("old-name", "");
        assert_eq!(testing::mended(&RULE, "a/new-name.md", &text), runbook("new-name", ""));
        assert_eq!(testing::found_in(&RULE, "old-name.md", &text), Vec::<String>::new());
    }
}
