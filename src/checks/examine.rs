//! Runs checks over a view, and keeps book of what ran and what could not be seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::cluster::Meta;
use crate::finding::Fault;

use super::{Basis, CHECKS, Check, View};

/// Which checks run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these, all when empty.
    pub only: BTreeSet<String>,
    /// But not these.
    pub skip: BTreeSet<String>,
    /// Matters of order too.
    pub hygiene: bool,
}

impl Selection {
    /// Whether a check runs. One that is asked for by its id runs whatever it is about.
    #[must_use]
    pub fn has(&self, check: &Check) -> bool {
        let named = self.only.contains(check.id);
        !self.skip.contains(check.id) && (named || (self.only.is_empty() && (self.hygiene || !check.hygiene)))
    }
}

/// Something that was not seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What, and why: `secrets: forbidden`.
    pub what: String,
    /// Checks that wanted it.
    pub checks: Vec<&'static str>,
}

/// What the checks found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examined {
    /// The faults, in the order of the checks.
    pub faults: Vec<Fault>,
    /// Ids of the checks that ran.
    pub ran: Vec<&'static str>,
    /// Ids of the checks that could not say anything, with the reason.
    pub silent: BTreeMap<&'static str, String>,
    /// What was not seen.
    pub gaps: Vec<Gap>,
}

/// Whether a fault is about an object of a namespace that goes: there nothing needs to work any more. What was deleted itself and stays may be what keeps it.
fn is_moot(view: &View<'_>, ending: &BTreeSet<&str>, fault: &Fault) -> bool {
    ending.contains(fault.subject.namespace.as_str()) && !view.meta(&fault.subject).is_some_and(Meta::is_going)
}

/// Runs the selected checks.
#[must_use]
pub fn examine(view: &View<'_>, selection: &Selection) -> Examined {
    let mut examined = Examined::default();
    let mut gaps: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let namespaces = view.snapshot.namespaces.iter().filter(|n| n.status.phase == "Terminating");
    let ending: BTreeSet<&str> = namespaces.map(|n| n.metadata.name.as_str()).collect();
    for check in CHECKS.iter().filter(|c| selection.has(c)) {
        if check.basis == Basis::Status && view.is_manifests() {
            examined.silent.insert(check.id, "manifests say nothing of what runs".into());
            continue;
        }
        let reads = &view.snapshot.reads;
        for what in check.needs.iter().flat_map(|kind| reads.gaps(*kind)) {
            gaps.entry(what).or_default().insert(check.id);
        }
        // Without its first kind a check has nothing to look at.
        let subject = check.needs.first().filter(|kind| view.snapshot.metas(**kind).is_empty());
        if let Some(why) = subject.and_then(|kind| reads.gaps(*kind).into_iter().next()) {
            examined.silent.insert(check.id, why);
            continue;
        }
        let verdict = (check.run)(view);
        for what in verdict.unknown {
            gaps.entry(what).or_default().insert(check.id);
        }
        let told = verdict.faults.into_iter().filter(|f| !is_moot(view, &ending, f));
        examined.faults.extend(told.map(|fault| Fault { check: check.id, ..fault }));
        examined.ran.push(check.id);
    }
    examined.gaps = gaps.into_iter().map(|(what, checks)| Gap { what, checks: checks.into_iter().collect() }).collect();
    examined
}

#[cfg(test)]
mod tests {
    use super::{Selection, View, examine};
    use crate::checks::testing::{Cluster, NOW, claim, cluster, deleted, pod, service, thing};

    #[test]
    fn in_a_namespace_that_goes_only_what_keeps_it_is_told() {
        let web = || cluster().with(service("shop/web").set("spec.selector.app", "wbe")).with(pod("shop/web-0"));
        let told = |cluster: Cluster| {
            let snapshot = cluster.snapshot();
            let view = View::new(&snapshot, NOW.parse().expect("a time"));
            examine(&view, &Selection::default()).faults.iter().map(|f| f.check).collect::<Vec<_>>()
        };
        assert!(told(web()).contains(&"service-selects-nothing"));
        let going = thing("v1", "Namespace", "shop").set("status.phase", "Terminating");
        let going = going.set("metadata.deletionTimestamp", "2026-11-26T10:00:00Z");
        let told = told(web().with(going).with(deleted(claim("shop/data"), "kubernetes.io/pvc-protection")));
        assert!(told.contains(&"claim-in-use"), "{told:?}");
        assert!(
            told.contains(&"namespace-stuck-terminating") && !told.contains(&"service-selects-nothing"),
            "{told:?}"
        );
    }
}
