//! Files of ours: directories of runbooks, and the index over them.

mod runbook_dir;
mod search_index;
mod tree;

pub use runbook_dir::load;
pub use search_index::{Opened, Shelf};
pub use tree::{Leaf, leaves};
