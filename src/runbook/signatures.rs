//! The log signals as a file for ripgrep 13: capture groups unnamed, one expression a line, no repeats.
//!
//! ripgrep joins the lines with `|`, so that each stands in a group of its own: a flag such as `(?i)` must not reach the next one. Classes are ASCII as
//! they are for the matcher; with Unicode classes all of them together exceed ripgrep's limit.

use std::collections::BTreeSet;

use super::Catalogue;
use super::compiled::{Kind, Role};
use crate::evidence::Pattern;

/// A named group of the `regex` crate.
static NAMED: Pattern = Pattern::new(r"\(\?P?<[A-Za-z_]\w*>");

/// Every expression that can speak for a cause, sorted.
#[must_use]
pub fn signatures(catalogue: &Catalogue) -> BTreeSet<String> {
    let signals =
        catalogue.entries().iter().flat_map(|e| &e.hot.signals).filter(|s| matches!(s.role, Role::Any | Role::All));
    let patterns = signals.filter_map(|s| match &s.kind {
        Kind::Log { pattern, .. } => Some(pattern.as_ref()),
        _ => None,
    });
    patterns.map(unnamed).collect()
}

fn unnamed(pattern: &str) -> String {
    let flags = if pattern.is_ascii() { "(?-u:" } else { "(?:" };
    let mut out = pattern.to_owned();
    let names: Vec<_> = NAMED.each(pattern).map(|found| found.span()).collect();
    for span in names.into_iter().rev() {
        out.replace_range(span, "(");
    }
    format!("{flags}{out})")
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, Pattern, signatures};

    #[test]
    fn names_of_groups_are_gone_and_every_line_is_one_expression() {
        let all = signatures(&Catalogue::built_in());
        assert!(all.len() > 100);
        for line in &all {
            assert!(!line.contains('\n') && !line.contains("(?<") && !line.contains("(?P<"), "{line}");
            assert!(Pattern::of(line).is_valid(), "{line}");
        }
    }
}
