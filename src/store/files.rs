//! Single files that commands read and write: texts by their path, what stands around them, rule files of Prometheus, and a text put in the place of another.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::tree::{below, left_out, text, walk};

/// A text with the name under which it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedText {
    /// As it was named, or as the walk came to it.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// The text of a file.
///
/// # Errors
/// A sentence with its name: it is not there, too large, no text.
pub fn read_text(path: &Path) -> Result<String, String> {
    text(path)
}

/// The paths of all files below `dir`, with `/` between their parts.
#[must_use]
pub fn file_names(dir: &Path) -> Vec<String> {
    let files = walk(dir).filter_map(Result::ok).filter(|e| e.file_type().is_file());
    files.filter_map(|e| below(dir, e.path())).collect()
}

/// The names of what stands directly in `dir`; empty where it cannot be read.
#[must_use]
pub fn names_in(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|e| e.file_name().into_string().ok()).collect()
}

/// The YAML files at `paths` and below them, and a sentence for each that is left out.
#[must_use]
pub fn rule_files(paths: &[PathBuf]) -> (Vec<NamedText>, Vec<String>) {
    let (mut files, mut remarks) = (Vec::new(), Vec::new());
    for entry in paths.iter().flat_map(|path| walk(path)) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                remarks.push(left_out(&error));
                continue;
            }
        };
        if entry.file_type().is_file() && (entry.depth() == 0 || is_yaml(entry.path())) {
            match text(entry.path()) {
                Ok(text) => files.push(NamedText { path: entry.path().display().to_string(), text }),
                Err(why) => remarks.push(why),
            }
        }
    }
    (files, remarks)
}

fn is_yaml(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    matches!(ending.as_str(), "yaml" | "yml" | "rules")
}

/// Puts `new` in the place of the file's text, wholly or not at all: through a file beside it that then takes its name. Rights stay, a link stays a link.
///
/// # Errors
/// What the system says, or that the file is not `was` any more.
pub fn replace(path: &Path, was: &str, new: &str) -> io::Result<()> {
    let place = fs::canonicalize(path)?;
    let rights = fs::metadata(&place)?.permissions();
    if rights.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it may only be read"));
    }
    if fs::read(&place)? != was.as_bytes() {
        return Err(io::Error::other("somebody changed it meanwhile"));
    }
    let mut beside = tempfile::NamedTempFile::new_in(place.parent().unwrap_or(Path::new(".")))?;
    beside.write_all(new.as_bytes())?;
    beside.as_file().set_permissions(rights)?;
    beside.as_file().sync_all()?;
    beside.persist(&place).map_err(|error| error.error)?;
    Ok(())
}

/// Puts a file of ours in its place, wholly or not at all, and makes the folder that it needs. Two that do so at once both succeed.
pub(super) fn keep(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let mut beside = tempfile::NamedTempFile::new_in(dir)?;
    beside.write_all(bytes)?;
    beside.persist(place).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file that is not there yet.
///
/// # Errors
/// What the system says; that there is one already.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{create, replace, rule_files};

    #[test]
    fn a_file_is_replaced_with_its_rights_and_only_if_it_is_what_was_read() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("x.md");
        fs::write(&path, "old").expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, symlink};
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
            symlink(&path, home.path().join("link.md")).expect("linked");
            replace(&home.path().join("link.md"), "old", "new").expect("replaced");
            assert!(home.path().join("link.md").is_symlink());
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
            assert_eq!(fs::read_to_string(&path).expect("there"), "new");
        }
        fs::write(&path, "changed").expect("written");
        assert!(replace(&path, "old", "new").is_err());
        assert_eq!(fs::read_to_string(&path).expect("there"), "changed");
        assert_eq!(create(&path, "x").expect_err("there").kind(), std::io::ErrorKind::AlreadyExists);
        assert!(fs::read_dir(home.path()).expect("there").count() <= 2, "nothing is left beside it");
    }

    #[test]
    fn rule_files_are_yaml_below_and_anything_named() {
        let home = tempfile::tempdir().expect("a folder");
        for name in ["a.yaml", "b.txt", "c.rules"] {
            fs::write(home.path().join(name), "x: 1\n").expect("written");
        }
        let (files, remarks) =
            rule_files(&[home.path().to_owned(), home.path().join("b.txt"), home.path().join("gone")]);
        let names: Vec<&str> = files.iter().filter_map(|f| f.path.rsplit('/').next()).collect();
        assert_eq!((names, remarks.len()), (vec!["a.yaml", "c.rules", "b.txt"], 1));
    }
}
