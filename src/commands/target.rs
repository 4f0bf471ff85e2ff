//! `idp diagnose pod/NAME`: which object is meant, and where it is read from.

use std::path::Path;

use jiff::Timestamp;

use super::Advice;
use super::cluster::{self, access, advice};
use crate::checks::View;
use crate::cli::Diagnose;
use crate::collect::dump::DumpedLog;
use crate::collect::live::{Container, LogError};
use crate::diagnosis::Given;
use crate::engine::Engine;
use crate::evidence::cluster::{Kind, ObjectRef, Snapshot};
use crate::service::{self, Named, Read, TAIL, Target, containers};

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
    let Diagnose { namespace, pod, deployment, .. } = args;
    let named = Named { namespace: namespace.clone(), pod: pod.clone(), deployment: deployment.clone() };
    let target = Target::of_text(&named, engine);
    if target.is_none() {
        engine.remark("the text names no pod, deployment or node, so the cluster was not asked: name one with --pod or --deployment".into());
    }
    target
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
    Ok(service::examine(read, engine, given)?)
}

fn of_cluster(target: &Target, args: &Diagnose) -> anyhow::Result<Read> {
    let access = access(&args.reach)?;
    let read = cluster::wait(async {
        let connected = access.connect().await?;
        let snapshot = async |scope| cluster::snapshot(&connected, &scope, false).await;
        Ok(service::read_live(target, &connected, args.tail.unwrap_or(TAIL), snapshot).await)
    })?;
    read.map_err(|error| advice(&error).into())
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
