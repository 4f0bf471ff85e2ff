//! A subcommand of kubectl, helm or terraform that is spelt wrong.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::data::tools;
use crate::lint::shell::Command;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "command-unknown",
    severity: Severity::Medium,
    summary: "a subcommand of kubectl, helm or terraform that is spelt wrong",
    why: "The command fails when it is needed.",
    bad: "kubectl log web-0",
    good: "kubectl logs web-0",
    fix: "Spell it as the tool does. What may be a plugin is not claimed.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    page.commands().iter().filter_map(|command| unknown(page, command)).collect()
}

fn unknown(page: &Page<'_>, command: &Command) -> Option<Finding> {
    let (known, values): (&[&str], &[&str]) = match command.program() {
        "kubectl" => (tools::KUBECTL, tools::KUBECTL_VALUES),
        "helm" => (tools::HELM, tools::HELM_VALUES),
        "terraform" => (tools::TERRAFORM, &[]),
        _ => return None,
    };
    let operands = command.operands(values);
    let word = operands.first()?;
    let plain =
        word.text.len() >= 3 && word.text == word.raw && word.text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    // A sentence that begins with the name of the tool is no command.
    if !plain
        || operands.len() < 2 && command.words.len() < 3
        || known.contains(&word.text.as_str())
        || tools::PLUGINS.contains(&word.text.as_str())
    {
        return None;
    }
    let meant = known.iter().find(|k| is_slip(&word.text, k))?;
    let message = format!("{} has no subcommand {:?}: {meant:?} is meant, it seems", command.program(), word.text);
    Some(match &word.range {
        Some(range) => RULE.at(page, range.start, message),
        None => RULE.on_line(page, word.line, message),
    })
}

/// One letter more, less or other, or two that changed places; in short words only one that is missing.
fn is_slip(word: &str, known: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), known.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&a[same..], &b[same..]);
    let missing = rb.len() == ra.len() + 1 && rb[1..] == *ra;
    let more = ra.len() == rb.len() + 1 && ra[1..] == *rb;
    let other = ra.len() == rb.len() && ra.get(1..) == rb.get(1..);
    let swapped = ra.len() == rb.len() && ra.len() >= 2 && (ra[0], ra[1]) == (rb[1], rb[0]) && ra[2..] == rb[2..];
    missing || (known.len() >= 5 && (more || other || swapped))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn slips_are_found() {
        let text =
            "```sh\nkubectl log web-0\nkubectl -n x desribe pod y\nhelm upgarde a b\nterraform inport a b\n```\n";
        assert_eq!(testing::lines(&RULE, text), [2, 3, 4, 5]);
    }

    #[test]
    fn plugins_and_sentences_are_not() {
        let text = "```sh\nkubectl cnpg status x\nkubectl frobnicate x\nkubectl get pods\nkubectl is a tool\nkubectl <verb> x\nhelm diff upgrade a b\n```\n";
        assert_eq!(testing::found(&RULE, text), Vec::<String>::new());
    }
}
