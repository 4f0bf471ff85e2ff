//! What the evidence says, before any runbook is asked: stack traces, verdicts about a whole run, facts about the objects, words that mean trouble.
//!
//! Imports only `evidence`. The [`WATCH`] words tell the engine which lines these readers want to see.

mod facts;
mod kinds;
mod mention;
mod miner;
mod trace;
mod trouble;
mod verdict;
mod watch;

pub use facts::Facts;
pub use kinds::{Kind, Kinds};
pub use mention::{Mention, Mentions};
pub use miner::{Mined, Miner, Pattern as MinedPattern, Slot};
pub use trace::{Exception, Language, Thrown, Tracker};
pub use trouble::{Alarm, Trouble, Troubles};
pub use verdict::{Verdict, Verdicts};
pub use watch::{WATCH, WATCH_NUMBERS};
