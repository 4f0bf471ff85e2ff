//! Input that nobody wrote for us: it gets a clear line or a clean result, within bounds, and never a panic.

use std::fs;
use std::io::Write;

use crate::harness::idp;

const DIAGNOSE: &[&str] = &["diagnose", "--offline", "-o", "json"];

#[test]
fn empty_input_is_said_to_be_empty() {
    let outcome = idp(&["diagnose"]).run();
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.starts_with("idp: error: standard input is empty: there is nothing to diagnose\n  help: "),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_missing_file_and_a_directory_are_named() {
    let outcome = idp(&["diagnose", "/nonexistent/app.log"]).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (2, "idp: error: cannot find \"/nonexistent/app.log\"\n"));
    let outcome = idp(&["diagnose", "/"]).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (2, "idp: error: \"/\" is a directory, not a log file\n"));
}

#[test]
fn one_missing_file_of_several_does_not_cost_the_others_their_diagnosis() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.log"), "write /data/x: no space left on device\n").expect("written");
    let outcome = idp(&["diagnose", "-o", "json", "a.log", "gone.log"]).current_dir(dir.path()).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (2, "idp: error: cannot find \"gone.log\"\n"));
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(json["error_category"], "DiskFull");
    assert_eq!(json["evidence"][0]["source"], "a.log");
    assert_eq!(json["notes"][0], "cannot find \"gone.log\", so it was left out");
}

#[test]
fn binary_data_invalid_text_and_nul_bytes_are_read_as_far_as_they_go() {
    let mut binary: Vec<u8> = (0..=255u8).cycle().take(100_000).collect();
    binary.extend_from_slice(b"\nwrite /data/\xff\xfe: no space left on device\n\0\0\0");
    let outcome = idp(DIAGNOSE).stdin(binary).run();
    assert_eq!(outcome.status, 0);
    let json = outcome.json();
    assert_eq!(json["error_category"], "DiskFull");
    assert!(json["notes"][0].as_str().expect("a note").contains("NUL bytes"));
}

#[test]
fn utf_16_is_decoded_by_its_byte_order_mark() {
    let text = "starting\r\nwrite /data/x: no space left on device\r\n";
    let little: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let json = idp(DIAGNOSE).stdin(bytes).run().json();
        assert_eq!((json["error_category"].as_str(), json["coverage"]["lines"].as_u64()), (Some("DiskFull"), Some(2)));
    }
}

#[test]
fn nul_bytes_are_noticed_in_a_coloured_log_too() {
    let json = idp(DIAGNOSE).stdin("\u{1b}[31mstarting\u{1b}[0m\0\nserving\n").run().json();
    assert!(json["notes"][0].as_str().expect("a note").contains("NUL bytes"));
}

#[test]
fn evidence_has_the_right_numbers_across_traces_and_blocks() {
    let filler = "2026-01-31T08:00:00Z INFO all is well and nothing is the matter here\n".repeat(40_000);
    let trace = "java.lang.RuntimeException: outer\n\tat shop.A.b(A.java:1)\nCaused by: java.io.IOException: No space left on device\n\t... 3 more\n";
    let json = idp(DIAGNOSE)
        .stdin(format!("{filler}{trace}{filler}write /data/x: no space left on device\nbye\n"))
        .run()
        .json();
    let lines: Vec<u64> =
        json["evidence"].as_array().expect("a list").iter().filter_map(|e| e["line"].as_u64()).collect();
    assert!(!lines.is_empty() && lines.iter().all(|l| [40_003, 80_005].contains(l)), "{lines:?}");
    assert_eq!(json["coverage"]["lines"], 80_006);
}

#[test]
fn what_was_not_looked_at_never_looks_healthy() {
    for args in [&["diagnose", "--since", "1m"][..], &["diagnose", "--since", "2100-01-01"]] {
        let outcome = idp(args).stdin("2020-01-01T00:00:00Z all is well\n").run();
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    }
    assert_eq!(idp(&["diagnose", "--tail", "0"]).stdin("x\n").run().status, 2);
}

#[test]
fn a_pile_of_backslashes_takes_no_longer_than_other_text() {
    let line = format!("ERROR {} no space left on device\n", "\\".repeat(900_000));
    let outcome = idp(DIAGNOSE).stdin(line).run();
    assert_eq!(outcome.json()["error_category"], "DiskFull");
}

#[test]
fn line_endings_colours_and_cursor_codes_make_no_difference() {
    let plain = "starting\nwrite /data/x: no space left on device\nbye\n";
    let windows = plain.replace('\n', "\r\n");
    let coloured = plain.replace("no space", "\u{1b}[31mno space\u{1b}[0m\u{1b}[2K\u{1b}[1A");
    let evidence = |text: &str| idp(DIAGNOSE).stdin(text).run().json()["evidence"].to_string();
    assert_eq!(evidence(plain), evidence(&windows));
    assert_eq!(evidence(plain), evidence(&coloured));
}

