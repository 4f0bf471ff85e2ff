//! Failures as controllers write them down, all at once: each is one cause, however many checks see it, and two on one object are two.

use super::api_server::ApiServer;
use super::harness::{Outcome, idp, with_times};

/// One thing that many checks see.
const FOLDED: &str = include_str!("planted.yaml");
/// Things that share an object, and what holds a deletion back.
const APART: &str = include_str!("planted_apart.yaml");

/// What is told of a cluster: severity, id and object of each cause, sorted.
fn told(objects: &str) -> (Vec<String>, Outcome) {
    let server = ApiServer::build().yaml(&with_times(objects)).start();
    let outcome = idp(&["cluster-health", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).run();
    let json = outcome.json();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let line = |c: &serde_json::Value| {
        let object = [&c["object"]["kind"], &c["object"]["namespace"], &c["object"]["name"]].map(word).join(" ");
        format!("{} {} {object}", word(&c["severity"]), word(&c["id"]))
    };
    let mut told: Vec<String> = json["causes"].as_array().expect("causes").iter().map(line).collect();
    told.sort();
    (told, outcome)
}

#[test]
fn one_thing_that_many_checks_see_is_one_cause() {
    let (told, outcome) = told(FOLDED);
    let expected = [
        "HIGH probe-port-mismatch Pod web probe",
        "HIGH quota-exceeded ResourceQuota ops small",
        "HIGH service-selector-mismatch Service web probe",
        "HIGH storage-class-missing StorageClass  fast",
        "HIGH webhook-unreachable Service sec guard",
    ];
    assert_eq!(told, expected, "{}", outcome.stdout);
}

#[test]
fn two_causes_on_one_object_stay_two() {
    let (told, outcome) = told(APART);
    let expected = [
        "CRITICAL node-not-ready Node  w9",
        "HIGH api-service-unavailable APIService  v1beta1.metrics.k8s.io",
        "HIGH crashloopbackoff Pod shop till",
        "HIGH ingress-port-missing Ingress shop shop",
        "HIGH ingress-service-missing Service shop gone",
        "MEDIUM claim-in-use PersistentVolumeClaim shop data",
        "MEDIUM finalizer-stuck Namespace  old",
    ];
    assert_eq!(told, expected, "{}", outcome.stdout);
    // The fix is about the path that is wrong, not about the first one.
    assert!(outcome.stdout.contains("/spec/rules/0/http/paths/2/backend/service/port"), "{}", outcome.stdout);
}
