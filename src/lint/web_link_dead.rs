//! A link into the web that leads nowhere any more, as the caller who asked for it says.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "web-link-dead",
    severity: Severity::Medium,
    summary: "a link into the web that leads nowhere any more",
    why: "Pages of vendors move; whoever follows the link at night finds an error page. Looked for with `--online` only.",
    bad: "See [the manual](https://example.test/gone).",
    good: "See [the manual](https://example.test/manual).",
    fix: "Find the page's new address, or take the link out. Claimed are 404, 410 and names that do not resolve, never an outage.",
    fixable: false,
    scope: Scope::Given,
};

/// The findings for the links of a page of which `why_dead` knows a reason, by their address.
#[must_use]
pub fn web_link_findings<'w>(page: &Page<'_>, why_dead: impl Fn(&str) -> Option<&'w str>) -> Vec<Finding> {
    let links = page.web_links().into_iter();
    let said = |url: &str, why: &str| format!("this links to {url}, and {why}: find its new address or take it out");
    links.filter_map(|link| Some(RULE.on_line(page, link.line, said(&link.url, why_dead(&link.url)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::{RULE, web_link_findings};
    use crate::lint::core::{Input, Page, testing};

    #[test]
    fn only_what_is_known_to_be_dead_is_found() {
        let text = "[a](https://example.test/gone#x) and\n[b](https://example.test/there)\n";
        let page = Page::read(Input { path: "x.md", text });
        let found = web_link_findings(&page, |url| url.ends_with("gone").then_some("the server says 404"));
        assert_eq!((found.len(), found[0].line), (1, 1));
        assert!(found[0].message.starts_with("this links to https://example.test/gone, and the server says 404"));
        assert_eq!(testing::found(&RULE, text), Vec::<String>::new());
    }
}
