//! Stack traces of nine languages, each as one event, also behind a prefix on every line and inside strings.
//!
//! [`Tracker`] is shown lines; a [head](head) begins a trace, and the [open](open) trace says of each line whether it goes on.

mod escaped;
mod exception;
mod frame;
mod head;
mod library;
mod line;
mod native;
mod open;
mod prefix;
mod python;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod samples_jvm;
#[cfg(test)]
mod samples_native;
#[cfg(test)]
mod samples_script;
mod tracker;
mod typed;

pub use exception::{Exception, Language, Thrown};
pub use tracker::Tracker;
