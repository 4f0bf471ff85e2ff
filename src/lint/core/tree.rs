//! The tree of files that pages link to, as far as the caller knows it.

use std::collections::{BTreeMap, BTreeSet};

use super::across::{self, Target};
use super::{Input, Page};
use crate::runbook::outline::LinkKind;

/// A Prometheus rule file, whose `runbook_url`s lead to runbooks.
pub type RuleFile<'a> = Input<'a>;

/// What is around a page. Nothing is read here: the caller walked the directories.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    /// Every file, with the anchors of those that are pages.
    files: BTreeMap<String, Anchors>,
    folders: BTreeSet<String>,
    extensions: BTreeSet<String>,
    known: BTreeSet<String>,
    rule_files: Vec<RuleFile<'a>>,
    /// Folders whose pages mostly link to nothing: they were cut out of a larger tree.
    excerpts: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Anchors {
    is_page: bool,
    names: BTreeSet<String>,
}

impl<'a> Tree<'a> {
    /// A tree of `pages` and of other files, all paths from the same root with `/` between their parts.
    #[must_use]
    pub fn new<'p>(pages: &[Page<'_>], others: impl IntoIterator<Item = &'p str>) -> Self {
        let mut tree = Self::default();
        for path in others {
            tree.add(path, Anchors::default());
        }
        for page in pages {
            let headings = page.outline.headings.iter().map(|h| h.anchor.clone());
            let names = headings.chain(page.outline.anchors.iter().map(|a| a.name.clone())).collect();
            tree.add(page.path(), Anchors { is_page: true, names });
        }
        tree.excerpts = tree.cut_out(pages);
        tree
    }

    /// The same with the ids of runbooks and checks that exist elsewhere: the built-in ones.
    #[must_use]
    pub fn with_known<'p>(mut self, ids: impl IntoIterator<Item = &'p str>) -> Self {
        self.known.extend(ids.into_iter().map(str::to_owned));
        self
    }

    /// The same with Prometheus rule files.
    #[must_use]
    pub fn with_rule_files(mut self, files: impl IntoIterator<Item = RuleFile<'a>>) -> Self {
        self.rule_files.extend(files);
        self
    }

    fn add(&mut self, path: &str, anchors: Anchors) {
        let name = path.rsplit('/').next().unwrap_or_default();
        if let Some((_, extension)) = name.rsplit_once('.') {
            self.extensions.insert(extension.to_ascii_lowercase());
        }
        let parents = path.match_indices('/').map(|(at, _)| path[..at].to_owned());
        self.folders.extend(parents);
        self.files.insert(path.to_owned(), anchors);
    }

    /// Whether a file stands there.
    #[must_use]
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a folder stands there; the root always does.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
    }

    /// Whether the root has folders and no file of its own: several trees side by side.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        !self.folders.is_empty() && self.files.keys().all(|path| path.contains('/'))
    }

    /// Whether any file of the tree ends so: a tree without any image was copied without its images.
    #[must_use]
    pub fn has_extension(&self, extension: &str) -> bool {
        self.extensions.contains(&extension.to_ascii_lowercase())
    }

    /// Whether the page at `path` has the anchor; `None` where it is no page.
    #[must_use]
    pub fn has_anchor(&self, path: &str, anchor: &str) -> Option<bool> {
        self.files.get(path).filter(|a| a.is_page).map(|a| a.names.contains(anchor))
    }

    /// Whether the page at `path` has no anchor that could be `anchor`: sites make anchors in different ways, but of the same letters.
    #[must_use]
    pub fn lacks_anchor(&self, path: &str, anchor: &str) -> bool {
        let wanted = letters(anchor);
        let bare = wanted.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_near = |name: &String| {
            let name = letters(name);
            name == wanted || name.trim_end_matches(|c: char| c.is_ascii_digit()) == bare
        };
        !wanted.is_empty()
            && self
                .files
                .get(path)
                .is_some_and(|a| a.is_page && !a.names.contains(anchor) && !a.names.iter().any(is_near))
    }

    /// The anchor of the page at `path` that begins most like `anchor`, where that is most of both or the whole of one.
    #[must_use]
    pub fn similar_anchor(&self, path: &str, anchor: &str) -> Option<&str> {
        let shared = |name: &str| name.bytes().zip(anchor.bytes()).take_while(|(a, b)| a == b).count();
        let names = self.files.get(path)?.names.iter().map(|n| (shared(n), n));
        let (shared, best) = names.max_by_key(|(shared, name)| (*shared, std::cmp::Reverse(name.len())))?;
        let alike = shared >= 8 && (shared == best.len() || shared * 4 >= best.len().max(anchor.len()) * 3);
        alike.then_some(best.as_str())
    }

    /// The one anchor of the page at `path` that is `anchor` but for its case or its punctuation.
    #[must_use]
    pub fn near_anchor(&self, path: &str, anchor: &str) -> Option<&str> {
        let wanted = letters(anchor);
        let mut near = self.files.get(path)?.names.iter().filter(|n| !wanted.is_empty() && letters(n) == wanted);
        let first = near.next()?;
        near.next().is_none().then_some(first)
    }

    /// Every file, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Ids that the caller knows.
    #[must_use]
    pub fn known(&self) -> &BTreeSet<String> {
        &self.known
    }

    /// The Prometheus rule files.
    #[must_use]
    pub fn rule_files(&self) -> &[RuleFile<'a>] {
        &self.rule_files
    }

    /// Whether the folder of `path` was cut out of a larger tree, so that a file that is missing says nothing.
    #[must_use]
    pub fn is_excerpt(&self, path: &str) -> bool {
        self.excerpts.contains(folder_of(path))
    }

    /// Folders in which at least three files are linked to and more of them are missing than there.
    fn cut_out(&self, pages: &[Page<'_>]) -> BTreeSet<String> {
        let mut seen: BTreeMap<&str, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        for page in pages {
            let (there, missing) = seen.entry(folder_of(page.path())).or_default();
            for link in page.outline.links.iter().filter(|l| l.kind != LinkKind::Undefined) {
                match across::resolve(page.path(), &link.target, self) {
                    Target::File(path, _) if path != page.path() => _ = there.insert(path),
                    Target::Missing(path) | Target::Uncollected(path) => _ = missing.insert(path),
                    _ => {}
                }
            }
        }
        let cut = seen.into_iter().filter(|(_, (there, missing))| missing.len() >= 3 && missing.len() > there.len());
        cut.map(|(folder, _)| folder.to_owned()).collect()
    }
}

