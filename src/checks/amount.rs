//! Amounts of resources, as people write them.

/// The number of an amount as people write it: `64Gi`, `0.5`.
pub(super) fn number(resource: &str, value: f64) -> String {
    let bytes = resource == "memory" || resource.ends_with("storage") || resource.starts_with("hugepages-");
    let units: &[(&str, f64)] = if bytes { &UNITS } else { &[] };
    let (unit, size) = units.iter().find(|(_, size)| value >= *size).copied().unwrap_or(("", 1.0));
    let digits = if bytes { format!("{:.2}", value / size) } else { format!("{value:.3}") };
    format!("{}{unit}", digits.trim_end_matches('0').trim_end_matches('.'))
}

const UNITS: [(&str, f64); 4] =
    [("Ti", 1_099_511_627_776.0), ("Gi", 1_073_741_824.0), ("Mi", 1_048_576.0), ("Ki", 1024.0)];

/// An amount with what it is of: `1.5 cpu`, `300Mi`.
pub(super) fn amount(resource: &str, value: f64) -> String {
    let number = number(resource, value);
    if resource == "memory" { number } else { format!("{number} {resource}") }
}

#[cfg(test)]
mod tests {
    use super::{amount, number};

    #[test]
    fn amounts_have_a_unit_and_no_idle_zeros() {
        let shown = [number("memory", 68_719_476_736.0), number("memory", 1_610_612_736.0), number("cpu", 0.25)];
        assert_eq!(shown, ["64Gi", "1.5Gi", "0.25"]);
        assert_eq!([number("nvidia.com/gpu", 8.0), number("cpu", 0.0)], ["8", "0"]);
        assert_eq!([amount("cpu", 1.5), amount("memory", 314_572_800.0)], ["1.5 cpu", "300Mi"]);
    }
}
