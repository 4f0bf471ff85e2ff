//! What happens around a server while it runs: clusters come and go, runbooks change, somebody stops it.

use std::fs;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::api_server::{ApiServer, Trouble, nobody};
use super::cluster::shop;
use super::serve::{Answer, Server, connect, put, read, request, serve, started};

fn of(api: &ApiServer) -> Server {
    serve(&["--kubeconfig", &api.kubeconfig(), "--look-every", "1s"]).start()
}

fn about(server: &Server, pod: Option<&str>) -> Value {
    let ask = json!({ "error_message": "it does not work", "pod_name": pod, "namespace": "shop", "include_cluster_health": true });
    let answer = server.post("/diagnose", &ask);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn health(server: &Server) -> Answer {
    let begun = Instant::now();
    let answer = server.get("/health");
    // Far less than it waits for a cluster, far more than a busy machine needs.
    assert!(answer.status == 200 && begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    answer
}

#[test]
fn the_health_of_the_cluster_is_a_snapshot_with_its_age() {
    let api = shop().start();
    let server = of(&api);
    let answer = server.get("/cluster-health").json();
    assert_eq!((answer["verdict"].as_str(), &answer["stale"]), (Some("degraded"), &json!(false)), "{answer}");
    assert_eq!(answer["nodes"][0]["name"], "worker-1");
    assert_eq!((&answer["nodes"][0]["ready"], &answer["nodes"][0]["memory_pressure"]), (&json!("True"), &json!(false)));
    assert_eq!(answer["causes"][0]["error_category"], "OOMKilled");
    assert!(answer["age_seconds"].as_f64().is_some_and(|age| age < 30.0));
    server.until(health, |a| a.json()["k8s_connected"] == true);
    let metrics = server.get("/metrics").text();
    assert!(metrics.contains("idp_cluster_collections_total{outcome=\"ok\"}") && !metrics.contains("age_seconds -1"));
}

#[test]
fn requests_that_want_a_fresh_look_share_it() {
    let api = shop().start();
    let server = serve(&["--kubeconfig", &api.kubeconfig(), "--look-every", "1h"]).start();
    server.until(health, |a| a.json()["k8s_connected"] == true);
    let looks = || api.asked().iter().filter(|a| a.starts_with("/api/v1/nodes?")).count();
    let before = looks();
    // All at once: one that comes after a look begins another.
    let together = std::sync::Barrier::new(20);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                together.wait();
                assert_eq!(server.get("/cluster-health?refresh=true").status, 200);
            });
        }
    });
    let more = looks() - before;
    assert!((1..10).contains(&more), "{more} looks for 20 requests");
}

#[test]
fn a_named_object_is_read_with_what_it_hangs_on_and_nothing_else() {
    let api = shop().log("shop", "api-0", "api", true, "fatal: out of cheese\n").start();
    let server = serve(&["--kubeconfig", &api.kubeconfig(), "--look-every", "1h"]).start();
    server.until(health, |a| a.json()["k8s_connected"] == true);
    let before = api.asked().len();
    let answer = about(&server, Some("api-0"));
    assert_eq!(answer["error_category"], "OOMKilled", "{answer}");
    assert!(answer["evidence"].to_string().contains("pod shop/api-0"));
    let asked: Vec<String> = api.asked().split_off(before);
    assert!(asked.iter().any(|a| a.starts_with("/api/v1/namespaces/shop/pods?")), "{asked:#?}");
    assert!(
        asked.iter().any(|a| a.contains("/pods/api-0/log")) && !asked.iter().any(|a| a.starts_with("/api/v1/pods?")),
        "{asked:#?}"
    );
    let missing = about(&server, Some("nobody"));
    assert!(missing["notes"].to_string().contains("there is no pod shop/nobody"), "{missing}");
    let whole = about(&server, None);
    assert!(whole["notes"].to_string().contains("the whole cluster is evidence"), "{whole}");
    assert_eq!(whole["error_category"], "OOMKilled");
}

#[test]
fn without_a_cluster_everything_else_is_answered() {
    let server = started();
    server.get("/cluster-health").is_problem(503, "kubeconfig");
    let answer = about(&server, Some("api-0"));
    assert!(answer["notes"].to_string().contains("the cluster could not be read"), "{answer}");
    assert_eq!(health(&server).json()["k8s_connected"], false);
}

/// A kubeconfig that first leads to `api`, and then wherever it is rewritten to.
fn moving(api: &ApiServer) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("config");
    fs::copy(api.kubeconfig(), &path).expect("copied");
    let shown = path.display().to_string();
    (dir, shown)
}

#[test]
fn a_cluster_that_goes_leaves_what_was_known_and_comes_back() {
    let api = shop().start();
    let (_dir, config) = moving(&api);
    let server = serve(&["--kubeconfig", &config, "--look-every", "1s"]).start();
    server.until(health, |a| a.json()["k8s_connected"] == true);
    api.down(true);
    let gone = server.until(|s| s.get("/cluster-health"), |a| a.json()["verdict"] == "unreachable");
    let json = gone.json();
    assert_eq!((&json["stale"], gone.status), (&json!(true), 200));
    assert!(json["notes"][0].as_str().is_some_and(|n| n.contains("this is what was known")), "{json}");
    assert_eq!(json["causes"][0]["error_category"], "OOMKilled");
    assert_eq!(health(&server).json()["k8s_connected"], false);
    let answer = about(&server, Some("api-0"));
    assert!(answer["notes"].to_string().contains("could not be read"), "{answer}");
    api.down(false);
    server.until(|s| s.get("/cluster-health"), |a| a.json()["verdict"] == "degraded");
    assert_eq!(about(&server, Some("api-0"))["error_category"], "OOMKilled");
}

