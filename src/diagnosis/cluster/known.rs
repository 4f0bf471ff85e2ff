//! What was known before: a previous report, and what is new, gone and still there.

use std::collections::BTreeSet;

use super::ClusterCause;

/// Tells causes apart, the same in every run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// Id of the runbook, or of the check where no runbook knows it.
    pub id: String,
    /// The object to blame, as it is shown.
    pub object: String,
    /// The container, where it is about one.
    pub container: String,
}

/// A cause of a previous report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Tells it from others.
    pub fingerprint: Fingerprint,
    /// Its sentence.
    pub root_cause: String,
}

/// Two reports, compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Causes that were not there before.
    pub new: BTreeSet<Fingerprint>,
    /// Causes that are still there.
    pub still: BTreeSet<Fingerprint>,
    /// Causes that are gone.
    pub gone: Vec<Known>,
}

/// Compares what is wrong now with what was wrong before.
#[must_use]
pub fn compare(before: &[Known], now: &[ClusterCause]) -> Compared {
    let known: BTreeSet<&Fingerprint> = before.iter().map(|k| &k.fingerprint).collect();
    let current: BTreeSet<&Fingerprint> = now.iter().map(|c| &c.fingerprint).collect();
    Compared {
        new: current.difference(&known).map(|f| (*f).clone()).collect(),
        still: current.intersection(&known).map(|f| (*f).clone()).collect(),
        gone: before.iter().filter(|k| !current.contains(&k.fingerprint)).cloned().collect(),
    }
}
