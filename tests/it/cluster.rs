//! `idp cluster-health` and `idp diagnose KIND/NAME` against an API server, with the troubles that real ones have.

use super::api_server::{ApiServer, Builder, Trouble, nobody};
use super::harness::{Outcome, idp};

/// A namespace in which a deployment's pod was killed for memory, another wants a secret that is not there, and a third is well.
const SHOP: &str = r#"
apiVersion: v1
kind: Namespace
metadata: {name: shop, uid: n1}
status: {phase: Active}
---
apiVersion: v1
kind: Node
metadata: {name: worker-1, uid: w1, creationTimestamp: "2026-01-01T00:00:00Z"}
status:
  allocatable: {cpu: "4", memory: 16Gi, pods: "110"}
  conditions: [{type: Ready, status: "True", reason: KubeletReady}]
  nodeInfo: {kubeletVersion: v1.33.2}
---
apiVersion: v1
kind: Pod
metadata: {name: api-0, namespace: shop, uid: p0, labels: {app: api}}
spec: {nodeName: worker-1, containers: [{name: api, image: "shop/api:1", resources: {limits: {memory: 64Mi}}}]}
status:
  phase: Running
  containerStatuses:
  - name: api
    ready: false
    restartCount: 9
    state: {waiting: {reason: CrashLoopBackOff, message: "back-off 5m0s restarting failed container=api"}}
    lastState: {terminated: {reason: OOMKilled, exitCode: 137, finishedAt: "2026-01-01T00:00:00Z"}}
---
apiVersion: v1
kind: Pod
metadata: {name: cart-0, namespace: shop, uid: p1, labels: {app: cart}}
spec: {nodeName: worker-1, containers: [{name: cart, image: "shop/cart:1", envFrom: [{secretRef: {name: cart-db}}]}]}
status:
  phase: Running
  conditions: [{type: Ready, status: "True"}]
  containerStatuses: [{name: cart, ready: true, restartCount: 0, state: {running: {startedAt: "2026-01-01T00:00:00Z"}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: shop, uid: p2, labels: {app: web}}
spec: {nodeName: worker-1, containers: [{name: web, image: "shop/web:1"}]}
status:
  phase: Running
  conditions: [{type: Ready, status: "True"}]
  containerStatuses: [{name: web, ready: true, restartCount: 0, state: {running: {startedAt: "2026-01-01T00:00:00Z"}}}]
---
apiVersion: v1
kind: Secret
metadata: {name: cart-db, namespace: shop, uid: s1}
type: Opaque
data: {password: aHVudGVyMg==}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop, uid: sa1}
"#;

pub(super) fn shop() -> Builder {
    ApiServer::build().yaml(SHOP)
}

fn health(server: &ApiServer, args: &[&str]) -> Outcome {
    let config = server.kubeconfig();
    idp(&[&["cluster-health", "--kubeconfig", &config, "-o", "json"], args].concat()).run()
}

/// The ids of the causes, with the objects to blame.
fn causes(outcome: &Outcome) -> Vec<(String, String)> {
    let json = outcome.json();
    let causes = json["causes"].as_array().expect("causes");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    causes.iter().map(|c| (text(&c["id"]), text(&c["object"]["name"]))).collect()
}

fn not_looked_at(outcome: &Outcome) -> String {
    outcome.json()["coverage"]["not_looked_at"].to_string()
}

#[test]
fn every_kind_is_listed_once_in_pages_and_secrets_without_their_data() {
    let server = shop().start();
    let outcome = health(&server, &[]);
    assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())]);
    let asked = server.asked();
    let lists: Vec<&String> = asked.iter().filter(|a| a.contains("limit=") && !a.contains("continue=")).collect();
    let paths: std::collections::BTreeSet<&str> =
        lists.iter().map(|a| a.split('?').next().unwrap_or_default()).collect();
    assert_eq!(lists.len(), paths.len(), "a kind was listed twice: {lists:#?}");
    assert!(asked.iter().any(|a| a.starts_with("/api/v1/pods?") && a.contains("continue=2")), "{asked:#?}");
    let secrets: Vec<&String> = asked.iter().filter(|a| a.starts_with("/api/v1/secrets")).collect();
    assert!(!secrets.is_empty() && secrets.iter().all(|a| a.contains("PartialObjectMetadataList")), "{secrets:#?}");
    assert!(!outcome.stdout.contains("hunter2") && !outcome.stdout.contains("aHVudGVyMg"));
}

