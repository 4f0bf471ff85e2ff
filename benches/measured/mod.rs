//! Runs programs and watches how long they take and how much memory they have at the most.

use std::fs;
use std::io::{self, Write};
use std::process::Child;
use std::time::{Duration, Instant};

pub(crate) const IDP: &str = env!("CARGO_BIN_EXE_idp");
pub(crate) const MIB: u64 = 1 << 20;

/// What one run came to.
pub(crate) struct Run {
    pub(crate) took: Duration,
    /// Bytes of memory at the most, where the system tells (`VmHWM` of `/proc`).
    pub(crate) peak: Option<u64>,
}

pub(crate) fn say(line: &str) {
    writeln!(io::stdout().lock(), "{line}").expect("written");
}

/// The fastest of some runs.
pub(crate) fn best(rounds: usize, mut run: impl FnMut() -> Run) -> Run {
    (0..rounds).map(|_| run()).min_by_key(|r| r.took).expect("some rounds")
}

/// Waits for a program and watches its memory.
pub(crate) fn finish(child: io::Result<Child>) -> Run {
    let begun = Instant::now();
    let mut child = child.expect("the program starts; is it installed?");
    let mut peak = None;
    let status = loop {
        if let Some(status) = child.try_wait().expect("waitable") {
            break status;
        }
        peak = high_water(child.id()).max(peak);
        std::thread::sleep(Duration::from_millis(2));
    };
    // ripgrep says 2 where it could not do its work, for instance for an expression that is too large.
    assert!(matches!(status.code(), Some(0 | 1)), "the program failed, so that its time means nothing");
    Run { took: begun.elapsed(), peak }
}

/// Bytes of memory that a process has had at the most.
pub(crate) fn high_water(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// An amount of memory for people.
#[expect(clippy::cast_precision_loss, reason = "it is shown in mebibytes")]
pub(crate) fn mebibytes(bytes: Option<u64>) -> String {
    bytes.map_or("not known".into(), |b| format!("{:.1} MiB", b as f64 / MIB as f64))
}
