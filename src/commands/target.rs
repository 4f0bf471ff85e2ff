//! `idp diagnose pod/NAME`: an object of a cluster as evidence – what its checks find, what it hangs on, and the logs of its containers.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use super::Advice;
use super::cluster::{self, access, advice};
use crate::checks::{self, Selection, View};
use crate::cli::Diagnose;
use crate::collect::dump::DumpedLog;
use crate::collect::live::{Cluster, Container, LogError, Scope};
use crate::diagnosis::Given;
use crate::diagnosis::cluster::facts;
use crate::engine::Engine;
use crate::evidence::Source;
use crate::evidence::cluster::{Kind, ObjectRef, Pod, Snapshot};
use crate::finding::{Fault, Severity};
use crate::text::list;

/// Pods of a workload whose logs are read: those that are not ready first.
const MOST_PODS: usize = 3;
/// Lines of a log that are read.
const TAIL: u64 = 2000;

/// What is asked about: a kind and a name; the namespace may be that of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    kind: Kind,
    name: String,
    namespace: Option<String>,
}

/// Whether the cluster is to be asked; what was typed about it must not go unheard.
pub(super) fn is_wanted(args: &Diagnose, target: Option<&Target>) -> anyhow::Result<bool> {
    let asked = target.is_some() || args.live || args.reach.from.is_some();
    let reach = &args.reach;
    if !asked && (reach.context.is_some() || reach.kubeconfig.is_some() || reach.timeout.is_some()) {
        return Err(Advice {
            what: "a cluster is described, and nothing asks for it: a plain pipe or file is looked at alone".into(),
            help: "name an object such as pod/NAME, or add --live".into(),
        }
        .into());
    }
    Ok(asked)
}

/// The object that was named, if one was: a word `kind/name` that is no file.
pub(super) fn named(args: &Diagnose) -> anyhow::Result<Option<Target>> {
    let object = |word: &String| {
        let (kind, name) = word.split_once('/')?;
        let kind = Kind::from_word(kind)?;
        (!name.is_empty() && !name.contains('/') && !Path::new(word).exists()).then(|| (kind, name.to_owned()))
    };
    let found: Vec<(Kind, String)> = args.files.iter().filter_map(object).collect();
    let Some((kind, name)) = found.first().cloned() else { return Ok(None) };
    if args.files.len() > 1 || args.follow || args.baseline.is_some() || args.since.is_some() || args.offline {
        return Err(Advice {
            what: format!("{}/{name} is an object of the cluster, which is looked at alone", kind.word()),
            help: "name one object without files, --follow, --baseline, --since and --offline; a log goes in by the pipe with --live".into(),
        }
        .into());
    }
    Ok(Some(Target { kind, name, namespace: args.namespace.clone() }))
}

/// The object that a text is about, where the cluster is to be asked about it.
pub(super) fn of_text(args: &Diagnose, engine: &mut Engine<'_>) -> Option<Target> {
    let flag = |value: &Option<String>, name: &str, engine: &Engine<'_>| value.clone().or_else(|| engine.fact(name));
    let namespace = flag(&args.namespace, "namespace", engine);
    let kinds = [
        (Kind::Pod, flag(&args.pod, "pod", engine)),
        (Kind::Deployment, flag(&args.deployment, "deployment", engine)),
        (Kind::Node, engine.fact("node")),
    ];
    let target =
        kinds.into_iter().find_map(|(kind, name)| Some(Target { kind, name: name?, namespace: namespace.clone() }));
    if target.is_none() {
        engine.remark("the text names no pod, deployment or node, so the cluster was not asked: name one with --pod or --deployment".into());
    }
    target
}

/// What was read of the cluster for a target.
struct Read {
    snapshot: Snapshot,
    object: ObjectRef,
    logs: Vec<(Container, Result<Vec<u8>, LogError>)>,
}

