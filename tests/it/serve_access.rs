//! Who may call, from where, and what the server's own log says about it.

use std::fs;

use serde_json::{Value, json};

use super::serve::{Answer, Server, put, serve, started};

/// A file with the hash of `opensesame`, and what else it is to hold.
fn tokens(dir: &tempfile::TempDir, more: &str) -> String {
    let path = dir.path().join("tokens");
    put(&path, &format!("# who may call\n{} portal\n{more}", hash("opensesame")));
    path.display().to_string()
}

fn hash(token: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
    digest.as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

fn with_token(server: &Server, token: &str) -> Answer {
    let headers = ["content-type: application/json", &format!("authorization: {token}")];
    server.ask("POST /diagnose", &headers, json!({ "error_message": "x" }).to_string().as_bytes())
}

#[test]
fn without_a_known_token_nothing_is_answered_but_health() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve(&["--tokens", &tokens(&dir, "")]).start();
    for open in ["/health", "/ready"] {
        assert_eq!(server.get(open).status, 200);
    }
    for closed in ["/metrics", "/openapi.json", "/docs", "/runbooks", "/cluster-health", "/nothing"] {
        let answer = server.get(closed);
        answer.is_problem(401, "Authorization: Bearer TOKEN");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"idp\""));
    }
    assert_eq!(with_token(&server, "Bearer opensesame").status, 200);
    for wrong in [
        "Bearer opensesam",
        "Bearer opensesame2",
        "Basic opensesame",
        "Bearer ",
        "opensesame",
        &format!("Bearer {}", hash("opensesame")),
    ] {
        let answer = with_token(&server, wrong);
        assert_eq!(answer.status, 401, "{wrong}");
    }
    let log = server.logged(|log| log.contains("caller=\"portal\"") && log.matches("route").count() >= 15);
    assert!(!log.contains("opensesame"), "{log}");
}

#[test]
fn tokens_are_read_again_and_a_broken_file_changes_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = tokens(&dir, "");
    let server = serve(&["--tokens", &path]).start();
    assert_eq!(with_token(&server, "Bearer second").status, 401);
    tokens(&dir, &format!("{} ci\n", hash("second")));
    server.until(|s| with_token(s, "Bearer second"), |a| a.status == 200);
    put(&path, "nonsense");
    server.signal("HUP");
    server.logged(|log| log.contains("those read before stay in force"));
    assert_eq!(with_token(&server, "Bearer second").status, 200);
    put(&path, &format!("{} ci\n", hash("third")));
    server.signal("HUP");
    server.until(|s| with_token(s, "Bearer third"), |a| a.status == 200);
    assert_eq!(with_token(&server, "Bearer second").status, 401);
}

#[test]
fn a_file_of_tokens_that_cannot_be_used_stops_the_start() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("tokens");
    for (text, what) in [("", "holds no token"), ("abc portal", "line 1 does not begin with a SHA-256")] {
        fs::write(&path, text).expect("written");
        let outcome = super::harness::idp(&["serve", "--port", "0", "--tokens", &path.display().to_string()]).run();
        assert!(outcome.status == 2 && outcome.stderr.contains(what), "{outcome:?}");
    }
}

