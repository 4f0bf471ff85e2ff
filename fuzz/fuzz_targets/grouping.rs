#![no_main]
//! Any lines are joined, grouped into stack traces and mined for patterns. `cargo +nightly fuzz run grouping`

use idp::engine::{Side, Survey, changes};
use idp::evidence::{Joiner, printable};
use idp::signal::Tracker;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut joiner = Joiner::default();
    let mut whole = joiner.join(bytes);
    whole.extend(joiner.finish());
    let mut tracker = Tracker::default();
    for (number, line) in (1..).zip(whole.split(|b| *b == b'\n')) {
        tracker.line(number, &printable(line));
    }
    let _ = tracker.finish();
    let mut survey = Survey::assigning();
    survey.begin(Side::Baseline);
    survey.push(&bytes[..bytes.len() / 2]);
    survey.begin(Side::Subject);
    survey.push(&bytes[bytes.len() / 2..]);
    let patterns = survey.conclude();
    assert_eq!(patterns.assigned.len() as u64, patterns.lines + patterns.baseline_lines);
    let _ = changes(&patterns);
});
