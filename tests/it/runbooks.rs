//! The examples of every built-in runbook are tests, and the catalogue as a whole keeps its promises.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use idp::command::{Command, Risk};
use idp::engine::try_examples;
use idp::runbook::{Catalogue, fill_command, head};

#[test]
fn every_example_ranks_as_its_runbook_says() {
    let catalogue = Catalogue::built_in();
    let (mut wrong, mut tried) = (Vec::new(), [0, 0]);
    for entry in catalogue.entries() {
        for trial in try_examples(&catalogue, entry) {
            tried[usize::from(trial.objects)] += 1;
            if !trial.passed() {
                let ids: Vec<_> = trial.ranking.iter().filter_map(|r| r.runbook.as_deref()).collect();
                let kind = if trial.matches { "match" } else { "no-match" };
                let why = trial.broken.as_deref().unwrap_or_default();
                wrong.push(format!("runbooks/{}:{}: {kind} example gives {ids:?} {why}", entry.file(), trial.line));
            }
        }
    }
    assert!(tried[0] > 500 && tried[1] > 100, "{tried:?}");
    assert!(wrong.is_empty(), "{} examples rank wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_runbook_has_examples_of_both_kinds() {
    let catalogue = Catalogue::built_in();
    for entry in catalogue.entries() {
        let (_, body, first) = head::split(entry.text()).expect("the build read it");
        let examples = head::examples(body, first);
        let count = |objects, matches| examples.iter().filter(|e| e.objects == objects && e.matches == matches).count();
        // A runbook that only checks of the cluster name has objects for examples; `checks.rs` looks at them.
        let of_objects = entry.hot.signals.iter().all(|s| matches!(s.kind, idp::runbook::compiled::Kind::Check { .. }));
        let least = if of_objects { 1 } else { 2 };
        let right = count(of_objects, true) >= least && count(of_objects, false) >= 1;
        assert!(right, "{} needs two match examples and a no-match one (of objects one each)", entry.file());
    }
}

#[test]
fn every_category_and_cause_of_the_taxonomy_has_a_runbook() {
    let taxonomy = include_str!("../../runbooks/taxonomy.tsv");
    let catalogue = Catalogue::built_in();
    let covered: BTreeSet<(String, String)> =
        catalogue.entries().iter().map(|e| (e.head().category.clone(), e.head().cause.clone())).collect();
    let mut missing = Vec::new();
    for line in taxonomy.lines().skip(1) {
        let mut columns = line.split('\t').map(str::to_owned);
        let pair = (columns.next().expect("a category"), columns.next().expect("a cause"));
        if !["None", "Unknown"].contains(&pair.0.as_str()) && !covered.contains(&pair) {
            missing.push(pair);
        }
    }
    assert_eq!(missing, Vec::new());
}

#[test]
fn the_runbooks_that_the_outside_world_names_exist() {
    let catalogue = Catalogue::built_in();
    for id in ["oomkilled", "crashloopbackoff", "imagepullbackoff", "terraform-state-lock"] {
        assert!(catalogue.get(id).is_some(), "{id}");
    }
    let alerts: BTreeMap<String, String> = catalogue
        .entries()
        .iter()
        .flat_map(|e| e.head().alerts.iter().map(|a| (a.clone(), e.id().to_owned())).collect::<Vec<_>>())
        .collect();
    for alert in ["NodeNotReady", "PodCrashLooping", "HighErrorRate", "CertificateExpiry", "KyvernoPolicyViolation"] {
        assert!(alerts.contains_key(alert), "no runbook for the alert {alert}");
    }
}

/// The first command of a runbook looks; every command can be parsed; what destroys can be taken back or says that it cannot.
#[test]
fn every_fix_command_is_in_the_grammar() {
    let mut wrong = Vec::new();
    for entry in Catalogue::built_in().entries() {
        for (index, fix) in entry.head().fixes.iter().enumerate() {
            let texts = [("run", Some(&fix.run)), ("verify", fix.verify.as_ref()), ("undo", fix.undo.as_ref())];
            for (part, text) in texts.into_iter().filter_map(|(p, t)| Some((p, t?))) {
                match Command::parse(&fill_command(text, &|_| None)) {
                    Ok(command) if part == "run" && index == 0 && command.risk() > Risk::Medium => {
                        wrong.push(format!("{}: the first fix is {}: {text}", entry.file(), command.risk()));
                    }
                    Ok(_) => {}
                    Err(error) => wrong.push(format!("{}: {part}: {error}: {text}", entry.file())),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_documentation_of_the_format_names_every_key() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks/README.md")).expect("there");
    for key in [
        "id:",
        "title:",
        "category:",
        "cause:",
        "severity:",
        "specificity:",
        "transient:",
        "signals:",
        "any:",
        "all:",
        "none:",
        "support:",
        "recovered:",
        "explains:",
        "root_cause:",
        "fixes:",
        "run:",
        "why:",
        "risk:",
        "verify:",
        "undo:",
        "prevention:",
        "alerts:",
        "log:",
        "not:",
        "level:",
        "check:",
        "exception:",
        "type:",
    ] {
        assert!(readme.contains(key), "{key} is not documented");
    }
}

#[test]
fn a_signal_names_no_single_pod_or_digest() {
    let suspicious =
        regex::Regex::new(r"[a-z]+-[0-9a-f]{8,10}-[a-z0-9]{5}|[0-9a-f]{12,}|\d{1,3}\\\.\d{1,3}\\\.\d{1,3}\\\.\d{1,3}")
            .expect("valid");
    for line in idp::runbook::signatures(&Catalogue::built_in()) {
        let meta = ["169\\.254\\.169\\.254", "127\\.0\\.0\\.1", "8\\.8\\.8\\.8"];
        let known = meta.iter().any(|m| line.contains(m));
        assert!(known || !suspicious.is_match(&line), "{line}");
    }
}
