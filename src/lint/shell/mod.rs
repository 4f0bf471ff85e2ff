//! Shell as it stands in runbooks: sessions with prompts and output, placeholders, ellipses, templates – and the words of its commands
//! with their place in the file.
//!
//! A lexer and a grammar of our own rather than a crate: edits need the byte of each word, what is no shell must be told from what is
//! broken shell, and any text must be survived.

mod command;
mod grammar;
mod known;
mod lex;
mod prompt;
mod script;
mod word;

pub(super) use command::{Argument, Command};
pub(super) use known::is_command;
pub(super) use script::Script;
