//! Diagnosis over the graph of a cluster: faults that checks found become causes with their symptoms, what they reach, and what changed before.
//!
//! Faults of one kind that blame the same object are one group. The texts of a group are looked through by the same runbooks that read logs, which may
//! name a deeper cause. Then groups that something nearer to the cause explains, on an object that they hang on, become its symptoms.

mod blast;
mod change;
mod fold;
mod group;
mod health;
mod ignore;
mod known;
mod word;

use crate::checks::{CHECKS, Examined, View};
use crate::evidence::cluster::{ObjectRef, Time};
use crate::finding::Severity;
use crate::runbook::Catalogue;

use super::Cause;

pub use blast::Blast;
pub use change::{Change, Difference};
pub use health::{Health, NodeRow, Share, Verdict, not_looked_at};
pub use ignore::{Ignore, Ignored};
pub use known::{Compared, Fingerprint, Known, compare};
pub use word::{Words, facts, said};

/// One thing that is wrong in a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterCause {
    /// Tells it from others, the same in every run.
    pub fingerprint: Fingerprint,
    /// What it is, as a diagnosis of a text says it too.
    pub cause: Cause,
    /// The checks that found it.
    pub checks: Vec<&'static str>,
    /// The object that is to blame; it may be one that is missing.
    pub blamed: ObjectRef,
    /// The objects on which it is seen.
    pub subjects: Vec<ObjectRef>,
    /// What the checks say, each sentence once.
    pub messages: Vec<String>,
    /// What it explains.
    pub symptoms: Vec<ClusterSymptom>,
    /// What it reaches.
    pub blast: Blast,
    /// What changed before, where that can be seen.
    pub change: Option<Change>,
    /// Since when, where that is known.
    pub since: Time,
}

/// Something that a cause explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterSymptom {
    /// The check that found it.
    pub check: &'static str,
    /// Its title.
    pub title: String,
    /// How bad it would be by itself.
    pub severity: Severity,
    /// The objects on which it is seen.
    pub subjects: Vec<ObjectRef>,
    /// What the check says of the first of them.
    pub message: String,
}

/// What to leave out, and how.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// What nobody wants to hear of, with reasons.
    pub ignores: Vec<Ignore>,
}

/// Diagnoses a cluster: from what its checks found to causes, the worst first.
#[must_use]
pub fn diagnose_cluster(view: &View<'_>, mut examined: Examined, catalogue: &Catalogue, wish: &Wish) -> Health {
    let ignored = ignore::apply(view, &mut examined, &wish.ignores);
    let faults = std::mem::take(&mut examined.faults);
    let mut groups = group::group(view, &faults);
    let mut words = Words::new(catalogue);
    for group in &mut groups {
        group.cause = Some(words.of_group(view, group, &faults));
    }
    let groups = group::merge(groups);
    let folded = fold::fold(view, &groups, &faults, catalogue);
    let mut causes: Vec<ClusterCause> = Vec::new();
    for root in folded {
        causes.push(group::compose(view, &root, &groups, &faults));
    }
    causes.sort_by_cached_key(rank);
    health::health(view, examined, causes, ignored)
}

/// The worst first, then what reaches furthest, then by name.
fn rank(cause: &ClusterCause) -> impl Ord + use<> {
    let reach = cause.blast.replicas_lost + cause.symptoms.len();
    (std::cmp::Reverse(cause.cause.severity), std::cmp::Reverse(reach), cause.blamed.clone(), cause.fingerprint.clone())
}

/// The title of a check by its id.
fn title(check: &str) -> &'static str {
    CHECKS.iter().find(|c| c.id == check).map_or("", |c| c.title)
}
