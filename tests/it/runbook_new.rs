//! Sessions of `idp runbook new`: what it writes is a runbook that lints and ranks.

use std::fs;

use insta::assert_snapshot;

use crate::harness::{Outcome, idp};

const LOG: &str = "2026-01-31T08:00:00Z INFO request 17 served in 3 ms\n2026-01-31T08:00:01Z INFO request 18 served in 4 ms\n\
    2026-01-31T08:00:02Z ERROR payment gateway pay-7.shop.test:8443 declined merchant 4711 with token=Zq7hunter2hunter2 for good\n\
    2026-01-31T08:00:03Z INFO request 19 served in 3 ms\n";

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn run(home: &tempfile::TempDir, args: &[&str], input: &str) -> Outcome {
    idp(&[&["runbook"], args].concat()).current_dir(home.path()).stdin(input).run()
}

/// What was written lints and ranks.
fn holds(home: &tempfile::TempDir, name: &str, text: &str) {
    let path = home.path().join(name);
    fs::write(&path, text).expect("written");
    let lint = run(home, &["lint", name, "--fail-on", "info"], "");
    assert_eq!((lint.status, lint.stdout.as_str()), (0, "No findings in 1 file.\n"), "{text}");
    let tried = run(home, &["test", name], "");
    assert!(tried.status == 0 && tried.stdout.ends_with("all pass.\n"), "{}\n{text}", tried.stdout);
}

#[test]
fn a_log_becomes_a_runbook_without_its_secrets() {
    let home = home();
    let args = ["new", "--log", "-", "--id", "payment-declined", "--title", "The payment gateway declines"];
    let outcome = run(&home, &args, LOG);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert!(!outcome.stdout.contains("hunter2"), "a secret is shown");
    assert_snapshot!(outcome.stdout);
    holds(&home, "payment-declined.md", &outcome.stdout);
    let found =
        idp(&["diagnose", "-o", "json"]).current_dir(home.path()).env("RUNBOOK_DIR", ".").stdin(LOG).run().json();
    assert_eq!(found["related_runbooks"][0], "payment-declined.md");
}

#[test]
fn a_log_alone_is_enough() {
    for (number, log) in [
        LOG.to_owned(),
        "ERROR cannot reach warehouse 'north' after 3 attempts\n".into(),
        "{\"level\":\"error\",\"msg\":\"ledger entry \\\"a-17\\\" does not balance: off by 12\",\"ts\":1}\n".into(),
        "starting\nwrite /var/lib/shop/blob-17: no space left on device\nbye\n".into(),
        "Traceback (most recent call last):\n  File \"/app/shop.py\", line 3, in <module>\n    run()\nshop.StockError: shelf 17 holds fewer items than were sold\n".into(),
        "panic: the flux capacitor of engine 3 is misaligned\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:7 +0x1d\n".into(),
        "dial tcp 10.0.0.1:5432: connect: connection refused\n".into(),
    ].iter().enumerate() {
        let home = home();
        let outcome = run(&home, &["new", "--log", "-"], log);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{number}: {log}");
        let id = outcome.stdout.lines().find_map(|l| l.strip_prefix("id: ")).expect("an id").to_owned();
        holds(&home, &format!("{id}.md"), &outcome.stdout);
    }
}

#[test]
fn flags_alone_are_enough_and_nothing_is_written_over() {
    let home = home();
    let args =
        ["new", "--id", "payment-gateway-refused", "--title", "It's the payment gateway: it refuses", "--write", "."];
    let outcome = run(&home, &args, "");
    assert_snapshot!(outcome.stderr, @r"
    idp: warning: no line of a log is known, so that the signal is the title: put in what programs print
    idp: wrote ./payment-gateway-refused.md; try it with `idp runbook test ./payment-gateway-refused.md`
    ");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, ""));
    let text = fs::read_to_string(home.path().join("payment-gateway-refused.md")).expect("written");
    holds(&home, "payment-gateway-refused.md", &text);
    let again = run(&home, &args, "");
    assert_eq!(again.status, 2);
    assert!(
        again.stderr.contains("idp: error: ./payment-gateway-refused.md is there already and is not written over\n"),
        "{}",
        again.stderr
    );
    assert_eq!(fs::read_to_string(home.path().join("payment-gateway-refused.md")).expect("there"), text);
}

#[test]
fn what_cannot_be_a_runbook_is_refused() {
    let home = home();
    let refused = |args: &[&str], input: &str, what: &str| {
        let outcome = run(&home, &[&["new"], args].concat(), input);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{what}");
        assert!(outcome.stderr.contains(what), "{}", outcome.stderr);
    };
    refused(&[], "", "a new runbook needs a title");
    refused(&["--id", "Bad Id"], "", "--id: \"Bad Id\" is not lower-case words joined by hyphens");
    refused(&["--id", "container-oom-killed"], "", "is the id of a check");
    refused(
        &["--title", "A good title here", "--category", "Disk"],
        "",
        "--category: \"Disk\" is no category of the taxonomy\n  help: do you mean",
    );
    refused(&["--log", "-"], "all is well\n", "nothing in - says in words that something failed");
    refused(&["--log", "gone.log"], "", "cannot find \"gone.log\"");
    refused(&["--title", "The cheese is out", "--write", "gone"], "", "cannot write gone/the-cheese-is-out.md");
}
