//! Half a gigabyte of mixed logs with failures sown in: `idp diagnose --offline` against `rg -c -f` with the same signatures, in one run.
//!
//!     cargo bench --bench throughput            # 512 MB; IDP_BENCH_MB=64 for a short run
//!
//! The input repeats the LogHub samples of `../shared/logs/loghub` where they are there, else lines of our own. Prints times, ratios, peak
//! memory, and the cost from 10 MB to 5 GB; fails where a bar is missed: 0.8 × ripgrep from a file, 1.0 × from a pipe, 64 MiB, linear.
//! Peak memory is `VmHWM` of `/proc`, so that it is known on Linux only. `rg` must be on the path.
//!
//! Figures of 2026-11-26 (two cores): see `docs/performance.md`.

#![expect(clippy::disallowed_methods, reason = "a bench starts the programs that it compares")]
#![expect(clippy::cast_precision_loss, reason = "sizes are shown in megabytes")]

mod measured;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use measured::{IDP, MIB, Run, best, finish, high_water, mebibytes, say};

const ROUNDS: usize = 3;
/// Sizes of the linear part, in MB; they come from a pipe, so that no disk is filled.
const SIZES: [u64; 4] = [10, 100, 1000, 5000];

fn main() {
    let wanted: u64 = std::env::var("IDP_BENCH_MB").ok().and_then(|m| m.parse().ok()).unwrap_or(512);
    let dir = tempfile::tempdir().expect("a folder");
    let log = dir.path().join("mixed.log");
    let signatures = dir.path().join("signatures");
    let cycle = cycle();
    let size = sow(&log, &cycle, wanted * 1_000_000).expect("written");
    let written = Command::new(IDP).args(["runbook", "signatures"]).output().expect("starts").stdout;
    fs::write(&signatures, written).expect("written");

    let file = best(ROUNDS, || finish(idp().arg(&log).spawn()));
    let pipe = best(ROUNDS, || piped(&mut File::open(&log).expect("there")));
    let rg = finish(Command::new("rg").arg("-c").arg("-f").arg(&signatures).arg(&log).stdout(Stdio::null()).spawn());
    let megabytes = size as f64 / 1e6;
    let rate = |run: &Run| megabytes / run.took.as_secs_f64();
    let ratio = |run: &Run| run.took.as_secs_f64() / rg.took.as_secs_f64();
    say(&format!("{megabytes:.0} MB: rg -c -f {:.2?} ({:.0} MB/s)", rg.took, rate(&rg)));
    say(&format!("  idp, file: {:.2?} ({:.0} MB/s), ratio {:.3} (at most 0.8)", file.took, rate(&file), ratio(&file)));
    say(&format!("  idp, pipe: {:.2?} ({:.0} MB/s), ratio {:.3} (at most 1.0)", pipe.took, rate(&pipe), ratio(&pipe)));
    let peak = file.peak.into_iter().chain(pipe.peak).max();
    say(&format!("  peak memory: {} (at most 64 MiB)", mebibytes(peak)));
    assert!(ratio(&file) <= 0.8 && ratio(&pipe) <= 1.0, "idp is not ahead of ripgrep");
    assert!(peak.is_none_or(|p| p <= 64 * MIB), "memory is above its bound");
    linear(&cycle, wanted);
}

/// The cost of a megabyte must not grow with their number.
fn linear(cycle: &[u8], wanted: u64) {
    let mut first = None;
    for size in SIZES.into_iter().filter(|s| *s <= wanted * 10) {
        let run = piped(&mut Repeated { cycle, at: 0, left: size * 1_000_000 });
        let each = run.took.as_secs_f64() / size as f64 * 1000.0;
        say(&format!("  {size} MB from a pipe: {:.2?}, {each:.2} ms/MB", run.took));
        // The smallest is mostly start-up.
        if size >= 100 {
            let least = *first.get_or_insert(each);
            assert!(each <= 1.5 * least, "the cost grows faster than the input");
        }
    }
}

fn idp() -> Command {
    let mut command = Command::new(IDP);
    command.args(["diagnose", "--offline", "-o", "json"]).env("IDP_CONFIG", "/dev/null").stdout(Stdio::null());
    command
}

fn piped(input: &mut impl io::Read) -> Run {
    let begun = Instant::now();
    let mut child = idp().stdin(Stdio::piped()).spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    io::copy(input, &mut stdin).expect("written");
    let peak = high_water(child.id());
    drop(stdin);
    Run { took: finish(Ok(child)).took.max(begun.elapsed()), peak }
}

/// The same bytes again and again.
struct Repeated<'c> {
    cycle: &'c [u8],
    at: usize,
    left: u64,
}

impl io::Read for Repeated<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = &self.cycle[self.at..];
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len()).min(rest.len());
        out[..most].copy_from_slice(&rest[..most]);
        self.at = (self.at + most) % self.cycle.len();
        self.left -= most as u64;
        Ok(most)
    }
}

/// Writes the cycle until there are `wanted` bytes; returns how many there are.
fn sow(path: &Path, cycle: &[u8], wanted: u64) -> io::Result<u64> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut written = 0;
    while written < wanted {
        out.write_all(cycle)?;
        written += cycle.len() as u64;
    }
    out.flush()?;
    Ok(written)
}

/// Every sample once, with a failure after each, in a turn of its own.
fn cycle() -> Vec<u8> {
    const FAILURES: [&str; 5] = [
        "2026-01-31T08:00:00Z ERROR dial tcp: lookup orders-db.shop.svc on 10.96.0.10:53: no such host\n",
        "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n",
        "java.lang.OutOfMemoryError: Java heap space\n\tat shop.Cart.total(Cart.java:7)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n",
        "Error response from daemon: pull access denied for shop/api, repository does not exist or may require 'docker login'\n",
        "write /data/wal/000017: no space left on device\n",
    ];
    let mut cycle = Vec::new();
    for (index, sample) in samples().into_iter().enumerate() {
        cycle.extend(sample);
        if cycle.last() != Some(&b'\n') {
            cycle.push(b'\n');
        }
        cycle.extend(FAILURES[index % FAILURES.len()].as_bytes());
    }
    cycle
}

fn samples() -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/logs/loghub");
    let mut paths: Vec<_> = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "log"));
    paths.sort();
    let found: Vec<Vec<u8>> = paths.iter().filter_map(|p| fs::read(p).ok()).collect();
    if found.is_empty() { vec![own_lines()] } else { found }
}

/// An ordinary service log for machines without the samples.
fn own_lines() -> Vec<u8> {
    let mut text = String::new();
    for n in 0..20_000u32 {
        let (minute, second, took) = (n / 60 % 60, n % 60, n.wrapping_mul(2_654_435_761) % 9973);
        let line = match n % 7 {
            0 => format!(
                "2026-03-04 09:{minute:02}:{second:02},104 WARN [worker-{}] c.s.Cache: miss for key {took}\n",
                n % 16
            ),
            1 => format!(
                "{{\"level\":\"info\",\"ts\":\"2026-03-04T09:{minute:02}:{second:02}Z\",\"msg\":\"connected\",\"id\":{took}}}\n"
            ),
            _ => format!(
                "2026-03-04T09:{minute:02}:{second:02}.104Z INFO request id={n} path=/api/cart status=200 took={took}ms\n"
            ),
        };
        text.push_str(&line);
    }
    text.into_bytes()
}
