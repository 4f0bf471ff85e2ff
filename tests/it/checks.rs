//! The checks as a whole: directory = list, every check has a runbook, every example of a runbook makes its check speak.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use idp::checks::{CHECKS, Selection, View, examine};
use idp::collect::dump::Dump;
use idp::diagnosis::cluster::{Wish, diagnose_cluster};
use idp::evidence::cluster::{KINDS, Origin, Read, Snapshot};
use idp::runbook::compiled::Kind;
use idp::runbook::{Catalogue, head};

/// The moment at which examples are looked at.
const NOW: &str = "2026-11-26T12:00:00Z";

#[test]
fn a_directory_of_checks_is_the_list_of_checks() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let mut stems = BTreeSet::new();
    for path in fs::read_dir(dir).expect("there").map(|e| e.expect("readable").path()) {
        let is_check = path.is_file() && fs::read_to_string(&path).expect("readable").contains("const CHECK: Check");
        if is_check {
            stems.insert(path.file_stem().expect("a name").to_string_lossy().replace('_', "-"));
        }
    }
    let ids: BTreeSet<String> = CHECKS.iter().map(|c| c.id.to_owned()).collect();
    assert_eq!(stems, ids);
    assert!(CHECKS.is_sorted_by_key(|c| c.id));
}

/// Check → runbooks that name it.
fn runbooks(catalogue: &Catalogue) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in catalogue.entries() {
        for signal in &entry.hot.signals {
            if let Kind::Check { id } = &signal.kind {
                found.entry(id.to_string()).or_default().push(entry.id().to_owned());
            }
        }
    }
    found
}

#[test]
fn every_check_has_a_runbook() {
    let catalogue = Catalogue::built_in();
    let known = runbooks(&catalogue);
    // An ignore that ran out is repaired where it is written.
    let without: Vec<&str> =
        CHECKS.iter().map(|c| c.id).filter(|id| !known.contains_key(*id) && *id != "ignore-expired").collect();
    assert_eq!(without, Vec::<&str>::new());
}

/// The cluster of an example: everything that is not in it is not there.
fn cluster(yaml: &str) -> Snapshot {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("example.yaml");
    fs::write(&file, yaml).expect("written");
    let mut snapshot = Dump::read(&file).expect("objects").snapshot;
    // An example shows a status without an identity: it is a cluster all the same.
    snapshot.origin = Origin::Dump("example".into());
    assert_eq!(snapshot.remarks, Vec::<String>::new());
    for info in KINDS.iter().filter(|info| !info.optional) {
        snapshot.reads.note(info.kind, Read::Whole);
    }
    snapshot
}

/// The runbooks that name a cause or a symptom, and the checks that spoke.
fn spoken(snapshot: &Snapshot, catalogue: &Catalogue) -> BTreeSet<String> {
    let view = View::new(snapshot, NOW.parse().expect("a time"));
    let examined = examine(&view, &Selection { hygiene: true, ..Selection::default() });
    let health = diagnose_cluster(&view, examined, catalogue, &Wish::default());
    let mut found = BTreeSet::new();
    for cause in &health.causes {
        found.extend(cause.cause.runbook.clone());
        found.extend(cause.symptoms.iter().map(|s| s.check.to_owned()));
        found.extend(cause.cause.explains.iter().map(|s| s.runbook.clone()));
        found.extend(cause.checks.iter().map(|c| (*c).to_owned()));
    }
    found
}

#[test]
fn the_examples_of_runbooks_make_their_checks_speak() {
    let catalogue = Catalogue::built_in();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in catalogue.entries() {
        let (_, body, _) = head::split(entry.text()).expect("valid");
        let own: BTreeSet<String> = entry
            .hot
            .signals
            .iter()
            .filter_map(|s| match &s.kind {
                Kind::Check { id } => Some(id.to_string()),
                _ => None,
            })
            .chain([entry.id().to_owned()])
            .collect();
        for (matches, yaml) in examples(body) {
            seen += 1;
            let spoken = spoken(&cluster(&yaml), &catalogue);
            if spoken.is_disjoint(&own) == matches {
                wrong.push(format!("{} ({}): {spoken:?}", entry.id(), if matches { "match" } else { "no-match" }));
            }
        }
    }
    assert!(seen > 100, "{seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The blocks `yaml match` and `yaml no-match`.
fn examples(body: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in body.lines() {
        match (&mut open, line.trim_end()) {
            (None, "```yaml match") => open = Some((true, String::new())),
            (None, "```yaml no-match") => open = Some((false, String::new())),
            (Some(_), "```") => found.extend(open.take()),
            (Some((_, text)), _) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    found
}

#[test]
fn the_table_of_checks_is_current() {
    let known = runbooks(&Catalogue::built_in());
    let mut text = String::from(
        "# Checks\n\nWhat `idp cluster-health` looks for. Generated: `IDP_UPDATE=1 cargo test the_table_of_checks`.\n\n\
         `spec` checks also run on manifests; the others need a cluster or its dump. `hygiene` checks run with `--hygiene`, or when `--only` names them.\n\
         The stage says how far a fault stands from its cause: what stands further is explained by what stands nearer, on an object that it hangs on.\n\n\
         | row | id | fault | severity | stage | looks at | runbook |\n|---|---|---|---|---|---|---|\n",
    );
    let mut checks: Vec<_> = CHECKS.iter().collect();
    checks.sort_by_key(|c| (c.rows.first().copied().unwrap_or(u16::MAX), c.id));
    for check in checks {
        let rows: Vec<String> = check.rows.iter().map(ToString::to_string).collect();
        let rows = if rows.is_empty() { "–".to_owned() } else { rows.join(", ") };
        let files: Vec<String> =
            known.get(check.id).into_iter().flatten().map(|id| format!("[{id}](../runbooks/{id}.md)")).collect();
        let kind = format!("{:?}", check.basis).to_lowercase();
        let hygiene = if check.hygiene { ", hygiene" } else { "" };
        let stage = format!("{:?}", check.stage).to_lowercase();
        let _ = writeln!(
            text,
            "| {rows} | `{}` | {} | {}{hygiene} | {stage} | {kind} | {} |",
            check.id,
            check.title,
            check.severity.word().to_lowercase(),
            files.join(", ")
        );
    }
    crate::generated::check("docs/checks.md", text.as_bytes());
}

/// Rows of the table of conditions that need no check, with the reason.
const WITHOUT: &[(u16, &str)] = &[
    (57, "no active job is normal"),
    (105, "not faults"),
    (118, "no property of the cluster"),
    (119, "no property of the cluster"),
];

#[test]
fn every_row_has_a_check() {
    let rows: BTreeSet<u16> =
        CHECKS.iter().flat_map(|c| c.rows).copied().chain(WITHOUT.iter().map(|(row, _)| *row)).collect();
    let without: Vec<u16> = (1..=137).filter(|row| !rows.contains(row)).collect();
    assert_eq!(without, Vec::<u16>::new());
}
