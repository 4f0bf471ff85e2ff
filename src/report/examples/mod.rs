//! Shows how the examples of runbooks fared: one file per output format.

mod human;
mod json;
mod junit;

use std::io::{self, Write};

use crate::engine::Trial;

use super::Style;

pub(in crate::report) use json::Document;

/// How the examples of runbooks fared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExampleReport {
    /// The runbooks that have a head, in the order of their files.
    pub runbooks: Vec<Tried>,
    /// What could not be tried, and why.
    pub notes: Vec<String>,
}

/// A runbook with its examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// Its id.
    pub id: String,
    /// Its file, as a person names it.
    pub file: String,
    /// Its examples.
    pub trials: Vec<Trial>,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleFormat {
    /// For a person.
    Human,
    /// For a machine.
    Json,
    /// Test results of a CI system.
    Junit,
}

/// Writes `report` to `out`.
///
/// # Errors
/// What the writer says.
pub fn write(report: &ExampleReport, format: ExampleFormat, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        ExampleFormat::Human => human::write(report, style, out),
        ExampleFormat::Json => json::write(report, out),
        ExampleFormat::Junit => junit::write(report, out),
    }
}

impl ExampleReport {
    /// Whether an example failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.trials().any(|(_, trial)| !trial.passed())
    }

    fn trials(&self) -> impl Iterator<Item = (&Tried, &Trial)> {
        self.runbooks.iter().flat_map(|r| r.trials.iter().map(move |t| (r, t)))
    }
}

/// `log match`, as its fence says.
fn fence(trial: &Trial) -> String {
    let kind = if trial.objects { "yaml" } else { "log" };
    format!("{kind} {}", if trial.matches { "match" } else { "no-match" })
}

/// What is wrong, as a sentence without its full stop.
fn wrong(tried: &Tried, trial: &Trial) -> String {
    let id = &tried.id;
    if let Some(why) = &trial.broken {
        return format!("the example cannot be read: {why}");
    }
    if !trial.matches {
        return format!("{id} is found and should not be");
    }
    match trial.ranking.first() {
        None => format!("nothing is found, and {id} should rank first"),
        Some(first) if trial.objects => format!("{} speaks, and {id} or one of its checks should", named(first)),
        Some(first) => format!("{} ranks first, and {id} should", named(first)),
    }
}

fn named(ranked: &crate::engine::Ranked) -> String {
    ranked.runbook.clone().unwrap_or_else(|| format!("no runbook ({})", ranked.title))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::{ExampleFormat, ExampleReport, Tried, write};
    use crate::engine::try_examples;
    use crate::report::Style;
    use crate::runbook::Catalogue;

    const OWN: &str = "---\nid: cheese\ntitle: The cheese ran out\ncategory: DiskFull\ncause: no-space\nseverity: high\nsignals:\n  any: [{ log: 'out of cheese' }]\n\
        root_cause: x\nfixes: []\nprevention: []\n---\n## Examples\n```log match\nout of cheese\n```\n```log match\nstarting\nwrite /x: no space left on device\n```\n\
        ```log no-match\nout of cheese\n```\n```log match\nall is well\n```\n```yaml match\nkind: [\n```\n";

    fn shown(format: ExampleFormat) -> String {
        let mut catalogue = Catalogue::built_in();
        catalogue.add("cheese.md", "cheese", OWN.to_owned()).expect("valid");
        let trials = try_examples(&catalogue, catalogue.get("cheese").expect("there"));
        let tried = Tried { id: "cheese".into(), file: "docs/cheese.md".into(), trials };
        let bare = Tried { id: "bare".into(), file: "docs/bare.md".into(), trials: Vec::new() };
        let report = ExampleReport { runbooks: vec![bare, tried], notes: vec!["docs/x.md left out: no head".into()] };
        let mut out = Vec::new();
        write(&report, format, Style { color: false, width: 80 }, &mut out).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn human() {
        let shown = shown(ExampleFormat::Human);
        // An expression is never broken: it is copied.
        assert!(
            shown.lines().filter(|l| l.contains(' ')).all(|l| l.chars().count() <= 80 || l.starts_with("      ")),
            "{shown}"
        );
        assert_snapshot!(shown);
    }

    #[test]
    fn json() {
        assert_snapshot!(shown(ExampleFormat::Json));
    }

    #[test]
    fn junit() {
        assert_snapshot!(shown(ExampleFormat::Junit));
    }
}
