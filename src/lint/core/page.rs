//! A Markdown file, read once for all rules.

use std::cell::OnceCell;

use crate::lint::shell::{Command, Script};
use crate::runbook::outline::{Dialect, Link, LinkKind, Outline};

use super::{Block, Ignores, across};

/// A file to look at: its path below the root of the tree, with `/` between its parts, and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input<'a> {
    /// Path.
    pub path: &'a str,
    /// Text.
    pub text: &'a str,
}

/// A link that leads into the web; only its caller can look whether it is alive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WebLink {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The address without its fragment.
    pub url: String,
}

/// How site generators are told to put another text here.
const INCLUDES: [&str; 11] = [
    "--8<--",
    "{% include",
    "{%- include",
    "{{< include",
    "{{% include",
    "[!INCLUDE",
    "{{< readfile",
    "{{% readfile",
    "<%= render",
    "import ",
    ".. include",
];

/// A Markdown file, taken apart.
#[derive(Debug)]
pub struct Page<'a> {
    input: Input<'a>,
    /// Its headings, sections and links.
    pub outline: Outline,
    /// Its code, in order.
    pub(in crate::lint) blocks: Vec<Block>,
    starts: Vec<usize>,
    scripts: OnceCell<Vec<(usize, Script)>>,
    commands: OnceCell<Vec<Command>>,
    ignores: OnceCell<Ignores>,
}

impl<'a> Page<'a> {
    /// Reads a file.
    #[must_use]
    pub fn read(input: Input<'a>) -> Self {
        let starts: Vec<usize> =
            std::iter::once(0).chain(input.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let outline = Outline::of(input.text);
        let blocks = Block::all(&outline, input.text, &starts);
        let (scripts, commands, ignores) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { input, outline, blocks, starts, scripts, commands, ignores }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.input.path
    }

    /// Its whole text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.input.text
    }

    /// The name of the file without its extension.
    #[must_use]
    pub fn stem(&self) -> &'a str {
        let name = self.path().rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Line and character of a byte, from 1.
    #[must_use]
    pub fn place(&self, byte: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts[line - 1];
        let before = self.text().get(start..byte).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// The byte at which a line begins.
    #[must_use]
    pub fn start_of(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text().len())
    }

