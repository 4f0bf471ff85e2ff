//! Shows what a log consists of: its patterns, what is new in it, its errors over time. One file each, for people and as JSON.

mod diff;
mod patterns;
mod timeline;

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::{LinePattern, Patterns, Steps};
use crate::redact::Redaction;
use crate::text::{Count, Number};

pub use diff::{ChangeItem, write_diff, write_diff_json};
pub use patterns::{Shown, write_patterns, write_patterns_json};
pub use timeline::{write_timeline, write_timeline_json};

pub(super) use diff::section as changes_section;

/// A kind of line, as machines read it.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize, JsonSchema)]
pub struct PatternItem {
    /// Number of the pattern in the order of first appearance, from 1; `--assign` prints it for every line.
    pub pattern: usize,
    /// Constant words, `<*>` for what varies; secrets taken out.
    pub template: String,
    /// Lines of it.
    pub count: u64,
    /// Its share of all lines, 0 to 1.
    pub share: f64,
    /// Lines of it in the baseline, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_count: Option<u64>,
    /// The most serious level that its lines state: trace, debug, info, warn, error or fatal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// First line of it, from 1, over all sources.
    pub first_line: u64,
    /// Last line of it.
    pub last_line: u64,
    /// Time of the first line that states one: RFC 3339, or the parts of it that the line has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
    /// Time of the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
    /// Lines of it in stretches of equal length, first to last.
    pub over_time: Vec<u32>,
    /// The first line of it; secrets taken out.
    pub sample: String,
}

impl PatternItem {
    fn new(pattern: &LinePattern, lines: u64, with_baseline: bool, redaction: Redaction) -> Self {
        Self {
            pattern: pattern.number,
            template: pattern.template(redaction).to_string(),
            count: pattern.count,
            share: share(pattern.count, lines),
            baseline_count: with_baseline.then_some(pattern.baseline),
            level: pattern.level.map(|l| l.to_string()),
            first_line: pattern.first_line,
            last_line: pattern.last_line,
            first_seen: pattern.first_time.map(|t| t.to_string()),
            last_seen: pattern.last_time.map(|t| t.to_string()),
            over_time: pattern.steps.to_vec(),
            sample: pattern.sample(redaction).to_string(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is shown with few digits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 1e6).round() / 1e6 }
}

/// A share in percent, with a decimal.
fn percent(part: u64, whole: u64) -> String {
    let tenths = (part.saturating_mul(1000) + whole / 2) / whole.max(1);
    if tenths == 0 && part > 0 { "< 0.1 %".into() } else { format!("{}.{} %", tenths / 10, tenths % 10) }
}

/// Eight heights for the counts of `steps`.
fn sparkline(steps: &Steps) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = u64::from(steps.iter().copied().max().unwrap_or(0)).max(1);
    let height = |count: u32| match u64::from(count) {
        0 => ' ',
        count => HEIGHTS[usize::try_from((count * 8).div_ceil(most)).unwrap_or(8).clamp(1, 8) - 1],
    };
    steps.iter().map(|c| height(*c)).collect()
}

/// The course of `steps` in a word, for whoever cannot see a sparkline.
fn course(steps: &Steps) -> &'static str {
    let total: u64 = steps.iter().map(|c| u64::from(*c)).sum();
    let used = steps.iter().filter(|c| **c > 0).count();
    let half: u64 = steps[steps.len() / 2..].iter().map(|c| u64::from(*c)).sum();
    let most = u64::from(steps.iter().copied().max().unwrap_or(0));
    match () {
        () if total <= 1 => "once",
        () if used <= 2 || most * 4 > total * 3 => "burst",
        () if half * 5 > total * 4 => "rising",
        () if half * 5 < total => "falling",
        () => "steady",
    }
}

/// `line 12 345`.
fn line_number(line: u64) -> String {
    format!("line {}", Number(line))
}

/// Milliseconds in the two largest units that they fill: `2 min 30 s`.
fn duration(millis: i64) -> String {
    const UNITS: [(i64, &str); 5] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms")];
    let mut rest = millis.max(0);
    let mut words = Vec::new();
    for (unit, name) in UNITS {
        if rest >= unit && words.len() < 2 {
            words.push(format!("{} {name}", rest / unit));
            rest %= unit;
        }
    }
    if words.is_empty() { "0 ms".into() } else { words.join(" ") }
}

/// What a step of a survey is, in words.
fn step(patterns: &Patterns) -> String {
    let width = patterns.axis.width();
    if patterns.by_time { duration(width) } else { Count(width.unsigned_abs(), "line").to_string() }
}

/// What `idp logs` and `idp diagnose --follow` print as JSON, each as a property by its name.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is wanted")]
struct Outputs {
    patterns: patterns::Document,
    diff: diff::Document,
    timeline: timeline::Document,
    follow: super::follow::Line,
}

/// The JSON schema of the machine formats of `idp logs`, and of a line of `idp diagnose --follow`.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Outputs)
}

fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::{course, duration, line_number, percent, sparkline};

    #[test]
    fn a_course_has_heights_and_a_word() {
        let mut steps = [0; 24];
        steps[3] = 1;
        assert_eq!((sparkline(&steps).trim_end(), course(&steps)), ("   █", "once"));
        steps[3] = 100;
        steps[4] = 1;
        assert_eq!((sparkline(&steps).trim_end(), course(&steps)), ("   █▁", "burst"));
        assert_eq!(course(&[5; 24]), "steady");
        let rising: [u32; 24] = std::array::from_fn(|i| if i < 12 { 1 } else { 20 });
        assert_eq!(course(&rising), "rising");
    }

    #[test]
    fn lines_and_durations_are_read_aloud() {
        assert_eq!((line_number(1), line_number(12_345)), ("line 1".into(), "line 12 345".into()));
        assert_eq!(
            (duration(150_000), duration(0), duration(90_061_001)),
            ("2 min 30 s".into(), "0 ms".into(), "1 d 1 h".into())
        );
    }

    #[test]
    fn percents_are_rounded_but_never_to_nothing() {
        assert_eq!(
            (percent(1, 3).as_str(), percent(1, 100_000).as_str(), percent(0, 5).as_str()),
            ("33.3 %", "< 0.1 %", "0.0 %")
        );
    }
}
