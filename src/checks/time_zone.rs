//! Names of time zones, as far as their form tells.

/// What is obviously wrong with the name of a zone; whether the zone exists is not known here.
pub(super) fn zone_fault(name: &str) -> Option<String> {
    if name.is_empty() || name.eq_ignore_ascii_case("local") {
        return Some(format!("{name:?} is no name of a time zone"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let good = |part: &str| {
        let length = (1..=14).contains(&part.len());
        length && part.chars().all(plain) && !part.starts_with('-') && !matches!(part, "." | "..")
    };
    (!name.split('/').all(good)).then(|| format!("{name:?} is no name of a time zone"))
}

#[cfg(test)]
mod tests {
    use super::zone_fault;

    #[test]
    fn names_of_zones_have_a_form() {
        for good in ["Europe/Berlin", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "UTC"] {
            assert_eq!(zone_fault(good), None, "{good}");
        }
        for bad in ["", "Local", "Europe/ Berlin", "/Berlin", "+02:00", "Europe/Berlin/"] {
            assert!(zone_fault(bad).is_some(), "{bad}");
        }
    }
}
