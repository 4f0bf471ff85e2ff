//! A link by label where nothing defines the label.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::outline::LinkKind;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "reference-undefined",
    severity: Severity::Low,
    summary: "a link by label where nothing defines the label",
    why: "The page shows the brackets, and there is nothing to follow.",
    bad: "See [the plan][plan].",
    good: "See [the plan][plan].\n\n[plan]: plan.md",
    fix: "Add the definition, or write the address in the link.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    if page.includes_others() {
        return Vec::new();
    }
    let links = page.outline.links.iter().filter(|l| l.kind == LinkKind::Undefined && is_label(&l.target));
    let meant = links.filter(|l| !begins_with_tags(page.line(l.line), &l.target));
    meant
        .map(|l| RULE.on_line(page, l.line, format!("nothing defines the label {:?}: add its definition", l.target)))
        .collect()
}

/// `a[0][1]` is an index, `[x][crate::y]` a name of Rust, `[$x][{y}]` a template.
fn is_label(label: &str) -> bool {
    let word = label.len() > 2 && label.contains(char::is_alphabetic);
    word && !label.contains("::") && !label.contains(['$', '{', '<', '"', '\'', '`'])
}

/// Whether the line begins with tags of one word, as lines of change logs do: `- [linux][arm64] …`.
fn begins_with_tags(whole: &str, label: &str) -> bool {
    let text = whole.trim_start_matches([' ', '-', '*', '+', '>']).strip_prefix('[');
    let Some((first, rest)) = text.and_then(|t| t.split_once(']')) else { return false };
    !first.contains(' ') && rest.strip_prefix('[').is_some_and(|r| r.starts_with(label))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn a_label_needs_a_definition() {
        assert_eq!(
            testing::lines(
                &RULE,
                "See [the plan][plan] and [it][there], a[0][1], [y][a::b].\n- [linux][arm64] x\n\n[there]: x.md\n"
            ),
            [1]
        );
    }
}