#[test]
fn what_is_forbidden_is_named_and_never_missing() {
    let server = shop()
        .trouble("/api/v1/secrets", Trouble::Forbidden)
        .trouble("/api/v1/namespaces/shop/secrets", Trouble::Forbidden)
        .start();
    let outcome = health(&server, &[]);
    assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())]);
    assert!(not_looked_at(&outcome).contains("secrets: forbidden"), "{}", outcome.stdout);
}

#[test]
fn with_rights_in_one_namespace_that_one_is_read() {
    let everywhere =
        ["/api/v1/pods", "/api/v1/secrets", "/api/v1/nodes", "/apis/apps/v1/deployments", "/api/v1/namespaces?"];
    let server = everywhere.iter().fold(shop(), |s, path| s.trouble(path, Trouble::Forbidden)).start();
    let outcome = health(&server, &[]);
    assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())]);
    let gaps = not_looked_at(&outcome);
    assert!(gaps.contains("nodes: forbidden"), "{}", outcome.stdout);
    assert!(gaps.contains("pods outside of namespace shop: forbidden"), "{}", outcome.stdout);
}

#[test]
fn what_may_not_be_read_at_all_never_looks_healthy() {
    let kinds = ["nodes", "namespaces/other/pods", "namespaces/other/services"].map(|kind| format!("/api/v1/{kind}"));
    let workloads =
        ["deployments", "statefulsets", "daemonsets"].map(|k| format!("/apis/apps/v1/namespaces/other/{k}"));
    let all = kinds.iter().chain(&workloads);
    let server = all.fold(shop(), |server, path| server.trouble(path, Trouble::Forbidden)).start();
    let outcome = health(&server, &["-n", "other"]);
    assert!(outcome.status == 2 && outcome.stdout.contains(r#""verdict": "unreachable""#), "{outcome:?}");
    let told =
        "nothing that runs could be read: pods, nodes, deployments, statefulsets, daemonsets, services (forbidden)";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    // One namespace of two: what is there is told, and what is not.
    let outcome = health(&server, &["-n", "other", "-n", "shop"]);
    assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())]);
    assert!(not_looked_at(&outcome).contains("pods of namespace other: forbidden"), "{}", outcome.stdout);
}

#[test]
fn a_list_that_changed_too_fast_begins_anew_and_nothing_is_there_twice() {
    let server = shop().trouble("/api/v1/pods", Trouble::Gone).start();
    let outcome = health(&server, &[]);
    let whole = health(&shop().start(), &[]);
    assert_eq!(outcome.json()["coverage"]["objects"], whole.json()["coverage"]["objects"]);
}

#[test]
fn a_busy_server_is_asked_again() {
    let server = shop().trouble("/api/v1/pods", Trouble::Busy).start();
    assert_eq!(causes(&health(&server, &[])), [("oomkilled".to_owned(), "api-0".to_owned())]);
}

