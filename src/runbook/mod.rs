//! Runbooks as data: their heads, the catalogue, and the matcher that finds which of them have something to say.
//!
//! Imports `signal`, `finding`, `command` and `evidence`.

mod alerts;
mod catalogue;
pub mod compiled;
mod draft;
pub mod head;
pub mod literal;
mod matcher;
mod numbers;
pub mod outline;
mod signals;
mod signatures;
mod taxonomy;
mod template;

pub use alerts::{Alert, alerts};
pub use catalogue::{Catalogue, Entry, Fault};
pub use draft::Draft;
pub use matcher::{Firing, Matcher, Seen, SeenLine, SeenSignal, Wanted};
pub use numbers::NumberSet;
pub use signatures::signatures;
pub use taxonomy::{knows as knows_category, pairs as taxonomy};
pub use template::{command as fill_command, holds, sentence as fill_sentence};
