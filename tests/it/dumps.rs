//! One cluster in every layout of a dump, as a folder and as an archive: the causes and the logs are the same.

use std::fs;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::harness::{Outcome, idp};

const LOG: &str = "starting\npanic: dial tcp: lookup db.internal on 10.96.0.10:53: no such host\n";

fn pod() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": "api-0", "namespace": "shop", "uid": "p0", "creationTimestamp": "2026-01-01T00:00:00Z" },
        "spec": { "nodeName": "worker-1", "containers": [{ "name": "api", "image": "shop/api:1" }] },
        "status": {
            "phase": "Running",
            "conditions": [{ "type": "Ready", "status": "False", "lastTransitionTime": "2026-01-01T01:00:00Z" }],
            "containerStatuses": [{
                "name": "api", "ready": false, "restartCount": 9,
                "state": { "waiting": { "reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container=api" } },
                "lastState": { "terminated": { "reason": "Error", "exitCode": 2, "finishedAt": "2026-01-01T00:59:00Z" } }
            }]
        }
    })
}

fn node() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": { "name": "worker-1", "uid": "w1", "creationTimestamp": "2025-01-01T00:00:00Z" },
        "status": { "conditions": [{ "type": "Ready", "status": "True", "lastTransitionTime": "2025-01-01T00:00:00Z" }] }
    })
}

fn list(kind: &str, items: &[Value]) -> String {
    json!({ "apiVersion": "v1", "kind": format!("{kind}List"), "items": items }).to_string()
}

fn yaml(value: &Value) -> String {
    serde_saphyr::to_string(value).expect("YAML")
}

/// A layout: its name, its files, and whether it holds the log.
fn layouts() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    vec![
        (
            "cluster-info dump",
            vec![
                ("nodes.json", list("Node", &[node()])),
                ("shop/pods.json", list("Pod", &[pod()])),
                (
                    "shop/api-0/logs.txt",
                    format!(
                        "==== START logs for container api of pod shop/api-0 ====\n{LOG}==== END logs for container api of pod shop/api-0 ====\n"
                    ),
                ),
            ],
        ),
        (
            "support bundle",
            vec![
                ("support-bundle/cluster-resources/nodes.json", list("Node", &[node()])),
                ("support-bundle/cluster-resources/pods/shop.json", list("Pod", &[pod()])),
                ("support-bundle/cluster-resources/pods/logs/shop/api-0/api-previous.log", LOG.to_owned()),
            ],
        ),
        (
            "must-gather",
            vec![
                ("must-gather.local.1/image/cluster-scoped-resources/core/nodes/worker-1.yaml", yaml(&node())),
                (
                    "must-gather.local.1/image/namespaces/shop/core/pods.yaml",
                    yaml(&json!({ "apiVersion": "v1", "kind": "PodList", "items": [pod()] })),
                ),
                ("must-gather.local.1/image/namespaces/shop/pods/api-0/api/api/logs/previous.log", LOG.to_owned()),
            ],
        ),
    ]
}

fn unpack(home: &Path, files: &[(&str, String)]) {
    for (name, text) in files {
        let path = home.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
}

fn pack(path: &Path, files: &[(&str, String)]) {
    let mut archive = tar::Builder::new(GzEncoder::new(fs::File::create(path).expect("made"), Compression::fast()));
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append_data(&mut header, name, text.as_bytes()).expect("packed");
    }
    archive.into_inner().and_then(GzEncoder::finish).expect("finished");
}

fn health(path: &Path) -> Outcome {
    idp(&["cluster-health", "--from", &path.display().to_string(), "-o", "json"]).run()
}

#[test]
fn every_layout_tells_the_same_as_a_folder_and_as_an_archive() {
    for (layout, files) in layouts() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("folder");
        unpack(&folder, &files);
        let archive = home.path().join("dump.tar.gz");
        pack(&archive, &files);
        for path in [&folder, &archive] {
            let outcome = health(path);
            let json = outcome.json();
            assert_eq!(
                json["causes"][0]["object"]["name"],
                "api-0",
                "{layout}, {}: {}",
                path.display(),
                outcome.stdout
            );
            assert_eq!(json["causes"].as_array().map(Vec::len), Some(1), "{layout}");
            assert!(
                json["coverage"]["not_looked_at"].to_string().contains("secrets: not in the dump"),
                "{layout}: {json}"
            );
            let from = path.display().to_string();
            let answer = idp(&["diagnose", "pod/api-0", "-n", "shop", "--from", &from, "-o", "json"]).run().answer();
            assert_eq!(answer, ("DNSFailure".into(), "name-not-resolved".into()), "{layout}, {from}");
        }
    }
}

#[test]
fn an_archive_that_breaks_off_tells_what_it_holds_and_says_so() {
    let home = tempfile::tempdir().expect("a folder");
    let whole = home.path().join("dump.tar");
    let (_, files) = layouts().remove(0);
    let mut archive = tar::Builder::new(Vec::new());
    for (name, text) in &files[..2] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_cksum();
        archive.append_data(&mut header, name, text.as_bytes()).expect("packed");
    }
    let mut bytes = archive.into_inner().expect("finished");
    bytes.truncate(bytes.len() - 1024);
    bytes.extend([7; 700]);
    fs::write(&whole, bytes).expect("written");
    let outcome = health(&whole);
    assert_eq!(outcome.json()["causes"][0]["object"]["name"], "api-0");
    assert!(outcome.stdout.contains("the archive breaks off"), "{}", outcome.stdout);
    fs::write(&whole, [0x1f, 0x8b, 8, 0, 1, 2, 3]).expect("written");
    let broken = home.path().join("broken.tar.gz");
    fs::rename(&whole, &broken).expect("moved");
    let outcome = health(&broken);
    assert!(outcome.status == 2 && outcome.stderr.lines().count() == 2, "{}", outcome.stderr);
}
