//! What the live cluster adds to a diagnosis: the object that a request is about, else what is wrong in the cluster anyway.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::app::App;
use super::library::Library;
use super::watch::Known;
use crate::collect::live::Progress;
use crate::diagnosis::Given;
use crate::engine::Engine;
use crate::evidence::Source;
use crate::service::{self, Named, Read, TAIL, Target};

/// How long a request may wait for the cluster.
const PATIENCE: Duration = Duration::from_secs(8);

/// What the cluster adds.
pub(super) enum Evidence {
    /// Nobody asked for it.
    Unasked,
    /// The object, and all that it hangs on.
    Object(Box<Read>),
    /// What was found in the whole cluster, and a note on it.
    Whole(Arc<Known>, String),
    /// Nothing, because of this.
    Nothing(String),
}

impl Evidence {
    /// Reads what the request is about: what it names, else what its text names, else what is known of the whole cluster.
    pub(super) async fn gather(app: &App, library: &Arc<Library>, named: &Named, text: &str) -> Self {
        let (about, text, library) = (named.clone(), text.to_owned(), library.clone());
        let target = app.engine.run(move || {
            let mut engine = Engine::new(&library.knowledge.catalogue);
            engine.begin(Source::Stdin);
            engine.push(text.as_bytes());
            engine.push(b"\n");
            Target::of_text(&about, &engine)
        });
        let target = match target.await {
            Ok(target) => target,
            Err(problem) => return Self::Nothing(problem.detail),
        };
        match target {
            Some(target) => Self::of_object(app, &target).await,
            None => Self::of_whole(app),
        }
    }

    async fn of_object(app: &App, target: &Target) -> Self {
        let Ok(_place) = app.live.try_acquire() else {
            return Self::Nothing("the cluster was not asked: it is being read for others at the moment".into());
        };
        match tokio::time::timeout(PATIENCE, read(app, target)).await {
            Ok(Ok(read)) => Self::Object(Box::new(read)),
            Ok(Err(why)) => Self::Nothing(format!("the cluster could not be read: {why}")),
            Err(_) => {
                app.watch.disconnect();
                Self::Nothing(format!("the cluster could not be read within {} s", PATIENCE.as_secs()))
            }
        }
    }

    fn of_whole(app: &App) -> Self {
        match app.watch.known() {
            Ok(known) => {
                let age = known.at.elapsed().as_secs();
                let note = format!(
                    "the text names no pod, deployment or node: the whole cluster is evidence, as it was {age} s ago"
                );
                Self::Whole(known, note)
            }
            Err(why) => Self::Nothing(format!("the cluster could not be read: {why}")),
        }
    }

    /// Hands it to the engine.
    pub(super) fn show(self, engine: &mut Engine<'_>, given: &mut Given) {
        match self {
            Self::Unasked => {}
            Self::Object(read) => {
                if let Err(missing) = service::examine(*read, engine, given) {
                    engine.remark(format!("{}; {}", missing.what, missing.help));
                }
            }
            Self::Whole(known, note) => {
                service::survey(&known.faults, engine);
                engine.remark(note);
            }
            Self::Nothing(why) => engine.remark(why),
        }
    }
}

async fn read(app: &App, target: &Target) -> Result<Read, String> {
    let cluster = app.watch.cluster(&app.options.access).await.map_err(|error| error.to_string())?;
    let snapshot = async |scope| cluster.snapshot(&scope, Timestamp::now(), &Arc::new(Progress::default())).await;
    let read = service::read_live(target, &cluster, TAIL, snapshot).await;
    if read.snapshot.size() == 0 {
        // The connection may be of yesterday: the next one begins anew.
        app.watch.disconnect();
        let cluster = app.watch.cluster(&app.options.access).await.map_err(|error| error.to_string())?;
        drop(cluster);
    }
    Ok(read)
}
