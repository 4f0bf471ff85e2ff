//! Loads the runbooks of a directory into the catalogue.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::tree::Leaf;
use crate::runbook::{Catalogue, Fault};

/// A larger file is no runbook, in bytes.
const LARGEST: u64 = 1 << 20;

/// Adds every `*.md` of `dir` to `catalogue`; a broken one is left out and named in the answer. `README.md` is passed over.
///
/// # Errors
/// The directory itself cannot be read.
pub fn load(dir: &Path, catalogue: &mut Catalogue) -> io::Result<Vec<Fault>> {
    let mut paths = fs::read_dir(dir)?.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|p| p.extension().is_some_and(|e| e == "md") && p.file_stem().is_some_and(|s| s != "README"));
    paths.sort();
    let faults = paths.iter().filter_map(|path| add(path, catalogue).err());
    Ok(faults.collect())
}

/// Adds those files that are runbooks with signals, and passes over what is none: a tree of Markdown holds much else.
pub fn learn(leaves: &[Leaf], catalogue: &mut Catalogue) {
    for leaf in leaves {
        // What is wrong with it, `idp runbook lint` says.
        let _ = add(leaf.place(), catalogue);
    }
}

fn add(path: &Path, catalogue: &mut Catalogue) -> Result<(), Fault> {
    let file = path.display().to_string();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let fault = |what: String| Fault { file: file.clone(), line: 1, what };
    let failed = |e: io::Error| fault(format!("cannot be read: {e}"));
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(fault("is no regular file".into()));
    }
    let mut text = String::new();
    File::open(path).and_then(|f| f.take(LARGEST + 1).read_to_string(&mut text)).map_err(failed)?;
    if text.len() as u64 > LARGEST {
        return Err(fault("is larger than 1 MiB".into()));
    }
    catalogue.add(&file, &stem, text)
}
