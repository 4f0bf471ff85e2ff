//! Files of ours: directories of runbooks.

mod runbook_dir;

pub use runbook_dir::load;
