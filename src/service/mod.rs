//! What the command line and the server both do between collecting and showing: the runbooks in force, one text to a diagnosis, an
//! object of a cluster as evidence. Neither face has a copy of it, so that both give the same answers.

mod cluster;
mod knowledge;
mod object;
mod text;

pub use cluster::{judge, judge_keeping, unreachable};
pub use knowledge::{Knowledge, learn, shelf};
pub use object::{Named, Read, TAIL, Target, containers, examine, logs, read_live, survey};
pub use text::{report, request_id};

/// A mistake with what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Advice {
    /// One lower-case sentence.
    pub what: String,
    /// What to do next.
    pub help: String,
}
