//! From start to exit on a 200-line log: `idp diagnose` against `rg -c -f` with the same signatures, in one run.
//!
//!     cargo bench --bench startup
//!
//! Prints the median of each and their ratio, and fails where idp takes longer than ripgrep. `rg` must be on the path.

#![expect(clippy::disallowed_methods, reason = "a bench starts the programs that it compares")]

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;
const LINES: usize = 200;

fn main() {
    let dir = tempfile::tempdir().expect("a folder");
    let log = dir.path().join("app.log");
    let signatures = dir.path().join("signatures");
    fs::write(&log, log_text()).expect("written");
    fs::write(&signatures, run(Command::new(env!("CARGO_BIN_EXE_idp")).args(["runbook", "signatures"])))
        .expect("written");
    let mut idp = Vec::new();
    let mut rg = Vec::new();
    for _ in 0..ROUNDS {
        idp.push(time(Command::new(env!("CARGO_BIN_EXE_idp")).args(["diagnose", "--offline"]).arg(&log)));
        rg.push(time(Command::new("rg").arg("-c").arg("-f").arg(&signatures).arg(&log)));
    }
    let (idp, rg) = (median(&mut idp), median(&mut rg));
    let ratio = idp.as_secs_f64() / rg.as_secs_f64();
    let mut out = std::io::stdout().lock();
    writeln!(out, "200 lines, median of {ROUNDS}: idp {idp:.1?}, rg -c -f {rg:.1?}, ratio {ratio:.3} (at most 1)")
        .expect("written");
    assert!(ratio <= 1.0, "idp takes longer than ripgrep");
}

/// An ordinary service log with one failure at its end.
fn log_text() -> String {
    let mut text = String::new();
    for n in 0..LINES - 2 {
        let (second, took) = (n % 60, n % 37);
        let line =
            format!("2026-03-04T09:12:{second:02}.104Z INFO request id={n} path=/api/cart status=200 took={took}ms\n");
        text.push_str(&line);
    }
    text.push_str(
        "2026-03-04T09:16:01.104Z ERROR cannot save cart: dial tcp: lookup carts-db on 10.96.0.10:53: no such host\n",
    );
    text.push_str("2026-03-04T09:16:01.200Z FATAL shutting down\n");
    text
}

fn run(command: &mut Command) -> Vec<u8> {
    command.output().expect("the program starts").stdout
}

fn time(command: &mut Command) -> Duration {
    let started = Instant::now();
    let status =
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts; is rg installed?");
    let elapsed = started.elapsed();
    assert!(matches!(status.code(), Some(0 | 1)), "{command:?} failed, so that its time means nothing");
    elapsed
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
