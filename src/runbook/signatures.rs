//! The log signals as a file for ripgrep 13: capture groups unnamed, one expression a line, no repeats.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::Catalogue;
use super::compiled::{Kind, Role};

static NAMED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\(\?P?<[A-Za-z_]\w*>").expect("a test compiles it"));

/// Every expression that can speak for a cause, sorted.
#[must_use]
pub fn signatures(catalogue: &Catalogue) -> BTreeSet<String> {
    let signals =
        catalogue.entries().iter().flat_map(|e| &e.hot.signals).filter(|s| matches!(s.role, Role::Any | Role::All));
    let patterns = signals.filter_map(|s| match &s.kind {
        Kind::Log { pattern, .. } => Some(pattern.as_ref()),
        _ => None,
    });
    patterns.map(|p| NAMED.replace_all(p, "(").into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, signatures};

    #[test]
    fn names_of_groups_are_gone_and_every_line_is_one_expression() {
        let all = signatures(&Catalogue::built_in());
        assert!(all.len() > 100);
        for line in &all {
            assert!(!line.contains('\n') && !line.contains("(?<") && !line.contains("(?P<"), "{line}");
            assert!(regex::bytes::Regex::new(line).is_ok(), "{line}");
        }
    }
}
