//! Folds groups into causes along the graph: what something nearer to the cause explains, on an object that it hangs on, is a symptom.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{Stage, View};
use crate::evidence::cluster::{Kind, ObjectRef};
use crate::finding::{Fault, Severity};
use crate::runbook::Catalogue;

use super::group::Group;

/// A group that nothing explains, with what it explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    /// Index of the group.
    pub group: usize,
    /// Indices of the groups that it explains, directly or through others.
    pub symptoms: Vec<usize>,
}

/// Subjects of one group whose surroundings are walked; the others stand in the same places.
const WALKED: usize = 64;

/// Folds the groups.
pub(super) fn fold(view: &View<'_>, groups: &[Group], faults: &[Fault], catalogue: &Catalogue) -> Vec<Root> {
    let explains = edges(view, groups, faults, catalogue);
    let explained_by =
        |b: usize| explains.iter().enumerate().filter(move |(_, symptoms)| symptoms.contains(&b)).map(|(a, _)| a);
    let is_root: Vec<bool> = (0..groups.len())
        .map(|b| !explained_by(b).any(|a| !explains[b].contains(&a) || weight(&groups[a], a) < weight(&groups[b], b)))
        .collect();
    let roots = (0..groups.len()).filter(|g| is_root[*g]);
    roots.map(|group| Root { group, symptoms: closure(group, &explains, &is_root) }).collect()
}

/// Where two explain each other, the one that stands nearer to the cause leads.
fn weight(group: &Group, index: usize) -> (Stage, usize) {
    (group.stage(), index)
}

fn closure(root: usize, explains: &[BTreeSet<usize>], is_root: &[bool]) -> Vec<usize> {
    let mut found = BTreeSet::new();
    let mut edge = vec![root];
    while let Some(group) = edge.pop() {
        for symptom in &explains[group] {
            if !is_root[*symptom] && *symptom != root && found.insert(*symptom) {
                edge.push(*symptom);
            }
        }
    }
    found.into_iter().collect()
}

/// Which group explains which, directly.
fn edges(view: &View<'_>, groups: &[Group], faults: &[Fault], catalogue: &Catalogue) -> Vec<BTreeSet<usize>> {
    let mut at: BTreeMap<ObjectRef, BTreeSet<usize>> = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        for object in group.subjects(faults).into_iter().chain([group.blamed.clone()]) {
            at.entry(object).or_default().insert(index);
        }
    }
    let known: Vec<Vec<String>> = groups.iter().map(|g| explained_ids(g, catalogue)).collect();
    let mut explains = vec![BTreeSet::new(); groups.len()];
    for (b, group) in groups.iter().enumerate() {
        for a in causes_of(view, b, groups, faults, &at, &known) {
            if a != b && !blames_less(&groups[a], group) {
                explains[a].insert(b);
            }
        }
    }
    explains
}

/// A thing of little weight explains nothing that weighs more.
fn blames_less(a: &Group, b: &Group) -> bool {
    let of = |g: &Group| g.cause.as_ref().map_or(g.check.severity, |c| c.severity);
    of(a) < Severity::Medium && of(b) >= Severity::Medium
}

fn explained_ids(group: &Group, catalogue: &Catalogue) -> Vec<String> {
    let of = |id: &str| catalogue.get(id).map(|entry| entry.head().explains.clone()).unwrap_or_default();
    let mut ids = of(group.runbook());
    ids.extend(group.checks.iter().flat_map(|check| of(check)));
    ids
}

/// The groups that explain group `b`: every one of its subjects must have one, or it is more than a symptom.
fn causes_of(
    view: &View<'_>,
    b: usize,
    groups: &[Group],
    faults: &[Fault],
    at: &BTreeMap<ObjectRef, BTreeSet<usize>>,
    known: &[Vec<String>],
) -> BTreeSet<usize> {
    let group = &groups[b];
    let members = || group.members.iter().take(WALKED).map(|m| &faults[*m]);
    // They are one thing, so that what one of them names counts for all.
    let involved: BTreeSet<ObjectRef> = members().flat_map(|f| f.involves.iter().cloned()).collect();
    let mut all = BTreeSet::new();
    for fault in members() {
        let mut causes = causes_of_fault(view, b, fault, &involved, groups, at, known);
        causes.retain(|a| !comes_too_late(&groups[*a], fault, faults));
        if causes.is_empty() {
            return BTreeSet::new();
        }
        all.extend(causes);
    }
    all
}

/// Seconds that a node may be in trouble before anybody says so.
const UNNOTICED: i64 = 300;

/// Whether a node went bad long after what it would have to explain: what ran on it was broken before.
fn comes_too_late(node: &Group, fault: &Fault, faults: &[Fault]) -> bool {
    let since = node.members.iter().filter_map(|m| faults[*m].since.0).min();
    let later = since.zip(fault.since.0).map(|(node, fault)| node.as_second() - fault.as_second());
    node.blamed.kind == Kind::Node && later.is_some_and(|seconds| seconds > UNNOTICED)
}

fn causes_of_fault(
    view: &View<'_>,
    b: usize,
    fault: &Fault,
    involved: &BTreeSet<ObjectRef>,
    groups: &[Group],
    at: &BTreeMap<ObjectRef, BTreeSet<usize>>,
    known: &[Vec<String>],
) -> BTreeSet<usize> {
    let group = &groups[b];
    let mut found = BTreeSet::new();
    let on = |objects: &BTreeSet<ObjectRef>| {
        objects.iter().filter_map(|o| at.get(o)).flatten().copied().collect::<BTreeSet<usize>>()
    };
    let mut reach = surroundings(view, group, &fault.subject);
    reach.insert(group.blamed.clone());
    for object in involved {
        reach.extend(view.whole(object));
    }
    let by_name = |a: &usize| known[*a].iter().any(|id| *id == group.runbook() || group.checks.contains(id.as_str()));
    let explains = |a: &usize| by_name(a) && fits(&groups[*a], group);
    // The same thing, said here of the object that suffers and there of the one that is to blame.
    let blames =
        |a: &usize| fault.culprit.is_none() && groups[*a].says_the_same(group) && same_container(&groups[*a], group);
    found.extend(on(&reach).into_iter().filter(|a| *a != b && (explains(a) || blames(a))));
    if !matches!(group.stage(), Stage::Cause | Stage::Aside) {
        let mut whole = view.whole(&fault.subject);
        whole.extend(fault.involves.iter().cloned());
        let nearer = |a: &usize| *a != b && groups[*a].stage() < group.stage() && same_container(&groups[*a], group);
        found.extend(on(&whole).into_iter().filter(nearer));
    }
    found
}

/// What an object hangs on, as far as a cause may lie there. What hits a pod of a workload (its node, its claim) shows on the pod first, and reaches the workload through
/// that: a node that is short of memory says nothing about a deployment of which a healthy pod is there.
fn surroundings(view: &View<'_>, group: &Group, subject: &ObjectRef) -> BTreeSet<ObjectRef> {
    if group.check.stage < Stage::Workload {
        return view.reach(subject);
    }
    let mut found = view.whole(subject);
    found.extend(view.needs(subject));
    found.extend(view.meta(subject).map(|meta| view.owners(meta)).unwrap_or_default());
    found
}

/// What happens in one container of a pod does not explain what another one says of itself.
fn same_container(a: &Group, b: &Group) -> bool {
    b.check.stage > Stage::Container || a.container.is_empty() || b.container.is_empty() || a.container == b.container
}

/// Of one workload, what is said of two containers are two things.
fn fits(a: &Group, b: &Group) -> bool {
    a.blamed != b.blamed || same_container(a, b)
}
