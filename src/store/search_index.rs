//! The search index on disk, so that the second search need not read every runbook again.
//!
//! One file for each set of directories. It is checked before it is used: every file by size, time and inode, and by content where those differ. One
//! that is damaged, of another version or of other built-in runbooks is built anew. Two that write at once do no harm: each writes a file
//! of its own and moves it into place, and either is right.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use twox_hash::XxHash3_64;

use super::files;
use super::tree::Leaf;
use crate::runbook::outline::Outline;
use crate::search::{Builder, Document, Index, Record, Stamp};

/// Indexes that are kept; of more the oldest goes.
const MOST: usize = 16;
const ENDING: &str = "index";
/// Files that are read ahead.
const AHEAD: usize = 32;

/// The documents that are to be searched.
#[derive(Debug, Default)]
pub struct Shelf<'c> {
    /// Built-in runbooks: the names of their files, and their texts. They are directory 0 of the index.
    pub built_in: Vec<(String, &'c str)>,
    /// The directories that were walked, for the name of the index.
    pub dirs: Vec<PathBuf>,
    /// Their files; directory 0 of the leaves is directory 1 of the index.
    pub leaves: Vec<Leaf>,
}

/// What came of opening an index.
#[derive(Debug)]
pub struct Opened {
    /// The index.
    pub index: Index,
    /// Files that were left out, and why.
    pub remarks: Vec<String>,
    /// It was taken from the disk as it was.
    pub from_disk: bool,
}

impl Shelf<'_> {
    /// Takes the index from the folder `cache` if it is there and still right, else builds it and leaves it there. Where nothing can
    /// be written the search works all the same.
    #[must_use]
    pub fn open(&self, cache: Option<&Path>) -> Opened {
        let place = cache.map(|dir| dir.join(format!("{:016x}.{ENDING}", self.name())));
        let old = place.as_deref().and_then(|place| fs::read(place).ok()).and_then(|bytes| Index::open(bytes).ok());
        if let Some((index, remarks)) = old.and_then(|index| self.check(index)) {
            return Opened { index, remarks, from_disk: true };
        }
        let (bytes, remarks) = self.build();
        if let Some(place) = &place {
            // A disk that is full, or a folder without rights, costs time only.
            let _ = files::keep(place, &bytes);
            place.parent().into_iter().for_each(clear);
        }
        let index = Index::open(bytes).unwrap_or_else(|_| unreachable!("the builder wrote it"));
        Opened { index, remarks, from_disk: false }
    }

    /// The Markdown of a document of the index, as it is now.
    #[must_use]
    pub fn text(&self, record: &Record) -> Option<Cow<'_, str>> {
        if record.directory == 0 {
            let book = self.built_in.iter().find(|(file, _)| *file == record.path);
            return book.map(|(_, text)| Cow::Borrowed(*text));
        }
        let leaf = self.leaves.iter().find(|l| l.directory + 1 == record.directory && l.path == record.path);
        leaf.and_then(|leaf| leaf.read().ok()).map(Cow::Owned)
    }

    /// The same for the same directories and built-in runbooks of the same program.
    fn name(&self) -> u64 {
        let mut hash = XxHash3_64::with_seed(0);
        let mut take = |bytes: &[u8]| {
            std::hash::Hasher::write_usize(&mut hash, bytes.len());
            std::hash::Hasher::write(&mut hash, bytes);
        };
        take(env!("CARGO_PKG_VERSION").as_bytes());
        for (file, text) in &self.built_in {
            take(file.as_bytes());
            take(text.as_bytes());
        }
        for dir in &self.dirs {
            let whole = fs::canonicalize(dir).unwrap_or_else(|_| dir.clone());
            take(whole.as_os_str().as_encoded_bytes());
        }
        std::hash::Hasher::finish(&hash)
    }

    /// Whether an index tells what is on the shelf now; then with the remarks on what never was in it.
    fn check(&self, index: Index) -> Option<(Index, Vec<String>)> {
        let known: HashMap<(u32, &str), Stamp> =
            index.files().filter(|f| f.directory > 0).map(|f| ((f.directory, f.path), f.stamp)).collect();
        let (mut here, mut remarks) = (0, Vec::new());
        for leaf in &self.leaves {
            match known.get(&(leaf.directory + 1, leaf.path.as_str())) {
                Some(stamp) if is_same(leaf, *stamp) => here += 1,
                Some(_) => return None,
                // It could not be read when the index was built; if that has changed, the index has not.
                None => remarks.push(leaf.read().err()?),
            }
        }
        drop(known);
        let all = index.files().filter(|f| f.directory > 0).count();
        (here == all).then_some((index, remarks))
    }

    fn build(&self) -> (Vec<u8>, Vec<String>) {
        let mut builder = Builder::new();
        for (path, text) in &self.built_in {
            builder.add(&Document { path, directory: 0, stamp: Stamp::default(), text });
        }
        let mut remarks = Vec::new();
        // Taking files apart and counting their words take about the same time.
        std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel(AHEAD);
            scope.spawn(move || {
                let read = |leaf: &Leaf| leaf.read().map(|text| (Outline::of(&text), text));
                for leaf in &self.leaves {
                    // The other side listens to the end.
                    let _ = sender.send((leaf, read(leaf)));
                }
            });
            for (leaf, read) in receiver {
                match read {
                    Ok((outline, text)) => add(&mut builder, leaf, &outline, &text),
                    Err(remark) => remarks.push(remark),
                }
            }
        });
        (builder.finish(), remarks)
    }
}

