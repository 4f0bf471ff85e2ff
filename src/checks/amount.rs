//! Amounts of cpu and memory, as people read them.

const MIB: f64 = 1_048_576.0;
const GIB: f64 = 1_073_741_824.0;

/// `1.5 cpu`, `300 MiB`, `2.5 GiB`.
pub(super) fn amount(resource: &str, value: f64) -> String {
    match resource {
        "memory" if value >= GIB => format!("{:.1} GiB", value / GIB),
        "memory" => format!("{:.0} MiB", value / MIB),
        _ => {
            let text = format!("{value:.2}");
            format!("{} {resource}", text.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_have_a_unit_and_no_idle_zeros() {
        let all =
            [amount("cpu", 1.5), amount("cpu", 20.0), amount("memory", 3e8), amount("memory", 2.5 * 1024_f64.powi(3))];
        assert_eq!(all, ["1.5 cpu", "20 cpu", "286 MiB", "2.5 GiB"]);
    }
}
