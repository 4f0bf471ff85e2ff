//! The examples of a runbook as its tests: each is given to the engine, and what ranks first is compared with what the runbook says.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::checks::{Selection, View, examine};
use crate::diagnosis::cluster::{ClusterCause, Wish, diagnose_cluster};
use crate::diagnosis::{Cause, Diagnosis, Given};
use crate::evidence::{Pattern, Source, printable, unescape};
use crate::redact::Quote;
use crate::runbook::compiled::{Kind, Role};
use crate::runbook::head::{self, Example};
use crate::runbook::{Catalogue, Entry};

use super::{Engine, objects};

/// The moment at which objects of examples are looked at: 2026-11-26T12:00:00Z.
const NOW: i64 = 1_795_694_400;

/// An example, and what the engine made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Id of the runbook.
    pub runbook: String,
    /// Line of the file where its fence opens.
    pub line: usize,
    /// Objects of a cluster rather than a log.
    pub objects: bool,
    /// Whether the runbook must rank first (of objects: speak); otherwise it must not be a cause.
    pub matches: bool,
    /// What was found, best first.
    pub ranking: Vec<Ranked>,
    /// Whether this runbook was found; of objects: whether it or one of its checks spoke.
    pub named: bool,
    /// Why the example cannot be tried at all.
    pub broken: Option<String>,
}

impl Trial {
    /// Whether the engine answers as the runbook says.
    #[must_use]
    pub fn passed(&self) -> bool {
        let is_first = || self.ranking.first().is_some_and(|r| r.runbook.as_ref() == Some(&self.runbook));
        match (self.matches, self.objects) {
            _ if self.broken.is_some() => false,
            (false, _) => !self.named,
            (true, true) => self.named,
            (true, false) => is_first(),
        }
    }
}

/// A cause that was found in an example.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Id of its runbook; `None` where no rule knows it.
    pub runbook: Option<String>,
    /// Its title.
    pub title: String,
    /// The signals that fired on its first evidence, as its head has them.
    pub signals: Vec<String>,
    /// What spoke for it.
    pub reasons: Vec<String>,
    /// Line of the example that is its first evidence, from 1, where there is one.
    pub line: Option<u64>,
    /// What stands there.
    pub quote: Quote,
}

/// Tries every example of the runbook `entry` with all runbooks of `catalogue`.
#[must_use]
pub fn try_examples(catalogue: &Catalogue, entry: &Entry) -> Vec<Trial> {
    let Ok((_, body, first)) = head::split(entry.text()) else { return Vec::new() };
    let examples = head::examples(body, first);
    examples.iter().map(|e| if e.objects { objects(catalogue, entry, e) } else { log(catalogue, entry, e) }).collect()
}

fn log(catalogue: &Catalogue, entry: &Entry, example: &Example) -> Trial {
    let mut engine = Engine::new(catalogue);
    engine.begin(Source::Stdin);
    engine.push(example.text.as_bytes());
    let diagnosis = engine.conclude(&Given::default());
    let ranking: Vec<Ranked> =
        diagnosis.causes.iter().map(|cause| ranked(cause, &diagnosis, catalogue, example)).collect();
    let named = ranking.iter().any(|r| r.runbook.as_deref() == Some(entry.id()));
    Trial { ranking, named, ..untried(entry, example) }
}

fn objects(catalogue: &Catalogue, entry: &Entry, example: &Example) -> Trial {
    let snapshot = match objects::cluster(&example.text) {
        Ok(snapshot) => snapshot,
        Err(why) => return Trial { broken: Some(why), ..untried(entry, example) },
    };
    let view = View::new(&snapshot, Timestamp::from_second(NOW).unwrap_or_default());
    let examined = examine(&view, &Selection { hygiene: true, ..Selection::default() });
    let health = diagnose_cluster(&view, examined, catalogue, &Wish::default());
    let named = !spoken(&health.causes).is_disjoint(&names(entry));
    let ranking = health.causes.iter().map(of_cluster).collect();
    Trial { ranking, named, ..untried(entry, example) }
}

fn untried(entry: &Entry, example: &Example) -> Trial {
    let Example { matches, objects, line, .. } = *example;
    let runbook = entry.id().to_owned();
    Trial { runbook, line, objects, matches, ranking: Vec::new(), named: false, broken: None }
}

/// The id of a runbook, and those of the checks that it names.
fn names(entry: &Entry) -> BTreeSet<String> {
    let checks = entry.hot.signals.iter().filter_map(|s| match &s.kind {
        Kind::Check { id } => Some(id.to_string()),
        _ => None,
    });
    checks.chain([entry.id().to_owned()]).collect()
}

