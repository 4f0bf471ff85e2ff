//! Groups faults: what one check found about one object to blame is one thing, however many pods show it.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{CHECKS, Check, Stage, View};
use crate::evidence::cluster::ObjectRef;
use crate::finding::{Fault, Severity, Specificity};

use super::super::Cause;
use super::fold::Root;
use super::{ClusterCause, ClusterSymptom, Fingerprint, blast, change, title};

/// Faults that are one thing.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The check that found it first.
    pub check: &'static Check,
    /// All checks that found it.
    pub checks: BTreeSet<&'static str>,
    /// The object to blame.
    pub blamed: ObjectRef,
    /// Whether a check names the object to blame, so that it is not only the top of those on which it is seen.
    pub has_culprit: bool,
    /// The container, where it is about one.
    pub container: String,
    /// Indices of its faults.
    pub members: Vec<usize>,
    /// What it is, in words.
    pub cause: Option<Cause>,
}

impl Group {
    /// How far it stands from its cause. A text that names the cause itself brings it nearer than the check that saw it.
    pub(super) fn stage(&self) -> Stage {
        // A service is never more than what stands behind it, whatever a runbook calls it.
        let may = !matches!(self.check.stage, Stage::Service | Stage::Aside);
        let named = self.cause.as_ref().filter(|c| c.runbook.is_some() && may);
        if named.is_some_and(|c| c.specificity > Specificity::Symptom) { Stage::Cause } else { self.check.stage }
    }

    /// Its runbook, if there is one.
    pub(super) fn runbook(&self) -> &str {
        self.cause.as_ref().and_then(|c| c.runbook.as_deref()).unwrap_or("")
    }

    /// Whether another group is put down to the same thing, and this one blames something else for it than where it is seen.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.has_culprit
            && self.blamed != other.blamed
            && !self.runbook().is_empty()
            && self.runbook() == other.runbook()
    }

    /// The objects on which it is seen, each once.
    pub(super) fn subjects(&self, faults: &[Fault]) -> Vec<ObjectRef> {
        let all: BTreeSet<&ObjectRef> = self.members.iter().map(|m| &faults[*m].subject).collect();
        all.into_iter().cloned().collect()
    }
}

/// Facts that tell two faults of one check and one object apart: a container, a condition of a node, how a program ended.
const ASPECTS: [&str; 3] = ["container", "condition", "exit_code"];

/// Groups faults by check, object to blame and aspects, in the order in which they come.
pub(super) fn group(view: &View<'_>, faults: &[Fault]) -> Vec<Group> {
    let mut places: BTreeMap<(&str, ObjectRef, [&str; 3]), usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (index, fault) in faults.iter().enumerate() {
        let Some(check) = CHECKS.iter().find(|c| c.id == fault.check) else { continue };
        let has_culprit = fault.culprit.is_some();
        let blamed = fault.culprit.clone().unwrap_or_else(|| view.top(&fault.subject));
        let fact = |name: &str| fault.facts.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        let container = fact("container").to_owned();
        let place = *places.entry((check.id, blamed.clone(), ASPECTS.map(fact))).or_insert(groups.len());
        if place == groups.len() {
            let checks = [check.id].into();
            groups.push(Group { check, checks, blamed, has_culprit, container, members: Vec::new(), cause: None });
        }
        groups[place].members.push(index);
    }
    groups
}

/// Joins groups that turned out to be the same thing: one runbook, one object to blame, no two containers.
pub(super) fn merge(groups: Vec<Group>) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::new();
    let mut places: BTreeMap<(String, ObjectRef), Vec<usize>> = BTreeMap::new();
    for group in groups {
        let key = (group.runbook().to_owned(), group.blamed.clone());
        let places = places.entry(key).or_default();
        let compatible =
            |g: &Group| g.container == group.container || g.container.is_empty() || group.container.is_empty();
        let same = places.iter().copied().find(|p| !group.runbook().is_empty() && compatible(&merged[*p]));
        if let Some(place) = same {
            merged[place].join(group);
        } else {
            places.push(merged.len());
            merged.push(group);
        }
    }
    merged
}

impl Group {
    fn join(&mut self, other: Self) {
        self.checks.extend(other.checks);
        self.has_culprit |= other.has_culprit;
        self.members.extend(other.members);
        if self.container.is_empty() {
            self.container = other.container;
        }
        let (Some(own), Some(theirs)) = (&mut self.cause, other.cause) else { return };
        own.severity = own.severity.max(theirs.severity);
        // What a check that stands nearer to the cause says is worth more.
        if other.check.stage < self.check.stage {
            self.check = other.check;
            *own = Cause { severity: own.severity, ..theirs };
        }
    }
}

/// Makes a cause of a group that nothing explains.
pub(super) fn compose(view: &View<'_>, root: &Root, groups: &[Group], faults: &[Fault]) -> ClusterCause {
    let group = &groups[root.group];
    let own = group.subjects(faults);
    let symptoms: Vec<ClusterSymptom> = root.symptoms.iter().map(|s| symptom(&groups[*s], faults)).collect();
    let touched: BTreeSet<ObjectRef> =
        own.iter().cloned().chain(symptoms.iter().flat_map(|s| s.subjects.iter().cloned())).collect();
    let since = group.members.iter().map(|m| faults[*m].since).filter(|t| t.0.is_some()).min().unwrap_or_default();
    let mut cause = group.cause.clone().unwrap_or_else(|| unreachable!("every group was put into words"));
    // What it does is as bad as it is.
    cause.severity = symptoms.iter().map(|s| s.severity).fold(cause.severity, Severity::max);
    let id = cause.runbook.clone().unwrap_or_else(|| group.check.id.to_owned());
    ClusterCause {
        fingerprint: Fingerprint { id, object: group.blamed.to_string(), container: group.container.clone() },
        checks: group.checks.iter().copied().collect(),
        blamed: group.blamed.clone(),
        messages: messages(group, faults),
        blast: blast::blast(view, &group.blamed, &touched),
        change: change::before(view, &group.blamed, &own, since),
        subjects: own,
        symptoms,
        since,
        cause,
    }
}

/// Sentences that a cause carries.
const MOST_MESSAGES: usize = 5;

fn messages(group: &Group, faults: &[Fault]) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for member in &group.members {
        let message = faults[*member].message.as_str();
        if !messages.iter().any(|m| m == message) && messages.len() < MOST_MESSAGES {
            messages.push(message.to_owned());
        }
    }
    messages
}

fn symptom(group: &Group, faults: &[Fault]) -> ClusterSymptom {
    let first = group.members.first().map_or(String::new(), |m| faults[*m].message.to_string());
    ClusterSymptom {
        check: group.check.id,
        title: title(group.check.id).to_owned(),
        severity: group.cause.as_ref().map_or(group.check.severity, |c| c.severity),
        subjects: group.subjects(faults),
        message: first,
    }
}