/// Reads the object and all that it hangs on, and hands it to the engine.
pub(super) fn examine(
    target: &Target,
    args: &Diagnose,
    engine: &mut Engine<'_>,
    given: &mut Given,
) -> anyhow::Result<()> {
    let read = match &args.reach.from {
        Some(path) => of_dump(target, path, args)?,
        None => of_cluster(target, args)?,
    };
    let view = View::new(&read.snapshot, read.snapshot.taken.unwrap_or_else(Timestamp::now));
    if view.meta(&read.object).is_none() {
        return Err(missing(&view, &read.object).into());
    }
    let examined = checks::examine(&view, &Selection::default());
    let reach = view.reach(&read.object);
    let mut faults: Vec<&Fault> = examined.faults.iter().filter(|f| concerns(f, &reach)).collect();
    // A thing of little weight must not be the answer where nothing else is wrong.
    faults.retain(|f| severity(f) >= Severity::Medium);
    for fault in &faults {
        engine.fault(fault);
    }
    for (name, value) in
        facts(&view, &faults.first().map_or_else(|| Fault::on(read.object.clone(), ""), |f| (*f).clone()))
    {
        if name != "finding" && !given.values.iter().any(|(known, _)| *known == name) {
            given.values.push((name, value));
        }
    }
    for (container, log) in read.logs {
        take(engine, &container, log);
    }
    let mut unseen: Vec<String> = examined.gaps.iter().map(|g| g.what.clone()).collect();
    unseen.truncate(6);
    if !unseen.is_empty() {
        engine.remark(format!("not looked at: {}", list(&unseen)));
    }
    read.snapshot.remarks.iter().for_each(|remark| engine.remark(remark.clone()));
    Ok(())
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

fn of_cluster(target: &Target, args: &Diagnose) -> anyhow::Result<Read> {
    let access = access(&args.reach)?;
    let read = cluster::wait(async {
        let cluster = access.connect().await?;
        let namespace = target.namespace.clone().unwrap_or_else(|| cluster.namespace.clone());
        let object = ObjectRef::new(target.kind, &namespace, &target.name);
        // A node is hung on by pods of all namespaces.
        let namespaces = if target.kind.info().namespaced { [namespace].into() } else { BTreeSet::new() };
        let snapshot = cluster::snapshot(&cluster, &Scope { namespaces, ..Scope::default() }, false).await;
        let logs = logs(&cluster, &snapshot, &object, args.tail.unwrap_or(TAIL)).await;
        Ok(Read { snapshot, object, logs })
    })?;
    read.map_err(|error| advice(&error).into())
}

async fn logs(
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

fn of_dump(target: &Target, path: &Path, args: &Diagnose) -> anyhow::Result<Read> {
    let dump = cluster::dump(path)?;
    let namespace = target.namespace.clone().unwrap_or_else(|| only_namespace(&dump.snapshot, target));
    let object = ObjectRef::new(target.kind, &namespace, &target.name);
    let view = View::new(&dump.snapshot, dump.snapshot.taken.unwrap_or_else(Timestamp::now));
    let wanted = containers(&view, &object);
    let fits = |log: &DumpedLog, c: &Container| {
        log.namespace == c.namespace && log.pod == c.pod && log.container == c.name && log.previous == c.previous
    };
    let text = |c: &Container| {
        dump.logs.iter().find(|log| fits(log, c)).map(|log| last_lines(&log.text, args.tail.unwrap_or(TAIL)).to_vec())
    };
    let logs = wanted.into_iter().map(|c| (c.clone(), text(&c).ok_or(LogError::None))).collect();
    Ok(Read { object, logs, snapshot: dump.snapshot })
}

/// The namespace of the one object of this name, or `default`.
fn only_namespace(snapshot: &Snapshot, target: &Target) -> String {
    let mut named =
        snapshot.metas(target.kind).into_iter().filter(|m| m.name == target.name).map(|m| m.namespace.clone());
    match (named.next(), named.next()) {
        (Some(only), None) => only,
        _ => "default".into(),
    }
}

fn last_lines(text: &[u8], lines: u64) -> &[u8] {
    let lines = usize::try_from(lines).unwrap_or(usize::MAX);
    let end = text.strip_suffix(b"\n").unwrap_or(text);
    let start = memchr::memrchr_iter(b'\n', end).nth(lines.saturating_sub(1));
    start.map_or(text, |at| &text[at + 1..])
}

/// The containers whose logs are worth reading: of pods that are not ready first, the life before where there was one.
fn containers(view: &View<'_>, object: &ObjectRef) -> Vec<Container> {
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
