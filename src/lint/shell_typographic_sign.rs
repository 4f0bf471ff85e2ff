//! A typographic quote, dash or hard blank in a command.

use crate::finding::Severity;
use crate::lint::core::Edit;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::lint::shell::{Argument, Command, is_command};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "shell-typographic-sign",
    severity: Severity::Medium,
    summary: "a typographic quote, dash or hard blank in a command",
    why: "Word processors make them; a shell takes them for letters, so that the flag or the quoting is not there.",
    bad: "kubectl get pods –namespace “shop”",
    good: "kubectl get pods --namespace \"shop\"",
    fix: "Type the sign again. `--fix` does.",
    fixable: true,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let known = page.commands().iter().filter(|c| is_command(c.program().split('\u{a0}').next().unwrap_or_default()));
    known.filter_map(|command| typographic(page, command)).collect()
}

fn typographic(page: &Page<'_>, command: &Command) -> Option<Finding> {
    let balanced = is_balanced(command);
    let odd: Vec<(&Argument, String)> =
        command.words.iter().filter_map(|w| Some((w, typed(&w.raw, balanced)?))).collect();
    let (first, _) = odd.first()?;
    let message = format!("{:?} has a typographic sign that a shell takes for a letter: type it again", first.raw);
    let mut finding = RULE.on_line(page, first.line, message);
    for (word, plain) in odd {
        if let Some(range) = word.range.clone().filter(|_| plain != word.raw) {
            finding = finding.mended_by(Edit::new(range, plain));
        }
    }
    Some(finding)
}

/// A word as it was meant; `None` where it has no such sign. Inside quotes of the shell and in placeholders every sign is data.
fn typed(raw: &str, balanced: bool) -> Option<String> {
    if raw.contains(['"', '\'', '<', '`', '#']) {
        return None;
    }
    let mut chars = raw.chars();
    let dash = matches!(chars.next(), Some('–' | '—')) && chars.next().is_some_and(|c| c.is_ascii_alphabetic());
    let long = raw.chars().skip(1).take_while(char::is_ascii_alphanumeric).count() > 1;
    let quoted = opens(raw) || closes(raw);
    if !dash && !quoted && !raw.contains('\u{a0}') {
        return None;
    }
    let plain = if dash {
        format!("{}{}", if long { "--" } else { "-" }, raw.chars().skip(1).collect::<String>())
    } else {
        raw.to_owned()
    };
    let plain = plain.replace('\u{a0}', " ");
    Some(if balanced { plain.replace(['“', '”'], "\"").replace(['‘', '’'], "'") } else { plain })
}

/// A quote where a word or a value begins.
fn opens(raw: &str) -> bool {
    let mut before = None;
    raw.chars().any(|c| {
        let starts = matches!(c, '“' | '‘' | '”') && matches!(before, None | Some('=' | ':' | '{' | '(' | ','));
        before = Some(c);
        starts
    })
}

fn closes(raw: &str) -> bool {
    raw.ends_with('”')
}

/// Whether the quotes come in pairs, so that plain ones in their place close.
fn is_balanced(command: &Command) -> bool {
    let text = command.words.iter().map(|w| w.raw.as_str()).collect::<String>();
    let count = |signs: [char; 2]| text.matches(signs).count();
    count(['“', '”']).is_multiple_of(2) && count(['‘', '’']).is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn signs_are_typed_again() {
        let text = "```sh\nkubectl get pods –namespace shop -l app=“web a” –o wide\nls\u{a0}-a\n```\n";
        let typed = "```sh\nkubectl get pods --namespace shop -l app=\"web a\" -o wide\nls -a\n```\n";
        assert_eq!(testing::mended(&RULE, "x.md", text), typed);
    }

    #[test]
    fn data_is_left_alone() {
        for code in ["echo \"it’s – fine\"", "echo don’t", "kubectl get <the pod’s name>", "df – h", "# “x”"]
        {
            assert_eq!(testing::found(&RULE, &format!("```sh\n{code}\n```\n")), Vec::<String>::new(), "{code}");
        }
    }
}
