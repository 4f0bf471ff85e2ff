//! One session per promise of the README, with the built program.

use insta::assert_snapshot;

use crate::harness::{idp, redacted};

const DIAGNOSE: &[&str] = &["diagnose", "--offline", "-o", "json"];

fn answer(text: &str) -> (String, String) {
    idp(DIAGNOSE).stdin(text).run().answer()
}

fn is(text: &str, category: &str, cause: &str) {
    assert_eq!(answer(text), (category.to_owned(), cause.to_owned()), "{text}");
}

#[test]
fn the_cause_wins_over_its_symptoms() {
    let oom = "  Last State:  Terminated\n    Reason:    Error\n    Exit Code: 137\nkernel: Memory cgroup out of memory: Killed process 4242 (java) total-vm:1kB\n  Warning  BackOff  1m  kubelet  Back-off restarting failed container\n";
    is(oom, "OOMKilled", "memory-limit");
    let probe = "    Exit Code: 137\n  Warning  Unhealthy  1m  kubelet  Liveness probe failed: Get \"http://10.0.0.1:8080/healthz\": context deadline exceeded\n  Normal   Killing  1m  kubelet  Container web failed liveness probe, will be restarted\n";
    is(probe, "ProbeFailure", "probe-failed");
    is(
        "  Warning  Unhealthy  1m  kubelet  Readiness probe failed: dial tcp 10.0.0.1:80: connect: connection refused\n  Warning  BackOff  1m  kubelet  Back-off restarting failed container\n",
        "CrashLoopBackOff",
        "unknown-exit",
    );
}

#[test]
fn forbidden_is_told_apart() {
    is(
        "Error from server (Forbidden): pods is forbidden: User \"system:serviceaccount:shop:default\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"\n",
        "Forbidden",
        "rbac",
    );
    is(
        "Error creating: pods \"web-0\" is forbidden: exceeded quota: compute, requested: limits.cpu=2, used: limits.cpu=9, limited: limits.cpu=10\n",
        "QuotaExceeded",
        "resource-quota",
    );
    is(
        "Error creating: pods \"web-0\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 4Gi\n",
        "AdmissionDenied",
        "limit-range",
    );
    is(
        "pods \"web-0\" is forbidden: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false\n",
        "AdmissionDenied",
        "pod-security",
    );
    is(
        "The StatefulSet \"db\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden\n",
        "HelmError",
        "immutable-field",
    );
}

#[test]
fn words_that_look_alike_are_told_apart() {
    is(
        "Error: ENOSPC: System limit for number of file watchers reached, watch '/srv/app'\n",
        "TooManyOpenFiles",
        "inotify-limit",
    );
    is("ReplyError: OOM command not allowed when used memory > 'maxmemory'.\n", "RedisError", "maxmemory");
    is(
        "403 Forbidden: RequestTimeTooSkewed: The difference between the request time and the current time is too large.\n",
        "ClockSkew",
        "clock-skew",
    );
    is(
        "panic: standard_init_linux.go:228: exec user process caused: exec format error\n",
        "ExecFormatError",
        "wrong-architecture",
    );
}

#[test]
fn failures_logged_as_information_count() {
    is(
        "I0323 10:00:00.000000    1 kubelet.go:1794] skipping pod synchronization - PLEG is not healthy: pleg was last seen active 3m15s ago; threshold is 3m0s\n",
        "KubeletError",
        "pleg",
    );
    is(
        "  Normal  NotTriggerScaleUp  2m  cluster-autoscaler  pod didn't trigger scale-up: 2 max node group size reached\n",
        "AutoscalerError",
        "no-scale-up",
    );
    is(
        "time=\"2026-01-31T08:00:00Z\" level=info msg=\"Sync operation to 1a2b3c failed: one or more objects failed to apply\" application=web\n",
        "ArgoCDError",
        "sync-failed",
    );
}

#[test]
fn healthy_logs_are_quiet() {
    for text in [
        "level=info msg=\"batch done\" errors=0 failed=0 timeout=30s\n",
        "# TYPE http_requests_failed_total counter\nhttp_requests_failed_total 0\n",
        "Tests run: 19, Failures: 0, Errors: 0, Skipped: 0\n[INFO] BUILD SUCCESS\n",
        "DEBUG cfg timeout: 5s retries: 3 onError: fail\n",
        "connecting to db:5432\ndial tcp 10.0.0.1:5432: connect: connection refused, retrying in 1s\nconnected to database\nserving on :8080\n",
        "  MemoryPressure   False   KubeletHasSufficientMemory\n  DiskPressure     False   KubeletHasNoDiskPressure\n  Ready            True    KubeletReady\n",
        "received SIGTERM, shutting down gracefully\nserver stopped\n",
    ] {
        let outcome = idp(DIAGNOSE).stdin(text).run();
        let json = outcome.json();
        assert_eq!(
            (json["error_category"].as_str(), json["severity"].as_str(), outcome.status),
            (Some("None"), Some("INFO"), 0),
            "{text}"
        );
    }
}