/// Asks as a page does that was served under this name.
fn under(server: &Server, host: &str) -> Answer {
    server.raw(format!("GET /runbooks HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes())
}

#[test]
fn a_name_that_leads_here_and_is_not_ours_is_not_answered() {
    let server = started();
    for known in ["127.0.0.1:8000", "[::1]", "localhost:8000", "idp.localhost"] {
        assert_eq!(under(&server, known).status, 200, "{known}");
    }
    for other in ["evil.example", "localhost.evil.example:8000", ""] {
        under(&server, other).is_problem(421, "--allow-host NAME");
    }
    let absolute = b"GET http://evil.example/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    server.raw(absolute).is_problem(421, "--allow-host NAME");
    let named = serve(&["--allow-host", "idp.internal", "--allow-host", "other.internal"]).start();
    assert_eq!((under(&named, "IDP.internal:80").status, under(&named, "other.internal").status), (200, 200));
    assert_eq!(under(&named, "evil.example").status, 421);
}

#[test]
fn where_callers_need_a_token_or_everybody_may_call_every_name_is_answered() {
    let dir = tempfile::tempdir().expect("a folder");
    let guarded = serve(&["--tokens", &tokens(&dir, "")]).start();
    assert_eq!(under(&guarded, "idp.example").status, 401);
    let open = serve(&["--host", "0.0.0.0", "--insecure-no-auth"]).start();
    assert_eq!(under(&open, "idp.example").status, 200);
}

fn from(server: &Server, origin: &str) -> Answer {
    server.ask("GET /health", &[&format!("origin: {origin}"), "cookie: session=1"], b"")
}

#[test]
fn pages_of_other_origins_may_call_where_they_are_listed_and_never_with_credentials() {
    let allows = |answer: &Answer| answer.header("access-control-allow-origin").map(str::to_owned);
    assert_eq!(allows(&from(&started(), "https://evil.example")), None);
    let listed = serve(&[]).env("CORS_ORIGINS", "https://portal.example, https://b.example").start();
    assert_eq!(allows(&from(&listed, "https://portal.example")).as_deref(), Some("https://portal.example"));
    for other in ["https://evil.example", "https://portal.example.evil.example", "null"] {
        assert_eq!(allows(&from(&listed, other)), None);
    }
    let any = serve(&["--cors-origins", "*"]).start();
    assert_eq!(allows(&from(&any, "https://evil.example")).as_deref(), Some("*"));
    for server in [&listed, &any] {
        let preflight = [
            "origin: https://portal.example",
            "access-control-request-method: POST",
            "access-control-request-headers: authorization,content-type",
        ];
        let answer = server.ask("OPTIONS /diagnose", &preflight, b"");
        assert_eq!(answer.status, 200);
        assert!(answer.header("access-control-allow-methods").is_some_and(|m| m.contains("POST")));
        for answer in [answer, from(server, "https://portal.example")] {
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
    }
    // A page reads why it was refused.
    let refused = listed.ask("POST /diagnose", &["origin: https://portal.example"], b"");
    assert!(refused.status == 415 && allows(&refused).is_some());
}

#[test]
fn every_answer_says_how_browsers_are_to_take_it() {
    let server = started();
    for answer in [server.get("/health"), server.get("/nothing")] {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-security-policy").is_some_and(|p| p.contains("default-src 'none'")));
        assert_eq!(
            (answer.header("cache-control"), answer.header("referrer-policy")),
            (Some("no-store"), Some("no-referrer"))
        );
    }
}

#[test]
fn nothing_that_a_caller_writes_gets_into_the_log() {
    for format in ["text", "json"] {
        let server = serve(&["--log-format", format, "--log-level", "debug"]).start();
        let secret = "hunter2-in-the-log-body";
        server
            .post("/diagnose", &json!({ "error_message": format!("password={secret}\nfake: 2026 ERROR all is lost") }));
        server.ask(
            "POST /diagnose/logs?pod=%0a2026%20ERROR%20forged",
            &["content-type: text/plain"],
            secret.as_bytes(),
        );
        server.get("/%0a%0d2026-01-01%20ERROR%20forged?token=hunter2");
        server.ask(
            "GET /health",
            &["x-request-id: a\tERROR forged", "user-agent: hunter2", "authorization: Bearer hunter2"],
            b"",
        );
        server.ask("HUNTER2 /health", &[], b"");
        server.until(|s| s.get("/ready"), |_| server.log().matches("route").count() >= 6);
        let log = server.log();
        assert!(!log.contains("hunter2") && !log.contains("forged") && !log.contains("all is lost"), "{log}");
        let lines: Vec<&str> = log.lines().filter(|l| l.contains("route") && !l.contains("/ready")).collect();
        assert_eq!(lines.len(), 5, "{log}");
        if format == "json" {
            for line in log.lines() {
                let line: Value = serde_json::from_str(line).expect("JSON");
                assert!(line["level"].is_string() && line["timestamp"].is_string());
            }
            assert!(lines[0].contains("\"request_id\":\""), "{log}");
        }
    }
}
