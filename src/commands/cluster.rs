//! Reaches a cluster, live or in a dump, while somebody may be waiting.

use std::future::Future;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::Advice;
use crate::cli::Reach;
use crate::collect::dump::{Dump, DumpError};
use crate::collect::live::{Access, Cluster, Limits, LiveError, Progress, Scope};
use crate::evidence::cluster::Snapshot;
use crate::text::Number;

/// Work that takes less shows no progress.
const SHORT: Duration = Duration::from_secs(1);
/// How often somebody who waits is told.
const OFTEN: Duration = Duration::from_millis(200);
/// Threads that read: decoding is work too.
const THREADS: usize = 2;

/// Runs what waits for the network. What still hangs when it is done is left behind.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime =
        builder.worker_threads(THREADS).enable_all().build().context("failed to start threads for the network")?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(done)
}

/// What was typed about a cluster, as the collector takes it.
pub(super) fn access(reach: &Reach) -> anyhow::Result<Access> {
    let overall = reach.timeout.as_deref().map(|text| duration("--timeout", text)).transpose()?;
    let limits = Limits { overall: overall.unwrap_or(Limits::default().overall), ..Limits::default() };
    let limits = Limits { request: limits.request.min(limits.overall), ..limits };
    Ok(Access { kubeconfig: reach.kubeconfig.clone(), context: reach.context.clone(), limits })
}

/// Reads a length of time: `30s`, `2m`, `1h30m`.
pub(super) fn duration(flag: &str, text: &str) -> anyhow::Result<Duration> {
    let read = text.parse::<jiff::SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
    let advice = || Advice { what: format!("{flag}: {text:?} is no length of time"), help: "use 30s, 2m or 1h".into() };
    Ok(read.filter(|d| !d.is_zero()).ok_or_else(advice)?)
}

/// Says what to do about a cluster that cannot be used.
pub(super) fn advice(error: &LiveError) -> Advice {
    Advice { what: error.to_string(), help: error.help() }
}

/// Reads a dump.
pub(super) fn dump(path: &Path) -> anyhow::Result<Dump> {
    Dump::read(path).map_err(|error| {
        let help = match &error {
            DumpError::Unreadable { .. } => "name a folder, a JSON or YAML file, or a .tar.gz of one",
            DumpError::Empty { .. } => "name the output of `kubectl cluster-info dump --output-directory`, of `kubectl get … -o json`, a support bundle or a must-gather",
        };
        Advice { what: error.to_string(), help: help.into() }.into()
    })
}

/// Takes a snapshot of a live cluster, with a line of progress for whoever waits at a terminal.
pub(super) async fn snapshot(cluster: &Cluster, scope: &Scope, quiet: bool) -> Snapshot {
    let progress = Arc::new(Progress::default());
    let bar = (io::stderr().is_terminal() && !quiet).then(|| tokio::spawn(show(progress.clone())));
    let snapshot = cluster.snapshot(scope, Timestamp::now(), &progress).await;
    if let Some(bar) = bar {
        bar.abort();
        let _ = bar.await;
    }
    snapshot
}

async fn show(progress: Arc<Progress>) {
    tokio::time::sleep(SHORT).await;
    let bar = Cleared(ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5)));
    bar.0.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    loop {
        let [done, lists, objects] =
            [&progress.done, &progress.lists, &progress.objects].map(|n| n.load(Ordering::Relaxed));
        bar.0.set_message(format!("reading the cluster: {done} of {lists} lists, {} objects", Number(objects as u64)));
        bar.0.tick();
        tokio::time::sleep(OFTEN).await;
    }
}

/// A line that goes when nobody needs it any more.
struct Cleared(ProgressBar);

impl Drop for Cleared {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
