//! A whole cluster that is well, at the busiest moment of its day: a roll-out half done, a node that has just joined, jobs that are over, workloads that
//! sleep, an autoscaler at its floor. Nobody wants to be woken for any of it.

use super::api_server::ApiServer;
use super::harness::{idp, with_times};

/// The cluster. `<90s>` is the time ninety seconds ago.
const CLUSTER: &str = include_str!("healthy.yaml");

#[test]
fn nothing_is_told_of_a_healthy_cluster_in_the_middle_of_a_roll_out() {
    let server = ApiServer::build().yaml(&with_times(CLUSTER)).start();
    let outcome = idp(&["cluster-health", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).run();
    let json = outcome.json();
    let causes = json["causes"].as_array().expect("causes");
    let loud: Vec<String> = causes
        .iter()
        .filter(|c| !matches!(c["severity"].as_str(), Some("LOW" | "INFO")))
        .map(|c| format!("{} {}: {}", c["severity"], c["id"], c["root_cause"]))
        .collect();
    assert!(loud.is_empty(), "{loud:#?}");
    assert_eq!(json["verdict"], "healthy", "{}", outcome.stdout);
}

#[test]
fn the_same_cluster_in_a_dump_is_as_quiet() {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("everything.yaml"), with_times(CLUSTER)).expect("written");
    let outcome = idp(&["cluster-health", "--from", &home.path().display().to_string(), "-o", "json"]).run();
    assert_eq!(outcome.json()["verdict"], "healthy", "{}", outcome.stdout);
}

#[test]
fn one_fault_in_it_is_told_alone() {
    let broken = with_times(CLUSTER).replace("image: registry.example/web:2 # new", "image: registry.example/web:tpyo");
    let broken = broken.replace(
        "waiting: {reason: ContainerCreating} # new",
        "waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image \"registry.example/web:tpyo\": ErrImagePull: manifest for registry.example/web:tpyo not found: manifest unknown'}",
    );
    let server = ApiServer::build().yaml(&broken).start();
    let outcome = idp(&["cluster-health", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).run();
    let json = outcome.json();
    let loud: Vec<&str> = json["causes"]
        .as_array()
        .expect("causes")
        .iter()
        .filter(|c| !matches!(c["severity"].as_str(), Some("LOW" | "INFO")))
        .filter_map(|c| c["error_category"].as_str())
        .collect();
    assert_eq!(loud, ["ImagePullBackOff"], "{}", outcome.stdout);
}
