//! Compiles `runbooks/*.md` into one blob that the binary reads without parsing.
//!
//! A runbook with an unknown key, a bad expression, a category or cause outside `runbooks/taxonomy.tsv`, an unknown
//! `explains` or a missing section stops the build with its file and line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

#[path = "src/runbook"]
#[expect(dead_code, unreachable_pub, reason = "the library uses these files too, and all of them")]
mod runbook {
    pub mod compiled;
    pub mod head;
    pub mod literal;
}
#[path = "src/signal/watch.rs"]
#[expect(dead_code, unreachable_pub, reason = "the library uses this file too, and all of it")]
mod watch;
use runbook::{compiled, head};

fn main() -> ExitCode {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=runbooks");
    println!("cargo::rerun-if-changed=src/runbook");
    println!("cargo::rerun-if-changed=src/checks");
    println!("cargo::rerun-if-changed=src/signal/watch.rs");
    match compile(&root.join("runbooks")) {
        Ok(files) => {
            for (name, bytes) in files {
                fs::write(out.join(name), bytes).expect("OUT_DIR is writable");
            }
        }
        Err(faults) => {
            for fault in faults {
                println!("cargo::error={fault}");
            }
            // `cargo::error` fails the build; the exit status only says it again.
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

struct Parsed {
    stem: String,
    text: String,
    head: head::Head,
    hot: compiled::Hot<'static>,
}

/// The files that the library embeds, by name.
type Files = [(&'static str, Vec<u8>); 3];

fn compile(dir: &Path) -> Result<Files, Vec<String>> {
    let taxonomy =
        fs::read_to_string(dir.join("taxonomy.tsv")).map_err(|e| vec![format!("runbooks/taxonomy.tsv: {e}")])?;
    let taxonomy: BTreeSet<(&str, &str)> = taxonomy
        .lines()
        .skip(1)
        .filter_map(|l| l.split_once('\t'))
        .map(|(category, rest)| (category, rest.split('\t').next().unwrap_or("")))
        .collect();
    let paths = markdown(dir).map_err(|e| vec![format!("runbooks: {e}")])?;
    let mut faults = Vec::new();
    let mut parsed = Vec::new();
    for path in paths {
        match parse(&path, &taxonomy) {
            Ok(one) => parsed.push(one),
            Err((line, what)) => faults.push(format!("runbooks/{}:{line}: {what}", file_name(&path))),
        }
    }
    let checks = checks(&dir.with_file_name("src").join("checks")).map_err(|e| vec![format!("src/checks: {e}")])?;
    let ids: BTreeSet<&str> = parsed.iter().map(|p| p.stem.as_str()).chain(checks.iter().map(String::as_str)).collect();
    for one in &parsed {
        let unknown = one.head.explains.iter().filter(|id| !ids.contains(id.as_str()));
        faults.extend(
            unknown.map(|id| {
                format!("runbooks/{}.md:1: explains {id:?}, which is neither a runbook nor a check", one.stem)
            }),
        );
    }
    for one in &parsed {
        let named = one.head.signals.each().filter_map(|(_, signal)| signal.check.as_ref());
        let unknown = named.filter(|id| !checks.contains(*id));
        faults.extend(unknown.map(|id| format!("runbooks/{}.md:1: there is no check {id:?}", one.stem)));
    }
    if faults.is_empty() { Ok(encode(&parsed)) } else { Err(faults) }
}

fn parse(path: &Path, taxonomy: &BTreeSet<(&str, &str)>) -> Result<Parsed, (usize, String)> {
    let text = fs::read_to_string(path).map_err(|e| (1, e.to_string()))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (yaml, body, _) = head::split(&text).map_err(|e| (e.line, e.what))?;
    let yaml = yaml.ok_or((1, "a built-in runbook needs a front matter".to_owned()))?;
    let head = head::parse(&stem, yaml).map_err(|e| (e.line, e.what))?;
    let known = if head.cause.is_empty() {
        taxonomy.iter().any(|(category, _)| *category == head.category)
    } else {
        taxonomy.contains(&(head.category.as_str(), head.cause.as_str()))
    };
    if !known {
        return Err((1, format!("{}/{} is not in taxonomy.tsv", head.category, head.cause)));
    }
    if let Some(section) = head::missing_section(body) {
        return Err((1, format!("the section {section:?} is missing or out of order")));
    }
    let hot = compiled::hot(&head).map_err(|e| (1, e))?;
    Ok(Parsed { stem, text, head, hot })
}

fn encode(parsed: &[Parsed]) -> Files {
    let at = |blob: &Vec<u8>| u32::try_from(blob.len()).expect("the runbooks are smaller than 4 GiB");
    let mut blob = Vec::new();
    let mut places = Vec::new();
    for one in parsed {
        let head = at(&blob);
        blob.extend(postcard::to_allocvec(&one.head).expect("a head has an encoding"));
        let text = at(&blob);
        blob.extend(one.text.as_bytes());
        places.push(compiled::Place { head, text, end: at(&blob) });
    }
    let hot = parsed.iter().map(|p| p.hot.clone()).collect();
    let index = postcard::to_allocvec(&compiled::Index { hot, places }).expect("an index has an encoding");
    let (texts, _) = compiled::plan(parsed.iter().map(|p| &p.hot), watch::WATCH);
    let automaton = compiled::automaton(&texts).serialize();
    [("runbooks.index", index), ("runbooks.blob", blob), ("runbooks.automaton", automaton)]
}

/// The ids of the checks: a file is named after its check.
fn checks(dir: &Path) -> io::Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for path in fs::read_dir(dir)?.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()? {
        let is_check =
            path.extension().is_some_and(|e| e == "rs") && fs::read_to_string(&path)?.contains("const CHECK: Check");
        if is_check {
            ids.insert(path.file_stem().unwrap_or_default().to_string_lossy().replace('_', "-"));
        }
    }
    Ok(ids)
}

fn markdown(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(dir)?.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|p| p.extension().is_some_and(|e| e == "md") && file_name(p) != "README.md");
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
