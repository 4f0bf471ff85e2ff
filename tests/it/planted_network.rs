//! Two causes on one object stay two, and what holds a deletion back is named.

use super::api_server::ApiServer;
use super::harness::{idp, with_times};

/// The cluster.
const CLUSTER: &str = include_str!("planted_network.yaml");

#[test]
fn two_causes_on_one_object_stay_two() {
    let server = ApiServer::build().yaml(&with_times(CLUSTER)).start();
    let outcome = idp(&["cluster-health", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).run();
    let json = outcome.json();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let causes = json["causes"].as_array().expect("causes");
    let mut told: Vec<String> = causes
        .iter()
        .map(|c| {
            let object = [&c["object"]["kind"], &c["object"]["namespace"], &c["object"]["name"]].map(word).join(" ");
            format!("{} {} {object}", word(&c["severity"]), word(&c["id"]))
        })
        .collect();
    told.sort();
    let expected = [
        "HIGH api-service-unavailable APIService  v1beta1.metrics.k8s.io",
        "HIGH ingress-port-missing Ingress shop shop",
        "HIGH ingress-service-missing Service shop gone",
        "MEDIUM claim-in-use PersistentVolumeClaim shop data",
        "MEDIUM finalizer-stuck Namespace  old",
    ];
    assert_eq!(told, expected, "{}", outcome.stdout);
    // The fix is about the path that is wrong, not about the first one.
    assert!(outcome.stdout.contains("/spec/rules/0/http/paths/2/backend/service/port"), "{}", outcome.stdout);
}
