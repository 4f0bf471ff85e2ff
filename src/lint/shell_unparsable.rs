//! A shell block that no shell reads.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "shell-unparsable",
    severity: Severity::Medium,
    summary: "a shell block that no shell reads",
    why: "Pasted into a terminal it hangs at a prompt or does half of its work.",
    bad: "```sh\nkubectl get pods -l 'app=web\n```",
    good: "```sh\nkubectl get pods -l 'app=web'\n```",
    fix: "Close what is open. A block that shows no shell should not be tagged as one.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let shells = page.scripts().iter().filter(|(at, _)| page.blocks.get(*at).is_some_and(|b| b.is_shell() && b.closed));
    let faults = shells.filter_map(|(_, script)| script.fault());
    faults
        .map(|f| {
            let message = format!("no shell reads this: {}", f.what);
            f.at.map_or_else(|| RULE.on_line(page, f.line, message.clone()), |at| RULE.at(page, at, message.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn what_hangs_is_found() {
        assert_eq!(testing::lines(&RULE, "```sh\nls\necho 'a\n```\n"), [3]);
        assert_eq!(testing::lines(&RULE, "```console\n$ kubectl get pods |\n```\n"), [2]);
    }

    #[test]
    fn what_runbooks_have_is_fine() {
        for code in [
            "kubectl -n <namespace> get pods\n...\nkubectl logs {{ pod }}",
            "$ kubectl get pods\nNAME   it's ready (1)\n$ df",
            "cat <<EOF | kubectl apply -f -\nit's: [\nEOF",
            "psql\nselect (1;",
        ] {
            assert_eq!(testing::found(&RULE, &format!("```bash\n{code}\n```\n")), Vec::<String>::new(), "{code}");
        }
        assert_eq!(testing::found(&RULE, "```\necho 'a\n```\n"), Vec::<String>::new());
    }
}
