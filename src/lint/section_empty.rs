//! A section for the person on call that has nothing in it.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::outline::Section;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "section-empty",
    severity: Severity::Low,
    summary: "a section for the person on call that has nothing in it",
    why: "A heading such as Mitigation promises help; an empty one costs the time to find that there is none.",
    bad: "## Mitigation\n\nTODO",
    good: "## Mitigation\n\n1. Restart the proxy.",
    fix: "Write the section or take the heading out.",
    fixable: false,
    scope: Scope::Page(check),
};

/// Headings under which a person on call expects something, in lower case.
const EXPECTED: &[&str] = &[
    "meaning",
    "impact",
    "diagnosis",
    "mitigation",
    "remediation",
    "resolution",
    "troubleshooting",
    "how to fix",
    "fix",
    "solution",
    "steps",
    "procedure",
    "runbook",
    "action",
    "actions",
    "recovery",
    "possible causes",
    "causes",
    "symptoms",
    "verification",
    "escalation",
    "summary",
    "overview",
    "description",
    "severity",
    "debugging",
    "investigation",
    "what to do",
    "workaround",
];

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let sections = page.outline.sections.iter().enumerate();
    sections.filter_map(|(at, section)| empty(page, at, section)).collect()
}

fn empty(page: &Page<'_>, at: usize, section: &Section) -> Option<Finding> {
    let heading = page.outline.headings.get(section.heading?)?;
    let name = heading.text.trim().trim_end_matches(':').to_lowercase();
    if !EXPECTED.contains(&name.as_str()) || !section.code.is_empty() {
        return None;
    }
    let below = page.outline.sections.get(at + 1).and_then(|s| page.outline.headings.get(s.heading?));
    if below.is_some_and(|b| b.level > heading.level) {
        return None;
    }
    let rest = body(page.text().get(section.bytes.clone())?);
    let message = if rest.is_empty() {
        format!("the section {:?} is empty: write it or take the heading out", heading.text)
    } else if is_stub(&rest) {
        format!("the section {:?} says only {rest:?}: write it or take the heading out", heading.text)
    } else {
        return None;
    };
    Some(RULE.on_line(page, heading.line, message))
}

/// What stands below the heading, without comments.
fn body(section: &str) -> String {
    let mut lines = section.lines();
    let first = lines.next().unwrap_or_default();
    // The heading may be underlined, or wrapped in HTML: then nothing is known.
    if !first.trim_start().starts_with('#') {
        return first.to_owned();
    }
    let mut text = lines.collect::<Vec<_>>().join("\n");
    while let Some((before, rest)) = text.split_once("<!--") {
        let after = rest.split_once("-->").map_or("", |(_, after)| after);
        text = format!("{before}{after}");
    }
    text.trim().trim_matches(['-', '*', '_', '.', '\n', ' ']).to_owned()
}

fn is_stub(text: &str) -> bool {
    let plain = text.to_lowercase();
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    [
        "todo",
        "tbd",
        "tba",
        "wip",
        "fixme",
        "to be done",
        "to be written",
        "to be added",
        "to be determined",
        "coming soon",
    ]
    .contains(&plain)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn empty_sections_are_found() {
        let text = "# X\n\n## Meaning\n\n## Impact\n\nTODO\n\n## Mitigation\n\n### Step\n\nDo.\n\n## Diagnosis\n<!-- later -->\n";
        assert_eq!(testing::lines(&RULE, text), [3, 5, 15]);
    }

    #[test]
    fn other_headings_and_full_sections_are_fine() {
        let text = "# X\n\n## Links\n\n## Impact\n\nNone.\n\n## Mitigation\n\n```sh\nls\n```\n\n## Diagnosis\n\n![plan](x.png)\n";
        assert_eq!(testing::found(&RULE, text), Vec::<String>::new());
    }
}
