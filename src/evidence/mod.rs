//! What was seen and where: where input comes from, its lines made plain, their level, and what wraps them.
//!
//! Imports only `text`. No clock, no files, no async: bytes come in as arguments.

pub mod format;
mod level;
mod pattern;
mod plain;
mod source;
mod splitter;

pub use level::Level;
pub use pattern::{Found, Pattern};
pub use plain::{printable, unescape};
pub use source::Source;
pub use splitter::{Block, LONGEST_LINE, Splitter};
