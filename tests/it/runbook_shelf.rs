//! Sessions of `idp runbook list`, `show` and `coverage`.

use std::fs;

use insta::assert_snapshot;

use crate::harness::{Outcome, idp};

const OWN: &str = "---\nid: cheese\ntitle: The cheese ran out\ncategory: DiskFull\ncause: no-space\nseverity: critical\nsignals:\n  any: [{ log: 'out of cheese' }]\n\
    root_cause: 'No cheese.'\nfixes: []\nprevention: []\nalerts: [CheeseLow]\n---\n## Meaning\nIt is out, see [more](more.md).\n\n## Impact\nHunger.\n";

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("r")).expect("made");
    fs::write(home.path().join("r/cheese.md"), OWN).expect("written");
    fs::write(home.path().join("r/Notes.md"), "# Notes of ours\n\nText.\n").expect("written");
    home
}

fn run(home: &tempfile::TempDir, args: &[&str]) -> Outcome {
    idp(&[&["runbook"], args].concat()).current_dir(home.path()).run()
}

#[test]
fn runbooks_are_listed_by_what_they_have_in_common() {
    let home = home();
    let names = |by: &str, group: &str| {
        let json = run(&home, &["list", "--by", by, "--dir", "r", "-o", "json"]).json();
        let groups = json["groups"].as_array().expect("a list").clone();
        let found = groups.into_iter().find(|g| g["name"] == group).expect("the group");
        let runbooks = found["runbooks"].as_array().expect("a list").clone();
        runbooks.into_iter().map(|r| r["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert!(names("category", "DiskFull").contains(&"cheese".to_owned()));
    assert_eq!(names("category", ""), ["Notes"]);
    assert_eq!(names("alert", "CheeseLow"), ["cheese"]);
    assert!(names("severity", "CRITICAL").contains(&"disk-full".to_owned()));
    let human = run(&home, &["list", "--dir", "r"]);
    assert!(
        human.stdout.contains("\nwithout a category\n  Notes ")
            && human.stdout.lines().all(|l| l.chars().count() <= 80)
    );
    assert_eq!(run(&home, &["list", "--dir", "gone"]).status, 2);
}

#[test]
fn a_directory_of_the_environment_replaces_by_id() {
    let home = home();
    fs::write(home.path().join("r/oomkilled.md"), OWN.replace("id: cheese", "id: oomkilled")).expect("written");
    let session =
        |args: &[&str]| idp(&[&["runbook"], args].concat()).current_dir(home.path()).env("RUNBOOK_DIR", "r").run();
    assert!(session(&["show", "oomkilled"]).stdout.starts_with("The cheese ran out\n"));
    assert!(session(&["list", "-o", "json"]).json().to_string().contains("r/oomkilled.md"));
}

#[test]
fn a_runbook_is_shown_by_id_file_name_path_and_alert() {
    let home = home();
    for name in ["cheese", "cheese.md", "CHEESE", "CheeseLow"] {
        let outcome = run(&home, &["show", name, "--dir", "r"]);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{name}");
        assert!(outcome.stdout.starts_with("The cheese ran out\n"), "{}", outcome.stdout);
    }
    assert_snapshot!(run(&home, &["show", "r/cheese.md"]).stdout, @r"
    The cheese ran out

      DiskFull / no-space, severity CRITICAL

      Alerts: CheeseLow

      No cheese.

    Meaning

      It is out, see more (more.md).

    Impact

      Hunger.
    ");
    assert_eq!(run(&home, &["show", "r/cheese.md", "--raw"]).stdout, OWN);
    assert_eq!(run(&home, &["show", "r/cheese.md", "--raw", "--section", "impact"]).stdout, "## Impact\nHunger.\n");
    assert!(run(&home, &["show", "disk-full", "--section", "diagnosis"]).stdout.starts_with("Diagnosis\n"));
}

#[test]
fn a_name_that_nobody_has_is_answered_with_those_that_are_like_it() {
    let home = home();
    let outcome = run(&home, &["show", "oomkiled"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert!(
        outcome.stderr.starts_with("idp: error: there is no runbook \"oomkiled\"\n  help: do you mean oomkilled"),
        "{}",
        outcome.stderr
    );
    let outcome = run(&home, &["show", "r/cheese.md", "--section", "weather"]);
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (
            2,
            "idp: error: r/cheese.md has no section \"weather\"\n  help: its sections are The cheese ran out, Meaning and Impact\n"
        )
    );
}

#[test]
fn what_has_no_runbook_is_named() {
    let home = home();
    fs::write(
        home.path().join("rules.yaml"),
        "groups:\n- rules:\n  - alert: CheeseLow\n    expr: x\n  - alert: MilkLow\n    expr: y\n",
    )
    .expect("written");
    let args = ["coverage", "--dir", "r", "--alert-rules", "rules.yaml"];
    let outcome = run(&home, &args);
    assert!(
        outcome.stdout.starts_with("Alerts without a runbook\n  - MilkLow: rules.yaml:5\n\n"),
        "{}",
        outcome.stdout
    );
    assert_eq!(outcome.status, 0);
    assert_eq!(run(&home, &[&args[..], &["--fail"]].concat()).status, 1);
    assert_eq!(run(&home, &["coverage", "--fail"]).status, 0, "the built-in runbooks cover all that idp knows");
    let json = run(&home, &[&args[..], &["-o", "json"]].concat()).json();
    assert_eq!((json["alerts"][0]["alert"].as_str(), json["looked_at"]["alerts"].as_u64()), (Some("MilkLow"), Some(2)));
    let none = run(&home, &["coverage", "--alert-rules", "r"]);
    assert_eq!((none.status, none.stdout.as_str()), (2, ""));
}
