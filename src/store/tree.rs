//! The Markdown files below directories, with their texts.
//!
//! What cannot be read is a remark, never an end: a link that leads in circles, a file without rights, one that is no text, one that is no runbook by its
//! size.

use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use crate::text::Size;

/// A larger file is no runbook, in bytes.
pub(super) const LARGEST: u64 = 4 << 20;
/// Folders deeper than this are not looked into.
const DEEPEST: usize = 64;

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

impl Leaf {
    /// Where it lies.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }
}

/// A Markdown file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownFile {
    /// Its path below its directory, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

impl Leaf {
    /// Reads it.
    ///
    /// # Errors
    /// Why it is left out, as a sentence with its name.
    pub fn read(&self) -> Result<String, String> {
        text(&self.place)
    }
}

/// The Markdown files below `dirs`, in the order of their paths, and a sentence for each that is left out.
#[must_use]
pub fn leaves(dirs: &[PathBuf]) -> (Vec<Leaf>, Vec<String>) {
    let (mut leaves, mut remarks) = (Vec::new(), Vec::new());
    for (directory, dir) in (0..).zip(dirs) {
        for entry in walk(dir) {
            match entry {
                Ok(entry) if is_markdown(&entry) => match leaf(directory, dir, &entry) {
                    Ok(leaf) => leaves.push(leaf),
                    Err(why) => remarks.push(why),
                },
                Ok(_) => {}
                Err(error) => remarks.push(left_out(&error)),
            }
        }
    }
    (leaves, remarks)
}

/// The same files, read.
#[must_use]
pub fn markdown(dirs: &[PathBuf]) -> (Vec<MarkdownFile>, Vec<String>) {
    let (leaves, mut remarks) = leaves(dirs);
    let mut files = Vec::new();
    for leaf in leaves {
        match leaf.read() {
            Ok(text) => files.push(MarkdownFile { path: leaf.path, text }),
            Err(why) => remarks.push(why),
        }
    }
    (files, remarks)
}

/// Whether a path has an ending that Markdown files have.
#[must_use]
pub fn is_markdown_name(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    matches!(ending.as_str(), "md" | "mdx" | "markdown")
}

/// Everything below `dir` but what belongs to tools.
pub(super) fn walk(dir: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let walk = WalkDir::new(dir).follow_links(true).max_depth(DEEPEST).sort_by_file_name();
    walk.into_iter().filter_entry(|e| e.depth() == 0 || !e.file_name().to_string_lossy().starts_with('.'))
}

/// Why an entry of a walk is left out.
pub(super) fn left_out(error: &walkdir::Error) -> String {
    let shown = error.path().map_or_else(String::new, |p| p.display().to_string());
    if error.loop_ancestor().is_some() {
        return format!("{shown} left out: the link leads back to a folder above it");
    }
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    format!("{shown} left out: {why}")
}

/// The text of the file at `path`, if it is one of a size that people write.
pub(super) fn text(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("{shown} left out: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("{shown} left out: it is larger than {}", Size(LARGEST)));
    }
    String::from_utf8(bytes)
        .map_err(|error| format!("{shown} left out: it is no UTF-8 from byte {} on", error.utf8_error().valid_up_to()))
}

/// The path below `dir`, with `/` between its parts; `None` where its name is no UTF-8.
pub(super) fn below(dir: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(dir).unwrap_or(path);
    let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

fn is_markdown(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && is_markdown_name(entry.path())
}

fn leaf(directory: u32, dir: &Path, entry: &DirEntry) -> Result<Leaf, String> {
    let facts = entry.metadata().map_err(|error| left_out(&error))?;
    let nameless = || format!("{} left out: its name is no UTF-8", entry.path().display());
    let path = below(dir, entry.path()).ok_or_else(nameless)?;
    let (size, modified, inode) = (facts.len(), modified(&facts), inode(&facts));
    Ok(Leaf { directory, path, size, modified, inode, place: entry.path().to_owned() })
}

fn modified(facts: &Metadata) -> u64 {
    let since = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(unix)]
fn inode(facts: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(facts)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::markdown;

    #[test]
    fn files_are_found_at_every_depth_and_what_is_no_markdown_is_not() {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(home.path().join("a/b/.git")).expect("made");
        for name in ["z.md", "a/b/deep.MD", "a/notes.txt", "a/b/.git/x.md"] {
            fs::write(home.path().join(name), "# x\n").expect("written");
        }
        let (files, remarks) = markdown(&[home.path().to_owned()]);
        let seen: Vec<(&str, &str)> = files.iter().map(|f| (f.path.as_str(), f.text.as_str())).collect();
        assert_eq!((seen, remarks.len()), (vec![("a/b/deep.MD", "# x\n"), ("z.md", "# x\n")], 0));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir(home.path().join("a")).expect("made");
        #[cfg(unix)]
        std::os::unix::fs::symlink(home.path(), home.path().join("a/round")).expect("linked");
        fs::write(home.path().join("bad.md"), [b'#', 0xff, 0xfe]).expect("written");
        fs::File::create(home.path().join("big.md")).and_then(|f| f.set_len(50 << 20)).expect("grown");
        let (files, remarks) = markdown(&[home.path().to_owned(), home.path().join("gone")]);
        assert_eq!(files, []);
        for what in ["no UTF-8 from byte 1 on", "larger than 4.0 MiB", "gone left out: "] {
            assert!(remarks.iter().any(|r| r.contains(what)), "{what}: {remarks:?}");
        }
        #[cfg(unix)]
        assert!(remarks.iter().any(|r| r.contains("leads back")), "{remarks:?}");
    }
}
