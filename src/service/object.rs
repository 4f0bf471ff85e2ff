//! An object of a cluster as evidence: what its checks find, what it hangs on, and the logs of its containers.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Advice;
use crate::checks::{self, Selection, View};
use crate::collect::live::{Cluster, Container, LogError, Scope};
use crate::diagnosis::Given;
use crate::diagnosis::cluster::{facts, not_looked_at};
use crate::engine::Engine;
use crate::evidence::Source;
use crate::evidence::cluster::{Kind, ObjectRef, Pod, Snapshot};
use crate::finding::{Fault, Severity};
use crate::text::Count;

/// Pods of a workload whose logs are read: those that are not ready first.
const MOST_PODS: usize = 3;
/// Lines of a log that are read when nobody says how many.
pub const TAIL: u64 = 2000;

/// What is asked about: a kind and a name; the namespace may be that of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its namespace, where it is known.
    pub namespace: Option<String>,
}

/// What a caller says a text is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Named {
    /// The namespace.
    pub namespace: Option<String>,
    /// A pod.
    pub pod: Option<String>,
    /// A deployment.
    pub deployment: Option<String>,
}

impl Target {
    /// The object that a text is about: what the caller says, else what the text itself names.
    #[must_use]
    pub fn of_text(named: &Named, engine: &Engine<'_>) -> Option<Self> {
        let known = |value: &Option<String>, fact: &str| value.clone().or_else(|| engine.fact(fact));
        let namespace = known(&named.namespace, "namespace");
        let kinds = [
            (Kind::Pod, known(&named.pod, "pod")),
            (Kind::Deployment, known(&named.deployment, "deployment")),
            (Kind::Node, engine.fact("node")),
        ];
        let named =
            |(kind, name): (Kind, Option<String>)| Some(Self { kind, name: name?, namespace: namespace.clone() });
        kinds.into_iter().find_map(named)
    }
}

/// What was read of the cluster for a target.
pub struct Read {
    /// What was read.
    pub snapshot: Snapshot,
    /// The target, with its namespace.
    pub object: ObjectRef,
    /// Logs of its containers.
    pub logs: Vec<(Container, Result<Vec<u8>, LogError>)>,
}

/// Hands an object and all that it hangs on to the engine.
///
/// # Errors
/// There is no such object.
pub fn examine(read: Read, engine: &mut Engine<'_>, given: &mut Given) -> Result<(), Advice> {
    let view = View::new(&read.snapshot, read.snapshot.taken.unwrap_or_else(Timestamp::now));
    if view.meta(&read.object).is_none() {
        return Err(missing(&view, &read.object));
    }
    let reach = view.reach(&read.object);
    // A namespace is as well as what is in it.
    let within = |o: &ObjectRef| read.object.kind == Kind::Namespace && o.namespace == read.object.name;
    let wanted = |fault: &Fault| concerns(fault, &reach) || within(&fault.subject);
    if let Some(ran) = show(&view, wanted, &read.object, engine, given) {
        let near = reach.iter().filter(|o| **o != read.object).count() as u64;
        let near = if near == 0 { String::new() } else { format!(" and {} that it hangs on", Count(near, "object")) };
        engine.remark(format!("{} found nothing wrong with {}{near}", Count(ran as u64, "check"), read.object));
    }
    for (container, log) in read.logs {
        take(engine, &container, log);
    }
    read.snapshot.remarks.iter().for_each(|remark| engine.remark(remark.clone()));
    Ok(())
}

/// Hands everything that is wrong in a cluster to the engine, for a text that names no object.
pub fn survey(faults: &[Fault], engine: &mut Engine<'_>) {
    faults.iter().filter(|f| severity(f) >= Severity::Medium).for_each(|fault| engine.fault(fault));
}

/// Returns how many checks ran where none found anything.
fn show(
    view: &View<'_>,
    wanted: impl Fn(&Fault) -> bool,
    object: &ObjectRef,
    engine: &mut Engine<'_>,
    given: &mut Given,
) -> Option<usize> {
    let examined = checks::examine(view, &Selection::default());
    // A thing of little weight must not be the answer where nothing else is wrong.
    let faults: Vec<&Fault> = examined.faults.iter().filter(|f| wanted(f) && severity(f) >= Severity::Medium).collect();
    for fault in &faults {
        engine.fault(fault);
    }
    // What a check knows of its own finding goes with that; of all findings only the names of the object are the same.
    for (name, value) in facts(view, &Fault::on(object.clone(), "")) {
        if name != "finding" && !given.values.iter().any(|(known, _)| *known == name) {
            given.values.push((name, value));
        }
    }
    // What was not asked for is no gap: only the namespace of the object was read.
    let gaps = examined.gaps.iter().map(|g| g.what.as_str()).filter(|what| !what.ends_with(": not read"));
    let mut unseen = not_looked_at(gaps);
    unseen.truncate(6);
    if !unseen.is_empty() {
        engine.remark(format!("not looked at: {}", unseen.join("; ")));
    }
    faults.is_empty().then_some(examined.ran.len())
}

