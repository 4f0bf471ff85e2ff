//! The Markdown files of directories, all the way down.
//!
//! What cannot be read is a remark, never an end: a link that leads in circles, a file of another kind under the name of one of ours, one without rights.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

/// A larger file is no runbook, in bytes.
const LARGEST: u64 = 4 << 20;
/// Folders deeper than this are not looked into.
const DEEPEST: usize = 32;

/// A Markdown file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// In which of the directories it lies, from 0.
    pub directory: u32,
    /// Its path below that directory, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed last, in nanoseconds since 1970; 0 where the system does not say.
    pub modified: u64,
    /// Its inode; 0 where there is none.
    pub inode: u64,
    place: PathBuf,
}

/// The Markdown files below `dirs`, in the order of their paths, and what could not be looked at.
///
/// # Errors
/// A directory itself cannot be read, with its name.
pub fn leaves(dirs: &[PathBuf]) -> Result<(Vec<Leaf>, Vec<String>), (PathBuf, io::Error)> {
    let (mut leaves, mut remarks) = (Vec::new(), Vec::new());
    for (number, dir) in (0..).zip(dirs) {
        fs::read_dir(dir).map_err(|error| (dir.clone(), error))?;
        let before = leaves.len();
        walk(number, dir, &mut leaves, &mut remarks);
        if leaves.len() == before {
            remarks.push(format!("{} holds no Markdown", dir.display()));
        }
    }
    Ok((leaves, remarks))
}

fn walk(number: u32, dir: &Path, leaves: &mut Vec<Leaf>, remarks: &mut Vec<String>) {
    let walk = WalkDir::new(dir).follow_links(true).max_depth(DEEPEST).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(is_visible) {
        match entry {
            Ok(entry) if is_markdown(&entry) => match leaf(number, dir, &entry) {
                Ok(leaf) => leaves.push(leaf),
                Err(why) => remarks.push(why),
            },
            Ok(_) => {}
            Err(error) => remarks.push(format!("left out: {error}")),
        }
    }
}

/// Folders with a dot belong to tools.
fn is_visible(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
}

fn is_markdown(entry: &DirEntry) -> bool {
    let ending = entry.path().extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    entry.file_type().is_file() && matches!(ending.as_str(), "md" | "markdown")
}

fn leaf(directory: u32, dir: &Path, entry: &DirEntry) -> Result<Leaf, String> {
    let shown = entry.path().display();
    let facts = entry.metadata().map_err(|error| format!("left out: {error}"))?;
    if facts.len() > LARGEST {
        return Err(format!("{shown} left out: it is larger than {} MiB", LARGEST >> 20));
    }
    let inside = entry.path().strip_prefix(dir).unwrap_or(entry.path());
    let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
    let path = parts.ok_or_else(|| format!("{shown} left out: its name is no UTF-8"))?.join("/");
    let since = facts.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    let modified = since.map_or(0, |t| u64::try_from(t.as_nanos()).unwrap_or(u64::MAX));
    Ok(Leaf { directory, path, size: facts.len(), modified, inode: inode(&facts), place: entry.path().to_owned() })
}

#[cfg(unix)]
fn inode(facts: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(facts)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

impl Leaf {
    /// Reads it.
    ///
    /// # Errors
    /// Why it is left out, as a sentence with its name.
    pub fn read(&self) -> Result<String, String> {
        let shown = self.place.display();
        let mut bytes = Vec::new();
        let read = File::open(&self.place).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        read.map_err(|error| format!("{shown} left out: {error}"))?;
        if bytes.len() as u64 > LARGEST {
            return Err(format!("{shown} left out: it is larger than {} MiB", LARGEST >> 20));
        }
        String::from_utf8(bytes)
            .map_err(|error| format!("{shown} left out: it is no UTF-8 (byte {})", error.utf8_error().valid_up_to()))
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::leaves;

    #[test]
    fn files_are_found_at_every_depth_and_what_is_no_markdown_is_not() {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(home.path().join("a/b/.git")).expect("made");
        for name in ["z.md", "a/b/deep.MD", "a/notes.txt", "a/b/.git/x.md"] {
            fs::write(home.path().join(name), "# x\n").expect("written");
        }
        let (found, remarks) = leaves(&[home.path().to_owned()]).expect("readable");
        let paths: Vec<&str> = found.iter().map(|l| l.path.as_str()).collect();
        assert_eq!((paths, remarks.len()), (vec!["a/b/deep.MD", "z.md"], 0));
        assert_eq!(found[0].read().as_deref(), Ok("# x\n"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir(home.path().join("a")).expect("made");
        #[cfg(unix)]
        std::os::unix::fs::symlink(home.path(), home.path().join("a/round")).expect("linked");
        fs::write(home.path().join("bad.md"), [b'#', 0xff, 0xfe]).expect("written");
        let big = fs::File::create(home.path().join("big.md")).expect("made");
        big.set_len(50 << 20).expect("grown");
        let (found, remarks) = leaves(&[home.path().to_owned()]).expect("readable");
        assert_eq!(found.len(), 1);
        assert!(found[0].read().expect_err("bad").ends_with("bad.md left out: it is no UTF-8 (byte 1)"));
        assert!(remarks.iter().any(|r| r.contains("larger than 4 MiB")), "{remarks:?}");
        #[cfg(unix)]
        assert!(remarks.iter().any(|r| r.contains("loop")), "{remarks:?}");
        let empty = tempfile::tempdir().expect("a folder");
        let (_, remarks) = leaves(&[empty.path().to_owned()]).expect("readable");
        assert!(remarks[0].ends_with("holds no Markdown"));
        assert!(leaves(&["/nonexistent".into()]).is_err());
    }
}
