//! What changed before something failed: a roll-out and what differs in its template, a cordoned node, an edited object.

use crate::checks::View;
use crate::evidence::cluster::{Container, Kind, Meta, ObjectRef, PodTemplate, Time, Workload};

/// A change that came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub object: ObjectRef,
    /// When.
    pub at: Time,
    /// What was done, in a few words: `revision 7 was rolled out`.
    pub what: String,
    /// Who did it, where that is known: the program that wrote the object.
    pub by: Option<String>,
    /// What differs, where that can be seen.
    pub differences: Vec<Difference>,
}

/// Something that differs between two revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field, as in `containers[web].image`.
    pub field: String,
    /// What it was; empty where nobody may see it or there was none.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// A change that is older than this before the failure has nothing to do with it.
const RELATED: i64 = 24 * 3600;
/// Clocks differ, and a status is written after the fact.
const SLACK: i64 = 300;

/// The change that came before a failure of `blamed` seen on `subjects`, if one can be seen.
pub(super) fn before(view: &View<'_>, blamed: &ObjectRef, subjects: &[ObjectRef], since: Time) -> Option<Change> {
    let tops = subjects.iter().map(|s| view.top(s));
    let mut workloads: Vec<ObjectRef> =
        std::iter::once(blamed.clone()).chain(tops).filter(|o| o.kind == Kind::Deployment).collect();
    workloads.dedup();
    let rollout = workloads.iter().find_map(|deployment| rollout(view, deployment, subjects));
    let edit = || edit(view, blamed);
    let found = rollout.or_else(|| cordon(view, blamed)).or_else(edit)?;
    let at = found.at.0?.as_second();
    let failed = since.0.map_or(view.now, |t| t).as_second();
    // A crash has a new time every few minutes; what is asked is whether the change is recent, and did not come after.
    (at <= failed + SLACK && view.now.as_second() - at <= RELATED.max(view.now.as_second() - failed + RELATED))
        .then_some(found)
}

/// The newest revision of a deployment, if it is the one that fails.
fn rollout(view: &View<'_>, deployment: &ObjectRef, subjects: &[ObjectRef]) -> Option<Change> {
    let mut revisions: Vec<(i64, &Workload)> = view
        .snapshot
        .replica_sets
        .iter()
        .filter(|set| set.metadata.namespace == deployment.namespace)
        .filter(|set| set.metadata.controller().is_some_and(|o| o.kind == "Deployment" && o.name == deployment.name))
        .filter_map(|set| Some((revision(&set.metadata)?, set)))
        .collect();
    revisions.sort_by_key(|(revision, _)| *revision);
    let (number, newest) = *revisions.last()?;
    let (_, before) = *revisions.len().checked_sub(2).and_then(|i| revisions.get(i))?;
    let set = newest.metadata.object(Kind::ReplicaSet);
    let of_newest = |subject: &ObjectRef| {
        subject.kind != Kind::Pod || view.meta(subject).is_some_and(|m| view.owners(m).contains(&set))
    };
    if !subjects.iter().any(of_newest) {
        return None;
    }
    let differences = differences(&before.spec.template, &newest.spec.template);
    // A roll-back makes an old revision the newest again, without a new time of creation.
    let by = view.meta(deployment).and_then(last_edit);
    let at = newest.metadata.creation_timestamp;
    Some(Change {
        object: deployment.clone(),
        at,
        what: format!("revision {number} was rolled out"),
        by: by.map(|(_, by)| by),
        differences,
    })
}

fn revision(meta: &Meta) -> Option<i64> {
    meta.annotations.get("deployment.kubernetes.io/revision")?.parse().ok()
}

fn cordon(view: &View<'_>, blamed: &ObjectRef) -> Option<Change> {
    let node = view.node(&blamed.name).filter(|n| blamed.kind == Kind::Node && n.spec.unschedulable)?;
    let taint = node.spec.taints.iter().find(|t| t.key == "node.kubernetes.io/unschedulable")?;
    Some(Change {
        object: blamed.clone(),
        at: taint.time_added,
        what: "the node was cordoned".into(),
        by: None,
        differences: Vec::new(),
    })
}

