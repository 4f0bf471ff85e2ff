//! How long something lasts, in words.

/// `40 seconds`, `12 minutes`, `3 hours`, `4 days`; from two of a unit on, the unit is precise enough.
pub(super) fn words(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{} seconds", seconds.max(0)),
        120..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_unit_fits_the_length() {
        let all = [-5, 40, 719, 7_200, 400_000].map(words);
        assert_eq!(all, ["0 seconds", "40 seconds", "11 minutes", "2 hours", "4 days"]);
    }
}
