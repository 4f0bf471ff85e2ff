//! Where a relative link of a page leads, in the conventions of the site generators that runbooks are written for.

use super::Tree;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint) enum Target {
    /// Into a file of the tree, to an anchor or to its begin.
    File(String, Option<String>),
    /// To a folder of the tree.
    Folder,
    /// Nowhere: this file or folder is not in the tree.
    Missing(String),
    /// Nowhere, but in a folder that may just not have been collected.
    Uncollected(String),
    /// Out of the tree, into the web, or to something that only a site generator knows.
    Elsewhere,
}

/// Follows `target` from the page at `from`.
pub(in crate::lint) fn resolve(from: &str, target: &str, tree: &Tree<'_>) -> Target {
    let written = target.trim();
    let target = shortcode(written).unwrap_or(written);
    if is_foreign(target) {
        return Target::Elsewhere;
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let path = path.split('?').next().unwrap_or_default();
    let anchor = anchor.filter(|a| !a.is_empty()).map(decoded);
    if path.is_empty() {
        return Target::File(from.to_owned(), anchor);
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(full) = joined(folder, &decoded(path)) else { return Target::Elsewhere };
    match found(&full, tree).or_else(|| within_page(from, path, tree)) {
        Some(Place::File(file)) => Target::File(file, anchor),
        Some(Place::Folder) => Target::Folder,
        None if is_claimable(&full, written, target, tree) && is_uncollected(&full, tree) => Target::Uncollected(full),
        None if is_claimable(&full, written, target, tree) => Target::Missing(full),
        None => Target::Elsewhere,
    }
}

/// Hugo's pages are folders of their own once they are rendered, so that people write links from there.
fn within_page(from: &str, path: &str, tree: &Tree<'_>) -> Option<Place> {
    let inside = from.strip_suffix(".md")?;
    found(&joined(inside, &decoded(path))?, tree)
}

/// The argument of Hugo's `{{< relref "x.md" >}}`.
pub(super) fn shortcode(target: &str) -> Option<&str> {
    let inner = target.strip_prefix("{{<").or_else(|| target.strip_prefix("{{%"))?.trim();
    let rest = inner.strip_prefix("relref").or_else(|| inner.strip_prefix("ref"))?;
    rest.split(['"', '\'', '`']).nth(1)
}

/// Web addresses, addresses from the root of an unknown site, templates, placeholders and things that are no path at all.
fn is_foreign(target: &str) -> bool {
    let scheme = target.split_once(':').is_some_and(|(s, _)| {
        !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    scheme
        || target.is_empty()
        || target.starts_with(['/', '~', '@'])
        || target.contains(['{', '}', '<', '>', '$', '*', '|', '\\', '"', '`', ' '])
        || target.split('%').skip(1).any(|code| code.get(..2).is_none_or(|c| u8::from_str_radix(c, 16).is_err()))
}

/// Whether a file that is not there is a fault of the link. What has no ending may be made by a generator, and a tree that has no file
/// with that ending was copied without them.
fn is_claimable(full: &str, written: &str, target: &str, tree: &Tree<'_>) -> bool {
    let name = full.rsplit('/').next().unwrap_or_default();
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let plain = !stem.is_empty() && extension.len() <= 5 && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    let page =
        !matches!(extension.to_ascii_lowercase().as_str(), "html" | "htm" | "aspx" | "php" | "com" | "org" | "io");
    // `relref` also finds a page by its name alone.
    plain && page && tree.has_extension(extension) && (written == target || target.contains('/'))
}

/// Whether the path leads into a tree that is not among those that stand side by side here.
fn is_uncollected(full: &str, tree: &Tree<'_>) -> bool {
    tree.is_collection() && !tree.has_folder(full.split('/').next().unwrap_or_default())
}

/// What stands at a path.
enum Place {
    File(String),
    /// A folder without an index.
    Folder,
}

fn found(path: &str, tree: &Tree<'_>) -> Option<Place> {
    let bare = path.trim_end_matches('/');
    let page = bare.strip_suffix(".html").or_else(|| bare.strip_suffix(".htm"));
    let names = [bare.to_owned(), format!("{bare}.md"), format!("{bare}.mdx"), format!("{bare}.html.md")];
    let rendered = page.into_iter().flat_map(|p| [format!("{p}.md"), format!("{p}.html.md"), format!("{p}/index.md")]);
    let indexes = ["README.md", "index.md", "_index.md", "readme.md", "Readme.md"];
    let inside = indexes.iter().map(|i| if bare.is_empty() { (*i).to_owned() } else { format!("{bare}/{i}") });
    let file = names.into_iter().chain(rendered).chain(inside).find(|f| tree.has_file(f));
    file.map(Place::File).or_else(|| tree.has_folder(bare).then_some(Place::Folder))
}

/// Puts a relative path behind a folder; `None` where it leaves the tree.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Undoes percent-encoding where the outcome is UTF-8.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let byte = code.and_then(|c| u8::from_str_radix(c, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Target, resolve};
    use crate::lint::core::{Input, Page, Tree};

    fn at(target: &str) -> Target {
        let pages = ["a/b.md", "a/c d.md", "a/sub/README.md", "e/f.md", "a/b/inner.md"]
            .map(|path| Page::read(Input { path, text: "# Top\n" }));
        resolve("a/b.md", target, &Tree::new(&pages, ["a/x.png", "e/raw/y.txt"]))
    }

    fn file(path: &str) -> Target {
        Target::File(path.to_owned(), None)
    }

    #[test]
    fn relative_links_find_their_files() {
        assert_eq!(at("../e/f.md#top"), Target::File("e/f.md".to_owned(), Some("top".to_owned())));
        assert_eq!(at("#top"), Target::File("a/b.md".to_owned(), Some("top".to_owned())));
        assert_eq!(
            (at("./c%20d.md"), at("sub/"), at("sub")),
            (file("a/c d.md"), file("a/sub/README.md"), file("a/sub/README.md"))
        );
        assert_eq!((at("../e/f"), at("../e/f.html"), at("../e/f/")), (file("e/f.md"), file("e/f.md"), file("e/f.md")));
        assert_eq!(
            (at("x.png"), at("../e/raw"), at("inner.md")),
            (file("a/x.png"), Target::Folder, file("a/b/inner.md"))
        );
        assert_eq!(at("{{< relref \"../e/f.md\" >}}"), file("e/f.md"));
    }

    #[test]
    fn what_is_not_there_is_missing() {
        assert_eq!(at("gone.md"), Target::Missing("a/gone.md".to_owned()));
        assert_eq!(at("../f/gone.md"), Target::Uncollected("f/gone.md".to_owned()), "the root has no page");
        assert_eq!(at("../e/gone.png"), Target::Missing("e/gone.png".to_owned()));
    }

    #[test]
    fn what_cannot_be_known_is_elsewhere() {
        for target in [
            "/root.md",
            "../../out.md",
            "https://example.test/x.md",
            "mailto:a@example.test",
            "x.svg",
            "gone",
            "gone.html",
            "{{ var }}",
            "{{< relref \"gone.md\" >}}",
            "",
            "<x>.md",
        ] {
            assert_eq!(at(target), Target::Elsewhere, "{target}");
        }
    }
}
