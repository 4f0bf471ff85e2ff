//! Every check, sorted by id.

use super::Check;

/// Every check, sorted by id.
pub const CHECKS: &[Check] = &[
    super::container_oom_killed::CHECK,
    super::ignore_expired::CHECK,
    super::service_selects_nothing::CHECK,
    super::storage_class_missing::CHECK,
];
