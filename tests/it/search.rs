//! `idp runbook search` as people and CI steps use it.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use super::harness::{Outcome, Session, idp};

/// A tree of runbooks of a team, most without a head of ours.
fn tree() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(home.path().join("books/queues")).expect("made");
    let write = |name: &str, text: &str| fs::write(home.path().join("books").join(name), text).expect("written");
    write(
        "queues/consumer-lag.md",
        "# Consumers lag behind\n\n## Meaning\nMessages wait longer than a minute.\n\n## Mitigation\nAdd consumers to the group until the lag is gone.\n",
    );
    write(
        "QueueTooLong.md",
        "---\ntitle: The queue is too long\nalerts: [OrdersQueueTooLong]\n---\n# Queue\nPublishers are faster than consumers.\n",
    );
    write(
        "certificates.md",
        "# Renew a certificate by hand\n\nAsk the issuer for a new one, then restart the gateway.\n",
    );
    home
}

fn search(home: &Path, args: &[&str]) -> Session {
    let args = [&["runbook", "search", "--dir", "books"], args].concat();
    let cache = home.join("cache").display().to_string();
    idp(&args).current_dir(home).env("XDG_CACHE_HOME", &cache)
}

fn files(outcome: &Outcome) -> Vec<String> {
    let json = outcome.json();
    let results = json["results"].as_array().expect("results");
    results.iter().map(|r| r["file"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn what_is_found_is_shown_with_the_place_that_fits() {
    let home = tree();
    let shown = |output: &str| search(home.path(), &["--top", "2", "-o", output, "lag of consumers"]).run().stdout;
    assert_snapshot!("search_human", shown("human"));
    assert_snapshot!("search_json", shown("json"));
    assert_snapshot!("search_markdown", shown("markdown"));
    assert_snapshot!("search_github", shown("github"));
}

#[test]
fn a_log_finds_a_runbook_of_the_team_by_its_signals() {
    let home = tree();
    let text = "---\nid: till-jam\ntitle: The till jams\ncategory: HighErrorRate\ncause: error-rate\nseverity: high\nsignals:\n  any:\n    - log: 'TILL-\\d+ jammed'\nroot_cause: 'The till jams.'\nfixes:\n  - run: kubectl get pods\n    why: Shows which till it is.\nprevention: []\n---\n# Till\n\nOpen the lid.\n";
    fs::write(home.path().join("books/queues/till-jam.md"), text).expect("written");
    let outcome = search(home.path(), &["-o", "json"]).stdin("ERROR TILL-17 jammed again\n").run();
    assert_eq!(files(&outcome)[0], "queues/till-jam.md", "{}", outcome.stdout);
    assert_eq!(outcome.json()["results"][0]["why"], "signals");
}

#[test]
fn a_log_finds_the_runbook_of_its_cause_first() {
    let home = tree();
    let log = "INFO consumers lag behind\nERROR write /data/queue/7: no space left on device\n";
    let outcome = search(home.path(), &["-o", "json"]).stdin(log).run();
    assert_eq!(files(&outcome)[0], "disk-full.md");
    assert_eq!(outcome.json()["results"][0]["why"], "signals");
    let outcome = search(home.path(), &["-o", "json", "OrdersQueueTooLong: 4021 messages wait"]).run();
    assert_eq!(
        (files(&outcome)[0].as_str(), outcome.json()["results"][0]["score"].as_f64()),
        ("QueueTooLong.md", Some(1.0))
    );
}

#[test]
fn the_second_search_uses_the_index_and_a_damaged_one_is_built_anew() {
    let home = tree();
    let run = || files(&search(home.path(), &["-o", "json", "renew certificate by hand"]).run());
    assert_eq!(run()[0], "certificates.md");
    let folder = home.path().join("cache/idp/search");
    let index = || fs::read_dir(&folder).expect("the cache").next().expect("an index").expect("readable").path();
    let made = fs::metadata(index()).expect("there").modified().expect("known");
    assert_eq!(run()[0], "certificates.md");
    assert_eq!(fs::metadata(index()).expect("there").modified().expect("known"), made, "it was written again");
    fs::write(index(), b"broken").expect("written");
    assert_eq!(run()[0], "certificates.md");
    fs::write(home.path().join("books/certificates.md"), "# Something else\n").expect("written");
    assert!(!run().contains(&"certificates.md".to_owned()));
}

#[test]
fn where_nothing_fits_that_is_said() {
    let home = tree();
    let outcome = search(home.path(), &["Consumerz lagg behynd"]).run();
    assert_eq!(outcome.status, 0);
    assert!(
        outcome.stdout.contains("no runbook fits") && outcome.stdout.contains("Consumers lag behind"),
        "{}",
        outcome.stdout
    );
    let outcome = search(home.path(), &[]).stdin("  \n").run();
    assert!(outcome.status == 2 && outcome.stderr.contains("there is nothing to look for"), "{}", outcome.stderr);
}

#[test]
fn what_cannot_be_read_is_named_and_costs_no_other() {
    let home = tree();
    let books = home.path().join("books");
    fs::write(books.join("latin.md"), [b'#', b' ', 0xe9, b'\n']).expect("written");
    fs::File::create(books.join("huge.md")).and_then(|f| f.set_len(50 << 20)).expect("grown");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&books, books.join("round")).expect("linked");
    fs::write(books.join("broken.md"), "---\ntitle: [\n---\n# Broken head\nstill found\n").expect("written");
    let outcome = search(home.path(), &["-o", "json", "renew certificate by hand"]).run();
    assert_eq!(outcome.status, 0);
    assert!(outcome.stdout.contains("certificates.md"));
    for what in ["latin.md left out", "huge.md left out", "leads back"] {
        assert!(outcome.stderr.contains(what), "{what}: {}", outcome.stderr);
    }
    let outcome = idp(&["runbook", "search", "--dir", "/nonexistent", "x"]).run();
    assert!(outcome.status == 2 && outcome.stderr.contains("is no directory"), "{}", outcome.stderr);
    let empty = home.path().join("empty");
    fs::create_dir(&empty).expect("made");
    let outcome = idp(&["runbook", "search", "--dir", &empty.display().to_string(), "disk is full"]).run();
    assert!(outcome.status == 0 && outcome.stderr.contains("holds no Markdown"), "{}", outcome.stderr);
}

#[test]
fn runbooks_of_ones_own_are_found_beside_the_built_in_ones_and_instead_of_them() {
    let home = tree();
    let own = home.path().join("own");
    fs::create_dir(&own).expect("made");
    let text = idp(&["runbook", "show", "--raw", "disk-full"]).run().stdout;
    let ours = text.replacen("title: ", "title: OURS ", 1);
    fs::write(own.join("disk-full.md"), ours).expect("written");
    let dir = own.display().to_string();
    let outcome = search(home.path(), &["-o", "json", "no space left on device"]).env("RUNBOOK_DIR", &dir).run();
    let json = outcome.json();
    assert!(json["results"][0]["title"].as_str().is_some_and(|t| t.starts_with("OURS")), "{json}");
    assert_eq!(files(&outcome).iter().filter(|f| *f == "disk-full.md").count(), 1);
}
