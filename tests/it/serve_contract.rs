//! What the contract says of each endpoint, with the built server; and that both faces give the same answers.

use serde_json::{Value, json};

use super::harness::idp;
use super::serve::{Answer, Server, serve, started};

const PULL: &str = "Back-off pulling image \"shop/api:1\": pull access denied for shop/api, repository does not exist";

fn diagnose(server: &Server, text: &str) -> Answer {
    server.post("/diagnose", &json!({ "error_message": text }))
}

/// An answer without what differs from request to request.
fn bare(mut answer: Value) -> Value {
    answer["request_id"] = Value::Null;
    answer["timestamp"] = Value::Null;
    answer
}

#[test]
fn a_diagnosis_has_every_field_of_the_contract() {
    let server = started();
    let body = json!({ "error_message": PULL, "pod_name": "api-0", "namespace": "shop", "deployment_name": null, "include_cluster_health": false });
    let answer = server.post("/diagnose", &body);
    let json = answer.json();
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(json["request_id"].as_str(), answer.header("x-request-id"));
    assert_eq!(
        (json["error_category"].as_str(), json["cause"].as_str()),
        (Some("ImagePullBackOff"), Some("unauthorized"))
    );
    assert_eq!(json["severity"], "HIGH");
    let time = json["timestamp"].as_str().expect("a time");
    assert!(time.len() == 24 && time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    let fix = &json["fix_commands"][0];
    assert!(fix["command"].as_str().is_some_and(|c| c.contains("-n shop get pod api-0")), "{fix}");
    assert!(["LOW", "MEDIUM", "HIGH", "CRITICAL"].contains(&fix["risk_level"].as_str().unwrap_or_default()));
    assert!(json["related_runbooks"][0].as_str().is_some_and(|r| r == "image-pull-unauthorized.md"));
    assert!(json["prevention_tips"].is_array() && json["causes"].is_array() && json["alternatives"].is_array());
    assert_eq!((&json["ai_generated"], &json["notes"]), (&json!(false), &json!([])));
}

#[test]
fn the_command_line_and_the_server_give_the_same_diagnosis() {
    use idp::runbook::{Catalogue, head};
    let server = started();
    let catalogue = Catalogue::built_in();
    let mut asked = 0;
    for entry in catalogue.entries() {
        let (_, body, first) = head::split(entry.text()).expect("a runbook");
        for (number, example) in head::examples(body, first).into_iter().enumerate() {
            let answer = diagnose(&server, &example.text);
            assert_eq!(answer.status, 200, "{}", entry.id());
            // The library is what both call; the program itself is asked now and then, because it takes longer to start than to answer.
            let ours = if (asked + number) % 40 == 0 {
                idp(&["diagnose", "--offline", "-o", "json"]).stdin(&example.text).run().json()
            } else {
                in_process(&catalogue, &example.text)
            };
            assert_eq!(bare(answer.json()), bare(ours), "{}", entry.id());
            asked += 1;
        }
    }
    assert!(asked > 400, "{asked}");
}

fn in_process(catalogue: &idp::runbook::Catalogue, text: &str) -> Value {
    let mut engine = idp::engine::Engine::new(catalogue);
    engine.begin(idp::evidence::Source::Stdin);
    engine.push(text.as_bytes());
    let diagnosis = engine.conclude(&idp::diagnosis::Given::default());
    let report = idp::service::report(diagnosis, String::new(), 3, jiff::Timestamp::UNIX_EPOCH);
    serde_json::to_value(idp::report::response(&report)).expect("JSON")
}

#[test]
fn an_upload_is_the_same_diagnosis_as_text_gzip_and_zstd() {
    use std::io::Write as _;
    let server = started();
    let log = format!("{}{PULL}\n", "level=info msg=\"all is well\"\n".repeat(3000));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(log.as_bytes()).expect("written");
    let gzip = gzip.finish().expect("ended");
    let zstd = ruzstd::encoding::compress_to_vec(log.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let path = "POST /diagnose/logs?namespace=shop&pod=api-0&container=api";
    let plain = server.ask(path, &["content-type: text/plain; charset=utf-8"], log.as_bytes());
    assert_eq!((plain.status, plain.json()["cause"].as_str()), (200, Some("unauthorized")), "{}", plain.text());
    assert_eq!(plain.json()["evidence"][0]["line"], 3001);
    assert!(plain.text().contains("-n shop get pod api-0"));
    for (kind, bytes) in [
        ("content-type: application/gzip", &gzip),
        ("content-type: text/plain\r\ncontent-encoding: gzip", &gzip),
        ("content-type: application/zstd", &zstd),
        ("content-type: application/octet-stream", &zstd),
    ] {
        let packed = server.ask(path, &[kind], bytes);
        assert_eq!(bare(packed.json()), bare(plain.json()), "{kind}");
    }
}

#[test]
fn every_wrong_field_is_named() {
    let server = started();
    let long = json!({ "error_message": "x".repeat(100_001) });
    server.post("/diagnose", &long).is_problem(413, "POST /diagnose/logs");
    assert_eq!(server.post("/diagnose", &json!({ "error_message": "ä".repeat(100_000) })).status, 200);
    let wrong = json!({ "error_message": "", "pod_name": "Web_0", "namespace": 3, "include_cluster_health": "yes", "extra": 1 });
    let problem = server.post("/diagnose", &wrong);
    problem.is_problem(422, "\"pod_name\" is no name of Kubernetes");
    let fields: Vec<String> =
        problem.json()["errors"].as_array().expect("errors").iter().map(|e| e["field"].to_string()).collect();
    assert_eq!(
        fields,
        ["\"error_message\"", "\"pod_name\"", "\"namespace\"", "\"include_cluster_health\"", "\"extra\""]
    );
    for (body, status, detail) in [
        (&b"{"[..], 400, "ends too early"),
        (b"", 400, "empty"),
        (b"{\"error_message\": \"a\xff\"}", 400, "no UTF-8"),
        (b"[1]", 422, "an array"),
    ] {
        let answer = server.ask("POST /diagnose", &["content-type: application/json"], body);
        answer.is_problem(status, detail);
    }
    // What is deeper than anybody means, and a number that nobody can hold.
    let deep = format!("{{\"error_message\": {}1{}}}", "[".repeat(5000), "]".repeat(5000));
    server
        .ask("POST /diagnose", &["content-type: application/json"], deep.as_bytes())
        .is_problem(400, "not valid JSON");
    server.post("/suggest-runbook", &json!({ "error_message": "x", "top_k": 21 })).is_problem(422, "from 1 to 20");
    server.post("/suggest-runbook", &json!({ "error_message": "x", "top_k": 1.5 })).is_problem(422, "from 1 to 20");
}

#[test]
fn control_characters_are_no_names_and_plain_evidence() {
    let server = started();
    for name in ["web\u{0}", "web\n0", "web\u{1b}[31m", "web\u{202e}0", "../web", "web 0"] {
        let body = json!({ "error_message": "x", "pod_name": name });
        server.post("/diagnose", &body).is_problem(422, "pod_name");
        let query: String = name.bytes().fold(String::new(), |query, b| format!("{query}%{b:02X}"));
        let answer = server.ask(&format!("POST /diagnose/logs?pod={query}"), &["content-type: text/plain"], b"x");
        answer.is_problem(422, "pod");
    }
    let answer = diagnose(&server, &format!("\u{1b}[31m{PULL}\u{1b}[0m\u{0}\u{7}"));
    assert_eq!(answer.json()["cause"], "unauthorized");
    assert!(!answer.text().contains("\\u001b") && !answer.text().contains("\\u0007"), "{}", answer.text());
}

#[test]
fn runbooks_are_listed_read_and_never_paths() {
    let server = started();
    let list = server.get("/runbooks").json();
    assert!(list["runbooks"].as_array().is_some_and(|r| r.len() > 100));
    let one = server.get("/runbooks/oomkilled.md").json();
    assert_eq!((one["id"].as_str(), one["error_category"].as_str()), (Some("oomkilled"), Some("OOMKilled")));
    assert!(one["markdown"].as_str().is_some_and(|m| m.starts_with("## Meaning")));
    for id in [
        "../Cargo.toml",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "oomkilled%00",
        "OOMKILLED",
        "%ff",
        "a".repeat(2000).as_str(),
    ] {
        let answer = server.get(&format!("/runbooks/{id}"));
        assert!(matches!(answer.status, 400 | 404) && !answer.text().contains("root:"), "{id}: {answer:?}");
        answer.is_problem(answer.status, "");
    }
}

#[test]
fn suggestions_begin_with_what_the_engine_found() {
    let server = started();
    let found = server.post("/suggest-runbook", &json!({ "error_message": PULL, "top_k": 5 })).json();
    let files: Vec<&str> =
        found["results"].as_array().expect("a list").iter().filter_map(|r| r["file"].as_str()).collect();
    let first = diagnose(&server, PULL).json();
    assert_eq!(Some(files[0]), first["related_runbooks"][0].as_str(), "{found}");
    assert!((1..=5).contains(&files.len()));
    let asked = server.post("/suggest-runbook", &json!({ "error_message": "the disk is full" })).json();
    assert_eq!(asked["results"].as_array().map(Vec::len), Some(3));
    let first = &asked["results"][0];
    assert_eq!(first["file"], "disk-full.md", "{asked}");
    assert!(
        first["title"].is_string()
            && first["score"].is_number()
            && first["passage"].as_str().is_some_and(|p| !p.is_empty())
    );
}

#[test]
fn the_server_tells_about_itself() {
    let server = started();
    let health = server.get("/health").json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["service"], "ai-devops-assistant");
    assert_eq!((&health["k8s_connected"], &health["llm_configured"]), (&json!(false), &json!(false)));
    assert_eq!(server.get("/ready").status, 200);
    assert_eq!(server.get("/openapi.json").json()["openapi"], "3.1.0");
    diagnose(&server, PULL);
    server.get("/made/up/path");
    let metrics = server.get("/metrics").text();
    for line in [
        "idp_diagnoses_total{category=\"ImagePullBackOff\"} 1",
        "idp_http_requests_total{route=\"/diagnose\",method=\"POST\",status=\"200\"} 1",
        "idp_http_requests_total{route=\"unknown\",method=\"GET\",status=\"404\"} 1",
        "idp_http_request_seconds_bucket{le=\"+Inf\",route=\"/diagnose\"} 1",
        "idp_cluster_age_seconds -1",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    assert!(!metrics.contains("made/up"));
    let page = server.get("/docs").text();
    assert!(page.contains("swagger-ui-bundle.js") && !page.contains("http"), "{page}");
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "start.js"] {
        assert_eq!(server.get(&format!("/docs/{file}")).status, 200);
    }
}

#[test]
fn what_is_not_there_is_a_problem_document_too() {
    let server = started();
    server.get("/nothing").is_problem(404, "/openapi.json");
    assert_eq!(server.get("/diagnose").is_problem(405, "takes POST").header("allow"), Some("POST"));
    server.ask("DELETE /runbooks/oomkilled", &[], b"").is_problem(405, "takes GET");
    server.ask("POST /diagnose", &["content-type: text/plain"], b"{}").is_problem(415, "application/json");
    server.ask("POST /diagnose", &[], b"{}").is_problem(415, "application/json");
    server
        .ask("POST /diagnose", &["content-type: application/json", "content-encoding: gzip"], b"{}")
        .is_problem(415, "");
    server.ask("POST /diagnose/logs", &["content-type: image/png"], b"x").is_problem(415, "text/plain");
    let br = ["content-type: text/plain", "content-encoding: br"];
    server.ask("POST /diagnose/logs", &br, b"x").is_problem(415, "gzip or zstd");
    server.ask("POST /diagnose/logs", &["content-type: text/plain"], b"").is_problem(422, "empty");
    server.get("/health?x=1").is_problem(422, "\"x\" is no parameter");
}

#[test]
fn ids_of_requests_are_taken_where_they_are_plain() {
    let server = started();
    let ask = |id: &str| server.ask("GET /health", &[&format!("x-request-id: {id}")], b"");
    assert_eq!(ask("portal-7.1").header("x-request-id"), Some("portal-7.1"));
    for id in ["a b", "<script>", &"x".repeat(65), ""] {
        let answer = ask(id);
        assert!(answer.header("x-request-id").is_some_and(|given| given.len() == 32 && given != id), "{answer:?}");
    }
}

#[test]
fn a_value_out_of_range_stops_with_one_line() {
    for (name, value) in
        [("APP_PORT", "70000"), ("RATE_LIMIT_REQUESTS", "many"), ("APP_HOST", "nowhere"), ("LOG_LEVEL", "loud")]
    {
        let outcome = idp(&["serve"]).env(name, value).run();
        assert_eq!((outcome.status, outcome.stderr.lines().count()), (2, 1), "{outcome:?}");
        let expected = format!("idp: error: {name}: {value:?} is not allowed: use ");
        assert!(outcome.stderr.starts_with(&expected), "{}", outcome.stderr);
    }
    // Other commands do not care.
    assert_eq!(idp(&["diagnose", "--offline"]).env("LOG_LEVEL", "loud").stdin("x\n").run().status, 0);
    let outcome = idp(&["serve", "--host", "0.0.0.0", "--port", "0"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("--insecure-no-auth"), "{outcome:?}");
    let open = serve(&["--host", "0.0.0.0", "--insecure-no-auth"]).start();
    assert!(open.address.starts_with("0.0.0.0:"));
}
