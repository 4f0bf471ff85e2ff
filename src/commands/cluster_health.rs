//! `idp cluster-health`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};

use anyhow::Context as _;
use jiff::Timestamp;

use super::cluster::{self, access, advice};
use super::{Advice, Status, complain};
use crate::checks::{CHECKS, Selection};
use crate::cli::{ClusterHealth, HealthOutput};
use crate::collect::live::{self, Access, Cluster, Scope};
use crate::diagnosis::cluster::{Health, Known, Verdict, Wish, compare};
use crate::evidence::cluster::Snapshot;
use crate::report::health::{self, HealthFormat, HealthReport};
use crate::runbook::Catalogue;
use crate::service;
use crate::settings::Settings;

pub(super) fn run(args: &ClusterHealth, settings: &Settings) -> anyhow::Result<Status> {
    let plan = Plan::new(args, settings)?;
    if let Some(every) = &args.watch {
        let every = cluster::duration("--watch", every)?;
        return plan.watch(&access(&args.reach)?, every);
    }
    let mut reports = Vec::new();
    for health in plan.all()? {
        reports.push(plan.report(health, plan.baseline.as_deref()));
    }
    plan.show(&reports)?;
    Ok(status(&reports, settings))
}

/// What to do about a baseline that cannot be used.
const BASELINE: &str = "make one with `idp cluster-health -o json > FILE`";

/// What is to be done, worked out before anything is read.
struct Plan<'a> {
    args: &'a ClusterHealth,
    settings: &'a Settings,
    catalogue: Catalogue,
    selection: Selection,
    scope: Scope,
    wish: Wish,
    baseline: Option<Vec<Known>>,
}

impl<'a> Plan<'a> {
    fn new(args: &'a ClusterHealth, settings: &'a Settings) -> anyhow::Result<Self> {
        let baseline = args.baseline.as_deref().map(|path| {
            let text = fs::read(path).map_err(|error| Advice {
                what: format!("--baseline: cannot read {}: {error}", path.display()),
                help: BASELINE.into(),
            })?;
            health::known(&text)
                .map_err(|error| Advice {
                    what: format!("--baseline: {} is no report of cluster-health: {error}", path.display()),
                    help: BASELINE.into(),
                })
                .map_err(anyhow::Error::from)
        });
        let (catalogue, _) = super::catalogue(settings);
        Ok(Self {
            args,
            settings,
            catalogue,
            selection: Selection {
                only: known_checks("--only", &args.only)?,
                skip: known_checks("--skip", &args.skip)?,
                hygiene: args.hygiene,
            },
            scope: Scope { namespaces: args.namespaces.iter().cloned().collect(), ..Scope::default() },
            wish: Wish { ignores: settings.ignores.clone() },
            baseline: baseline.transpose()?,
        })
    }

    /// The health of every cluster that is asked for.
    fn all(&self) -> anyhow::Result<Vec<Health>> {
        if let Some(path) = &self.args.reach.from {
            let dump = cluster::dump(path)?;
            return Ok(vec![self.judge(&within(dump.snapshot, &self.scope))]);
        }
        let access = access(&self.args.reach)?;
        if !self.args.all_contexts {
            return Ok(vec![self.live(&access)?]);
        }
        let contexts = live::contexts(access.kubeconfig.as_deref()).map_err(|error| advice(&error))?;
        contexts.into_iter().map(|context| self.live(&Access { context: Some(context), ..access.clone() })).collect()
    }

    fn live(&self, access: &Access) -> anyhow::Result<Health> {
        let read = cluster::wait(async {
            let cluster = access.connect().await?;
            Ok(cluster::snapshot(&cluster, &self.scope, false).await)
        })?;
        let error = match read {
            Ok(snapshot) => return Ok(self.judge(&snapshot)),
            Err(error) => error,
        };
        // One of several clusters that does not answer is a result; the only one is that too, for machines.
        let context = access.context.as_deref();
        if let Some(health) = service::unreachable(&error, context) {
            return Ok(health);
        }
        if self.args.all_contexts {
            return Ok(Health::unreachable(context.unwrap_or_default(), Timestamp::now(), error.to_string()));
        }
        Err(advice(&error).into())
    }

    fn judge(&self, snapshot: &Snapshot) -> Health {
        service::judge(snapshot, &self.selection, &self.catalogue, &self.wish)
    }

