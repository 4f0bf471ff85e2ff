//! The Markdown that lint and test look at: the built-in runbooks, files that were named, directories all the way down.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::super::Advice;
use crate::lint::{Input, Page};
use crate::runbook::Catalogue;
use crate::store;
use crate::text::Count;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The pages, in the order in which they were named.
    pub(super) all: Vec<Sheet>,
    /// Paths of other files, from the same root as the pages.
    pub(super) others: Vec<String>,
    /// What was left out, and why.
    pub(super) notes: Vec<String>,
    /// A file that was named could not be read.
    pub(super) missed: bool,
}

/// A Markdown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Its path from the root of the tree.
    pub(super) path: String,
    /// As a person names it.
    pub(super) shown: String,
    /// Where it is; nowhere for a built-in one.
    pub(super) place: Option<PathBuf>,
    /// Its text.
    pub(super) text: String,
}

impl Sheet {
    /// What the linter takes.
    pub(super) fn input(&self) -> Input<'_> {
        Input { path: &self.path, text: &self.text }
    }
}

/// The runbooks that came with the binary, under the names they have in its repository.
pub(super) fn built_in() -> Pages {
    let sheet = |entry: &crate::runbook::Entry| Sheet {
        path: entry.file(),
        shown: format!("runbooks/{}", entry.file()),
        place: None,
        text: entry.text().to_owned(),
    };
    let all = Catalogue::built_in().entries().iter().map(sheet).collect();
    Pages { all, others: vec!["README.md".into(), "taxonomy.tsv".into()], ..Pages::default() }
}

/// Reads what was named. A single directory is the root of its tree; otherwise the current one is.
pub(super) fn read(paths: &[PathBuf]) -> anyhow::Result<Pages> {
    let mut pages = Pages::default();
    let lone = paths.len() == 1;
    for path in paths {
        if path.is_dir() { pages.directory(path, lone) } else { pages.file(path) }
    }
    if pages.all.is_empty() {
        return Err(pages.nothing(paths).into());
    }
    pages.once();
    pages.surroundings();
    Ok(pages)
}

impl Pages {
    fn directory(&mut self, dir: &Path, lone: bool) {
        let root = if lone { String::new() } else { label(dir) };
        let (files, notes) = store::markdown(&[dir.to_owned()]);
        if files.is_empty() && notes.is_empty() {
            self.notes.push(format!("{} holds no Markdown", dir.display()));
        }
        self.notes.extend(notes.iter().map(|note| note.strip_prefix("./").unwrap_or(note).to_owned()));
        for file in files {
            let place = dir.join(&file.path);
            let shown = shown(&place);
            self.all.push(Sheet { path: joined(&root, &file.path), shown, place: Some(place), text: file.text });
        }
        self.others.extend(store::file_names(dir).iter().map(|name| joined(&root, name)));
    }

    fn file(&mut self, path: &Path) {
        match store::read_text(path) {
            Ok(text) => {
                self.all.push(Sheet { path: label(path), shown: shown(path), place: Some(path.to_owned()), text });
            }
            Err(why) => {
                self.notes.push(why);
                self.missed = true;
            }
        }
    }

    fn nothing(&self, paths: &[PathBuf]) -> Advice {
        let what = match self.notes.as_slice() {
            [] => "there is no Markdown to look at".to_owned(),
            [only] => format!("nothing could be read: {only}"),
            [first, rest @ ..] => {
                let more = Count(rest.len() as u64, "more file");
                format!("nothing could be read: {first}, and {more} like it")
            }
        };
        let named = paths.first().map_or_else(String::new, |p| p.display().to_string());
        Advice { what, help: format!("name a Markdown file, or a directory that holds some, instead of {named}") }
    }

    /// Leaves out what was named twice.
    fn once(&mut self) {
        let mut seen = BTreeSet::new();
        self.all.retain(|sheet| {
            let place = sheet.place.as_deref().and_then(|p| fs::canonicalize(p).ok());
            place.is_none_or(|place| seen.insert(place))
        });
    }

    /// What stands where the links of files that were named alone lead, so that nothing that is there is called missing.
    fn surroundings(&mut self) {
        let known: BTreeSet<&str> = self.others.iter().map(String::as_str).collect();
        let alone = self.all.iter().filter(|s| !known.contains(s.path.as_str()));
        let mut looked = BTreeSet::new();
        let mut found = BTreeSet::new();
        for (sheet, place) in alone.filter_map(|s| Some((s, s.place.as_deref()?))) {
            for folder in linked_folders(sheet) {
                let at = place.parent().unwrap_or(Path::new("")).join(&folder);
                let at = if at.as_os_str().is_empty() { PathBuf::from(".") } else { at };
                if looked.insert(at.clone()) {
                    let root = label(&at);
                    found.extend(store::names_in(&at).iter().map(|name| joined(&root, name)));
                }
            }
        }
        self.others.extend(found);
    }
}

/// The folders that links of a page lead into, as written: of the file, and the target itself where it is one.
fn linked_folders(sheet: &Sheet) -> BTreeSet<String> {
    let links = Page::read(sheet.input()).links();
    let paths = links.iter().map(|l| l.target.split(['#', '?']).next().unwrap_or_default().replace("%20", " "));
    let relative = paths.filter(|p| !p.contains(':') && !p.starts_with('/'));
    relative
        .flat_map(|path| {
            let above = path.rsplit_once('/').map_or(String::new(), |(above, _)| above.to_owned());
            [above, path]
        })
        .collect()
}

/// A path without `.` and what `..` takes back, so that it is the same however it is spelt.
fn label(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir if parts.last().is_some_and(|p| p != "..") => drop(parts.pop()),
            Component::ParentDir => parts.push("..".into()),
            _ => {}
        }
    }
    parts.join("/")
}

/// How a path is shown: without a `./` that nobody needs.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

fn joined(root: &str, path: &str) -> String {
    if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{label, read};

    #[test]
    fn a_path_has_one_label() {
        let labels = ["./docs/a.md", "docs/x/../a.md", "/docs//a.md"].map(|p| label(Path::new(p)));
        assert_eq!(labels, ["docs/a.md"; 3]);
        assert_eq!(label(Path::new("../../a")), "../../a");
    }

    #[test]
    fn what_a_lone_file_links_to_is_known() {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(home.path().join("docs/img")).expect("made");
        fs::write(home.path().join("docs/a.md"), "[b](b.md) ![i](img/x.png) [up](../top.md)\n").expect("written");
        for name in ["docs/b.md", "docs/img/x.png", "top.md"] {
            fs::write(home.path().join(name), "").expect("written");
        }
        let pages = read(&[home.path().join("docs/a.md")]).expect("readable");
        assert_eq!(pages.all.len(), 1);
        for name in ["docs/b.md", "docs/img/x.png", "top.md"] {
            assert!(pages.others.iter().any(|o| o.ends_with(name)), "{name}: {:?}", pages.others);
        }
        let twice = read(&[home.path().join("docs/a.md"), home.path().to_owned()]).expect("readable");
        assert_eq!(twice.all.len(), 3);
    }
}
