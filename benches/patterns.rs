//! Lines a second: `idp logs patterns` against Drain3, the template miner people use, on the same lines in one run.
//!
//!     pip install drain3 && cargo bench --bench patterns
//!
//! Drain3 is timed without its start and without reading the file; idp with everything. Fails under 40 times Drain3's lines a second. Where Python
//! has no Drain3 (`IDP_BENCH_PYTHON` names another Python), it says so and compares nothing.

#![expect(clippy::disallowed_methods, reason = "a bench starts the programs that it compares")]
#![expect(clippy::cast_precision_loss, reason = "rates are shown in thousands")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Lines that Drain3 is given; at its pace more of them take minutes.
const DRAIN_LINES: usize = 200_000;
/// Times that idp is given the same lines in a row, so that its start does not count for more than it would.
const REPEATS: usize = 10;
const ROUNDS: usize = 5;

fn main() {
    let dir = tempfile::tempdir().expect("a folder");
    let lines = lines();
    let (short, long) = (dir.path().join("short.log"), dir.path().join("long.log"));
    fs::write(&short, lines.join("\n") + "\n").expect("written");
    fs::write(&long, (lines.join("\n") + "\n").repeat(REPEATS)).expect("written");
    let idp = (lines.len() * REPEATS) as f64 / (0..ROUNDS).map(|_| idp(&long)).fold(f64::MAX, f64::min);
    let mut out = io::stdout().lock();
    let Some(seconds) = drain3(&short) else {
        writeln!(out, "idp logs patterns: {:.0} k lines/s; Drain3 is not there to compare with", idp / 1e3)
            .expect("written");
        return;
    };
    let drain3 = lines.len() as f64 / seconds;
    let ratio = idp / drain3;
    writeln!(
        out,
        "idp logs patterns: {:.0} k lines/s, Drain3: {:.1} k lines/s, {ratio:.0} times (at least 40)",
        idp / 1e3,
        drain3 / 1e3
    )
    .expect("written");
    assert!(ratio >= 40.0, "idp is not far enough ahead of Drain3");
}

fn idp(path: &Path) -> f64 {
    let begun = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_idp"))
        .args(["logs", "patterns", "-o", "json"])
        .arg(path)
        .env("IDP_CONFIG", "/dev/null")
        .stdout(Stdio::null())
        .status()
        .expect("starts");
    assert!(status.success());
    begun.elapsed().as_secs_f64()
}

fn drain3(path: &Path) -> Option<f64> {
    let python = std::env::var("IDP_BENCH_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/drain3_lines.py");
    let output = Command::new(python).arg(script).arg(path).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// The raw lines of the LogHub samples where they are there, else lines of our own; repeated, with other numbers each time.
fn lines() -> Vec<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/logs/loghub");
    let mut paths: Vec<_> = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "log"));
    paths.sort();
    let mut samples: Vec<String> = Vec::new();
    for text in paths.iter().filter_map(|p| fs::read(p).ok()) {
        samples.extend(String::from_utf8_lossy(&text).lines().map(str::to_owned));
    }
    if samples.is_empty() {
        samples =
            (0..4000).map(|n| format!("2026-03-04T09:00:{:02}Z INFO worker {n} took {} ms", n % 60, n % 977)).collect();
    }
    let mut seed = 7u32;
    (0..DRAIN_LINES).map(|n| renumbered(&samples[n % samples.len()], &mut seed)).collect()
}

/// The line with some of its digits changed, as the next of its kind would have.
fn renumbered(line: &str, seed: &mut u32) -> String {
    let mut next = || {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_digit(*seed >> 16 & 7, 10).unwrap_or('0')
    };
    line.chars()
        .rev()
        .enumerate()
        .map(|(at, c)| if c.is_ascii_digit() && at % 2 == 0 { next() } else { c })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect()
}
