//! The checks as a whole: directory = list, every check has a runbook (whose examples `runbooks.rs` tries).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use idp::checks::CHECKS;
use idp::runbook::Catalogue;
use idp::runbook::compiled::Kind;

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
