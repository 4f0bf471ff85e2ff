//! `idp serve` against a `FastAPI` service that does the same as people write it first, in one run: 16 clients of `wrk`, rules only.
//!
//!     cargo bench --bench serve
//!
//! Posts two examples of every built-in runbook in turn, which are remembered after the first time, and then the same with something new in each. Prints requests a second, the 99th percentile and memory, and fails where the server is not ten times as fast as the
//! baseline (the bar is 20, the gate leaves room for a busy machine), or far slower than its own `/health`. The bars for latency and memory are told beside the figures. `wrk` must be on the path, and `IDP_BENCH_PYTHON` name a Python with
//! `fastapi` and `uvicorn`; without it only our own figures are told. `IDP_BENCH_SECONDS` is how long each part takes (5).

#![expect(clippy::disallowed_methods, reason = "a bench starts the programs that it compares")]

#[path = "../measured/mod.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod measured;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use idp::runbook::{Catalogue, head};
use measured::{IDP, MIB, high_water, mebibytes, say};

const CLIENTS: &str = "16";
/// Connections for the memory of many.
const MANY: &str = "1000";

/// What `wrk` found.
#[derive(Clone, Copy, Debug)]
struct Rate {
    per_second: f64,
    p99: f64,
}

/// A service that runs.
struct Served {
    child: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() {
    let dir = tempfile::tempdir().expect("a folder");
    let bodies = dir.path().join("bodies");
    fs::write(&bodies, texts()).expect("written");
    let ours = start_ours();
    std::thread::sleep(Duration::from_secs(1));
    let idle = high_water(ours.child.id());
    let health = load(&ours.address, &bodies, "health", CLIENTS);
    let diagnoses = load(&ours.address, &bodies, "diagnose", CLIENTS);
    say(&format!("idp /health: {:.0} a second, p99 {:.2} ms", health.per_second, health.p99));
    say(&format!("idp /diagnose: {:.0} a second, p99 {:.2} ms (at most 10)", diagnoses.per_second, diagnoses.p99));
    let share = diagnoses.per_second / health.per_second;
    say(&format!("idp /diagnose to its own /health: {share:.2} (at least 0.5)"));
    let new = load(&ours.address, &bodies, "new", CLIENTS);
    say(&format!("idp /diagnose, each text a new one: {:.0} a second, p99 {:.2} ms", new.per_second, new.p99));
    let many = load(&ours.address, &bodies, "diagnose", MANY);
    let peak = high_water(ours.child.id());
    say(&format!("idp with {MANY} connections: {:.0} a second, p99 {:.1} ms", many.per_second, many.p99));
    say(&format!("idp memory: {} idle (at most 40), {} at the most (at most 128)", mebibytes(idle), mebibytes(peak)));
    drop(ours);
    if let Some(ratio) = against_baseline(&bodies, diagnoses) {
        // The bar is 20; on a machine that does other things meanwhile the two suffer differently.
        assert!(ratio >= 10.0, "not far ahead of the baseline");
    }
    assert!(share >= 0.4, "the engine costs more than what is around it");
    assert!(idle.is_none_or(|b| b <= 40 * MIB) && peak.is_none_or(|b| b <= 128 * MIB), "too much memory");
}

/// How many times as fast as the baseline, where there is one.
fn against_baseline(bodies: &Path, ours: Rate) -> Option<f64> {
    let Ok(python) = env::var("IDP_BENCH_PYTHON") else {
        say("no baseline: IDP_BENCH_PYTHON names no Python with fastapi and uvicorn");
        return None;
    };
    let theirs = start_baseline(&python);
    let rate = load(&theirs.address, bodies, "diagnose", CLIENTS);
    let ratio = ours.per_second / rate.per_second;
    say(&format!("FastAPI /diagnose: {:.0} a second, p99 {:.1} ms", rate.per_second, rate.p99));
    say(&format!("idp to FastAPI: {ratio:.1} times (at least 20)"));
    Some(ratio)
}

/// Two examples of every built-in runbook, as bodies of requests.
fn texts() -> String {
    let catalogue = Catalogue::built_in();
    let mut lines = String::new();
    for entry in catalogue.entries() {
        let Ok((_, body, first)) = head::split(entry.text()) else { continue };
        for example in head::examples(body, first).into_iter().take(2) {
            lines.push_str(&serde_json::json!({ "error_message": example.text }).to_string());
            lines.push('\n');
        }
    }
    lines
}

fn start_ours() -> Served {
    let mut command = Command::new(IDP);
    command.args(["serve", "--port", "0", "--rate-limit", "0", "--log-level", "warning"]);
    command.env_clear().env("IDP_CONFIG", "/dev/null").env("HOME", "/nonexistent");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("idp starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("it says where it listens");
    let address = line.split(['/', ',']).nth(2).expect("an address").to_owned();
    Served { child, address }
}

fn start_baseline(python: &str) -> Served {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound").port();
    let mut command = Command::new(python);
    // As `pip install fastapi uvicorn` leaves it, whatever else is installed.
    command.args(["-m", "uvicorn", "baseline:app", "--loop", "asyncio", "--http", "h11"]);
    command.args(["--no-access-log", "--log-level", "warning", "--port"]);
    command.arg(port.to_string()).current_dir(root.join("benches/serve")).env("RUNBOOKS", root.join("runbooks"));
    let child = command.stdout(Stdio::null()).spawn().expect("the baseline starts");
    let served = Served { child, address: format!("127.0.0.1:{port}") };
    let begun = Instant::now();
    while TcpStream::connect(&served.address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the baseline does not start");
        std::thread::sleep(Duration::from_millis(100));
    }
    served
}

fn load(address: &str, bodies: &Path, ask: &str, clients: &str) -> Rate {
    let seconds = env::var("IDP_BENCH_SECONDS").unwrap_or_else(|_| "5".into());
    // The first second is for whatever is made when it is first needed.
    run(address, bodies, ask, clients, "1");
    run(address, bodies, ask, clients, &seconds)
}

fn run(address: &str, bodies: &Path, ask: &str, clients: &str, seconds: &str) -> Rate {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/serve/load.lua");
    let mut command = Command::new("wrk");
    command.args(["-t", "2", "-c", clients, "-d", seconds, "-s"]).arg(&script).arg(format!("http://{address}"));
    let output = command.env("BODIES", bodies).env("ASK", ask).output().expect("wrk is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let result = text.lines().find_map(|l| l.strip_prefix("RESULT ")).expect("wrk tells a result");
    let numbers: Vec<f64> = result.split(' ').filter_map(|n| n.parse().ok()).collect();
    assert!(numbers.len() == 3 && numbers[2] == 0.0, "requests failed: {text}");
    Rate { per_second: numbers[0], p99: numbers[1] }
}
