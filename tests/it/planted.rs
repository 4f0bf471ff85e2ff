//! Failures as controllers write them down, all at once: each is one cause, however many checks see it.

use super::api_server::ApiServer;
use super::harness::{idp, with_times};

/// The cluster.
const CLUSTER: &str = include_str!("planted.yaml");

#[test]
fn one_thing_that_many_checks_see_is_one_cause() {
    let server = ApiServer::build().yaml(&with_times(CLUSTER)).start();
    let outcome = idp(&["cluster-health", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).run();
    let json = outcome.json();
    let causes = json["causes"].as_array().expect("causes");
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut told: Vec<String> = causes
        .iter()
        .map(|c| {
            let object = [&c["object"]["kind"], &c["object"]["namespace"], &c["object"]["name"]].map(word).join(" ");
            format!("{} {} {object}", word(&c["severity"]), word(&c["id"]))
        })
        .collect();
    told.sort();
    let expected = [
        "HIGH probe-port-mismatch Pod web probe",
        "HIGH quota-exceeded ResourceQuota ops small",
        "HIGH service-selector-mismatch Service web probe",
        "HIGH storage-class-missing StorageClass  fast",
        "HIGH webhook-unreachable Service sec guard",
    ];
    assert_eq!(told, expected, "{}", outcome.stdout);
}