#[test]
fn control_sequences_of_the_input_never_reach_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J before\nwrite \u{1b}[8m/data\u{9b}31m/x\u{202e}: no space left on device \u{1b}]52;c;ZXZpbA==\u{7}\nafter \u{8}\u{8}\n";
    for format in ["human", "markdown", "github", "yaml", "json"] {
        let outcome = idp(&["diagnose", "-o", format, "--color", "never"]).stdin(evil).run();
        let bad: Vec<char> =
            outcome.stdout.chars().filter(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}').collect();
        assert_eq!(bad, Vec::<char>::new(), "{format}");
    }
}

#[test]
fn a_single_line_of_two_hundred_megabytes_is_cut_with_a_note() {
    let mut long = b"no space left on device ".to_vec();
    long.resize(200 << 20, b'x');
    let outcome = idp(DIAGNOSE).stdin(long).run();
    assert_eq!(outcome.status, 0);
    let json = outcome.json();
    assert_eq!(json["error_category"], "DiskFull");
    assert_eq!(json["notes"][0], "1 line longer than 1 MiB cut there; what follows in it was not looked at");
    assert!(outcome.stdout.len() < 100_000);
}

#[test]
fn a_reader_that_goes_away_early_is_no_failure() {
    #[expect(clippy::disallowed_methods, reason = "the test needs the pipe in its hands")]
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_idp"))
        .args(["runbook", "signatures"])
        .env_clear()
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn what_a_log_says_never_becomes_part_of_a_command() {
    let log = "Error from server (NotFound): secrets \"x; rm -rf ~\" not found\nError: secret \"$(id)\" not found\nmount /dev/`id`: no space left on device\n";
    let json = idp(DIAGNOSE).stdin(log).run().json();
    for fix in json["fix_commands"].as_array().expect("a list") {
        let command = fix["command"].as_str().expect("text");
        assert!(!command.contains("rm -rf") && !command.contains("$(") && !command.contains('`'), "{command}");
    }
}

#[test]
fn secrets_of_the_input_are_in_no_output() {
    let log = "DB_PASSWORD=hunter2hunter2 SECRET_KEY=hunter2x\nconnecting to postgres://app:s3cr3tpass@db:5432/shop\n\
        Authorization: Bearer abcdefghijklmnop0123\nFATAL: password authentication failed for user \"app\" (postgres://app:s3cr3tpass@db:5432/shop)\ntoken: ghp_abcdefghijklmnopqrstuvwxyz0123456789\n";
    for format in ["human", "json", "yaml", "markdown", "github"] {
        let outcome = idp(&["diagnose", "--explain", "-o", format]).stdin(log).run();
        for secret in ["hunter2", "s3cr3tpass", "abcdefghijklmnop0123", "ghp_abc"] {
            assert!(!outcome.stdout.contains(secret) && !outcome.stderr.contains(secret), "{format} shows {secret}");
        }
        assert!(outcome.stdout.contains("auth-failed"), "{}", outcome.stdout);
    }
}

#[test]
fn secrets_may_not_be_shown_to_a_pipe() {
    let outcome = idp(&["diagnose", "--no-redact"]).stdin("x\n").run();
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.starts_with("idp: error: --no-redact needs a terminal"), "{}", outcome.stderr);
}

#[test]
fn a_broken_runbook_costs_nobody_the_diagnosis() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut file = fs::File::create(dir.path().join("mine.md")).expect("created");
    file.write_all(b"---\nid: mine\ntitle: x\ncategory: DiskFull\nseverity: high\nwrong_key: 1\n---\n")
        .expect("written");
    let path = dir.path().to_string_lossy().into_owned();
    let outcome = idp(DIAGNOSE).env("RUNBOOK_DIR", &path).stdin("write x: no space left on device\n").run();
    assert_eq!(outcome.status, 0);
    assert!(
        outcome.stderr.starts_with(&format!("idp: warning: runbook left out: {path}/mine.md:6: ")),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("wrong_key"), "{}", outcome.stderr);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(json["error_category"], "DiskFull");
    let outcome =
        idp(DIAGNOSE).env("RUNBOOK_DIR", "/nonexistent/runbooks").stdin("write x: no space left on device\n").run();
    assert_eq!(outcome.status, 0);
    assert!(outcome.stderr.contains("/nonexistent/runbooks cannot be read"), "{}", outcome.stderr);
}
