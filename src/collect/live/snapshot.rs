//! Takes a snapshot: every kind once, side by side, with a limit on all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::Cluster;
use super::discover::Served;
use super::list::Listed;
use super::request::Failure;
use crate::evidence::cluster::{KINDS, Kind, KindInfo, Origin, Read, Snapshot};

/// Which part of a cluster is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only these namespaces; all when empty.
    pub namespaces: BTreeSet<String>,
    /// Only these kinds; all when empty.
    pub kinds: BTreeSet<Kind>,
}

/// How far a snapshot is; may be read while it is taken.
#[derive(Debug, Default)]
pub struct Progress {
    /// Objects that came.
    pub objects: AtomicUsize,
    /// Lists that are done.
    pub done: AtomicUsize,
    /// Lists in all.
    pub lists: AtomicUsize,
    /// Requests that were sent.
    pub requests: AtomicUsize,
}

/// Lists that are read at a time.
const SIDE_BY_SIDE: usize = 6;
/// Where a kind may not be listed everywhere, it is tried in at most so many namespaces.
const MOST_NAMESPACES: usize = 64;

/// Why something was not read that may not be.
const FORBIDDEN: &str = "forbidden";

/// One list to read.
#[derive(Clone, Debug)]
struct Task {
    kind: Kind,
    namespace: Option<String>,
    path: String,
}

/// What became of it.
type Done = (Task, Listed);

impl Cluster {
    /// Takes a snapshot at the moment `now`.
    pub async fn snapshot(&self, scope: &Scope, now: Timestamp, progress: &Arc<Progress>) -> Snapshot {
        let mut snapshot = Snapshot::of(Origin::Live(self.context.clone()));
        snapshot.taken = Some(now);
        snapshot.version.clone_from(&self.version);
        let deadline = tokio::time::Instant::now() + self.limits.overall;
        let served = tokio::time::timeout_at(deadline, self.discover()).await.unwrap_or_default();
        let first = tasks(scope, &served, &mut snapshot);
        let mut refused = self.read(first, deadline, progress, &mut snapshot).await;
        refused.retain(|kind, _| kind.info().namespaced);
        if !scope.namespaces.is_empty() {
            note_refusals(&refused, &refused, &scope.namespaces.iter().cloned().collect(), &mut snapshot);
        } else if !refused.is_empty() {
            // Whoever may not list everywhere may list in a namespace.
            let namespaces = self.namespaces_to_try(&snapshot);
            let again =
                refused.keys().flat_map(|kind| namespaces.iter().filter_map(|n| task(*kind, Some(n), &served, "")));
            let still = self.read(again.collect(), deadline, progress, &mut snapshot).await;
            note_refusals(&refused, &still, &namespaces, &mut snapshot);
        }
        snapshot
    }

    /// The namespace of the context, and all others where their names are known and few.
    fn namespaces_to_try(&self, snapshot: &Snapshot) -> BTreeSet<String> {
        let known = snapshot.namespaces.iter().map(|n| n.metadata.name.clone());
        let all: BTreeSet<String> = known.chain([self.namespace.clone()]).collect();
        if all.len() > MOST_NAMESPACES { [self.namespace.clone()].into() } else { all }
    }

    /// Reads lists side by side into the snapshot; returns the kinds that were refused, with the namespaces that were.
    async fn read(
        &self,
        tasks: Vec<Task>,
        deadline: tokio::time::Instant,
        progress: &Arc<Progress>,
        snapshot: &mut Snapshot,
    ) -> BTreeMap<Kind, BTreeSet<String>> {
        progress.lists.fetch_add(tasks.len(), Ordering::Relaxed);
        let mut open: BTreeSet<(Kind, Option<String>, String)> =
            tasks.iter().map(|t| (t.kind, t.namespace.clone(), t.path.clone())).collect();
        let (sender, mut receiver) = mpsc::channel::<Done>(SIDE_BY_SIDE);
        let mut set = self.start(tasks, &sender, progress);
        // The lists hold the other senders: when they are done, there is nothing more to come.
        drop(sender);
        let mut refused: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
        while let Ok(Some((task, listed))) = tokio::time::timeout_at(deadline, receiver.recv()).await {
            open.remove(&(task.kind, task.namespace.clone(), task.path.clone()));
            progress.done.fetch_add(1, Ordering::Relaxed);
            progress.requests.fetch_add(listed.requests, Ordering::Relaxed);
            if take(&task, listed, snapshot) {
                refused.entry(task.kind).or_default().insert(task.namespace.unwrap_or_default());
            }
        }
        set.abort_all();
        let limit = self.limits.overall.as_secs_f32();
        for (kind, _, _) in open {
            snapshot.reads.note(kind, Read::Part(format!("not read within {limit} s")));
        }
        refused
    }

