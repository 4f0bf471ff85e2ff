//! A `runbook_url` of an alert that leads to no runbook of the tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Severity;
use crate::lint::core::RuleFile;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::redact::Quote;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "runbook-url-dead",
    severity: Severity::Medium,
    summary: "a `runbook_url` of an alert that leads to no runbook of the tree",
    why: "The alert wakes somebody up and its link shows that the page does not exist.",
    bad: "runbook_url: https://example.test/runbooks/DiskFul",
    good: "runbook_url: https://example.test/runbooks/DiskFull",
    fix: "Write the runbook or mend the address. Only addresses beside others that lead into this tree are claimed.",
    fixable: false,
    scope: Scope::Tree(check),
};

fn check(_: &[Page<'_>], tree: &Tree<'_>) -> Vec<Finding> {
    let urls: Vec<Url> = tree.rule_files().iter().flat_map(Url::all).collect();
    let stems = Stems::of(tree);
    let mut homes: BTreeMap<&str, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for url in &urls {
        let (there, gone) = homes.entry(url.home).or_default();
        if stems.has(url) {
            there.insert(url.name);
        } else {
            *gone += 1;
        }
    }
    // An address is about this tree where several beside it lead here, and most do.
    let ours =
        |url: &&Url<'_>| homes.get(url.home).is_some_and(|(there, gone)| there.len() >= 2 && there.len() > *gone);
    urls.iter().filter(ours).filter(|u| !stems.has(u)).map(Url::finding).collect()
}

/// An address in a rule file.
struct Url<'a> {
    file: &'a RuleFile<'a>,
    line: usize,
    column: usize,
    /// Up to the last `/`.
    home: &'a str,
    /// Between the last `/` and a `#`.
    name: &'a str,
    anchor: Option<&'a str>,
}

impl<'a> Url<'a> {
    fn all(file: &'a RuleFile<'a>) -> Vec<Self> {
        (1..).zip(file.text.lines()).filter_map(|(line, text)| Self::of(file, line, text)).collect()
    }

    fn of(file: &'a RuleFile<'a>, line: usize, text: &'a str) -> Option<Self> {
        let at = text.find("runbook_url")?;
        let value = text[at..].split_once(':')?.1.trim().trim_matches(['"', '\'', ',']);
        let url = value.split_whitespace().next()?.trim_end_matches(['"', '\'']);
        let template = url.contains(['{', '$', '%', '<']);
        let (address, anchor) = url.split_once('#').map_or((url, None), |(a, b)| (a, Some(b)));
        let (home, name) = address.trim_end_matches('/').rsplit_once('/')?;
        let fits = url.starts_with("http") && !template && home.contains("://") && home.len() > 8 && !name.is_empty();
        let column = text[..text.find(url)?].chars().count() + 1;
        fits.then_some(Self { file, line, column, home, name, anchor: anchor.filter(|a| !a.is_empty()) })
    }

    fn finding(&self) -> Finding {
        let what = self
            .anchor
            .map_or_else(|| format!("{:?}", self.name), |a| format!("{:?} with the heading {a:?}", self.name));
        Finding {
            rule: RULE.id,
            severity: RULE.severity,
            file: self.file.path.to_owned(),
            line: self.line,
            column: self.column,
            message: format!(
                "this alert leads to no runbook: there is no {what} in the tree; write it or mend the address"
            ),
            excerpt: Quote::of(self.file.text.lines().nth(self.line - 1).unwrap_or_default().trim()).cut(120),
            edits: Vec::new(),
        }
    }
}

/// The names of the runbooks, in lower case, with their paths.
struct Stems<'t, 'a> {
    paths: BTreeMap<String, Vec<&'t str>>,
    tree: &'t Tree<'a>,
}

impl<'t, 'a> Stems<'t, 'a> {
    fn of(tree: &'t Tree<'a>) -> Self {
        let mut paths: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for path in tree.paths().filter(|p| matches!(p.rsplit('.').next(), Some("md" | "mdx" | "markdown"))) {
            let mut parts = path.rsplit('/');
            let stem = parts.next().and_then(|n| n.split('.').next()).unwrap_or_default();
            // A page that is the index of its folder has the name of the folder.
            let index = matches!(stem.to_ascii_lowercase().as_str(), "index" | "_index" | "readme");
            let name = if index { parts.next().unwrap_or(stem) } else { stem };
            paths.entry(name.to_lowercase()).or_default().push(path);
        }
        Self { paths, tree }
    }

    fn has(&self, url: &Url<'_>) -> bool {
        let stem = url.name.trim_end_matches(".md").trim_end_matches(".html").to_lowercase();
        let Some(paths) = self.paths.get(&stem) else { return false };
        url.anchor.is_none_or(|a| paths.iter().any(|p| !self.tree.lacks_anchor(p, a)))
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    use crate::lint::core::{Input, Page, Scope, Tree};

    fn lines(rules: &str) -> Vec<usize> {
        let pages = ["r/DiskFull.md", "r/NodeDown.md", "r/all.md", "r/Slow/README.md"]
            .map(|path| Page::read(Input { path, text: "# Top\n\n## Cpu High\n" }));
        let tree = Tree::new(&pages, []).with_rule_files([Input { path: "rules.yaml", text: rules }]);
        let Scope::Tree(check) = RULE.scope else { panic!("it needs the tree") };
        check(&pages, &tree).iter().map(|f| f.line).collect()
    }

    #[test]
    fn an_address_beside_others_that_lead_here_must_too() {
        let base = "      runbook_url: https://example.test/runbooks/";
        let rules = format!(
            "- alert: A\n{base}diskfull\n{base}NodeDown.md\n{base}slow/\n{base}DiskFul\n{base}all#cpu-high\n{base}all#gone\n"
        );
        assert_eq!(lines(&rules), [5, 7]);
    }

    #[test]
    fn other_sites_and_templates_are_not_claimed() {
        let rules = "runbook_url: https://example.test/a/DiskFull\nrunbook_url: https://example.test/b/Nothing\nrunbook_url: 'https://example.test/a/{{ $labels.alertname }}'\n";
        assert_eq!(lines(rules), Vec::<usize>::new());
        assert_eq!(testing::found(&RULE, "# X\n"), Vec::<String>::new());
    }
}
