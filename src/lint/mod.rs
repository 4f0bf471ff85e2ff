//! The linter of runbooks: Markdown in, findings out, with or without a front matter of ours.
//!
//! One rule is one file with its tests; `core` is what they share, `shell` reads shell as it stands in runbooks, `data` has the facts about tools
//! and APIs. Pure: the caller walks directories and reads files. Precision before recall: what may be right is not claimed.
//!
//! Imports `runbook`, `command`, `evidence`, `finding` and `redact`.

mod anchor_dead;
mod anchor_wrong_case;
mod api_version_removed;
mod category_unknown;
mod code_fence_unclosed;
mod command_deprecated;
mod command_removed;
mod command_unknown;
mod core;
mod data;
mod destructive_unwarned;
mod example_ranks_wrong;
mod exec_without_separator;
mod fix_outside_grammar;
mod flag_deprecated;
mod flag_removed;
mod front_matter_invalid;
mod front_matter_unknown_key;
mod front_matter_unreadable;
mod heading_missing;
mod id_duplicate;
mod id_not_file_name;
mod id_unknown;
mod ignore_unknown_rule;
mod ignore_unused;
mod ignore_without_reason;
mod link_dead;
mod links_mostly_dead;
mod list;
mod reference_undefined;
mod run;
mod runbook_url_dead;
mod secret_pasted;
mod section_empty;
mod section_missing;
mod shell;
mod shell_continuation_broken;
mod shell_typographic_sign;
mod shell_unparsable;
mod signal_bad_expression;
mod signal_over_broad;
mod signal_too_costly;
mod signal_without_literal;
mod undo_missing;
mod web_link_dead;

pub use core::{Edit, Finding, Input, Page, Rule, RuleFile, Scope, Tree, WebLink, apply, documentation};
pub use example_ranks_wrong::{ExampleOutcome, example_findings};
pub use list::{RULES, rule};
pub use run::{lint, lint_page};
pub use web_link_dead::web_link_findings;