#[test]
fn a_namespace_is_as_well_as_what_is_in_it_and_of_what_is_well_it_is_told_that_it_was_looked_at() {
    let server = shop().start();
    let diagnose = |object: &str| {
        idp(&["diagnose", object, "-n", "shop", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).run()
    };
    assert_eq!(diagnose("ns/shop").answer().0, "OOMKilled");
    let well = diagnose("pod/web-0");
    let notes = well.json()["notes"].to_string();
    assert!(notes.contains("checks found nothing wrong with pod shop/web-0 and"), "{}", well.stdout);
}

#[test]
fn an_api_that_is_down_is_asked_once() {
    let metrics = "apiVersion: metrics.k8s.io/v1beta1\nkind: PodMetrics\nmetadata: {name: api-0, namespace: shop}\n";
    let server = shop().yaml(metrics).trouble("/apis/metrics.k8s.io/v1beta1/pods", Trouble::Down).start();
    let outcome = health(&server, &[]);
    assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())]);
    assert!(not_looked_at(&outcome).contains("pods.metrics.k8s.io: the server failed (503)"), "{}", outcome.stdout);
    let asked = server.asked().iter().filter(|path| path.starts_with("/apis/metrics.k8s.io/v1beta1/pods")).count();
    assert_eq!(asked, 1);
}

#[test]
fn what_breaks_costs_only_itself() {
    for trouble in [Trouble::Broken, Trouble::Reset] {
        let server = shop().trouble("/apis/apps/v1/deployments", trouble).start();
        let outcome = health(&server, &[]);
        assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())], "{trouble:?}");
        assert!(not_looked_at(&outcome).contains("deployments: "), "{trouble:?}: {}", outcome.stdout);
    }
}

#[test]
fn an_answer_that_never_ends_is_given_up() {
    let server = shop().trouble("/apis/apps/v1/deployments", Trouble::Endless).start();
    let outcome = health(&server, &["--timeout", "2s"]);
    assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())]);
    assert!(not_looked_at(&outcome).contains("within 2 s"), "{}", outcome.stdout);
}

#[test]
fn a_cluster_that_cannot_be_used_is_said_in_one_line() {
    let refused = shop().trouble("/", Trouble::Unauthorized).start();
    let outcome = health(&refused, &[]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("refuses the credentials (401)"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("secret-token-1"));

    let server = shop().start();
    let config = server.write_kubeconfig(
        "exec",
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: Never}",
        "shop",
    );
    let outcome = idp(&["cluster-health", "--kubeconfig", &config]).run();
    assert_eq!(
        (outcome.status, outcome.stderr.lines().next()),
        (
            2,
            Some(
                "idp: error: the credential plugin \"no-such-plugin\" does not work: it is not installed, or not in PATH"
            )
        )
    );

    let gone = server.kubeconfig();
    let text = std::fs::read_to_string(&gone).expect("readable");
    let at =
        text.lines().find_map(|l| l.split("server: '").nth(1)).expect("an address").trim_end_matches("'}").to_owned();
    std::fs::write(&gone, text.replace(&at, &nobody())).expect("written");
    let outcome = idp(&["cluster-health", "--kubeconfig", &gone, "-o", "json"]).run();
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stdout.contains("\"verdict\": \"unreachable\"") && outcome.stderr.contains("connection refused"),
        "{outcome:?}"
    );
}

