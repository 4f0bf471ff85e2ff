//! From what was observed to ranked causes: weigh the candidates, fold symptoms into causes, put it into words.
//!
//! Pure: the same observation gives the same diagnosis.

pub mod cluster;
mod compose;
mod fold;
mod observation;
mod remedy;
mod rule_out;
mod unknown;
mod values;
mod weigh;

use crate::command::{Command, Risk};
use crate::finding::{Confidence, Evidence, Severity, Specificity};
use crate::redact::Redaction;
use crate::runbook::Catalogue;

pub use observation::{Coverage, Observation, Place, Surroundings};
pub use weigh::{Candidate, Rejected};

/// Whether something failed, and whether it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// At least one cause was named.
    Known,
    /// Something failed that no rule knows.
    Unknown,
    /// Nothing failed.
    None,
}

/// What the engine has to say about an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// Whether something failed, and whether it is known.
    pub outcome: Outcome,
    /// Independent causes, best first. One without a runbook for [`Outcome::Unknown`], empty for [`Outcome::None`].
    pub causes: Vec<Cause>,
    /// What else it could be, best first, without the winner.
    pub alternatives: Vec<Alternative>,
    /// What spoke for and against every candidate, for `--explain`.
    pub candidates: Vec<Considered>,
    /// What could not be read or was left out, and why.
    pub notes: Vec<String>,
    /// What was read.
    pub coverage: Coverage,
}

/// One thing that failed by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// Id of the runbook; `None` where no rule knows it.
    pub runbook: Option<String>,
    /// Short title.
    pub title: String,
    /// Category of the taxonomy.
    pub category: String,
    /// Narrower cause in the taxonomy; empty where the runbook is about a whole category.
    pub cause: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// How directly it is stated.
    pub specificity: Specificity,
    /// One sentence with the values seen.
    pub root_cause: String,
    /// Why, and from which evidence.
    pub explanation: String,
    /// Where it was seen, the most telling first.
    pub evidence: Vec<Evidence>,
    /// How many lines say so.
    pub count: u64,
    /// Symptoms that were seen too and that it explains.
    pub explains: Vec<Symptom>,
    /// What to run, in order.
    pub fixes: Vec<Fix>,
    /// How to keep it from coming back.
    pub prevention: Vec<String>,
    /// Ids of runbooks to read, best first.
    pub related: Vec<String>,
}

/// Something that was seen and that a cause explains.
#[derive(Clone, Debug, PartialEq)]
pub struct Symptom {
    /// Id of its runbook.
    pub runbook: String,
    /// Short title.
    pub title: String,
    /// Category of the taxonomy.
    pub category: String,
    /// Line in its source where it was seen first.
    pub place: Place,
}

/// Another answer that was considered.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Id of the runbook.
    pub runbook: String,
    /// Short title.
    pub title: String,
    /// Category of the taxonomy.
    pub category: String,
    /// Narrower cause, may be empty.
    pub cause: String,
    /// How sure it would be.
    pub confidence: Confidence,
}

/// A command to run, with what a person needs to know before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The command.
    pub command: Command,
    /// Why one would run it.
    pub why: String,
    /// What it can break.
    pub risk: Risk,
    /// Shows whether it worked.
    pub verify: Option<String>,
    /// Takes it back.
    pub undo: Option<String>,
}

/// A candidate with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Considered {
    /// Id of the runbook.
    pub runbook: String,
    /// The score it reached, 0 to 1; `None` where it was ruled out.
    pub confidence: Option<Confidence>,
    /// What became of it, in a few words.
    pub verdict: String,
    /// What spoke for and against it.
    pub reasons: Vec<String>,
}

/// Values that a person gave, which win over whatever the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// By the name that templates use.
    pub values: Vec<(&'static str, String)>,
    /// How quotes are made.
    pub redaction: Redaction,
}

/// More independent causes than this are counted, not listed.
const MOST_CAUSES: usize = 5;

/// Judges an observation.
#[must_use]
pub fn diagnose(observation: Observation, catalogue: &Catalogue, given: &Given) -> Diagnosis {
    let (candidates, rejected) = weigh::candidates(&observation, catalogue, given);
    let folded = fold::fold(&candidates, catalogue);
    let mut notes = observation.coverage.notes();
    let mut causes: Vec<Cause> = Vec::new();
    for root in &folded.roots {
        causes.push(compose::cause(root, &candidates, &observation, catalogue, given, &mut notes));
    }
    let mut outcome = Outcome::Known;
    if causes.is_empty() {
        let unknown = unknown::cause(&observation, given);
        outcome = if unknown.is_some() { Outcome::Unknown } else { Outcome::None };
        causes.extend(unknown);
    }
    if causes.len() > MOST_CAUSES {
        notes.push(format!("{} more causes with less evidence are not shown", causes.len() - MOST_CAUSES));
        causes.truncate(MOST_CAUSES);
    }
    Diagnosis {
        outcome,
        alternatives: compose::alternatives(&folded, &candidates, catalogue),
        candidates: compose::considered(&folded, &candidates, &rejected),
        causes,
        notes,
        coverage: observation.coverage,
    }
}

impl Diagnosis {
    /// The worst severity of its causes.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.causes.iter().map(|c| c.severity).max().unwrap_or(Severity::Info)
    }
}
