//! What is known of the cluster: looked at in the background, one look at a time, shared by all who ask.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::{Mutex as Turn, Notify, watch};

use super::app::App;
use super::fields::Fields;
use super::problem::Problem;
use super::routes::answer;
use crate::checks::Selection;
use crate::collect::live::{Access, Cluster, LiveError, Progress, Scope};
use crate::diagnosis::cluster::{Health, Verdict, Wish};
use crate::evidence::cluster::Snapshot;
use crate::finding::Fault;
use crate::report::health::{HealthReport, HealthResponse, response};
use crate::service;

/// How long whoever wants a fresh look waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// After a look that failed the next one comes sooner.
const AGAIN: Duration = Duration::from_secs(10);

/// A look that worked.
pub(super) struct Known {
    pub(super) health: Health,
    /// What the checks found, for diagnoses that name no object.
    pub(super) faults: Vec<Fault>,
    pub(super) at: Instant,
}

/// What is known.
#[derive(Clone, Default)]
struct Seen {
    known: Option<Arc<Known>>,
    /// Why the last look failed, if it did.
    failure: Option<Arc<str>>,
    /// The number of looks.
    looks: u64,
}

/// What is known of the cluster, and how to look again.
pub(super) struct Watch {
    seen: watch::Sender<Seen>,
    wanted: Notify,
    looking: AtomicBool,
    connected: Mutex<Option<Cluster>>,
    /// One connects at a time.
    connecting: Turn<()>,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            seen: watch::Sender::new(Seen::default()),
            wanted: Notify::new(),
            looking: AtomicBool::new(false),
            connected: Mutex::new(None),
            connecting: Turn::new(()),
        }
    }

    /// The last look that worked, or why there is none.
    pub(super) fn known(&self) -> Result<Arc<Known>, String> {
        let seen = self.seen.borrow();
        let why = seen.failure.as_deref().unwrap_or("it was not looked at yet");
        seen.known.clone().ok_or_else(|| why.to_owned())
    }

    /// Whether the last look worked.
    pub(super) fn is_connected(&self) -> bool {
        let seen = self.seen.borrow();
        seen.known.is_some() && seen.failure.is_none()
    }

    pub(super) fn age(&self) -> Option<Duration> {
        self.seen.borrow().known.as_ref().map(|known| known.at.elapsed())
    }

    fn connection(&self) -> MutexGuard<'_, Option<Cluster>> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, opened where there is none.
    pub(super) async fn cluster(&self, access: &Access) -> Result<Cluster, LiveError> {
        let known = || self.connection().clone();
        if let Some(cluster) = known() {
            return Ok(cluster);
        }
        let _turn = self.connecting.lock().await;
        if let Some(cluster) = known() {
            return Ok(cluster);
        }
        let cluster = access.connect().await?;
        *self.connection() = Some(cluster.clone());
        Ok(cluster)
    }

    /// Whoever asks next connects anew.
    pub(super) fn disconnect(&self) {
        *self.connection() = None;
    }

    /// Waits for a look that ends from now on; whoever comes while one is on its way shares it.
    async fn look_again(&self) {
        let mut seen = self.seen.subscribe();
        seen.mark_unchanged();
        if !self.looking.load(Ordering::Acquire) {
            self.wanted.notify_one();
        }
        // The sender lives as long as the server.
        let _ = seen.changed().await;
    }
}

/// Looks at the cluster again and again.
pub(super) async fn keep_looking(app: Arc<App>) {
    loop {
        app.watch.looking.store(true, Ordering::Release);
        let look = look(&app).await;
        let worked = look.is_ok();
        app.metrics.collection(worked);
        app.watch.looking.store(false, Ordering::Release);
        note(&app.watch, look);
        let pause = if worked { app.options.look_every } else { app.options.look_every.min(AGAIN) };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.watch.wanted.notified() => {}
        }
    }
}

fn note(watch: &Watch, look: Result<Known, String>) {
    watch.seen.send_modify(|seen| {
        seen.looks += 1;
        match look {
            Ok(known) => {
                if seen.failure.take().is_some() || seen.known.is_none() {
                    tracing::info!("the cluster is read");
                }
                seen.known = Some(Arc::new(known));
            }
            Err(why) => {
                if seen.failure.as_deref() != Some(&*why) {
                    tracing::warn!(why = ?why, "the cluster cannot be read");
                }
                seen.failure = Some(why.into());
            }
        }
    });
}

async fn look(app: &Arc<App>) -> Result<Known, String> {
    let snapshot = match snapshot(app).await {
        Ok(snapshot) => snapshot,
        Err(error) => return Err(format!("{error}; {}", error.help())),
    };
    let (library, ignores) = (app.library(), app.options.ignores.clone());
    let judged = app.engine.run(move || {
        let wish = Wish { ignores };
        service::judge_keeping(&snapshot, &Selection::default(), &library.knowledge.catalogue, &wish)
    });
    let (health, faults) = judged.await.map_err(|problem| problem.detail)?;
    Ok(Known { health, faults, at: Instant::now() })
}

async fn snapshot(app: &App) -> Result<Snapshot, LiveError> {
    let access = &app.options.access;
    let read = async |cluster: Cluster| {
        cluster.snapshot(&Scope::default(), Timestamp::now(), &Arc::new(Progress::default())).await
    };
    let snapshot = read(app.watch.cluster(access).await?).await;
    if snapshot.size() > 0 {
        return Ok(snapshot);
    }
    // The connection may be of yesterday. Connecting says why nothing comes.
    app.watch.disconnect();
    Ok(read(app.watch.cluster(access).await?).await)
}

/// The health of the cluster, and how old it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ClusterHealth")]
pub(super) struct ClusterHealth {
    /// What is known.
    #[serde(flatten)]
    pub health: HealthResponse,
    /// Seconds since it was seen.
    pub age_seconds: f64,
    /// Whether it could not be read since: the verdict is `unreachable` then, and everything else is what was known.
    pub stale: bool,
}

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let mut fields = Fields::of_query(request.uri().query());
    let refresh = fields.flag("refresh");
    fields.finish(&["refresh"])?;
    let never = app.watch.seen.borrow().looks == 0;
    if refresh || never {
        // What is not there by then is answered from what is known.
        let _ = tokio::time::timeout(PATIENCE, app.watch.look_again()).await;
    }
    let seen = app.watch.seen.borrow().clone();
    let Some(known) = seen.known else {
        let why = seen.failure.as_deref().unwrap_or("it has not answered yet").to_owned();
        return Err(Problem {
            retry_after: Some(AGAIN.as_secs()),
            ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, format!("no cluster was read so far: {why}"))
        });
    };
    let overdue = known.at.elapsed() > 3 * app.options.look_every + PATIENCE;
    let mut health = known.health.clone();
    let stale = seen.failure.is_some() || overdue;
    if stale {
        health.verdict = Verdict::Unreachable;
        let why = seen.failure.as_deref().unwrap_or("it has not answered since");
        let age = known.at.elapsed().as_secs();
        health
            .notes
            .insert(0, format!("the cluster cannot be read any more ({why}); this is what was known {age} s ago"));
    }
    let health = response(&HealthReport { health, verbose: true, compared: None });
    let age_seconds = (known.at.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    answer(&ClusterHealth { health, age_seconds, stale })
}
