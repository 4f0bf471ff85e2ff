//! Checks of the cluster: one file each, pure, a function of a [`View`].
//!
//! Each check answers with faults, with what it could not see, or with nothing, which means that the fault is absent. Knowledge about a fault (what it
//! means, what repairs it) is in the runbook that names the check; here is only how it is seen.

mod check;
mod examine;
mod list;
#[cfg(test)]
mod testing;
mod view;

mod container_oom_killed;
mod ignore_expired;
mod service_selects_nothing;
mod storage_class_missing;

pub use check::{Basis, Check, Stage, Verdict};
pub use examine::{Examined, Gap, Selection, examine};
pub use list::CHECKS;
/// The reason for which an annotation of an object, its owner or its namespace asks to ignore a fault.
#[must_use]
pub fn is_ignored_by_annotation(view: &View<'_>, fault: &crate::finding::Fault) -> Option<String> {
    ignore_expired::reason(view, fault)
}

pub use view::{Endpoints, Lookup, Thresholds, View};