/// The runbooks that name a cause or a symptom, and the checks that spoke.
fn spoken(causes: &[ClusterCause]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for cause in causes {
        found.extend(cause.cause.runbook.clone());
        found.extend(cause.symptoms.iter().map(|s| s.check.to_owned()));
        found.extend(cause.cause.explains.iter().map(|s| s.runbook.clone()));
        found.extend(cause.checks.iter().map(|c| (*c).to_owned()));
    }
    found
}

fn ranked(cause: &Cause, diagnosis: &Diagnosis, catalogue: &Catalogue, example: &Example) -> Ranked {
    let id = cause.runbook.as_deref().unwrap_or_default();
    let considered = diagnosis.candidates.iter().find(|c| c.runbook == id);
    let line = cause.evidence.first().map(|e| e.at.line);
    let index = line.and_then(|line| usize::try_from(line).ok()?.checked_sub(1));
    let text = index.and_then(|index| example.text.lines().nth(index)).unwrap_or_default();
    Ranked {
        runbook: cause.runbook.clone(),
        title: cause.title.clone(),
        signals: catalogue.get(id).map(|entry| signals_on(entry, text)).unwrap_or_default(),
        reasons: considered.map(|c| c.reasons.clone()).unwrap_or_default(),
        line,
        quote: cause.evidence.first().map(|e| e.at.text.clone()).unwrap_or_default(),
    }
}

/// The log signals of a runbook that match a line; where none does, that a stack trace spoke.
fn signals_on(entry: &Entry, line: &str) -> Vec<String> {
    let plain = printable(line.as_bytes());
    let plain = unescape(&plain);
    let speaks = |role: Role| matches!(role, Role::Any | Role::All);
    let signals = || entry.hot.signals.iter().filter(move |s| speaks(s.role));
    let logs = signals().filter_map(|s| match &s.kind {
        Kind::Log { pattern, not, .. } => {
            let out = not.as_ref().is_some_and(|not| Pattern::of(not).is_match(&plain));
            (!out && Pattern::of(pattern).is_match(&plain)).then(|| format!("log {pattern}"))
        }
        _ => None,
    });
    let found: Vec<String> = logs.collect();
    let traces = signals().filter_map(|s| match &s.kind {
        Kind::Exception { language, .. } => Some(format!("exception {language}")),
        _ => None,
    });
    if found.is_empty() { traces.collect() } else { found }
}

fn of_cluster(cause: &ClusterCause) -> Ranked {
    let checks = cause.checks.iter().map(|check| format!("check {check}"));
    Ranked {
        runbook: cause.cause.runbook.clone(),
        title: cause.cause.title.clone(),
        signals: checks.collect(),
        reasons: Vec::new(),
        line: None,
        quote: Quote::of(cause.messages.first().map_or("", String::as_str)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, Trial, try_examples};

    const OWN: &str = "---\nid: cheese\ntitle: The cheese ran out\ncategory: DiskFull\ncause: no-space\nseverity: high\nsignals:\n  any: [{ log: 'out of cheese' }]\n\
        root_cause: x\nfixes: []\nprevention: []\n---\n## Examples\n";

    fn trials(examples: &str) -> Vec<Trial> {
        let mut catalogue = Catalogue::built_in();
        catalogue.add("cheese.md", "cheese", format!("{OWN}{examples}")).expect("valid");
        try_examples(&catalogue, catalogue.get("cheese").expect("there"))
    }

    #[test]
    fn an_example_passes_where_its_runbook_ranks_first_or_is_not_named() {
        let all = trials("```log match\nout of cheese\n```\n```log no-match\ncheese in stock\n```\n");
        assert_eq!(all.iter().map(|t| (t.line, t.passed())).collect::<Vec<_>>(), [(14, true), (17, true)]);
    }

    #[test]
    fn what_ranks_first_instead_is_told_with_its_line() {
        let all = trials(
            "```log match\nstarting\nwrite /x: no space left on device\n```\n```log no-match\nout of cheese\n```\n",
        );
        assert!(all.iter().all(|t| !t.passed()));
        let first = &all[0].ranking[0];
        assert_eq!((first.runbook.as_deref(), first.line), (Some("disk-full"), Some(2)));
        assert!(first.signals.iter().any(|s| s.contains("space left")) && !first.reasons.is_empty() && all[1].named);
    }

    #[test]
    fn objects_are_looked_at_as_a_cluster() {
        let all = trials(
            "```yaml no-match\nkind: Pod\napiVersion: v1\nmetadata: {name: a}\n```\n```yaml match\nkind: [\n```\n",
        );
        assert!(all[0].passed() && all[1].broken.is_some() && !all[1].passed());
    }
}