fn severity(fault: &Fault) -> Severity {
    let of_check = checks::CHECKS.iter().find(|c| c.id == fault.check).map_or(Severity::Medium, |c| c.severity);
    fault.severity.unwrap_or(of_check)
}

fn concerns(fault: &Fault, reach: &BTreeSet<ObjectRef>) -> bool {
    reach.contains(&fault.subject) || fault.culprit.as_ref().is_some_and(|c| reach.contains(c))
}

fn missing(view: &View<'_>, object: &ObjectRef) -> Advice {
    let why = match view.snapshot.reads.complete(object.kind, &object.namespace) {
        Ok(()) => format!("there is no {object}"),
        Err(why) => format!("{object} was not found, and not all was seen ({why})"),
    };
    let mut near: Vec<&str> = view
        .snapshot
        .metas(object.kind)
        .into_iter()
        .filter(|m| m.namespace == object.namespace)
        .map(|m| m.name.as_str())
        .collect();
    near.sort_by_key(|name| {
        std::cmp::Reverse(name.bytes().zip(object.name.bytes()).take_while(|(a, b)| a == b).count())
    });
    near.truncate(3);
    let help = if near.is_empty() {
        "see whether the namespace is right (-n)".into()
    } else {
        format!("near it are {}", near.join(", "))
    };
    Advice { what: why, help }
}

/// Reads an object of a live cluster, what it hangs on, and the last `tail` lines of its logs; `snapshot` reads a scope, and may show how far it is.
pub async fn read_live<T>(target: &Target, cluster: &Cluster, tail: u64, snapshot: T) -> Read
where
    T: AsyncFnOnce(Scope) -> Snapshot,
{
    let namespace = target.namespace.clone().unwrap_or_else(|| cluster.namespace.clone());
    let object = ObjectRef::new(target.kind, &namespace, &target.name);
    // A node is hung on by pods of all namespaces.
    let namespaces = if target.kind.info().namespaced { [namespace].into() } else { BTreeSet::new() };
    let snapshot = snapshot(Scope { namespaces, ..Scope::default() }).await;
    let logs = logs(cluster, &snapshot, &object, tail).await;
    Read { snapshot, object, logs }
}

/// The logs of an object's containers that are worth reading.
pub async fn logs(
    cluster: &Cluster,
    snapshot: &Snapshot,
    object: &ObjectRef,
    tail: u64,
) -> Vec<(Container, Result<Vec<u8>, LogError>)> {
    let mut logs = Vec::new();
    let view = View::new(snapshot, Timestamp::now());
    for container in containers(&view, object) {
        let log = cluster.log(&container, tail).await;
        logs.push((container, log));
    }
    logs
}

/// The containers whose logs are worth reading: of pods that are not ready first, the life before where there was one.
#[must_use]
pub fn containers(view: &View<'_>, object: &ObjectRef) -> Vec<Container> {
    let mut pods: Vec<&Pod> = match object.kind {
        Kind::Pod => view.pod(&object.namespace, &object.name).into_iter().collect(),
        kind if kind.is_workload() => view.pods_of(object).to_vec(),
        _ => Vec::new(),
    };
    pods.sort_by_key(|p| (p.is_ready(), p.metadata.name.clone()));
    pods.truncate(MOST_PODS);
    let mut found = Vec::new();
    for pod in pods {
        for container in pod.each_container() {
            let one = |previous| Container {
                namespace: pod.metadata.namespace.clone(),
                pod: pod.metadata.name.clone(),
                name: container.status.name.clone(),
                previous,
            };
            if container.status.restart_count > 0 {
                found.push(one(true));
            }
            found.push(one(false));
        }
    }
    found
}

fn take(engine: &mut Engine<'_>, container: &Container, log: Result<Vec<u8>, LogError>) {
    let Container { namespace, pod, name, previous } = container;
    let object = ObjectRef::new(Kind::Pod, namespace, pod).to_string();
    let source = Source::Log { object, container: name.clone(), previous: *previous };
    match log {
        Ok(text) => {
            engine.begin(source);
            engine.push(&text);
            if !text.ends_with(b"\n") {
                engine.push(b"\n");
            }
        }
        Err(LogError::None) => {}
        Err(LogError::Failed(why)) => engine.remark(format!("not looked at: {source} ({why})")),
    }
}
