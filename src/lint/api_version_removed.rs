//! A manifest in an API version that Kubernetes no longer serves.

use crate::finding::Severity;
use crate::lint::core::{Block, CodeLine, Edit};
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::api;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "api-version-removed",
    severity: Severity::High,
    summary: "a manifest in an API version that Kubernetes no longer serves",
    why: "The API server refuses it: no matches for kind.",
    bad: "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget",
    good: "apiVersion: policy/v1\nkind: PodDisruptionBudget",
    fix: "Use the version that the message names. `--fix` does where nothing else changes.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    page.blocks.iter().flat_map(|block| objects(page, block)).collect()
}

fn objects(page: &Page<'_>, block: &Block) -> Vec<Finding> {
    let versions = block.lines.iter().enumerate().filter_map(|(at, l)| Some((at, value(&l.text, "apiVersion")?)));
    versions
        .filter_map(|(at, (indent, version))| {
            let kind = kind_beside(&block.lines, at, indent)?;
            let gone = api::lookup(version, kind)?;
            Some(found(page, block, at, gone, version, kind))
        })
        .collect()
}

fn found(page: &Page<'_>, block: &Block, at: usize, gone: &api::Gone, version: &str, kind: &str) -> Finding {
    let line = &block.lines[at];
    let use_now =
        if gone.now.is_empty() { "it has no successor of that kind".to_owned() } else { format!("use {}", gone.now) };
    let message = format!("{kind} in {version} is not served since Kubernetes {}: {use_now}", gone.since);
    let finding = RULE.on_line(page, line.number, message);
    let selects_all =
        kind == "PodDisruptionBudget" && block.lines.iter().any(|l| l.text.trim_end().ends_with("selector: {}"));
    match (line.at, line.text.find(version)) {
        (Some(start), Some(offset)) if gone.alike && !selects_all => {
            let from = start + offset;
            finding.mended_by(Edit::new(from..from + version.len(), gone.now))
        }
        _ => finding,
    }
}

/// The value of `key` on a line, and how far the key is indented; a dash before it counts as a blank.
fn value<'t>(line: &'t str, key: &str) -> Option<(usize, &'t str)> {
    let bare = line.trim_start_matches([' ', '-', '\t', '+']);
    let rest = bare.strip_prefix(key)?.strip_prefix(':')?;
    let value = rest.split('#').next()?.trim().trim_matches(['"', '\'']);
    (!value.is_empty()).then_some((line.len() - bare.len(), value))
}

/// The kind of the object whose version stands on line `at`: the key beside it, before the object ends.
fn kind_beside(lines: &[CodeLine], at: usize, indent: usize) -> Option<&str> {
    let beside = |l: &CodeLine| l.text.trim().is_empty() || l.text.len() - l.text.trim_start().len() >= indent;
    let of = |l: &CodeLine| value(&l.text, "kind").is_some_and(|(i, _)| i == indent);
    let ends =
        |l: &CodeLine| l.text.trim_end() == "---" || value(&l.text, "apiVersion").is_some_and(|(i, _)| i == indent);
    let after = lines[at + 1..].iter().take_while(|l| beside(l) && !ends(l)).find(|l| of(l));
    let before = || lines[..at].iter().rev().take_while(|l| !ends(l)).take(40).find(|l| of(l));
    let line = after.or_else(before)?;
    value(&line.text, "kind").map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn what_is_not_served_is_found_and_mended() {
        let text = "```yaml\napiVersion: rbac.authorization.k8s.io/v1beta1\nkind: Role\n---\nkind: PodDisruptionBudget\napiVersion: \"policy/v1beta1\"\n```\n";
        assert_eq!(testing::mended(&RULE, "x.md", text), text.replace("v1beta1", "v1"));
    }

    #[test]
    fn what_changed_more_is_left_to_a_person() {
        let text = "```sh\ncat <<EOF | kubectl apply -f -\napiVersion: extensions/v1beta1\nkind: Ingress\nEOF\n```\n";
        assert_eq!(testing::lines(&RULE, text), [3]);
        let text =
            "```yaml\nitems:\n- apiVersion: autoscaling/v2beta1\n  spec: {}\n  kind: HorizontalPodAutoscaler\n```\n";
        assert_eq!(testing::lines(&RULE, text), [3]);
    }

    #[test]
    fn what_is_served_is_fine() {
        for text in [
            "apiVersion: apps/v1\nkind: Deployment\n",
            "apiVersion: policy/v1beta1\nspec:\n  kind: PodDisruptionBudget\n",
            "apiVersion: example.test/v1beta1\nkind: Ingress\n",
        ] {
            assert_eq!(testing::found(&RULE, &format!("```yaml\n{text}```\n")), Vec::<String>::new());
        }
    }
}
