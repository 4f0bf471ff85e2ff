//! The names of categories and causes: `runbooks/taxonomy.tsv`, which the build script holds the built-in runbooks to.

const TAXONOMY: &str = include_str!("../../runbooks/taxonomy.tsv");

/// Every category and cause with what it means; the cause is empty where a category has none.
pub fn pairs() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TAXONOMY.lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next().unwrap_or_default()))
    })
}

/// Whether `category` is known, and `cause` one of its causes (an empty cause always is).
#[must_use]
pub fn knows(category: &str, cause: &str) -> bool {
    pairs().any(|(its, of, _)| its == category && (cause.is_empty() || of == cause))
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
