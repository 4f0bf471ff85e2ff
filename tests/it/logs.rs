//! Sessions with `idp logs`, and with what `idp diagnose` owes to it: baselines, following, compressed and cut input.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use insta::assert_snapshot;

use crate::harness::{idp, redacted};

/// A service that serves requests, and now and then a cache that misses.
fn healthy(lines: usize) -> String {
    let mut text = String::new();
    for n in 0..lines {
        let (minute, second) = (n / 60 % 60, n % 60);
        let what =
            if n % 10 == 0 { format!("cache miss for key {n}") } else { format!("served /cart/{n} in {} ms", n % 37) };
        let _ = writeln!(text, "2026-01-31T08:{minute:02}:{second:02}Z INFO {what}");
    }
    text
}

fn with_a_fault() -> String {
    let mut text = healthy(600);
    for n in 0..40 {
        let _ = writeln!(text, "2026-01-31T08:10:{:02}Z ERROR lease {n} lost by shard-{}", n % 60, n % 5);
    }
    text.push_str("2026-01-31T08:10:59Z ERROR write /data/wal/17: no space left on device\n");
    text
}

fn file(dir: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text).expect("written");
    out.finish().expect("ended")
}

fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn patterns_are_listed_for_a_person() {
    assert_snapshot!(idp(&["logs", "patterns"]).stdin(with_a_fault()).run().stdout);
}

#[test]
fn patterns_can_be_chosen_by_level_and_order() {
    let outcome =
        idp(&["logs", "patterns", "--level", "error", "--sort", "rare", "-o", "json"]).stdin(with_a_fault()).run();
    let json = outcome.json();
    let of =
        |key: &str| json["patterns"].as_array().expect("a list").iter().map(|p| p[key].clone()).collect::<Vec<_>>();
    assert_eq!(of("count"), [1, 40]);
    assert_eq!(of("level"), ["error", "error"]);
    assert_eq!(of("first_line"), [641, 601]);
    assert_eq!(of("first_seen"), ["2026-01-31T08:10:59Z", "2026-01-31T08:10:00Z"]);
    assert_eq!(json["lines"], 641);
}

#[test]
fn every_line_is_assigned_a_pattern() {
    let text = "took 5 ms\nlost\ntook 900 ms\nError: boom\n    at run (/srv/a.js:3:3)\nlost\n";
    let outcome = idp(&["logs", "patterns", "--assign"]).stdin(text).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "1\n2\n1\n3\n3\n2\n"));
}

#[test]
fn a_line_without_end_is_cut_and_told() {
    let text = "x".repeat(3 << 20) + "\nshort\n";
    let outcome = idp(&["logs", "patterns"]).stdin(&text).run();
    assert!(outcome.stdout.ends_with("2 patterns in 2 lines\n1 line longer than 1 MiB cut there\n"), "{outcome:?}");
    let json = idp(&["logs", "patterns", "-o", "json"]).stdin(&text).run().json();
    assert_eq!((&json["cut_lines"], &json["lines"]), (&1.into(), &2.into()));
}

#[test]
fn a_comparison_names_what_is_new_and_what_is_gone() {
    let dir = tempfile::tempdir().expect("a folder");
    let good = file(dir.path(), "good.log", (healthy(600) + "2026-01-31T08:10:00Z INFO nightly job ran\n").as_bytes());
    let bad = file(dir.path(), "bad.log", with_a_fault().as_bytes());
    let args = ["logs", "diff", &good.to_string_lossy(), &bad.to_string_lossy()];
    assert_snapshot!(idp(&args).run().stdout);
    let json = idp(&[&args[..], &["-o", "json"]].concat()).run().json();
    let kinds: Vec<&str> =
        json["changes"].as_array().expect("a list").iter().filter_map(|c| c["change"].as_str()).collect();
    assert_eq!(kinds, ["new", "new", "gone"]);
    assert_eq!(json["changes"][0]["baseline_count"], 0);
}

#[test]
fn a_log_compared_with_itself_has_no_changes() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "good.log", healthy(300).as_bytes()).to_string_lossy().into_owned();
    let outcome = idp(&["logs", "diff", &path, &path]).run();
    assert!(outcome.stdout.starts_with("no kind of line is new"), "{}", outcome.stdout);
}

#[test]
fn a_time_line_marks_the_first_error_bursts_and_causes() {
    assert_snapshot!(idp(&["logs", "timeline"]).stdin(with_a_fault()).run().stdout);
    let json = idp(&["logs", "timeline", "-o", "json"]).stdin(with_a_fault()).run().json();
    let stretches = json["stretches"].as_array().expect("a list");
    let sum: u64 = stretches.iter().filter_map(|s| s["errors"].as_u64()).sum();
    assert_eq!((sum, json["errors"].as_u64(), json["lines"].as_u64()), (41, Some(41), Some(641)));
    assert_eq!(stretches.iter().filter(|s| s["burst"] == true).count(), 2);
}

