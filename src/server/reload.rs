//! Runbooks and tokens are read again when their files change, and on SIGHUP. What cannot be read leaves what was read before in force.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::signal::unix::Signal;

use super::Options;
use super::app::App;
use super::auth::Tokens;
use super::library::Library;
use crate::store;

/// How often files are looked at.
const EVERY: Duration = Duration::from_secs(2);

/// What tells one state of a file or folder from another.
type Mark = Vec<(String, Option<SystemTime>, u64)>;

/// The state of everything that is read again.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    tokens: Mark,
    runbooks: Mark,
}

impl Marks {
    /// As it is now. To be taken *before* what is marked is read: what changes in between is then read once more instead of never.
    pub(super) fn take(options: &Options) -> Self {
        Self {
            tokens: options.tokens.as_deref().map(|path| vec![mark(path)]).unwrap_or_default(),
            runbooks: options.runbook_dir.as_deref().map(folder).unwrap_or_default(),
        }
    }
}

/// Reads again whatever is no longer as it was marked.
pub(super) async fn keep_reading(app: Arc<App>, mut marked: Marks, mut hang_up: Signal) {
    loop {
        let told = tokio::select! {
            () = tokio::time::sleep(EVERY) => false,
            _ = hang_up.recv() => true,
        };
        let now = marks(&app, &marked).await;
        if told || now.tokens != marked.tokens {
            read_tokens(&app);
        }
        if told || now.runbooks != marked.runbooks {
            let app = app.clone();
            // It takes some milliseconds, in which others want to be served.
            let _ = tokio::task::spawn_blocking(move || read_runbooks(&app)).await;
        }
        marked = now;
    }
}

/// On a thread that may wait for a disk. Where it fails, nothing counts as changed.
async fn marks(app: &Arc<App>, marked: &Marks) -> Marks {
    let app = app.clone();
    tokio::task::spawn_blocking(move || Marks::take(&app.options)).await.unwrap_or_else(|_| marked.clone())
}

fn mark(path: &Path) -> (String, Option<SystemTime>, u64) {
    let found = fs::metadata(path).ok();
    let modified = found.as_ref().and_then(|m| m.modified().ok());
    (path.display().to_string(), modified, found.map_or(u64::MAX, |m| m.len()))
}

/// All the way down: the search reads the whole tree.
fn folder(path: &Path) -> Mark {
    let (leaves, _) = store::leaves(&[path.to_owned()]);
    let mut marks = vec![mark(path)];
    marks.extend(
        leaves
            .into_iter()
            .map(|leaf| (leaf.path, UNIX_EPOCH.checked_add(Duration::from_nanos(leaf.modified)), leaf.size)),
    );
    marks
}

fn read_tokens(app: &App) {
    let Some(path) = &app.options.tokens else { return };
    match Tokens::read(path) {
        Ok(tokens) => {
            app.set_tokens(tokens);
            tracing::info!("the tokens were read again");
        }
        Err(why) => tracing::error!(why = ?why, "the tokens were not read again: those read before stay in force"),
    }
}

fn read_runbooks(app: &App) {
    let before = app.library();
    let fresh = Library::load(app.options.runbook_dir.as_deref());
    // A set that was whole is not given up for one that is not; where none ever was, the newest is as good as any.
    let spoilt = !fresh.remarks.is_empty() && before.knowledge.remarks.is_empty();
    if spoilt {
        let why = fresh.remarks.join("; ");
        tracing::error!(why = ?why, "the runbooks were not read again: those read before stay in force");
        let note = format!("the runbooks are those of an earlier time, because they cannot be read again: {why}");
        app.set_library(before.with_remarks(vec![note]));
        return;
    }
    let runbooks = fresh.knowledge.catalogue.entries().len();
    app.set_library(fresh);
    tracing::info!(runbooks, "the runbooks were read again");
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::signal::unix::{SignalKind, signal};

    use super::*;
    use crate::server::Origins;

    fn options(tokens: &Path) -> Options {
        Options {
            address: ([127, 0, 0, 1], 0).into(),
            tokens: Some(tokens.to_owned()),
            hosts: None,
            origins: Origins::Same,
            rate: 0,
            concurrency: 1,
            runbook_dir: None,
            top: 3,
            ignores: Vec::new(),
            access: crate::collect::live::Access::default(),
            look_every: Duration::from_mins(1),
            drain: Duration::from_secs(1),
        }
    }

    #[tokio::test]
    async fn what_changes_while_the_server_starts_is_read_too() {
        // The SHA-256 of nothing, and of "abc".
        let first = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 first\n";
        let second = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad second\n";
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("tokens");
        fs::write(&path, first).expect("written");
        let marks = Marks::take(&options(&path));
        let app = Arc::new(App::new(options(&path)).expect("good tokens"));
        fs::write(&path, format!("{first}{second}")).expect("written");
        let hang_up = signal(SignalKind::hangup()).expect("heard");
        tokio::spawn(keep_reading(app.clone(), marks, hang_up));
        let begun = Instant::now();
        let known = || app.tokens().and_then(|tokens| tokens.name_of("abc"));
        while known().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(40), "it is never read again");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(known().as_deref(), Some("second"));
    }
}
