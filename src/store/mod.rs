//! Files of ours: directories of runbooks, trees of Markdown with the index over them, single files.

mod chroma;
mod files;
mod runbook_dir;
mod search_index;
mod tree;
mod vectors;

pub use chroma::{Chroma, ChromaError};
pub use files::{NamedText, create, file_names, names_in, read_text, replace, rule_files};
pub use runbook_dir::{learn, load};
pub use search_index::{Opened, Shelf};
pub use tree::{Leaf, MarkdownFile, is_markdown_name, leaves, markdown};
pub use vectors::{Vectors, hash as text_hash};