    /// A line without its line feed; empty where there is none.
    #[must_use]
    pub fn line(&self, line: usize) -> &'a str {
        let text = self.text().get(self.start_of(line)..self.start_of(line + 1)).unwrap_or_default();
        text.trim_end_matches(['\n', '\r'])
    }

    /// Its front matter, where it is one of ours: YAML that has keys which only our runbooks have.
    #[must_use]
    pub fn head(&self) -> Option<&str> {
        let matter = self.outline.front_matter.as_ref().filter(|m| m.dialect == Dialect::Yaml)?;
        let has = |key: &str| matter.text.lines().any(|l| l.strip_prefix(key).is_some_and(|r| r.starts_with(':')));
        let ours = has("signals") || has("root_cause") || (has("id") && has("category") && has("fixes"));
        ours.then_some(matter.text.as_str())
    }

    /// The id that the head gives, whatever else is wrong with it.
    #[must_use]
    pub fn own_id(&self) -> Option<String> {
        self.head()?;
        self.outline.front_matter.as_ref()?.value("id")
    }

    /// The line of the head that has `key`, else its first.
    #[must_use]
    pub fn line_of_key(&self, key: &str) -> usize {
        let Some(matter) = &self.outline.front_matter else { return 1 };
        let at = matter.text.lines().position(|l| l.trim_start().trim_start_matches("- ").starts_with(key));
        at.map_or(1, |at| at + matter.line)
    }

    /// The line of the head that quotes `text`, else its first.
    #[must_use]
    pub fn line_of_text(&self, text: &str) -> usize {
        let Some(matter) = &self.outline.front_matter else { return 1 };
        let part: String = text.chars().take(40).take_while(|c| !matches!(c, '\'' | '"' | '\\')).collect();
        let at = matter.text.lines().position(|l| !part.is_empty() && l.contains(&part));
        at.map_or(1, |at| at + matter.line)
    }

    /// Its shell blocks as scripts, with the index of their block.
    #[must_use]
    pub(in crate::lint) fn scripts(&self) -> &[(usize, Script)] {
        self.scripts.get_or_init(|| {
            let blocks = self.blocks.iter().enumerate();
            blocks.filter_map(|(at, block)| Script::of(block).map(|script| (at, script))).collect()
        })
    }

    /// The commands in its shell blocks, in order.
    #[must_use]
    pub(in crate::lint) fn commands(&self) -> &[Command] {
        self.commands.get_or_init(|| self.scripts().iter().flat_map(|(at, script)| script.commands(*at)).collect())
    }

    /// What it asks to be ignored.
    pub(in crate::lint) fn ignores(&self) -> &Ignores {
        self.ignores.get_or_init(|| Ignores::of(self))
    }

    /// Its links, and the pages that Hugo's `{{< ref "x.md" >}}` names, which Markdown takes for text.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        let mut links: Vec<Link> = self.outline.links.clone();
        for open in ["{{<", "{{%"] {
            for (at, _) in self.text().match_indices(open) {
                let Some((inner, _)) = self.text()[at..].split_once("}}").filter(|(inner, _)| !inner.contains('\n'))
                else {
                    continue;
                };
                let target = format!("{inner}}}}}");
                let known = links.iter().any(|l| l.target == target);
                if !known && across::shortcode(&target).is_some() {
                    links.push(Link { kind: LinkKind::Link, target, text: String::new(), line: self.place(at).0 });
                }
            }
        }
        links
    }

    /// Whether the site puts other texts into it, with headings and definitions of their own.
    #[must_use]
    pub fn includes_others(&self) -> bool {
        let lines = self.text().lines().map(str::trim_start);
        lines.into_iter().any(|l| INCLUDES.iter().any(|i| l.starts_with(i)))
    }

    /// The links that lead into the web, each address once per page.
    #[must_use]
    pub fn web_links(&self) -> Vec<WebLink> {
        let links = self.outline.links.iter().filter(|l| l.kind != LinkKind::Undefined);
        let web = links.filter(|l| l.target.starts_with("https://") || l.target.starts_with("http://"));
        let mut seen: Vec<WebLink> = Vec::new();
        for link in web {
            let url = link.target.split('#').next().unwrap_or_default().to_owned();
            if !seen.iter().any(|s| s.url == url) {
                seen.push(WebLink { file: self.path().to_owned(), line: link.line, url });
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::{Input, Page};

    #[test]
    fn a_page_knows_its_places() {
        let page = Page::read(Input { path: "a/b.md", text: "# é x\n\n```sh\ndf\n```\n" });
        assert_eq!((page.stem(), page.place(5), page.line(4)), ("b", (1, 5), "df"));
        assert_eq!(page.blocks[0].lines[0].at, Some(14));
        assert_eq!(page.place(page.text().len()), (6, 1));
    }

    #[test]
    fn only_a_head_with_our_keys_is_ours() {
        let ours = "---\nid: x\nsignals: {}\n---\n# X\n";
        assert_eq!(Page::read(Input { path: "x.md", text: ours }).own_id().as_deref(), Some("x"));
        let foreign = "---\ntitle: x\nweight: 3\n---\n# X\n";
        assert!(Page::read(Input { path: "x.md", text: foreign }).head().is_none());
    }

    #[test]
    fn web_links_are_listed_once() {
        let text = "[a](https://example.test/x#y) [b](https://example.test/x) <https://example.test/z> [c](d.md)\n";
        let page = Page::read(Input { path: "x.md", text });
        let links = page.web_links();
        let urls: Vec<&str> = links.iter().map(|l| l.url.as_str()).collect();
        assert_eq!(urls, ["https://example.test/x", "https://example.test/z"]);
    }
}
