//! A new runbook as text: a head that the engine takes, the four sections with what is known, examples that are its tests.

use std::fmt::Write as _;

use super::head::Severity;

/// What is known of a runbook that is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Category of the taxonomy.
    pub category: String,
    /// How bad it is.
    pub severity: Severity,
    /// Log expressions, one of which is enough.
    pub signals: Vec<String>,
    /// Names of captures that the cause is to quote.
    pub captures: Vec<String>,
    /// Ids of runbooks that fire on the same log and are symptoms of this one.
    pub explains: Vec<String>,
    /// Lines on which it must rank first, each an example.
    pub lines: Vec<String>,
    /// A line on which it must not fire.
    pub healthy: String,
}

impl Draft {
    /// The file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.head();
        let title = self.title.trim_end_matches('.');
        let _ = write!(
            text,
            "## Meaning\n\n{title}.\n\n<!-- How does it come about, and how is it told from its neighbours? -->\n\n\
             ## Impact\n\nWhat depends on it does not work while it lasts.\n\n<!-- Who notices? What gets worse? -->\n\n\
             ## Diagnosis\n\n1. Read the lines around the failure:\n\n   ```shell\n   kubectl -n NAMESPACE logs POD --previous\n   ```\n\n\
             2. See what changed shortly before.\n\n<!-- What does each answer mean? -->\n\n\
             ## Mitigation\n\n1. Take back the change that came before it, if there was one.\n\n\
             <!-- What repaired it the last time? The safest first; stop-gap and lasting repair told apart. -->\n\n## Examples\n"
        );
        for line in &self.lines {
            let _ = write!(text, "\n```log match\n{line}\n```\n");
        }
        let _ = write!(text, "\n```log no-match\n{}\n```\n", self.healthy);
        text
    }

    fn head(&self) -> String {
        let signals: Vec<String> = self.signals.iter().map(|s| format!("    - log: {}\n", quoted(s))).collect();
        let explains = if self.explains.is_empty() {
            String::new()
        } else {
            format!("explains: [{}]\n", self.explains.join(", "))
        };
        let known: Vec<String> = self.captures.iter().map(|name| format!("[[ ({name} {{{{{name}}}}})]]")).collect();
        let cause = format!(
            "{}{}.",
            self.title.trim_end_matches('.').replace("{{", "{ {").replace("[[", "[ ["),
            known.concat()
        );
        format!(
            "---\nid: {}\ntitle: {}\ncategory: {}\nseverity: {}\nsignals:\n  any:\n{}{explains}root_cause: {}\nfixes:\n  \
             - run: kubectl -n {{{{namespace}}}} logs {{{{pod}}}} --previous\n    why: Shows what the container said before it failed.\n\
             prevention:\n  - Alert on the first such line, so that somebody looks before users notice.\n---\n\n",
            self.id,
            quoted(&self.title),
            self.category,
            self.severity.word().to_lowercase(),
            signals.concat(),
            quoted(&cause),
        )
    }
}

/// A text as YAML takes it whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::Draft;
    use crate::runbook::Catalogue;
    use crate::runbook::head::{Severity, examples, split};

    fn draft() -> Draft {
        Draft {
            id: "gateway-refused".into(),
            title: "It's the gateway: {{it}} [[refuses]] #1".into(),
            category: "ApplicationError".into(),
            severity: Severity::High,
            signals: vec!["gateway '(?<host>\\S+)' refused".into()],
            captures: vec!["host".into()],
            explains: vec!["connection-refused".into()],
            lines: vec!["ERROR gateway 'pay' refused".into()],
            healthy: "INFO all is well".into(),
        }
    }

    #[test]
    fn a_draft_is_a_runbook_whatever_its_title_is() {
        let text = draft().text();
        let mut catalogue = Catalogue::default();
        catalogue.add("gateway-refused.md", "gateway-refused", text.clone()).expect("a head");
        let head = catalogue.get("gateway-refused").expect("there").head().into_owned();
        assert_eq!((head.title, head.signals.any.len()), (draft().title, 1));
        let (_, body, first) = split(&text).expect("a head");
        assert_eq!(examples(body, first).iter().map(|e| e.matches).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_draft_as_text() {
        assert_snapshot!(draft().text());
    }
}
