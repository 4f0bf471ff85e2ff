//! The server's own log: one line an event, as text or JSON, on standard error. Never a body, a token or a header of a caller.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, Registry, fmt};

/// How much is logged, and how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logging {
    /// The least level.
    pub level: LevelFilter,
    /// One JSON object a line.
    pub json: bool,
}

/// Begins to log. Only what this program itself says: the libraries below it might show what callers sent.
pub fn start(logging: Logging) {
    let ours = filter_fn(|event| event.target().starts_with("idp"));
    let layer = fmt::layer().with_writer(io::stderr).with_target(false).with_ansi(false);
    let layer = if logging.json {
        layer.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
    } else {
        layer.boxed()
    };
    let subscriber = Registry::default().with(layer.with_filter(ours).with_filter(logging.level));
    // Where a log is kept already, that one stays.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