#[test]
fn a_year_and_a_midnight_pass_by() {
    for text in [
        "Dec 31 23:59:58 h app[1]: ERROR root\nJan  1 00:00:01 h app[1]: ERROR after\n",
        "23:59:58.000 [main] ERROR c.x.App - root\n00:00:01.000 [main] ERROR c.x.App - after\n",
        "23:59:58.000 [main] ERROR c.x.App - odd\n2026-01-31T08:00:00Z ERROR root\n08:00:02.000 [main] ERROR c.x.App - odd\n2026-01-31T08:00:03Z ERROR after\n",
    ] {
        let json = idp(&["logs", "timeline", "-o", "json"]).stdin(text).run().json();
        let stretches = json["stretches"].as_array().expect("a list");
        assert_eq!(json["step"], "1 s", "{text}");
        let errors: Vec<u64> = stretches.iter().filter_map(|s| s["errors"].as_u64()).collect();
        assert_eq!(
            (errors.first(), errors.last(), errors.len() <= 4),
            (Some(&1), Some(&1), true),
            "{text}: {errors:?}"
        );
    }
}

#[test]
fn every_line_has_one_number_also_where_a_part_never_ends() {
    let text = "x\n2024-03-01T10:00:00.1Z stdout P abc\n2024-03-01T10:00:00.1Z stderr P abc\n";
    let outcome = idp(&["logs", "patterns", "--assign"]).stdin(text).run();
    assert_eq!(outcome.stdout.lines().count(), 3);
}

#[test]
fn a_log_without_times_has_a_time_line_by_lines() {
    let outcome = idp(&["logs", "timeline"]).stdin("fine\nfine\nError: no space left on device\nfine\n").run();
    assert!(outcome.stdout.contains("line 3") && outcome.stdout.contains("each row is 1 line"), "{}", outcome.stdout);
}

#[test]
fn a_baseline_shows_an_unknown_failure_without_a_rule() {
    let dir = tempfile::tempdir().expect("a folder");
    let good = file(dir.path(), "good.log", healthy(600).as_bytes());
    let bad = healthy(600) + "2026-01-31T08:10:00Z INFO quorum shrank to 2 of 5\n";
    let args = ["diagnose", "--baseline", &good.to_string_lossy(), "-q"];
    let outcome = idp(&args).stdin(&bad).run();
    assert!(outcome.stdout.contains("New since ") && outcome.stdout.contains("quorum shrank to"), "{}", outcome.stdout);
    let json = idp(&[&args[..], &["-o", "json"]].concat()).stdin(&bad).run().json();
    assert_eq!((json["changes"].as_array().map(Vec::len), &json["changes"][0]["change"]), (Some(1), &"new".into()));
}

#[test]
fn a_baseline_that_is_empty_or_missing_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let empty = file(dir.path(), "empty.log", b"").to_string_lossy().into_owned();
    for (path, what) in [(empty.as_str(), "is empty"), ("/nonexistent/x.log", "cannot find")] {
        let outcome = idp(&["diagnose", "--baseline", path]).stdin("x\n").run();
        assert!(
            outcome.status == 2 && outcome.stderr.contains("--baseline") && outcome.stderr.contains(what),
            "{outcome:?}"
        );
    }
}

#[test]
fn an_unknown_failure_shows_the_rarest_kind_of_trouble() {
    let mut text = String::new();
    for n in 0..50 {
        let _ = writeln!(text, "ERROR frobnicator {n} is sulking");
    }
    text.push_str("ERROR the gizmo came off its hinge\n");
    let json = idp(&["diagnose", "-o", "json"]).stdin(text).run().json();
    assert_eq!(json["error_category"], "Unknown");
    let said = json["explanation"].as_str().expect("a text");
    assert!(said.contains("Of 2 kinds of trouble the rarest, newest first, are line 51 (1 time)"), "{said}");
    let lines: Vec<u64> =
        json["evidence"].as_array().expect("a list").iter().filter_map(|e| e["line"].as_u64()).collect();
    assert_eq!(lines, [1, 51]);
}

#[test]
fn compressed_files_are_read_whatever_they_are_called() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = with_a_fault();
    let plain = idp(&["diagnose", "-q"]).stdin(&text).run().stdout;
    for bytes in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
        let path = file(dir.path(), "app.log", &bytes).to_string_lossy().into_owned();
        let outcome = idp(&["diagnose", "-q", &path]).run();
        assert!(outcome.stdout.contains("DiskFull") && outcome.stdout.contains("641 lines"), "{outcome:?}");
        assert_eq!(idp(&["diagnose", "-q"]).stdin(&bytes).run().stdout, plain);
    }
}