#[test]
fn a_cluster_that_hangs_keeps_nobody_waiting() {
    let api = ApiServer::build().trouble("/", Trouble::Endless).start();
    let server = of(&api);
    for _ in 0..5 {
        health(&server);
        std::thread::sleep(Duration::from_millis(100));
    }
    let begun = Instant::now();
    let answer = about(&server, Some("api-0"));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(answer["notes"].to_string().contains("could not be read within 8 s"), "{answer}");
    let never = ApiServer::build().start();
    let config = never.write_kubeconfig("nobody", "token: x", "shop");
    let text = fs::read_to_string(&config).expect("there");
    let old = text.split('\'').nth(1).expect("an address").to_owned();
    fs::write(&config, text.replace(&old, &nobody())).expect("written");
    let server = serve(&["--kubeconfig", &config]).start();
    server.get("/cluster-health").is_problem(503, "cannot be reached");
}

const OWN: &str = "---\nid: out-of-cheese\ntitle: Out of cheese\ncategory: OOMKilled\ncause: memory-limit\nseverity: low\nsignals:\n  any: [{ log: 'out of cheese' }]\n\
    root_cause: There is no cheese.\nfixes: []\nprevention: []\n---\n## Meaning\n\nCheese.\n";

#[test]
fn suggestions_come_from_the_whole_tree_and_say_what_could_not_be_read() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("teams")).expect("made");
    fs::write(dir.path().join("latin.md"), [b'#', 0xe9]).expect("written");
    let server = serve(&[]).env("RUNBOOK_DIR", &dir.path().display().to_string()).start();
    let ask = |server: &Server| server.post("/suggest-runbook", &json!({ "error_message": "kiln temperature drifts" }));
    assert!(ask(&server).json()["notes"].to_string().contains("latin.md left out"), "{}", ask(&server).json());
    // A file below a folder, without a head, is found within seconds of its making.
    fs::write(dir.path().join("teams/kiln.md"), "# The kiln temperature drifts\nTurn the valve.\n").expect("written");
    let found = server.until(ask, |a| a.json()["results"][0]["file"] == "teams/kiln.md");
    assert!(found.json()["results"][0]["passage"].as_str().is_some_and(|p| !p.is_empty()));
}

#[test]
fn runbooks_are_read_again_and_a_folder_that_goes_leaves_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let own = dir.path().join("own");
    fs::create_dir(&own).expect("made");
    let server = serve(&[]).env("RUNBOOK_DIR", &own.display().to_string()).start();
    let ask = |server: &Server| server.post("/diagnose", &json!({ "error_message": "error: out of cheese" }));
    let is_known = |a: &Answer| a.json()["root_cause"] == "There is no cheese.";
    assert!(!is_known(&ask(&server)));
    put(own.join("out-of-cheese.md"), OWN);
    server.until(ask, is_known);
    assert_eq!(server.get("/runbooks/out-of-cheese").json()["built_in"], false);
    // One that is broken does not cost the others, and is named.
    put(own.join("out-of-cheese.md"), "---\nid: out-of-cheese\n");
    let broken = server.until(ask, |a| a.json()["notes"].to_string().contains("out-of-cheese.md:1"));
    assert!(is_known(&broken));
    put(own.join("out-of-cheese.md"), OWN);
    server.until(ask, |a| a.json()["notes"] == json!([]));
    fs::remove_dir_all(&own).expect("removed");
    let gone = server.until(ask, |a| a.json()["notes"].to_string().contains("cannot be read"));
    assert!(is_known(&gone), "{}", gone.text());
    health(&server);
    fs::create_dir(&own).expect("made");
    put(own.join("out-of-cheese.md"), &OWN.replace("no cheese", "no more cheese"));
    server.until(ask, |a| a.json()["root_cause"] == "There is no more cheese.");
}

#[test]
fn none_of_a_thousand_requests_is_lost_when_it_stops() {
    let mut server = started();
    let address = server.address.clone();
    let answered = AtomicUsize::new(0);
    let sent = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                // All are on their way before the first answer is read.
                let mut open = Vec::new();
                for n in 0..50 {
                    let ask =
                        json!({ "error_message": format!("dial tcp 10.0.0.{n}:5432: connect: connection refused") });
                    let mut stream = connect(&address);
                    let ask = ask.to_string();
                    let bytes = request("POST /diagnose", &["content-type: application/json"], ask.as_bytes());
                    stream.write_all(&bytes).expect("taken");
                    sent.fetch_add(1, Ordering::Relaxed);
                    open.push(stream);
                }
                for mut stream in open {
                    let answer = read(&mut stream);
                    assert_eq!(answer.status, 200, "{answer:?}");
                    assert_eq!(answer.json()["error_category"], "DatabaseError");
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // A caller who is still on his way has no promise: on a busy machine he may take longer than the server waits for him.
        while sent.load(Ordering::Relaxed) < 1000 {
            std::thread::sleep(Duration::from_millis(1));
        }
        server.signal("TERM");
    });
    assert_eq!(answered.load(Ordering::Relaxed), 1000);
    assert_eq!(server.ended(), Some(0));
    assert!(server.log().contains("finishing what was begun"));
}

#[test]
fn what_takes_too_long_is_given_up_when_it_stops() {
    let mut server = serve(&["--drain", "1s"]).start();
    let mut slow = server.begin();
    slow.write_all(b"{").expect("taken");
    let begun = Instant::now();
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert!(server.log().contains("stopped before everything was answered"));
}
