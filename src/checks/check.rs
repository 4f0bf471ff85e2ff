//! What a check is, and what it may answer.

use std::collections::BTreeSet;

use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

use super::View;

/// How far a fault stands from its cause: what stands further is explained by what stands nearer on an object that it hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It is a cause; only a runbook that names it in `explains` explains it.
    Cause,
    /// A container does not do what it should, and there may be a reason beneath: it crashes, waits, is not ready.
    Container,
    /// A pod or claim does not get what it needs: it is pending, evicted, not mounted.
    Pod,
    /// A controller misses pods: a roll-out stands still, replicas are missing.
    Workload,
    /// A service has nobody behind it.
    Service,
    /// What leads to services or looks at pods from afar: routes, autoscalers, budgets, webhooks, events.
    Outside,
    /// It is wrong and keeps nobody from working: only runbooks say what it explains and what explains it.
    Aside,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// What is asked for: manifests are enough.
    Spec,
    /// What is: only a cluster or its dump shows it.
    Status,
}

/// A check of the cluster: pure, one per file.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Names the fault, kebab-case. Runbooks refer to it; it never changes.
    pub id: &'static str,
    /// The fault in a few words.
    pub title: &'static str,
    /// Rows of the table of conditions that it covers (`docs/checks.md`).
    pub rows: &'static [u16],
    /// How bad it is when it is there.
    pub severity: Severity,
    /// How far it stands from its cause.
    pub stage: Stage,
    /// What it looks at.
    pub basis: Basis,
    /// Kinds that it reads. Where one of them was not read, the check says so by itself.
    pub needs: &'static [Kind],
    /// A matter of order, not a failure: runs only when asked for.
    pub hygiene: bool,
    /// Looks.
    pub run: fn(&View<'_>) -> Verdict,
}

/// What a check answers: faults where they are, and what it could not see. Neither of them is: absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The faults.
    pub faults: Vec<Fault>,
    /// What it could not see, because … (`secrets of namespace shop: forbidden`).
    pub unknown: BTreeSet<String>,
}

impl Verdict {
    /// Adds a fault.
    pub fn found(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Adds what it could not see.
    pub fn unknown(&mut self, because: String) {
        self.unknown.insert(because);
    }
}

impl Check {
    /// Whether it knows better than the texts that it quotes which of them matters: the scheduler says side by side what it has against each node.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.id.starts_with("scheduling-")
    }
}
