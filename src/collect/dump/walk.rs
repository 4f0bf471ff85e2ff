//! The files of a folder, in the order of their names.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::{LARGEST, Piece};

/// Folders deeper than this are not looked into: a link may lead in circles.
const DEEPEST: usize = 16;

/// Hands every file of interest to `take`.
pub(super) fn each(root: &Path, take: &mut dyn FnMut(Result<Piece, (PathBuf, io::Error)>)) -> io::Result<()> {
    let mut names: Vec<PathBuf> = fs::read_dir(root)?.filter_map(Result::ok).map(|e| e.path()).collect();
    names.sort();
    for path in names {
        visit(root, &path, 1, take);
    }
    Ok(())
}

fn visit(root: &Path, path: &Path, depth: usize, take: &mut dyn FnMut(Result<Piece, (PathBuf, io::Error)>)) {
    let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
    if hidden || depth > DEEPEST {
        return;
    }
    if path.is_dir() {
        match fs::read_dir(path) {
            Ok(entries) => {
                let mut names: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
                names.sort();
                for name in names {
                    visit(root, &name, depth + 1, take);
                }
            }
            Err(error) => take(Err((path.to_owned(), error))),
        }
    } else if is_wanted(path) && path.is_file() {
        take(file(root, path).map_err(|error| (path.to_owned(), error)));
    }
}

/// Whether a file may hold objects or a log.
pub(super) fn is_wanted(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    matches!(extension.as_str(), "json" | "yaml" | "yml") || super::logs::is_log(path)
}

/// Reads a file whole.
pub(super) fn file(root: &Path, path: &Path) -> io::Result<Piece> {
    let mut text = Vec::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("larger than {} MiB", LARGEST >> 20)));
    }
    let inside = path.strip_prefix(root).ok().filter(|p| !p.as_os_str().is_empty()).unwrap_or(path);
    Ok(Piece { path: inside.to_owned(), text })
}