fn add(builder: &mut Builder, leaf: &Leaf, outline: &Outline, text: &str) {
    let hash = XxHash3_64::oneshot(text.as_bytes());
    let stamp = Stamp { size: leaf.size, modified: leaf.modified, inode: leaf.inode, hash };
    builder.add_outlined(&Document { path: &leaf.path, directory: leaf.directory + 1, stamp, text }, outline);
}

/// Whether a file is the one that was indexed: untouched, or touched and still the same.
fn is_same(leaf: &Leaf, stamp: Stamp) -> bool {
    let untouched = (leaf.size, leaf.modified, leaf.inode) == (stamp.size, stamp.modified, stamp.inode);
    untouched || leaf.read().is_ok_and(|text| XxHash3_64::oneshot(text.as_bytes()) == stamp.hash)
}

/// Lets the oldest go where there are too many.
fn clear(dir: &Path) {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let mut indexes: Vec<_> = entries
        .filter(|e| e.path().extension().is_some_and(|ending| ending == ENDING))
        .filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path())))
        .collect();
    indexes.sort();
    for (_, path) in indexes.iter().rev().skip(MOST) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Opened, Shelf};
    use crate::search::Query;
    use crate::store::leaves;

    fn open(dir: &Path, cache: &Path) -> Opened {
        let dirs = vec![dir.to_owned()];
        let (leaves, _) = leaves(&dirs);
        let built_in = vec![("disk-full.md".to_owned(), "# Disk is full\nno space left on device\n")];
        Shelf { built_in, dirs, leaves }.open(Some(cache))
    }

    fn found(opened: &Opened, query: &str) -> Vec<String> {
        opened.index.search(&Query::of(query), 5).hits.into_iter().map(|h| h.record.path).collect()
    }

    #[test]
    fn an_index_is_used_until_something_changes() {
        let (dir, cache) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let file = dir.path().join("queue.md");
        fs::write(&file, "# Queue grows\nconsumers lag behind\n").expect("written");
        assert!(!open(dir.path(), cache.path()).from_disk);
        let again = open(dir.path(), cache.path());
        assert!(again.from_disk);
        assert_eq!(found(&again, "consumers lag"), ["queue.md"]);
        // Touched, and still the same.
        fs::write(&file, "# Queue grows\nconsumers lag behind\n").expect("written");
        assert!(open(dir.path(), cache.path()).from_disk);
        fs::write(&file, "# Queue grows\nbrokers are gone!!!!!\n").expect("written");
        let changed = open(dir.path(), cache.path());
        assert!(!changed.from_disk);
        assert_eq!(found(&changed, "brokers"), ["queue.md"]);
        fs::remove_file(&file).expect("removed");
        let gone = open(dir.path(), cache.path());
        assert!(!gone.from_disk && found(&gone, "brokers").is_empty());
        assert_eq!(found(&gone, "no space left on device"), ["disk-full.md"]);
    }

    #[test]
    fn a_damaged_index_is_built_anew_and_an_unreadable_file_does_not_cost_the_index() {
        let (dir, cache) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::write(dir.path().join("queue.md"), "# Queue grows\nconsumers lag behind\n").expect("written");
        fs::write(dir.path().join("bad.md"), [0xff, 0xfe]).expect("written");
        let first = open(dir.path(), cache.path());
        assert_eq!(first.remarks.len(), 1);
        let second = open(dir.path(), cache.path());
        assert!(second.from_disk && second.remarks.len() == 1);
        let index = fs::read_dir(cache.path()).expect("there").next().expect("one").expect("readable").path();
        let mut bytes = fs::read(&index).expect("readable");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::write(&index, &bytes).expect("written");
        let anew = open(dir.path(), cache.path());
        assert!(!anew.from_disk);
        assert_eq!(found(&anew, "consumers lag"), ["queue.md"]);
        fs::write(&index, b"").expect("written");
        assert!(!open(dir.path(), cache.path()).from_disk);
    }

    #[test]
    fn two_that_write_at_once_leave_a_right_index() {
        let (dir, cache) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::write(dir.path().join("queue.md"), "# Queue grows\nconsumers lag behind\n").expect("written");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..20).for_each(|_| drop(open(dir.path(), cache.path()))));
            }
        });
        let opened = open(dir.path(), cache.path());
        assert!(opened.from_disk);
        assert_eq!(found(&opened, "consumers lag"), ["queue.md"]);
    }
}
