//! `idp serve`.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Context as _;
use tracing::level_filters::LevelFilter;

use super::{Advice, Status};
use crate::cli::Serve;
use crate::collect::live::{Access, Limits};
use crate::server::{self, Hosts, Logging, Options, Origins, ServeError};
use crate::settings::{CorsOrigins, LogLevel, ServeSettings, Settings};

/// Longest that one request to the cluster may take, and one look at all of it.
const LIMITS: Limits = Limits { request: Duration::from_secs(10), overall: Duration::from_mins(1) };
/// Threads for long texts, uploads and files, at the most.
const MOST_THREADS: usize = 32;

pub(super) fn run(args: &Serve, settings: &Settings) -> anyhow::Result<Status> {
    let serve = ServeSettings::resolve(args)?;
    let options = options(args, settings, &serve)?;
    is_guarded(args, &options)?;
    server::start_logging(Logging { level: level(serve.log_level.value), json: serve.log_json.value });
    let workers = available_parallelism().map_or(1, usize::from);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(workers).max_blocking_threads(MOST_THREADS).enable_all();
    let runtime = builder.build().context("failed to start threads")?;
    let served = runtime.block_on(server::serve(options, announce));
    // What still hangs is left behind.
    runtime.shutdown_background();
    served.map_err(|error| advice(&error))?;
    Ok(Status::Ran)
}

fn options(args: &Serve, settings: &Settings, serve: &ServeSettings) -> anyhow::Result<Options> {
    let ServeSettings { host, port, tokens, cors_origins, rate_limit_requests, concurrency, look_every, drain, .. } =
        serve;
    if args.insecure_no_auth && tokens.value.is_some() {
        return Err(Advice {
            what: "--insecure-no-auth: a file of tokens is named too".into(),
            help: "leave one of them out".into(),
        }
        .into());
    }
    Ok(Options {
        address: SocketAddr::new(host.value, port.value),
        tokens: tokens.value.clone(),
        hosts: (tokens.value.is_none() && host.value.is_loopback()).then(|| Hosts::of(&args.allow_host)),
        origins: match &cors_origins.value {
            CorsOrigins::Same => Origins::Same,
            CorsOrigins::Any => Origins::Any,
            CorsOrigins::Listed(listed) => Origins::Listed(listed.clone()),
        },
        rate: rate_limit_requests.value,
        concurrency: usize::try_from(concurrency.value).unwrap_or(usize::MAX),
        runbook_dir: settings.runbook_dir.value.clone(),
        top: settings.top.value,
        ignores: settings.ignores.clone(),
        access: Access { kubeconfig: args.kubeconfig.clone(), context: args.context.clone(), limits: LIMITS },
        look_every: look_every.value,
        drain: drain.value,
    })
}

/// What others can reach wants tokens, or somebody who says that it does not.
fn is_guarded(args: &Serve, options: &Options) -> Result<(), Advice> {
    if options.address.ip().is_loopback() || options.tokens.is_some() || args.insecure_no_auth {
        return Ok(());
    }
    Err(Advice {
        what: format!("{} can be reached from elsewhere, and nobody is asked for a token", options.address.ip()),
        help: "name a file of tokens with --tokens or APP_TOKENS_FILE, or say --insecure-no-auth".into(),
    })
}

fn level(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warning => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    }
}

fn announce(address: SocketAddr) {
    // Where standard output is closed nobody wants to know.
    let _ = writeln!(io::stdout(), "idp: listening on http://{address}, the API is described at http://{address}/docs");
}

fn advice(error: &ServeError) -> anyhow::Error {
    let help = match error {
        ServeError::Listen { .. } => "name another address or port with --host and --port",
        ServeError::Tokens(_) => "give each line a SHA-256 and a name, as in `printf %s \"$TOKEN\" | sha256sum`",
        ServeError::Signals(_) => "see what keeps this process from handling signals",
    };
    Advice { what: error.to_string(), help: help.into() }.into()
}
