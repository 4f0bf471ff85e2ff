//! All rules, in the order of their names.

use super::core::Rule;
use super::{
    anchor_dead, anchor_wrong_case, api_version_removed, category_unknown, code_fence_unclosed, command_deprecated,
    command_removed, command_unknown, destructive_unwarned, example_ranks_wrong, exec_without_separator,
    fix_outside_grammar, flag_deprecated, flag_removed, front_matter_invalid, front_matter_unknown_key,
    front_matter_unreadable, heading_missing, id_duplicate, id_not_file_name, id_unknown, ignore_unknown_rule,
    ignore_unused, ignore_without_reason, link_dead, links_mostly_dead, reference_undefined, runbook_url_dead,
    secret_pasted, section_empty, section_missing, shell_continuation_broken, shell_typographic_sign, shell_unparsable,
    signal_bad_expression, signal_over_broad, signal_too_costly, signal_without_literal, undo_missing, web_link_dead,
};

/// All rules, in the order of their names.
pub const RULES: &[&Rule] = &[
    &anchor_dead::RULE,
    &anchor_wrong_case::RULE,
    &api_version_removed::RULE,
    &category_unknown::RULE,
    &code_fence_unclosed::RULE,
    &command_deprecated::RULE,
    &command_removed::RULE,
    &command_unknown::RULE,
    &destructive_unwarned::RULE,
    &example_ranks_wrong::RULE,
    &exec_without_separator::RULE,
    &fix_outside_grammar::RULE,
    &flag_deprecated::RULE,
    &flag_removed::RULE,
    &front_matter_invalid::RULE,
    &front_matter_unknown_key::RULE,
    &front_matter_unreadable::RULE,
    &heading_missing::RULE,
    &id_duplicate::RULE,
    &id_not_file_name::RULE,
    &id_unknown::RULE,
    &ignore_unknown_rule::RULE,
    &ignore_unused::RULE,
    &ignore_without_reason::RULE,
    &link_dead::RULE,
    &links_mostly_dead::RULE,
    &reference_undefined::RULE,
    &runbook_url_dead::RULE,
    &secret_pasted::RULE,
    &section_empty::RULE,
    &section_missing::RULE,
    &shell_continuation_broken::RULE,
    &shell_typographic_sign::RULE,
    &shell_unparsable::RULE,
    &signal_bad_expression::RULE,
    &signal_over_broad::RULE,
    &signal_too_costly::RULE,
    &signal_without_literal::RULE,
    &undo_missing::RULE,
    &web_link_dead::RULE,
];

/// The rule with this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.id == id).copied()
}
