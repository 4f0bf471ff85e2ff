//! The engine of `idp`: evidence in, ranked causes and safe fixes out. `docs/design.md` says how the rooms hang together and why.

pub mod checks;
pub mod cli;
pub mod collect;
pub mod command;
pub mod commands;
pub mod diagnosis;
pub mod engine;
pub mod evidence;
pub mod finding;
pub mod lint;
pub mod llm;
pub mod redact;
pub mod report;
pub mod runbook;
pub mod search;
pub mod server;
pub mod service;
pub mod settings;
pub mod signal;
pub mod store;
pub mod text;
