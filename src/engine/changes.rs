//! What differs between a log that is well and the log in question: kinds of lines that are new, gone, or come at another rate.

use super::patterns::{LinePattern, Patterns};

/// How a kind of line changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The baseline has no line of it.
    New,
    /// Its share of the lines grew.
    More,
    /// Its share of the lines shrank.
    Less,
    /// Only the baseline has lines of it.
    Gone,
}

/// A kind of line that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// How.
    pub change: Change,
    /// By how many times its share of the lines grew; below one where it shrank, absent where one side has none.
    pub factor: Option<f64>,
    /// The kind of line.
    pub pattern: LinePattern,
}

/// A share that grew or shrank by less than this is the same rate.
const FACTOR: f64 = 2.0;
/// Standard deviations between two shares that are no chance; a log has many kinds of lines, so that rare chances come up.
const DEVIATIONS: f64 = 4.0;

/// Lists what changed: new first, then more, less and gone; the serious before the harmless, the frequent before the rare.
#[must_use]
pub fn changes(patterns: &Patterns) -> Vec<Changed> {
    let mut found: Vec<Changed> =
        patterns.patterns.iter().filter_map(|p| changed(p, patterns.lines, patterns.baseline_lines)).collect();
    found.sort_by(|a, b| {
        let weight = |c: &Changed| {
            (c.change, std::cmp::Reverse(c.pattern.level), std::cmp::Reverse(c.pattern.count.max(c.pattern.baseline)))
        };
        weight(a).cmp(&weight(b)).then(a.pattern.first_line.cmp(&b.pattern.first_line))
    });
    found
}

fn changed(pattern: &LinePattern, lines: u64, baseline_lines: u64) -> Option<Changed> {
    let of = |change, factor| Some(Changed { change, factor, pattern: pattern.clone() });
    match (pattern.baseline, pattern.count) {
        (0, _) => of(Change::New, None),
        (_, 0) => of(Change::Gone, None),
        (before, now) => {
            let (before_share, now_share) = (share(before, baseline_lines), share(now, lines));
            let factor = now_share / before_share;
            if factor < FACTOR && factor > 1.0 / FACTOR || !is_significant(before, baseline_lines, now, lines) {
                return None;
            }
            of(if factor > 1.0 { Change::More } else { Change::Less }, Some(factor))
        }
    }
}

/// Two proportions by their pooled standard deviation.
fn is_significant(before: u64, baseline_lines: u64, now: u64, lines: u64) -> bool {
    let pooled = share(before + now, baseline_lines + lines);
    let spread = pooled * (1.0 - pooled) * (1.0 / real(baseline_lines) + 1.0 / real(lines));
    let distance = share(now, lines) - share(before, baseline_lines);
    spread > 0.0 && distance.abs() / spread.sqrt() > DEVIATIONS
}

fn share(part: u64, whole: u64) -> f64 {
    real(part) / real(whole.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines, of which a share is shown")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::{Change, changes};
    use crate::engine::{Side, Survey};
    use crate::redact::Redaction;

    fn survey(good: &str, bad: &str) -> Vec<(Change, String)> {
        let mut survey = Survey::default();
        survey.begin(Side::Baseline);
        survey.push(good.as_bytes());
        survey.begin(Side::Subject);
        survey.push(bad.as_bytes());
        let found = changes(&survey.conclude());
        found.iter().map(|c| (c.change, c.pattern.template(Redaction::On).to_string())).collect()
    }

    #[test]
    fn new_gone_and_changed_kinds_are_told_and_the_rest_is_not() {
        let line = |n: usize, text: &str| {
            (0..n).flat_map(|i| ["INFO ".into(), text.to_owned(), format!(" {i}\n")]).collect::<String>()
        };
        let good = line(200, "request served in") + &line(100, "cache hit for") + &line(9, "old job ran as");
        let bad = line(200, "request served in") + &line(2, "cache hit for") + &line(3, "lease lost by");
        let kinds: Vec<Change> = survey(&good, &bad).into_iter().map(|(change, _)| change).collect();
        assert_eq!(kinds, [Change::New, Change::Less, Change::Gone]);
    }

    #[test]
    fn the_same_log_has_no_changes() {
        let log = "INFO one 1\nERROR two 2\nINFO one 3\n".repeat(50);
        assert_eq!(survey(&log, &log), []);
    }
}
