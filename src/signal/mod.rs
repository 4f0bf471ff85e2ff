//! What the evidence says, before any runbook is asked: stack traces, verdicts about a whole run, facts about the objects, words that mean trouble.
//!
//! Imports only `evidence`. The [`WATCH`] words tell the engine which lines these readers want to see.

mod exception;
mod facts;
mod frame;
mod mention;
mod trouble;
mod verdict;

pub use exception::{Exception, Language, Thrown, Tracker};
pub use facts::Facts;
pub use mention::is_mention;
pub use trouble::{Trouble, Troubles};
pub use verdict::{Verdict, Verdicts};

/// Texts, in any case, of which a line has at least one if a reader of this room wants it.
pub const WATCH: &[&str] = &[
    // Stack traces and their headers; `error` is below.
    "traceback (most",
    "exception",
    "throwable",
    "panic",
    "caused by",
    "terminate called",
    "stack trace:",
    "    at ",
    "\tat ",
    ".rb:",
    ".php:",
    // Words that mean trouble.
    "error",
    "fatal",
    "critical",
    "severe",
    "fail",
    "abort",
    "segfault",
    "core dumped",
    "killed",
    "unable to",
    "cannot ",
    "could not",
    "denied",
    "exit code",
    "exited with",
    "exit status",
    "emerg",
    "unhandled",
    "warning ",
    " err ",
    // Verdicts.
    "success",
    "passed",
    "apply complete",
    "no changes",
    "test result",
    "plan:",
    "ok  \t",
    "linted,",
    "created database",
    "finished:",
    "succeeded",
    "connected",
    "connection",
    "recovered",
    "is ready",
    "is now ",
    "is available",
    "is healthy",
    "retr",
    "back online",
    "ready ",
    // Facts.
    "namespace",
    "name:",
    "node:",
    "controlled by:",
    "image:",
    "pod/",
    "pod=",
    "pod \"",
    "pod \\\"",
    "roles:",
    "claim",
    "deployment.apps/",
];
