//! A search over 1 700 runbooks: `idp runbook search` cold and with its index, against `rg` looking for the same words, in one run.
//!
//!     cargo bench --bench search
//!
//! The runbooks are the files of `../shared/retrieval/corpus` where they are there, else made by the bench. Prints times and peak memory, and fails where a bar is
//! missed: 64 MiB, and a repeated search that takes more than three times as long as ripgrep takes to look for the words. `rg` must be on the path.
//!
//! Figures of 2026-11-27 (two cores): see `docs/performance.md`.

#![expect(clippy::disallowed_methods, reason = "a bench starts the programs that it compares")]

#[path = "../measured/mod.rs"]
mod measured;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use measured::{IDP, MIB, Run, best, finish, mebibytes, say};

const ROUNDS: usize = 7;
const QUERY: &str = "pods of the ingest deployment restart because the volume of the write-ahead log is full";

fn main() {
    let home = tempfile::tempdir().expect("a folder");
    let corpus = corpus(home.path());
    let cache = home.path().join("cache");
    let cold = best(ROUNDS, || {
        // What is not there need not be removed.
        let _ = fs::remove_dir_all(&cache);
        idp(&corpus, &cache)
    });
    let again = best(ROUNDS, || idp(&corpus, &cache));
    let rg = best(ROUNDS, || {
        let words = QUERY.split(' ').collect::<Vec<_>>().join("|");
        finish(Command::new("rg").args(["-c", "-i", &words]).arg(&corpus).stdout(Stdio::null()).spawn())
    });
    let ratio = again.took.as_secs_f64() / rg.took.as_secs_f64();
    say(&format!("  cold: {:.1?}, {} (at most 64 MiB)", cold.took, mebibytes(cold.peak)));
    say(&format!("  with its index: {:.1?}, {}", again.took, mebibytes(again.peak)));
    say(&format!("  rg -c -i of the same words: {:.1?}; ratio {ratio:.2} (at most 3)", rg.took));
    assert!(ratio <= 3.0, "a repeated search is slow");
    assert!(cold.peak.max(again.peak).is_none_or(|p| p <= 64 * MIB), "memory is above its bound");
}

fn idp(corpus: &Path, cache: &Path) -> Run {
    let mut command = Command::new(IDP);
    command.args(["runbook", "search", "-o", "json", "--dir"]).arg(corpus).arg(QUERY).stdout(Stdio::null());
    command.env("IDP_CONFIG", "/dev/null").env("XDG_CACHE_HOME", cache);
    finish(command.spawn())
}

fn corpus(home: &Path) -> PathBuf {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/retrieval/corpus");
    if shared.is_dir() {
        say("the runbooks of ../shared/retrieval/corpus");
        return shared;
    }
    say("1 700 runbooks that the bench made");
    let made = home.join("books");
    fs::create_dir(&made).expect("made");
    (0..1700).for_each(|n| fs::write(made.join(format!("alert-{n}.md")), book(n)).expect("written"));
    made
}

/// About seven kilobytes of words that come again in other runbooks, and some that do not.
fn book(number: usize) -> String {
    const WORDS: [&str; 12] = [
        "pod",
        "volume",
        "restart",
        "queue",
        "latency",
        "memory",
        "certificate",
        "deployment",
        "ingest",
        "full",
        "retry",
        "shard",
    ];
    let mut text = format!("# Alert{number}Fires\n\n## Meaning\nComponent c{number} is unwell.\n\n## Diagnosis\n");
    for n in 0..1200 {
        let word = WORDS[(n * 7 + number * n + number) % WORDS.len()];
        let _ = write!(text, "{word} {}", if n % 12 == 0 { "\n" } else { "" });
    }
    text
}
