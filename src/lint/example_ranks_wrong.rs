//! An example for which the engine answers otherwise than the runbook says.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "example-ranks-wrong",
    severity: Severity::High,
    summary: "an example for which the engine answers otherwise than the runbook says",
    why: "The examples are the tests of a runbook: one that fails says that the failure is not found, or found where it is not.",
    bad: "```log match\nall is well\n```",
    good: "```log match\nno space left on device\n```",
    fix: "Mend the signals, the specificity or the example.",
    fixable: false,
    scope: Scope::Given,
};

/// What the engine made of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleOutcome {
    /// Line at which the example's fence opens.
    pub line: usize,
    /// Whether this runbook must rank first; otherwise it must not be a cause.
    pub matches: bool,
    /// The id of the cause that ranked first, if there was one.
    pub first: Option<String>,
    /// Whether this runbook was among the causes.
    pub named: bool,
}

/// The findings for a runbook whose examples were tried.
#[must_use]
pub fn example_findings(page: &Page<'_>, outcomes: &[ExampleOutcome]) -> Vec<Finding> {
    outcomes.iter().filter_map(|o| Some(RULE.on_line(page, o.line, wrong(page.stem(), o)?))).collect()
}

fn wrong(stem: &str, outcome: &ExampleOutcome) -> Option<String> {
    match (&outcome.first, outcome.matches) {
        (Some(first), true) if first == stem => None,
        (Some(first), true) => {
            Some(format!("{first} ranks first for this example, not {stem}: mend the signals or the example"))
        }
        (None, true) => {
            Some(format!("nothing is found in this example, and {stem} should be: mend the signals or the example"))
        }
        (_, false) if outcome.named => {
            Some(format!("{stem} is found in this example and should not be: narrow its signals"))
        }
        (_, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    use super::{ExampleOutcome, example_findings};
    use crate::lint::core::{Input, Page};

    #[test]
    fn every_way_to_be_wrong_is_said() {
        let page = Page::read(Input { path: "x.md", text: "# X\n" });
        let outcome = |matches, first: Option<&str>, named| ExampleOutcome {
            line: 1,
            matches,
            first: first.map(str::to_owned),
            named,
        };
        let right = [outcome(true, Some("x"), true), outcome(false, Some("y"), false), outcome(false, None, false)];
        assert_eq!(example_findings(&page, &right), []);
        let wrong = [outcome(true, Some("y"), true), outcome(true, None, false), outcome(false, Some("x"), true)];
        let said: Vec<String> = example_findings(&page, &wrong).into_iter().map(|f| f.message).collect();
        assert!(
            said[0].starts_with("y ranks first")
                && said[1].starts_with("nothing is found")
                && said[2].contains("should not be")
        );
        assert_eq!(testing::found(&RULE, "# X\n"), Vec::<String>::new());
    }
}