    fn report(&self, health: Health, before: Option<&[Known]>) -> HealthReport {
        let compared = before.map(|known| compare(known, &health.causes));
        HealthReport { health, verbose: self.args.verbose, compared }
    }

    fn show(&self, reports: &[HealthReport]) -> anyhow::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        let written = health::write(reports, format(self.args.output), super::style(self.settings), &mut out);
        written.and_then(|()| out.flush()).context("failed to write the health")
    }

    /// Looks again and again, until somebody stops it; each time compared with the time before.
    fn watch(&self, access: &Access, every: std::time::Duration) -> anyhow::Result<Status> {
        let mut before = self.baseline.clone();
        cluster::wait(async {
            let mut connected: Option<Cluster> = None;
            loop {
                let health = self.look(access, &mut connected).await?;
                let known: Vec<Known> = health
                    .causes
                    .iter()
                    .map(|c| Known { fingerprint: c.fingerprint.clone(), root_cause: c.cause.root_cause.clone() })
                    .collect();
                let report = self.report(health, before.as_deref());
                if io::stdout().is_terminal() && self.args.output == HealthOutput::Human {
                    // Clears the screen and goes to its upper left corner.
                    write!(io::stdout(), "\x1b[2J\x1b[H").context("failed to write to the terminal")?;
                }
                let status = status(std::slice::from_ref(&report), self.settings);
                self.show(&[report])?;
                before = Some(known);
                tokio::select! {
                    () = tokio::time::sleep(every) => {}
                    _ = tokio::signal::ctrl_c() => return Ok(status),
                }
            }
        })?
    }

    async fn look(&self, access: &Access, connected: &mut Option<Cluster>) -> anyhow::Result<Health> {
        let cluster = match connected {
            Some(cluster) => cluster.clone(),
            None => match access.connect().await {
                Ok(cluster) => connected.insert(cluster).clone(),
                Err(error) => {
                    return Ok(Health::unreachable(
                        access.context.as_deref().unwrap_or("current context"),
                        Timestamp::now(),
                        error.to_string(),
                    ));
                }
            },
        };
        let snapshot = cluster::snapshot(&cluster, &self.scope, true).await;
        if snapshot.size() == 0 {
            // The connection may be of yesterday: begin anew next time.
            *connected = None;
        }
        Ok(self.judge(&snapshot))
    }
}

/// What lies in the namespaces that are asked for.
fn within(mut snapshot: Snapshot, scope: &Scope) -> Snapshot {
    if !scope.namespaces.is_empty() {
        snapshot.keep_namespaces(&scope.namespaces);
    }
    snapshot
}

fn known_checks(flag: &str, ids: &[String]) -> anyhow::Result<BTreeSet<String>> {
    for id in ids {
        if !CHECKS.iter().any(|c| c.id == id) {
            let near = CHECKS
                .iter()
                .map(|c| c.id)
                .filter(|c| c.split('-').any(|word| id.split('-').any(|w| w == word)))
                .take(4)
                .collect::<Vec<_>>();
            let near = if near.is_empty() { String::new() } else { format!("; near it are {}", near.join(", ")) };
            return Err(Advice {
                what: format!("{flag}: there is no check {id:?}{near}"),
                help: "docs/checks.md lists all checks".into(),
            }
            .into());
        }
    }
    Ok(ids.iter().cloned().collect())
}

fn status(reports: &[HealthReport], settings: &Settings) -> Status {
    if reports.iter().any(|r| r.health.verdict == Verdict::Unreachable) {
        for report in reports.iter().filter(|r| r.health.verdict == Verdict::Unreachable) {
            report.health.notes.iter().for_each(|note| complain(&format!("idp: error: {note}")));
        }
        return Status::Incomplete;
    }
    let found = settings
        .fail_on
        .value
        .is_some_and(|least| reports.iter().any(|r| r.health.severity().is_some_and(|s| s >= least)));
    if found { Status::Found } else { Status::Ran }
}

fn format(output: HealthOutput) -> HealthFormat {
    match output {
        HealthOutput::Human => HealthFormat::Human,
        HealthOutput::Json => HealthFormat::Json,
        HealthOutput::Yaml => HealthFormat::Yaml,
        HealthOutput::Markdown => HealthFormat::Markdown,
        HealthOutput::Junit => HealthFormat::Junit,
        HealthOutput::Sarif => HealthFormat::Sarif,
        HealthOutput::Prometheus => HealthFormat::Prometheus,
    }
}