#[test]
fn of_a_damaged_file_what_came_before_is_diagnosed() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "write /data/x: no space left on device\n".to_owned() + &healthy(60_000);
    let whole = gzip(text.as_bytes());
    let path = file(dir.path(), "cut.gz", &whole[..whole.len() - 1000]).to_string_lossy().into_owned();
    let outcome = idp(&["diagnose", &path]).run();
    assert_eq!(outcome.status, 2);
    let shown = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("DiskFull") && shown.contains("only what came before was looked at"), "{outcome:?}");
    assert!(outcome.stderr.contains("cannot read"), "{outcome:?}");
}

#[test]
fn lines_that_a_runtime_cut_are_whole_again() {
    let text = "2026-01-31T08:00:00.1Z stderr P FATAL: write /data/wal/17: no space le\n\
                2026-01-31T08:00:00.1Z stdout F served\n\
                2026-01-31T08:00:00.2Z stderr F ft on device\n";
    let json = idp(&["diagnose", "-o", "json"]).stdin(text).run().json();
    assert_eq!((&json["error_category"], &json["evidence"][0]["line"]), (&"DiskFull".into(), &3.into()));
    assert_eq!(json["evidence"][0]["text"], "FATAL: write /data/wal/17: no space left on device");
    assert_eq!(json["evidence"][0]["time"], "2026-01-31T08:00:00.1Z");
}

#[test]
fn what_happens_while_a_log_is_followed_is_one_object_a_line() {
    let text = healthy(3000)
        + &"2026-01-31T09:00:00Z ERROR write /data/wal/17: no space left on device\n".repeat(12)
        + &healthy(3000);
    let outcome = idp(&["diagnose", "--follow", "-o", "json"]).stdin(text).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let lines: Vec<serde_json::Value> =
        outcome.stdout.lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    let events: Vec<&str> = lines.iter().filter_map(|l| l["event"].as_str()).collect();
    assert_eq!(events, ["cause", "summary"]);
    assert_eq!((&lines[0]["cause"]["error_category"], &lines[0]["count"]), (&"DiskFull".into(), &12.into()));
    assert_eq!(lines[1]["diagnosis"]["error_category"], "DiskFull");
}

#[test]
fn a_cause_is_told_while_the_log_goes_on() {
    let mut session = crate::terminal::follow();
    session.send_line("2026-01-31T09:00:00Z ERROR write /data/wal/17: no space left on device");
    let told = session.wait_for("DiskFull", Duration::from_secs(20));
    assert!(!told.contains("read 1 line"), "the summary came with it: {told}");
    session.close();
    let rest = session.wait_for("read 1 line", Duration::from_secs(20));
    assert!(rest.contains("Fixes"), "{rest}");
}

#[test]
fn a_cause_that_was_told_and_healed_is_withdrawn() {
    let mut session = crate::terminal::follow();
    session.send_line("2026-01-31T09:00:00Z ERROR connection refused to db:5432, retrying in 1s");
    session.wait_for("DatabaseError / connection-refused", Duration::from_secs(20));
    session.send_line("2026-01-31T09:00:01Z INFO connected to db:5432");
    session.close();
    let rest = session.wait_for("read 2 lines", Duration::from_secs(20));
    assert!(rest.contains("withdrawn  database-connection-refused.md"), "{rest}");
}

#[test]
fn ctrl_c_shows_what_is_known_so_far() {
    let mut session = crate::terminal::follow();
    session.send_line("2026-01-31T09:00:00Z ERROR write /data/wal/17: no space left on device");
    session.wait_for("DiskFull", Duration::from_secs(20));
    session.interrupt();
    let rest = session.wait_for("read 1 line", Duration::from_secs(20));
    assert!(rest.contains("interrupted: what came after this was not looked at"), "{rest}");
    assert_eq!(session.status(), Some(2));
}

#[test]
fn bad_input_gets_one_clear_line() {
    for (args, what) in [
        (&["logs", "patterns", "/nonexistent/x.log"][..], "cannot find"),
        (&["logs", "patterns", "--level", "loud"][..], "use trace, debug, info, warn, error or fatal"),
        (&["logs", "diff", "-", "-"][..], "standard input cannot be both logs"),
        (&["logs", "timeline"][..], "is empty: there is nothing to look at"),
        (&["diagnose", "--follow", "--tail", "5"][..], "cannot be used with"),
        (&["diagnose", "--follow", "-o", "yaml"][..], "to people or as JSON only"),
    ] {
        let outcome = idp(args).run();
        assert!(outcome.status == 2 && outcome.stderr.contains(what), "{args:?}: {outcome:?}");
    }
}

#[test]
fn secrets_are_in_no_pattern() {
    let text = "INFO login with password=hunter2hunter2 ok\nINFO url postgres://app:s3cr3tpass@db/x\n\
                ERROR cannot use -----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nabcDEFghiJKL==\n-----END PRIVATE KEY-----\n";
    for args in [&["logs", "patterns"][..], &["logs", "patterns", "-o", "json"][..]] {
        let shown = redacted(&idp(args).stdin(text).run().stdout);
        for secret in ["hunter2", "s3cr3tpass", "MIGHAg", "abcDEF"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