/// Somebody edited the object that is to blame: a quota, a secret, a service.
fn edit(view: &View<'_>, blamed: &ObjectRef) -> Option<Change> {
    let meta = view.meta(blamed)?;
    let (at, by) = last_edit(meta)?;
    let made = meta.creation_timestamp;
    let what = if made == at { "it was created" } else { "it was changed" };
    Some(Change { object: blamed.clone(), at, what: what.into(), by: Some(by), differences: Vec::new() })
}

/// Programs of the control plane that write states; before 1.22 the server does not tell these from edits.
const REPORTERS: [&str; 4] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"];

/// The last edit that was no status: controllers report all the time.
fn last_edit(meta: &Meta) -> Option<(Time, String)> {
    let edits = meta.managed_fields.iter().filter(|m| m.subresource.is_empty() && m.time.0.is_some());
    let edits = edits.filter(|m| !REPORTERS.contains(&m.manager.as_str()));
    edits.max_by_key(|m| m.time).map(|m| (m.time, m.manager.clone()))
}

/// What differs between two templates. Values of variables are not known, only whether they are the same.
pub(super) fn differences(before: &PodTemplate, after: &PodTemplate) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differ = |field: String, before: String, after: String| {
        if before != after {
            found.push(Difference { field, before, after });
        }
    };
    for new in after.spec.all_containers() {
        let path = |field: &str| format!("containers[{}].{field}", new.name);
        let Some(old) = before.spec.all_containers().find(|c| c.name == new.name) else {
            differ(format!("containers[{}]", new.name), String::new(), new.image.clone());
            continue;
        };
        differ(path("image"), old.image.clone(), new.image.clone());
        differ(path("command"), old.command.join(" "), new.command.join(" "));
        differ(path("args"), old.args.join(" "), new.args.join(" "));
        for (name, of) in [("requests", requests as fn(&Container) -> String), ("limits", limits)] {
            differ(path(name), of(old), of(new));
        }
        for (name, same) in [
            ("livenessProbe", old.liveness_probe == new.liveness_probe),
            ("readinessProbe", old.readiness_probe == new.readiness_probe),
            ("startupProbe", old.startup_probe == new.startup_probe),
        ] {
            if !same {
                differ(path(name), String::new(), "changed".into());
            }
        }
        variables(old, new, &mut differ);
    }
    for old in before.spec.all_containers().filter(|old| !after.spec.all_containers().any(|c| c.name == old.name)) {
        differ(format!("containers[{}]", old.name), old.image.clone(), String::new());
    }
    differ(
        "serviceAccountName".into(),
        before.spec.service_account_name.clone(),
        after.spec.service_account_name.clone(),
    );
    found
}

fn variables(old: &Container, new: &Container, differ: &mut impl FnMut(String, String, String)) {
    let field = |name: &str| format!("containers[{}].env[{name}]", new.name);
    for variable in &new.env {
        match old.env.iter().find(|v| v.name == variable.name) {
            None => differ(field(&variable.name), String::new(), "added".into()),
            Some(known) if known != variable => differ(field(&variable.name), String::new(), "changed".into()),
            Some(_) => {}
        }
    }
    for variable in old.env.iter().filter(|v| !new.env.iter().any(|n| n.name == v.name)) {
        differ(field(&variable.name), "removed".into(), String::new());
    }
}

fn requests(container: &Container) -> String {
    amounts(&container.resources.requests)
}

fn limits(container: &Container) -> String {
    amounts(&container.resources.limits)
}

fn amounts(resources: &crate::evidence::cluster::Resources) -> String {
    resources.iter().map(|(name, amount)| format!("{name} {amount}")).collect::<Vec<_>>().join(", ")
}
