//! A cluster of 20 000 pods, 10 000 events and 200 nodes: `idp cluster-health` against `kubectl get pods -A -o json`, in one run.
//!
//!     cargo bench --bench cluster               # IDP_BENCH_PODS=2000 for a short run
//!
//! The server is the one of the tests, in this process: it sends pages of 500 that were made and zipped before anything is timed, so that both programs wait
//! for it equally little. `kubectl` must be on the path (Debian: `kubernetes-client`); without it only our own figures are told. Fails where a bar is missed: 0.2 × the time of
//! kubectl, 256 MiB, a kind that is listed twice, checks that cost more for each pod the more pods there are.
//!
//! Figures of 2026-11-27 (two cores): see `docs/performance.md`.

#![expect(clippy::disallowed_methods, reason = "a bench starts the programs that it compares")]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/it/api_server.rs"]
mod api_server;
#[path = "../measured/mod.rs"]
mod measured;
mod world;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use idp::checks::{Selection, View, examine};
use idp::evidence::cluster::{Kind, Read, Snapshot};

use api_server::ApiServer;
use measured::{IDP, MIB, Run, best, finish, mebibytes, say};
use world::{Size, lists};

const ROUNDS: usize = 3;

fn main() {
    let pods: usize = std::env::var("IDP_BENCH_PODS").ok().and_then(|p| p.parse().ok()).unwrap_or(20_000);
    let size = Size { pods, events: pods / 2, nodes: (pods / 100).max(1) };
    let all = lists(size);
    let bytes = |path: &str| -> usize {
        all.iter().filter(|(p, _, _)| *p == path).flat_map(|(_, _, items)| items).map(String::len).sum()
    };
    say(&format!(
        "{} pods ({} MB of JSON), {} events, {} nodes",
        size.pods,
        bytes("/api/v1/pods") / 1_000_000,
        size.events,
        size.nodes
    ));
    let server =
        all.iter().fold(ApiServer::build(), |server, (path, kind, items)| server.prepared(path, kind, items)).start();
    against_kubectl(&server);
    once(&server);
    drop(all);
    linear(pods);
}

fn against_kubectl(server: &ApiServer) {
    let config = server.kubeconfig();
    let idp = best(ROUNDS, || {
        let mut command = Command::new(IDP);
        command.args(["cluster-health", "-o", "json", "--kubeconfig", &config]).env("IDP_CONFIG", "/dev/null");
        finish(command.stdout(Stdio::null()).spawn())
    });
    say(&format!("  idp cluster-health: {:.2?}, peak memory {} (at most 256 MiB)", idp.took, mebibytes(idp.peak)));
    if let Some(kubectl) = kubectl(&config) {
        let ratio = idp.took.as_secs_f64() / kubectl.took.as_secs_f64();
        say(&format!(
            "  kubectl get pods -A -o json: {:.2?}, peak memory {}; ratio {ratio:.3} (at most 0.2)",
            kubectl.took,
            mebibytes(kubectl.peak)
        ));
        assert!(ratio <= 0.2, "idp is not five times as fast as kubectl");
    } else {
        say("  kubectl is not installed, or cannot read this server: nothing to compare with");
    }
    assert!(idp.peak.is_none_or(|p| p <= 256 * MIB), "memory is above its bound");
}

/// Runs kubectl, where it is installed and gets by with this server.
fn kubectl(config: &str) -> Option<Run> {
    let command = |what: &[&str]| {
        let mut command = Command::new("kubectl");
        command.args(["--kubeconfig", config, "get"]).args(what).stdout(Stdio::null());
        command
    };
    let works = command(&["namespaces", "-o", "name"]).status().is_ok_and(|status| status.success());
    works.then(|| finish(command(&["pods", "-A", "-o", "json"]).spawn()))
}

/// One list for each kind, and how many requests that took.
fn once(server: &ApiServer) {
    let before = server.asked().len();
    let config = server.kubeconfig();
    finish(Command::new(IDP).args(["cluster-health", "--kubeconfig", &config]).stdout(Stdio::null()).spawn());
    let asked = server.asked().split_off(before);
    let lists: Vec<&str> = asked
        .iter()
        .filter(|a| a.contains("limit=") && !a.contains("continue="))
        .filter_map(|a| a.split('?').next())
        .collect();
    say(&format!("  {} requests for {} lists, each kind once", asked.len(), lists.len()));
    assert_eq!(lists.iter().collect::<BTreeSet<_>>().len(), lists.len(), "a kind was listed twice: {lists:?}");
}

/// What the checks alone cost for each pod must not grow with the number of pods. One thread.
fn linear(pods: usize) {
    let mut first: Option<f64> = None;
    for pods in [pods / 4, pods / 2, pods] {
        let took = checks(Size { pods, events: pods / 2, nodes: (pods / 100).max(1) });
        #[expect(clippy::cast_precision_loss, reason = "it is shown in microseconds")]
        let each = took.as_secs_f64() * 1e6 / pods as f64;
        say(&format!("  the checks over {pods} pods: {took:.2?}, {each:.2} µs a pod"));
        let least = *first.get_or_insert(each);
        // A square law would make it four times as dear.
        assert!(each <= 2.0 * least, "the cost grows faster than the cluster");
    }
}

fn checks(size: Size) -> Duration {
    let mut snapshot = Snapshot::default();
    for (_, name, items) in lists(size) {
        let (version, kind) =
            if name == "Deployment" || name == "ReplicaSet" { ("apps/v1", name) } else { ("v1", name) };
        let version = if name == "EndpointSlice" { "discovery.k8s.io/v1" } else { version };
        let kind = Kind::of(version, kind).expect("a known kind");
        let text = format!(r#"{{"items":[{}]}}"#, items.join(","));
        snapshot.decode(kind, text.as_bytes()).expect("a list");
    }
    for info in idp::evidence::cluster::KINDS {
        snapshot.reads.note(info.kind, Read::Whole);
    }
    let now = "2026-11-20T09:00:00Z".parse().expect("a time");
    (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            let examined = examine(&View::new(&snapshot, now), &Selection::default());
            assert!(!examined.faults.is_empty(), "one pod in a thousand is killed for memory");
            begun.elapsed()
        })
        .min()
        .expect("some rounds")
}
