//! The names of categories and causes: `runbooks/taxonomy.tsv`, which the build script holds the built-in runbooks to.

const TAXONOMY: &str = include_str!("../../runbooks/taxonomy.tsv");

/// Whether `category` is known, and `cause` one of its causes (an empty cause always is).
#[must_use]
pub fn knows(category: &str, cause: &str) -> bool {
    TAXONOMY.lines().skip(1).any(|line| {
        let mut columns = line.split('\t');
        columns.next() == Some(category) && (cause.is_empty() || columns.next() == Some(cause))
    })
}

#[cfg(test)]
mod tests {
    use super::knows;

    #[test]
    fn pairs_are_known_only_together() {
        assert!(knows("OOMKilled", "memory-limit"));
        assert!(knows("OOMKilled", ""));
        assert!(!knows("OOMKilled", "unauthorized"));
        assert!(!knows("Oomkilled", ""));
    }
}
