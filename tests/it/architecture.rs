//! Holds the table of rooms in `docs/design.md`: who may import whom, and where there is no I/O, clock, printing or async.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Room → rooms that it may import. What is missing here may import nothing of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("evidence", &["text"]),
    ("redact", &["evidence"]),
    ("signal", &["evidence"]),
    ("finding", &["evidence", "redact", "runbook"]),
    ("command", &["evidence"]),
    ("runbook", &["signal", "finding", "command", "evidence"]),
    ("checks", &["text", "evidence", "redact", "signal", "finding"]),
    ("diagnosis", &["text", "evidence", "redact", "signal", "finding", "command", "runbook", "checks"]),
    ("engine", &["text", "evidence", "redact", "signal", "finding", "command", "runbook", "checks", "diagnosis"]),
    ("search", &["runbook", "evidence", "engine", "diagnosis"]),
    ("lint", &["evidence", "redact", "finding", "command", "runbook"]),
    ("collect", &["evidence", "text"]),
    ("store", &["runbook", "search", "redact", "text"]),
    (
        "report",
        &[
            "checks",
            "engine",
            "redact",
            "diagnosis",
            "finding",
            "evidence",
            "runbook",
            "command",
            "text",
            "search",
            "lint",
        ],
    ),
    ("llm", &["redact", "text"]),
    ("cli", &["evidence"]),
    ("settings", &["cli", "finding", "checks", "diagnosis"]),
    (
        "service",
        &["text", "evidence", "finding", "runbook", "checks", "diagnosis", "engine", "collect", "store", "report"],
    ),
    (
        "server",
        &[
            "evidence",
            "finding",
            "runbook",
            "checks",
            "diagnosis",
            "engine",
            "search",
            "collect",
            "store",
            "report",
            "service",
        ],
    ),
    (
        "commands",
        &[
            "text",
            "evidence",
            "redact",
            "signal",
            "finding",
            "command",
            "runbook",
            "checks",
            "diagnosis",
            "engine",
            "search",
            "lint",
            "llm",
            "collect",
            "store",
            "report",
            "service",
            "server",
            "cli",
            "settings",
        ],
    ),
];

/// Rooms that take values and return values.
const PURE: &[&str] = &[
    "text",
    "evidence",
    "redact",
    "signal",
    "finding",
    "command",
    "runbook",
    "checks",
    "diagnosis",
    "engine",
    "search",
    "lint",
];

/// What a pure room may not name.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::io",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "use tokio",
    "async fn",
    "kube::",
    "reqwest",
    "clap::",
    "println!",
    "eprintln!",
    "print!(",
];

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("src is there").map(|e| e.expect("readable").path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if entry.extension().is_some_and(|e| e == "rs") {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// Room → its files with the code before their unit tests.
fn rooms() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rooms: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    for path in files(&src) {
        let inside = path.strip_prefix(&src).expect("below src").to_owned();
        let first = inside.iter().next().expect("a name").to_string_lossy().into_owned();
        let room = first.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).expect("readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or("").to_owned();
        rooms.entry(room).or_default().push((inside, code));
    }
    rooms
}

/// The code without comments, in which other rooms may be named.
fn bare(code: &str) -> String {
    code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn imports(code: &str) -> Vec<String> {
    let code = bare(code);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        found.push(rest[..end].to_owned());
    }
    found
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut broken = Vec::new();
    for (room, files) in rooms() {
        if room == "main" || room == "lib" {
            continue;
        }
        let may = allowed.get(room.as_str()).unwrap_or_else(|| panic!("room {room} is not in the table"));
        for (path, code) in files {
            let wrong = imports(&code).into_iter().filter(|i| *i != room && !may.contains(&i.as_str()));
            broken.extend(wrong.map(|import| format!("{}: {room} imports {import}", path.display())));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn below_the_edges_there_is_no_clock_no_file_and_no_printing() {
    let mut broken = Vec::new();
    for (room, files) in rooms().into_iter().filter(|(room, _)| PURE.contains(&room.as_str())) {
        for (path, code) in files {
            let code = bare(&code);
            broken.extend(
                IMPURE.iter().filter(|i| code.contains(**i)).map(|i| format!("{}: {room} names {i}", path.display())),
            );
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn every_room_says_what_it_owns() {
    for (_, files) in rooms() {
        for (path, code) in files {
            assert!(code.starts_with("//!"), "{} has no head", path.display());
        }
    }
}

#[test]
fn no_file_grows_past_five_hundred_lines() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let long = files(&src).into_iter().filter(|p| fs::read_to_string(p).expect("readable").lines().count() > 500);
    assert_eq!(long.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn a_directory_of_formats_is_the_list_of_formats() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/evidence/format");
    let list = fs::read_to_string(dir.join("mod.rs")).expect("readable");
    for path in files(&dir) {
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        // `take` is what formats share, and a format may have a folder.
        let folder = path.parent() != Some(dir.as_path());
        if stem != "mod" && stem != "take" && !folder {
            assert!(
                list.contains(&format!("mod {stem};")) && list.contains(&format!("{stem}::FORMAT")),
                "{stem} is not listed"
            );
        }
    }
}