/// What all ways to make an anchor keep of a heading.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::{Input, Page, Tree};

    #[test]
    fn a_tree_knows_files_folders_and_anchors() {
        let pages = [Page::read(Input { path: "a/b.md", text: "# One Two\n" })];
        let tree = Tree::new(&pages, ["a/img/x.png"]);
        assert!(tree.has_file("a/img/x.png") && tree.has_folder("a/img") && tree.has_folder(""));
        assert_eq!(tree.has_anchor("a/b.md", "one-two"), Some(true));
        assert_eq!(tree.has_anchor("a/img/x.png", "one-two"), None);
        assert_eq!(tree.near_anchor("a/b.md", "One-Two"), Some("one-two"));
        assert_eq!(tree.similar_anchor("a/b.md", "three"), None);
        assert!(tree.has_extension("PNG") && !tree.has_extension("svg"));
    }

    #[test]
    fn a_folder_that_mostly_links_to_nothing_is_an_excerpt() {
        let text = "[a](x/a.md) [b](x/b.md) [c](x/c.md) [d](there.md)\n";
        let pages = [Page::read(Input { path: "in/p.md", text }), Page::read(Input { path: "in/there.md", text: "" })];
        assert!(Tree::new(&pages, []).is_excerpt("in/p.md"));
        let all = ["in/x/a.md", "in/x/b.md"];
        assert!(!Tree::new(&pages, all).is_excerpt("in/p.md"));
    }
}