#[test]
fn the_changes_that_charts_made_are_known() {
    is(
        "Error: UPGRADE FAILED: template: kyverno/templates/config/configmap.yaml:34:31: executing \"kyverno/templates/config/configmap.yaml\" at <.Values.config.webhooks>: wrong type for value; expected map[string]interface {}; got []interface {}\n",
        "KyvernoError",
        "invalid-configuration",
    );
    is(
        "Error: UPGRADE FAILED: template: external-dns/templates/deployment.yaml:1:12: executing \"external-dns/templates/deployment.yaml\" at <.Values.provider.name>: can't evaluate field name in type interface {}\n",
        "HelmError",
        "invalid-values",
    );
    is(
        "Error: INSTALLATION FAILED: Unable to continue with install: ServiceAccount \"aws-load-balancer-controller\" in namespace \"kube-system\" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key \"app.kubernetes.io/managed-by\": must be set to \"Helm\"\n",
        "HelmError",
        "ownership-conflict",
    );
}

#[test]
fn what_no_rule_knows_is_still_useful() {
    let text = "2026-01-31 08:00:00 INFO starting\n2026-01-31 08:00:01 ERROR the flux capacitor is misaligned\n2026-01-31 08:00:02 FATAL giving up on the flux capacitor\n";
    let json = idp(DIAGNOSE).stdin(text).run().json();
    assert_eq!(json["error_category"], "Unknown");
    assert!(json["root_cause"].as_str().expect("text").contains("giving up on the flux capacitor"));
    assert_eq!((json["evidence"][0]["line"].as_u64(), json["evidence"][1]["line"].as_u64()), (Some(3), Some(2)));
}

#[test]
fn fail_on_sets_the_exit_status() {
    let disk = "write /data/x: no space left on device\n";
    assert_eq!(idp(&["diagnose", "--fail-on", "HIGH"]).stdin(disk).run().status, 1);
    assert_eq!(idp(&["diagnose", "--fail-on", "low"]).stdin("all is well\n").run().status, 0);
    assert_eq!(idp(&["diagnose"]).stdin(disk).run().status, 0);
    let wrong = idp(&["diagnose", "--fail-on", "urgent"]).stdin(disk).run();
    assert_eq!(
        (wrong.status, wrong.stderr.as_str()),
        (2, "idp: error: --fail-on: \"urgent\" is no severity: use info, low, medium, high or critical\n")
    );
}

#[test]
fn flags_fill_the_commands_and_nothing_else() {
    let text = "  Warning  Failed  1m  kubelet  Error: secret \"db-credentials\" not found\n";
    let json = idp(&["diagnose", "-n", "shop", "--pod", "web-0", "-o", "json"]).stdin(text).run().json();
    let commands = json["fix_commands"].to_string();
    assert!(commands.contains("shop") && !commands.contains("<namespace>"), "{commands}");
    let wrong = idp(&["diagnose", "-n", "Shop; id"]).stdin(text).run();
    assert_eq!(wrong.status, 2);
}

#[test]
fn tail_and_since_read_less_and_say_so() {
    let text = "write /data/x: no space left on device\nserving\nserving\n";
    let json = idp(&["diagnose", "--tail", "2", "-o", "json"]).stdin(text).run().json();
    assert_eq!(
        (json["error_category"].as_str(), json["notes"][0].as_str()),
        (Some("None"), Some("1 line not looked at, as --tail or --since asked"))
    );
    let text = "2020-01-01T00:00:00Z write /data/x: no space left on device\n";
    let unread = idp(&["diagnose", "--since", "1h"]).stdin(text).run();
    assert_eq!((unread.status, unread.stdout.as_str()), (2, ""));
    assert!(
        unread.stderr.starts_with("idp: error: nothing was looked at: --since leaves out 1 line"),
        "{}",
        unread.stderr
    );
    assert_eq!(idp(&["diagnose", "--since", "soon"]).stdin(text).run().status, 2);
}