    fn start(&self, tasks: Vec<Task>, sender: &mpsc::Sender<Done>, progress: &Arc<Progress>) -> JoinSet<()> {
        let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
        let mut set = JoinSet::new();
        for task in tasks {
            let (cluster, sender, places, progress) = (self.clone(), sender.clone(), places.clone(), progress.clone());
            set.spawn(async move {
                let Ok(_place) = places.acquire().await else { return };
                let listed =
                    cluster.list(task.kind, &task.path, |n| _ = progress.objects.fetch_add(n, Ordering::Relaxed)).await;
                // Nobody listens any more where time is up.
                let _ = sender.send((task, listed)).await;
            });
        }
        set
    }
}

/// Takes over what a list brought and notes how it was read; returns whether it was refused.
fn take(task: &Task, listed: Listed, snapshot: &mut Snapshot) -> bool {
    snapshot.append(listed.objects);
    let kind = task.kind;
    match (listed.broken, &task.namespace) {
        (None, None) => note_whole(kind, snapshot),
        (None, Some(namespace)) => {
            let mut known = match snapshot.reads.of(kind) {
                Some(Read::Namespaces(known)) => known.clone(),
                _ => BTreeSet::new(),
            };
            known.insert(namespace.clone());
            snapshot.reads.note(kind, Read::Namespaces(known));
        }
        (Some(Failure::NotFound), _) => snapshot.reads.note(kind, not_served(kind)),
        (Some(Failure::Forbidden(_)), None) => {
            snapshot.reads.note(kind, Read::Not(FORBIDDEN.into()));
            return true;
        }
        (Some(failure @ Failure::Forbidden(_)), Some(namespace)) => {
            snapshot.reads.refuse(kind, namespace, failure.to_string());
            if snapshot.reads.of(kind).is_none() {
                snapshot.reads.note(kind, Read::Namespaces(BTreeSet::new()));
            }
            return true;
        }
        (Some(failure), _) => snapshot.reads.note(kind, Read::Part(failure.to_string())),
    }
    false
}

/// An add-on that is not installed has no objects. What every cluster has is there, in a version that is too old or too new to be read.
fn not_served(kind: Kind) -> Read {
    let versions = kind.info().versions.join(", ");
    if kind.info().optional { Read::NotServed } else { Read::Not(format!("not served as {versions}")) }
}

/// One list of several of the same kind (Gatekeeper's constraints) does not make up for another that failed.
fn note_whole(kind: Kind, snapshot: &mut Snapshot) {
    if !matches!(snapshot.reads.of(kind), Some(Read::Part(_) | Read::Not(_))) || kind != Kind::Constraint {
        snapshot.reads.note(kind, Read::Whole);
    }
}

/// A kind that was refused everywhere and in every namespace that was tried is not read at all. Where not even the names of all namespaces are known, what was
/// read in some is all that may be read.
fn note_refusals(
    refused: &BTreeMap<Kind, BTreeSet<String>>,
    still: &BTreeMap<Kind, BTreeSet<String>>,
    tried: &BTreeSet<String>,
    snapshot: &mut Snapshot,
) {
    let all = snapshot.namespaces.iter().all(|n| tried.contains(&n.metadata.name));
    let all = all && snapshot.reads.complete(Kind::Namespace, "").is_ok();
    for (kind, places) in refused {
        if still.get(kind).is_some_and(|namespaces| namespaces.len() == tried.len()) {
            snapshot.reads.note(*kind, Read::Not(FORBIDDEN.into()));
        } else if !all && places.contains("") {
            snapshot.reads.refuse(*kind, "", FORBIDDEN.into());
        }
    }
}

/// The lists of a scope.
fn tasks(scope: &Scope, served: &Served, snapshot: &mut Snapshot) -> Vec<Task> {
    let mut tasks = Vec::new();
    let wanted = KINDS.iter().filter(|info| scope.kinds.is_empty() || scope.kinds.contains(&info.kind));
    for info in wanted {
        if served.version(info).is_none() {
            snapshot.reads.note(info.kind, not_served(info.kind));
            continue;
        }
        if info.kind == Kind::Constraint {
            tasks.extend(served.constraints.iter().filter_map(|plural| task(info.kind, None, served, plural)));
            snapshot.reads.note(info.kind, Read::Whole);
        } else if info.namespaced && !scope.namespaces.is_empty() {
            tasks.extend(scope.namespaces.iter().filter_map(|n| task(info.kind, Some(n), served, "")));
        } else {
            tasks.extend(task(info.kind, None, served, ""));
        }
    }
    // Long lists first.
    tasks.sort_by_key(|t| !matches!(t.kind, Kind::Pod | Kind::Event | Kind::ReplicaSet | Kind::Node | Kind::Namespace));
    tasks
}

fn task(kind: Kind, namespace: Option<&str>, served: &Served, plural: &str) -> Option<Task> {
    let info: &KindInfo = kind.info();
    let version = served.version(info)?;
    let root =
        if info.group.is_empty() { format!("/api/{version}") } else { format!("/apis/{}/{version}", info.group) };
    let place = namespace.map_or(String::new(), |n| format!("/namespaces/{n}"));
    let plural = if plural.is_empty() { info.plural } else { plural };
    Some(Task { kind, namespace: namespace.map(ToOwned::to_owned), path: format!("{root}{place}/{plural}") })
}
