//! What every rule works with: the rule itself, a page of Markdown, the tree it stands in, findings and their edits, and what a page
//! says that is to be ignored.

mod across;
mod code;
mod documentation;
mod finding;
mod ignore;
mod own;
mod page;
mod rule;
#[cfg(test)]
pub(super) mod testing;
mod tree;

pub(super) use code::{Block, CodeLine};
pub use documentation::documentation;
pub use finding::{Edit, Finding, apply};
pub(super) use ignore::Ignores;
pub use page::{Input, Page, WebLink};
pub use rule::{Rule, Scope};
pub use tree::{RuleFile, Tree};

pub(super) use across::{Target, resolve};