#[test]
fn a_directory_of_runbooks_adds_and_replaces() {
    let dir = tempfile::tempdir().expect("a folder");
    let head = "---\nid: cheese\ntitle: The cheese ran out\ncategory: DiskFull\ncause: no-space\nseverity: critical\nsignals:\n  any: [{ log: 'out of cheese in (?<path>\\S+)' }]\nroot_cause: 'No cheese in {{path}}.'\nfixes: []\nprevention: []\n---\n";
    std::fs::write(dir.path().join("cheese.md"), head).expect("written");
    std::fs::write(dir.path().join("notes.md"), "# Notes without a head\n").expect("written");
    let session = idp(DIAGNOSE).env("RUNBOOK_DIR", &dir.path().to_string_lossy());
    let json = session.stdin("ERROR out of cheese in cellar\n").run().json();
    assert_eq!(
        (json["root_cause"].as_str(), json["related_runbooks"][0].as_str()),
        (Some("No cheese in cellar."), Some("cheese.md"))
    );
}

#[test]
fn signatures_are_one_expression_a_line() {
    let outcome = idp(&["runbook", "signatures"]).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.lines().count() > 500 && !outcome.stdout.contains("(?<"));
    // Each in a group of its own, so that no flag reaches the next one; the bench runs them all through ripgrep.
    assert!(outcome.stdout.lines().all(|l| (l.starts_with("(?-u:") || l.starts_with("(?:")) && l.ends_with(')')));
}

#[test]
fn the_configuration_is_shown_with_its_origins() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("config.toml");
    std::fs::write(&path, "output = \"yaml\"\nfail_on = \"HIGH\"\n").expect("written");
    let named = path.to_string_lossy().into_owned();
    let shown =
        idp(&["config", "show", "--color", "never"]).env("IDP_CONFIG", &named).env("RUNBOOK_DIR", "/runbooks").run();
    assert_snapshot!(shown.stdout, @r#"
    color = "never"  # flag
    output = "yaml"  # file
    fail_on = "high"  # file
    top = 3  # default
    runbook_dir = "/runbooks"  # environment
    # embeddings_url = (not set)  # default
    # embeddings_model = (not set)  # default
    # chroma_url = (not set)  # default
    serve.host = "127.0.0.1"  # default
    serve.port = 8000  # default
    # serve.tokens = (not set)  # default
    # serve.cors_origins = (not set)  # default
    serve.rate_limit_requests = 60  # default
    serve.concurrency = 2048  # default
    serve.look_every = "30s"  # default
    serve.log_level = "info"  # default
    serve.log_format = "text"  # default
    serve.drain = "20s"  # default
    "#);
    assert_eq!(idp(&["config", "path"]).env("IDP_CONFIG", &named).run().stdout.trim(), named);
    std::fs::write(&path, "output = \"yaml\"\ncolour = 1\n").expect("written");
    let wrong = idp(&["config", "show"]).env("IDP_CONFIG", &named).run();
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("line 2: unknown field `colour`"), "{}", wrong.stderr);
}

#[test]
fn yaml_is_the_same_as_json() {
    let text = "write /data/x: no space left on device\n";
    let yaml = redacted(&idp(&["diagnose", "-o", "yaml"]).stdin(text).run().stdout);
    let value: serde_json::Value = serde_saphyr::from_str(&yaml).expect("YAML");
    let json: serde_json::Value =
        serde_json::from_str(&redacted(&idp(DIAGNOSE).stdin(text).run().stdout)).expect("JSON");
    assert_eq!(value, json);
}

#[test]
fn the_machine_format_is_what_its_types_and_schema_say() {
    let text = "ERROR dial tcp: lookup db on 10.96.0.10:53: no such host\n";
    let outcome = idp(&["diagnose", "--explain", "-o", "json"]).stdin(text).run();
    let typed: idp::report::Response = serde_json::from_str(&outcome.stdout).expect("the types fit");
    assert_eq!(serde_json::to_value(&typed).expect("JSON"), outcome.json());
    let schema = idp::report::schema();
    let known = schema["properties"].as_object().expect("properties");
    for key in outcome.json().as_object().expect("an object").keys() {
        assert!(known.contains_key(key), "{key} is not in the schema");
    }
}

#[test]
fn explain_says_why_this_and_not_another() {
    let text = "ERROR dial tcp: lookup db on 10.96.0.10:53: no such host\nERROR startup failed\n";
    let outcome = idp(&["diagnose", "--explain"]).stdin(text).run();
    assert!(
        outcome.stdout.contains("Considered") && outcome.stdout.contains("dns-name-not-resolved: the answer"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_described_service_without_endpoints_is_named_and_no_selector_is_blamed() {
    let text = "Name:              cart\nNamespace:         shop\nSelector:          app=cart\nType:              LoadBalancer\nPort:              http  80/TCP\nEndpoints:         <none>\nSession Affinity:  None\nEvents:            <none>\n";
    is(text, "ServiceError", "no-endpoints");
    let shown = idp(DIAGNOSE).stdin(text).run().stdout;
    assert!(shown.contains("kubectl -n shop get service cart -o yaml"), "{shown}");
}
