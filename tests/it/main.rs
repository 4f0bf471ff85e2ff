//! Everything that is tested from outside, in one binary: sessions with the built program, generated files, the architecture, the
//! examples of the runbooks.

mod api_server;
mod architecture;
mod checks;
mod cluster;
mod dumps;
mod embeddings;
mod formats;
mod fuzz_corpus;
mod generated;
mod harness;
mod health_reports;
mod healthy;
mod hostile;
mod logs;
mod planted;
mod remedies;
mod reports;
mod runbook_lint;
mod runbook_new;
mod runbook_shelf;
mod runbooks;
mod search;
mod serve;
mod serve_access;
mod serve_contract;
mod serve_life;
mod serve_limits;
mod sessions;
mod terminal;
