//! Which fixes of a runbook are offered, and as which commands.

use crate::command::{Command, Risk};
use crate::runbook::head::{Fix as Template, Head};
use crate::runbook::{fill_command, fill_sentence, holds};

use super::Fix;
use super::values::Values;

/// The fixes of a runbook that fit what is known.
pub(super) fn fixes(head: &Head, values: &Values, notes: &mut Vec<String>) -> Vec<Fix> {
    let lookup = |name: &str| values.get(name);
    let mut found = Vec::new();
    for fix in head.fixes.iter().filter(|fix| fits(fix, values)) {
        match Command::parse(&fill_command(&fix.run, &lookup)) {
            Ok(command) => {
                let stated = fix.risk.as_deref().and_then(Risk::from_word).unwrap_or(Risk::Low);
                let other = |template: &Option<String>| template.as_ref().map(|t| fill_command(t, &lookup));
                found.push(Fix {
                    risk: command.risk().max(stated),
                    why: fill_sentence(&fix.why, &lookup),
                    verify: other(&fix.verify),
                    undo: other(&fix.undo),
                    command,
                });
            }
            Err(error) => notes.push(format!("a fix of runbook {} is left out: {error}", head.id)),
        }
    }
    found
}

/// Whether a fix can help in this very case.
fn fits(fix: &Template, values: &Values) -> bool {
    let known = |condition: &String| holds(condition, &|name| values.get(name));
    fix.when.iter().all(known) && !fix.unless.iter().any(known) && suits_owner(&fix.run, values)
}

/// Whether a command can be run on what owns the pods.
fn suits_owner(run: &str, values: &Values) -> bool {
    if run.contains("{{cronjob}}") && values.is_given("job") && !values.has("cronjob") {
        return false;
    }
    if !run.contains("{{workload}}") {
        return true;
    }
    let Some(workload) = values.get("workload") else {
        // The template of a Job cannot be changed, and it has no revisions.
        return !values.has("job") && !values.has("cronjob");
    };
    // One pod runs on each node, however many are asked for.
    let scales = run.contains(" scale ") && workload.starts_with("daemonset/");
    let first = run.contains("rollout undo") && values.get("revision") == Some("1");
    !scales && !first
}

#[cfg(test)]
mod tests {
    use super::fixes;
    use crate::diagnosis::values::Values;
    use crate::runbook::head::{Fix, Head, parse};

    const HEAD: &str = "id: x\ntitle: X\ncategory: Unknown\nseverity: low\nroot_cause: x\nfixes: []\nprevention: []\n";

    fn offered(run: &str, given: &[(&str, &str)], read: &[(&str, &str)]) -> Vec<String> {
        let fix = Fix {
            run: run.to_owned(),
            why: String::new(),
            risk: None,
            verify: None,
            undo: None,
            when: Vec::new(),
            unless: Vec::new(),
        };
        of(fix, &Values::testing(given, read))
    }

    fn of(fix: Fix, values: &Values) -> Vec<String> {
        let head = Head { fixes: vec![fix], ..parse("x", HEAD).expect("a head") };
        fixes(&head, values, &mut Vec::new()).iter().map(|f| f.command.to_string()).collect()
    }

    #[test]
    fn commands_name_the_kind_that_owns_the_pods() {
        let undo = "kubectl rollout undo {{workload}}";
        assert_eq!(offered(undo, &[("statefulset", "db")], &[]), ["kubectl rollout undo statefulset/db"]);
        assert_eq!(offered(undo, &[], &[("deployment", "web")]), ["kubectl rollout undo deployment/web"]);
        assert_eq!(offered(undo, &[], &[]), ["kubectl rollout undo deployment/<deployment>"]);
    }

    #[test]
    fn nothing_is_rolled_back_or_scaled_that_cannot_be() {
        let undo = "kubectl rollout undo {{workload}}";
        assert!(offered(undo, &[("job", "nightly")], &[]).is_empty());
        assert!(offered(undo, &[("deployment", "web"), ("revision", "1")], &[]).is_empty());
        assert_eq!(offered(undo, &[("deployment", "web"), ("revision", "2")], &[]).len(), 1);
        assert!(offered("kubectl scale {{workload}} --replicas=0", &[("daemonset", "agent")], &[]).is_empty());
        let from = "kubectl create job again --from=cronjob/{{cronjob}}";
        assert!(offered(from, &[("job", "nightly")], &[]).is_empty());
        assert_eq!(offered(from, &[("job", "n-1"), ("cronjob", "n")], &[]).len(), 1);
        assert_eq!(offered(from, &[], &[("job", "n-1")]), ["kubectl create job again --from=cronjob/<cronjob>"]);
    }

    #[test]
    fn a_fix_may_want_a_value_or_its_absence() {
        let head = HEAD.replace("fixes: []", "fixes: [{run: ls, why: x, when: [a], unless: [b]}]");
        let fix = parse("x", &head).expect("a head").fixes.remove(0);
        let count = |values: &[(&str, &str)]| of(fix.clone(), &Values::testing(values, &[])).len();
        assert_eq!((count(&[("a", "1")]), count(&[]), count(&[("a", "1"), ("b", "2")])), (1, 0, 0));
    }
}
