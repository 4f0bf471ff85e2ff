//! What surrounds a diagnosis of a text: its report, and the id of its request.

use jiff::Timestamp;

use crate::diagnosis::Diagnosis;
use crate::report::Report;

/// The report of a diagnosis that was made at `now`, without anything that only a person at a terminal asks for.
#[must_use]
pub fn report(diagnosis: Diagnosis, request_id: String, top: usize, now: Timestamp) -> Report {
    Report {
        diagnosis,
        request_id,
        timestamp: format!("{now:.3}"),
        top,
        explain: false,
        quiet: false,
        comparison: None,
    }
}

/// Tells requests apart in logs; it needs to be different, not secret.
#[must_use]
pub fn request_id() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(0u8), RandomState::new().hash_one(1u8))
}
