//! A front matter that no reader of YAML takes.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::head;
use crate::runbook::outline::Dialect;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "front-matter-unreadable",
    severity: Severity::High,
    summary: "a front matter that is never closed or is no YAML",
    why: "Site generators and `idp` leave such a file out or take its head for text, so that nobody finds the runbook.",
    bad: "---\ntitle: Disk: full\n---\n# Disk full",
    good: "---\ntitle: 'Disk: full'\n---\n# Disk full",
    fix: "Close the block with a line of `---`, and quote values that hold `: `, `#` or begin with a sign.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    match &page.outline.front_matter {
        Some(matter) if matter.dialect == Dialect::Yaml => unreadable(page, &matter.text, matter.line),
        Some(_) => Vec::new(),
        None => never_closed(page),
    }
}

fn unreadable(page: &Page<'_>, yaml: &str, first: usize) -> Vec<Finding> {
    // What a generator fills in is no YAML before it does.
    if yaml.contains("{{") || yaml.contains("{%") {
        return Vec::new();
    }
    let options = serde_saphyr::options! { with_snippet: false };
    let read: Result<serde_json::Value, _> = serde_saphyr::from_str_with_options(yaml, options);
    let Err(error) = read else { return Vec::new() };
    let line = error.location().map_or(0, |at| usize::try_from(at.line()).unwrap_or(0).saturating_sub(1));
    let what = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    vec![RULE.on_line(page, first + line, format!("the front matter is no YAML: {what}; mend this line"))]
}

fn never_closed(page: &Page<'_>) -> Vec<Finding> {
    let key = page
        .line(2)
        .split_once(':')
        .is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    match head::split(page.text()) {
        Err(error) if key => {
            vec![RULE.on_line(page, error.line, format!("{}; close it with a line of ---", error.what))]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{found, lines};

    #[test]
    fn broken_yaml_is_found_where_it_breaks() {
        assert_eq!(lines(&RULE, "---\ntitle: a\nx: [1, 2\n---\n# A\n").len(), 1);
        assert!(found(&RULE, "---\nid: x\n# A\n")[0].contains("never closed"));
    }

    #[test]
    fn any_yaml_is_fine() {
        for text in [
            "---\ntitle: a\nlist: [a]\n---\n",
            "---\n\n# A rule above a heading\n",
            "+++\nx = {\n+++\n",
            "---\ntitle: {{ x }}\n---\n",
        ] {
            assert_eq!(found(&RULE, text), Vec::<String>::new());
        }
    }
}
