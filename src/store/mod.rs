//! Files of ours: directories of runbooks, trees of Markdown, single files.

mod files;
mod runbook_dir;
mod tree;

pub use files::{NamedText, create, file_names, names_in, read_text, replace, rule_files};
pub use runbook_dir::load;
pub use tree::{MarkdownFile, is_markdown_name, markdown};
