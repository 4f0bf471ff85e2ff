//! Runbooks and tokens are read again when their files change, and on SIGHUP. What cannot be read leaves what was read before in force.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::signal::unix::Signal;

use super::app::App;
use super::auth::Tokens;
use super::library::Library;
use crate::store;

/// How often files are looked at.
const EVERY: Duration = Duration::from_secs(2);

/// What tells one state of a file or folder from another.
type Mark = Vec<(String, Option<SystemTime>, u64)>;

/// Reads again whatever changed.
pub(super) async fn keep_reading(app: Arc<App>, mut hang_up: Signal) {
    let (mut tokens, mut runbooks) = marks(&app).await;
    loop {
        let told = tokio::select! {
            () = tokio::time::sleep(EVERY) => false,
            _ = hang_up.recv() => true,
        };
        let now = marks(&app).await;
        if told || now.0 != tokens {
            read_tokens(&app);
        }
        if told || now.1 != runbooks {
            let app = app.clone();
            // It takes some milliseconds, in which others want to be served.
            let _ = tokio::task::spawn_blocking(move || read_runbooks(&app)).await;
        }
        (tokens, runbooks) = now;
    }
}

async fn marks(app: &Arc<App>) -> (Mark, Mark) {
    let app = app.clone();
    let look = move || {
        let tokens = app.options.tokens.as_deref().map(|path| vec![mark(path)]);
        let runbooks = app.options.runbook_dir.as_deref().map(folder);
        (tokens.unwrap_or_default(), runbooks.unwrap_or_default())
    };
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
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
