//! A command behind `kubectl exec POD` without `--` before it.

use crate::finding::Severity;
use crate::lint::core::Edit;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::tools;
use crate::lint::shell::Command;

/// The rule. The form was removed with <https://github.com/kubernetes/kubernetes/pull/125437>.
pub(super) const RULE: Rule = Rule {
    id: "exec-without-separator",
    severity: Severity::Medium,
    summary: "a command behind `kubectl exec POD` without `--` before it",
    why: "kubectl takes flags of the inner command for its own; the form is deprecated since Kubernetes 1.18 and newer releases refuse it.",
    bad: "kubectl exec web-0 ls -l",
    good: "kubectl exec web-0 -- ls -l",
    fix: "Put `--` before the inner command. `--fix` does where the inner command has no flags.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let execs = page.commands().iter().filter(|c| matches!(c.program(), "kubectl" | "k"));
    execs.filter_map(|command| without(page, command)).collect()
}

fn without(page: &Page<'_>, command: &Command) -> Option<Finding> {
    let operands = command.operands(tools::KUBECTL_VALUES);
    let bare = command.words.iter().all(|w| w.text != "--");
    let [verb, _, inner, ..] = operands[..] else { return None };
    let program = inner.text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'_'));
    if verb.text != "exec" || !bare || !program || inner.text.starts_with('.') {
        return None;
    }
    let message = format!("without `--` before {:?} newer releases of kubectl refuse this: put it there", inner.text);
    let finding = RULE.on_line(page, inner.line, message);
    let behind = command.words.iter().skip_while(|w| *w != inner);
    let flags = behind.skip(1).any(|w| w.text.starts_with('-'));
    Some(match &inner.range {
        Some(range) if !flags => finding.mended_by(Edit::new(range.start..range.start, "-- ")),
        _ => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn the_separator_is_put_in() {
        let text = "```sh\nkubectl exec -it web-0 -c app -n x bash\n```\n";
        assert_eq!(testing::mended(&RULE, "x.md", text), "```sh\nkubectl exec -it web-0 -c app -n x -- bash\n```\n");
        assert_eq!(testing::lines(&RULE, "```sh\nkubectl exec web-0 ls -l\n```\n"), [2]);
    }

    #[test]
    fn what_has_one_or_needs_none_is_fine() {
        for code in [
            "kubectl exec web-0 -- ls -l",
            "kubectl exec -it web-0",
            "kubectl exec -it deploy/web ...",
            "docker exec web ls",
            "kubectl get exec a b",
        ] {
            assert_eq!(testing::found(&RULE, &format!("```sh\n{code}\n```\n")), Vec::<String>::new(), "{code}");
        }
    }
}