#[test]
fn contexts_and_files_that_are_not_there_are_named() {
    let server = shop().start();
    let config = server.kubeconfig();
    let outcome = idp(&["cluster-health", "--kubeconfig", &config, "--context", "other"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("no context \"other\"; it has test"), "{}", outcome.stderr);
    let outcome = idp(&["cluster-health", "--kubeconfig", "/nonexistent/config"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("kubeconfig cannot be used"), "{}", outcome.stderr);
    let outcome = idp(&["cluster-health", "--from", "/nonexistent"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("cannot read /nonexistent"), "{}", outcome.stderr);
    let outcome = idp(&["cluster-health", "--kubeconfig", &config, "--only", "oom"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("there is no check \"oom\""), "{}", outcome.stderr);
}

#[test]
fn the_log_before_the_restart_says_why_a_pod_crashes() {
    let crashing = SHOP.replace("reason: OOMKilled, exitCode: 137", "reason: Error, exitCode: 1");
    let server = ApiServer::build()
        .yaml(&crashing)
        .log(
            "shop",
            "api-0",
            "api",
            true,
            "starting\npanic: dial tcp: lookup db.internal on 10.96.0.10:53: no such host\n",
        )
        .start();
    let config = server.kubeconfig();
    let outcome = idp(&["diagnose", "pod/api-0", "--kubeconfig", &config, "-o", "json"]).run();
    assert_eq!(outcome.answer(), ("DNSFailure".into(), "name-not-resolved".into()), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("log of container api before its restart"), "{}", outcome.stdout);
}

#[test]
fn a_piped_log_and_the_live_object_are_judged_together() {
    let server = shop().start();
    let config = server.kubeconfig();
    let args = ["diagnose", "--live", "--pod", "api-0", "-n", "shop", "--kubeconfig", &config, "-o", "json"];
    let outcome = idp(&args).stdin("INFO loading the catalogue\n").run();
    assert_eq!(outcome.answer(), ("OOMKilled".into(), "memory-limit".into()), "{}", outcome.stdout);
    let outcome = idp(&["diagnose", "pod/ap-0", "--kubeconfig", &config]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("there is no pod shop/ap-0"), "{}", outcome.stderr);
}

#[test]
fn a_describe_gives_the_answer_of_the_live_object() {
    let describe = "Name:         api-0\nNamespace:    shop\nNode:         worker-1/10.0.0.4\nContainers:\n  api:\n    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n";
    let piped = idp(&["diagnose", "-o", "json"]).stdin(describe).run();
    let server = shop().start();
    let live = idp(&["diagnose", "pod/api-0", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).run();
    assert_eq!(piped.answer(), live.answer());
}

#[test]
fn every_format_is_written() {
    let server = shop().start();
    let config = server.kubeconfig();
    for (format, sign) in [
        ("human", "DEGRADED  test (v1.33.2)"),
        ("yaml", "verdict: degraded"),
        ("markdown", "## test: degraded"),
        ("junit", "<testsuite name=\"test\""),
        ("sarif", "\"ruleId\": \"oomkilled\""),
        ("prometheus", "idp_cluster_verdict{cluster=\"test\",verdict=\"degraded\"} 1"),
    ] {
        let outcome = idp(&["cluster-health", "--kubeconfig", &config, "-o", format, "--fail-on", "high"]).run();
        assert_eq!(outcome.status, 1, "{format}: {}", outcome.stderr);
        assert!(outcome.stdout.contains(sign), "{format}: {}", outcome.stdout);
    }
}

#[test]
fn a_baseline_tells_what_is_new_and_what_is_gone() {
    let before = health(&shop().start(), &[]);
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("before.json");
    std::fs::write(&file, &before.stdout).expect("written");
    let healed = SHOP
        .replace("reason: OOMKilled, exitCode: 137", "reason: Completed, exitCode: 0")
        .replace(
            "waiting: {reason: CrashLoopBackOff, message: \"back-off 5m0s restarting failed container=api\"}",
            "running: {}",
        )
        .replace("ready: false\n    restartCount: 9", "ready: true\n    restartCount: 0");
    let server = ApiServer::build().yaml(&healed).start();
    let outcome = health(&server, &["--baseline", &file.display().to_string()]);
    assert_eq!(outcome.json()["gone"][0]["id"], "oomkilled", "{}", outcome.stdout);
}

#[test]
fn what_is_typed_about_a_cluster_does_not_go_unheard() {
    let outcome = idp(&["diagnose", "--context", "test"]).stdin("boom\n").run();
    assert!(outcome.status == 2 && outcome.stderr.contains("nothing asks for it"), "{}", outcome.stderr);
    let outcome = idp(&["diagnose", "pod/api-0", "--since", "1h"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("looked at alone"), "{}", outcome.stderr);
    let outcome = idp(&["cluster-health", "--from", ".", "--baseline", "/nonexistent"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("make one with"), "{}", outcome.stderr);
}

#[test]
fn what_is_ignored_has_a_reason_and_comes_back_when_its_time_is_over() {
    let server = shop().start();
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("config.toml");
    let config = file.display().to_string();
    let run = |until: &str| {
        let text = format!("[[ignore]]\nobject = \"shop/api-*\"\nreason = \"moves on Friday\"\nuntil = \"{until}\"\n");
        std::fs::write(&file, text).expect("written");
        idp(&["cluster-health", "--kubeconfig", &server.kubeconfig(), "-o", "json"]).env("IDP_CONFIG", &config).run()
    };
    let outcome = run("2999-01-01");
    assert_eq!(causes(&outcome), []);
    assert_eq!(outcome.json()["ignored"][0]["reason"], "moves on Friday");
    let shown = idp(&["config", "show"]).env("IDP_CONFIG", &config).run().stdout;
    assert!(shown.contains("reason = \"moves on Friday\""), "{shown}");
    let ids: Vec<String> = causes(&run("2020-01-01")).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["oomkilled", "ignore-expired"]);
    std::fs::write(&file, "[[ignore]]\nobject = \"shop/*\"\nreason = \"\"\n").expect("written");
    let outcome = idp(&["config", "show"]).env("IDP_CONFIG", &config).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("has no reason"), "{}", outcome.stderr);
}

/// Against any cluster that somebody points at; it is only read.
#[test]
fn a_real_cluster_is_read() {
    let Ok(config) = std::env::var("IDP_TEST_KUBECONFIG") else { return };
    let outcome = idp(&["cluster-health", "--kubeconfig", &config, "-o", "json"]).run();
    assert!(outcome.status == 0, "{}", outcome.stderr);
    let json = outcome.json();
    assert_ne!(json["verdict"], "unreachable");
    assert!(json["coverage"]["objects"].as_u64().is_some_and(|n| n > 0), "{json}");
}

/// A second namespace, whose pod wants a secret that the first one's rights do not show.
const WEB: &str = r#"
apiVersion: v1
kind: Namespace
metadata: {name: web, uid: n2}
status: {phase: Active}
---
apiVersion: v1
kind: Pod
metadata: {name: front-0, namespace: web, uid: p9, labels: {app: front}}
spec: {nodeName: worker-1, containers: [{name: front, image: "shop/front:1", envFrom: [{secretRef: {name: front-key}}]}]}
status:
  phase: Running
  conditions: [{type: Ready, status: "True"}]
  containerStatuses: [{name: front, ready: true, restartCount: 0, state: {running: {startedAt: "2026-01-01T00:00:00Z"}}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: web, uid: sa2}
"#;

#[test]
fn what_is_forbidden_in_one_namespace_is_read_in_the_others() {
    let server = shop()
        .yaml(WEB)
        .trouble("/api/v1/secrets", Trouble::Forbidden)
        .trouble("/api/v1/namespaces/web/secrets", Trouble::Forbidden)
        .start();
    let outcome = health(&server, &[]);
    assert_eq!(causes(&outcome), [("oomkilled".to_owned(), "api-0".to_owned())]);
    assert!(not_looked_at(&outcome).contains("secrets of namespace web: forbidden"), "{}", outcome.stdout);
    assert!(!not_looked_at(&outcome).contains("namespace shop"), "{}", outcome.stdout);
    // Where it may be listed, a secret that is not there is missing.
    let gone = SHOP.replace("name: cart-db, namespace: shop, uid: s1", "name: other, namespace: shop, uid: s1");
    let server = ApiServer::build()
        .yaml(&gone)
        .yaml(WEB)
        .trouble("/api/v1/secrets", Trouble::Forbidden)
        .trouble("/api/v1/namespaces/web/secrets", Trouble::Forbidden)
        .start();
    let found = causes(&health(&server, &[]));
    assert!(
        found.iter().any(|(_, name)| name == "cart-db") && !found.iter().any(|(_, n)| n == "front-key"),
        "{found:?}"
    );
}

#[test]
fn add_ons_that_are_not_installed_are_no_gap() {
    let certificate = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: tls, namespace: shop, uid: c1}\n\
        spec: {secretName: cart-db, issuerRef: {name: ca, kind: ClusterIssuer}}\nstatus: {conditions: [{type: Ready, status: \"True\"}]}\n";
    let outcome = health(&shop().yaml(certificate).start(), &[]);
    let gaps = not_looked_at(&outcome);
    assert!(!gaps.contains("applications") && !gaps.contains("scaledobjects"), "{gaps}");
    assert!(gaps.contains("clusterissuers") || !gaps.contains("issuers"), "{gaps}");
}

#[test]
fn every_context_is_looked_at_and_one_that_does_not_answer_costs_no_other() {
    let server = shop().start();
    let text = std::fs::read_to_string(server.kubeconfig()).expect("readable");
    let both = text
        .replace("contexts:\n", "contexts:\n- name: gone\n  context: {cluster: gone, user: test}\n")
        .replace("clusters:\n", &format!("clusters:\n- name: gone\n  cluster: {{server: '{}'}}\n", nobody()));
    std::fs::write(server.kubeconfig(), both).expect("written");
    let config = server.kubeconfig();
    let outcome = idp(&["cluster-health", "--kubeconfig", &config, "--all-contexts"]).run();
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stdout.contains("UNREACHABLE  gone") && outcome.stdout.contains("DEGRADED  test"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stderr.contains("connection refused"), "{}", outcome.stderr);
}

#[test]
fn a_server_whose_certificate_nobody_vouches_for_is_not_believed() {
    let server = shop().with_tls().start();
    let outcome = idp(&["cluster-health", "--kubeconfig", &server.write_kubeconfig("plain", "token: x", "shop")]).run();
    assert_eq!(outcome.status, 2, "{outcome:?}");
    assert!(
        outcome.stderr.contains("certificate") && outcome.stderr.contains("certificate-authority"),
        "{}",
        outcome.stderr
    );
    assert!(server.asked().is_empty(), "nothing is said to a stranger");
    assert_eq!(causes(&health(&server, &[])), [("oomkilled".to_owned(), "api-0".to_owned())]);
}

#[test]
fn outside_of_a_pod_the_service_account_of_a_pod_is_not_there() {
    let outcome = idp(&["cluster-health"])
        .env("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        .env("KUBERNETES_SERVICE_PORT", "1")
        .env("HOME", "/dev/null")
        .run();
    assert!(
        outcome.status == 2 && outcome.stderr.contains("the service account of this pod cannot be used"),
        "{outcome:?}"
    );
}

#[test]
fn a_long_list_comes_in_pages_of_five_hundred() {
    let pod = |n: usize| {
        format!(r#"{{"metadata":{{"name":"p-{n}","namespace":"shop","uid":"q{n}"}},"status":{{"phase":"Succeeded"}}}}"#)
    };
    let items: Vec<String> = (0..1201).map(pod).collect();
    let server = shop().prepared("/api/v1/pods", "Pod", &items).start();
    let outcome = health(&server, &[]);
    let asked = server.asked().into_iter().filter(|a| a.starts_with("/api/v1/pods?")).count();
    let others = health(&shop().prepared("/api/v1/pods", "Pod", &[]).start(), &[]);
    let objects = |outcome: &Outcome| outcome.json()["coverage"]["objects"].as_u64().expect("a number");
    assert_eq!((asked, objects(&outcome) - objects(&others)), (3, 1201));
}

#[test]
fn whoever_watches_is_told_again_until_they_stop() {
    let server = shop().start();
    let config = server.kubeconfig();
    let mut watching = super::terminal::running(&["cluster-health", "--watch", "1s", "--kubeconfig", &config]);
    let first = watching.wait_for("checks ran", std::time::Duration::from_secs(20));
    assert!(first.contains("DEGRADED  test") && first.contains("oomkilled.md"), "{first}");
    let second = watching.wait_for("checks ran", std::time::Duration::from_secs(20));
    assert!(second.contains("DEGRADED  test"), "{second}");
    watching.interrupt();
    assert_eq!(watching.status(), Some(0));
}
