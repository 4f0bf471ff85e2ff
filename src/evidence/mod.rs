//! What was seen and where: where input comes from, its lines made plain, their level, and what wraps them.
//!
//! Imports only `text`. No clock, no files, no async: bytes come in as arguments.

pub mod cluster;
mod digits;
mod expression;
pub mod format;
mod level;
mod partial;
mod pattern;
mod plain;
pub mod record;
mod shape;
mod source;
mod splitter;
pub mod stamp;

pub use level::Level;
pub use partial::Joiner;
pub use pattern::{Found, Pattern};
pub use plain::{printable, unescape};
pub use record::Record;
pub use shape::{Steady, blanked, loose_shape, shape};
pub use source::Source;
pub use splitter::{Block, LONGEST_LINE, Splitter};
pub use stamp::Stamp;
