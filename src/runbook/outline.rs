//! What a Markdown file consists of: head, title, headings with anchors, sections, code blocks, links.
//!
//! One reading serves search (fields, passages) and lint (dead links, lines to point at), so that both agree about where a
//! section begins. Any text is a Markdown file: nothing here fails, a broken head is only a head that says nothing.
//! Lines count from 1 and byte ranges from 0, both in the whole file with its head. Imports nothing of ours.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

mod front_matter;

pub use front_matter::{Dialect, FrontMatter};

/// A Markdown file, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The block of YAML or TOML before the text, if there is one.
    pub front_matter: Option<FrontMatter>,
    /// `title` of the front matter, else the text of the first heading.
    pub title: Option<String>,
    /// The headings in their order.
    pub headings: Vec<Heading>,
    /// The text between headings, in its order; the first has no heading where text comes before one.
    pub sections: Vec<Section>,
    /// Links, images, definitions of references and references that nothing defines, by line.
    pub links: Vec<Link>,
    /// Anchors that somebody set by hand: `name` and `id` of HTML elements, `{#id}` of headings.
    pub anchors: Vec<Anchor>,
}

/// A heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The text without markup.
    pub text: String,
    /// What a link to it says behind `#`, as GitHub makes it (with `-1` for a repeated one), or the `{#id}` given by hand.
    pub anchor: String,
    /// The line on which it begins.
    pub line: usize,
}

/// The text from one heading to the next of any level, the heading included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Index into [`Outline::headings`]; none for text before the first heading.
    pub heading: Option<usize>,
    /// Where it lies in the file, in bytes.
    pub bytes: Range<usize>,
    /// Where it lies in the file, in lines.
    pub lines: RangeInclusive<usize>,
    /// The text without markup, heading and code blocks; blocks end with a line feed.
    pub prose: String,
    /// The code blocks.
    pub code: Vec<CodeBlock>,
}

/// A block of code, fenced or indented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeBlock {
    /// The whole text behind the opening fence: `log match`.
    pub info: String,
    /// The first word of it: `log`. Empty where there is none.
    pub language: String,
    /// The code.
    pub text: String,
    /// The line on which `text` begins.
    pub line: usize,
    /// Between fences, rather than indented.
    pub fenced: bool,
    /// Not fenced, or the closing fence is there.
    pub closed: bool,
}

/// What kind of thing a [`Link`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](target)`, `[text][label]`, `<a href>`.
    Link,
    /// `![text](target)`, `<img src>`.
    Image,
    /// `<https://…>` or a mail address in angle brackets.
    Auto,
    /// `[label]: target`; the text is the label.
    Definition,
    /// `[text][label]` or `[label][]` where nothing defines the label; the target is the label.
    Undefined,
}

/// A link, or something like it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What kind it is.
    pub kind: LinkKind,
    /// Where it leads, as written.
    pub target: String,
    /// What a reader sees of it.
    pub text: String,
    /// The line on which it begins.
    pub line: usize,
}

/// An anchor that was set by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Its name, without `#`.
    pub name: String,
    /// The line on which it stands.
    pub line: usize,
}

impl Outline {
    /// Takes `text` apart.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let front_matter = FrontMatter::of(text);
        let base = front_matter.as_ref().map_or(0, |head| head.body);
        let mut outline = Reader::new(text, base).read();
        let titled = front_matter.as_ref().and_then(|head| head.value("title"));
        outline.title = titled.or_else(|| outline.headings.iter().map(|h| h.text.clone()).find(|t| !t.is_empty()));
        outline.front_matter = front_matter;
        outline
    }

    /// Whether a link to `#anchor` leads somewhere in this file.
    #[must_use]
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.headings.iter().any(|h| h.anchor == anchor) || self.anchors.iter().any(|a| a.name == anchor)
    }
}

/// The anchor GitHub gives a heading: lower case, words joined by hyphens, punctuation left out.
#[must_use]
pub fn slug(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Where the reader puts the text that comes.
enum Place {
    Prose,
    Heading,
    Code,
}

struct Reader<'t> {
    text: &'t str,
    base: usize,
    /// The offsets of all line feeds.
    feeds: Vec<usize>,
    outline: Outline,
    place: Place,
    /// Indices of the links around the text that comes.
    open: Vec<usize>,
    slugs: HashMap<String, usize>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, base: usize) -> Self {
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        let outline = Outline::default();
        Self { text, base, feeds, outline, place: Place::Prose, open: Vec::new(), slugs: HashMap::new() }
    }

    fn read(mut self) -> Outline {
        let body: &'t str = &self.text[self.base..];
        let mut undefined: Vec<(String, Range<usize>)> = Vec::new();
        let mut note = |link: BrokenLink<'t>| -> Option<(CowStr<'t>, CowStr<'t>)> {
            if !matches!(link.link_type, LinkType::Shortcut | LinkType::ShortcutUnknown) {
                undefined.push((link.reference.to_string(), link.span));
            }
            None
        };
        self.begin(None, self.base);
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_FOOTNOTES;
        let parser = Parser::new_with_broken_link_callback(body, options, Some(&mut note));
        for (label, definition) in parser.reference_definitions().iter() {
            self.link(LinkKind::Definition, &definition.dest, label, definition.span.start);
        }
        for (event, range) in parser.into_offset_iter() {
            self.take(event, &range);
        }
        for (label, span) in undefined {
            self.link(LinkKind::Undefined, &label, &body[span.clone()], span.start);
        }
        self.close()
    }

    fn close(mut self) -> Outline {
        self.end(self.text.len());
        self.outline.links.sort_by_key(|link| link.line);
        self.outline.links.dedup();
        self.outline
    }

    fn take(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.enter(tag, range),
            Event::End(tag) => self.leave(tag),
            Event::Text(text) | Event::Code(text) => self.write(&text, range.start),
            Event::InlineHtml(html) => self.html(&html, range.start),
            Event::SoftBreak | Event::HardBreak => self.write(" ", range.start),
            _ => {}
        }
    }

    fn enter(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                let at = self.base + range.start;
                self.end(at);
                let anchor = id.map(|id| id.to_string()).unwrap_or_default();
                let heading = Heading { level: level as u8, anchor, line: self.line(at), ..Heading::default() };
                self.outline.headings.push(heading);
                self.begin(Some(self.outline.headings.len() - 1), at);
                self.place = Place::Heading;
            }
            Tag::CodeBlock(kind) => self.code(&kind, range),
            Tag::HtmlBlock => self.html(&self.text[self.base..][range.clone()], range.start),
            Tag::Link { link_type, dest_url, .. } => {
                let auto = matches!(link_type, LinkType::Autolink | LinkType::Email);
                self.open.push(self.outline.links.len());
                self.link(if auto { LinkKind::Auto } else { LinkKind::Link }, &dest_url, "", range.start);
            }
            Tag::Image { dest_url, .. } => {
                self.open.push(self.outline.links.len());
                self.link(LinkKind::Image, &dest_url, "", range.start);
            }
            _ => {}
        }
    }

    fn leave(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.place = Place::Prose;
                self.name();
            }
            TagEnd::CodeBlock => self.place = Place::Prose,
            TagEnd::Link | TagEnd::Image => drop(self.open.pop()),
            TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell => self.write("\n", 0),
            _ => {}
        }
    }

    /// Gives the heading that ended its anchor.
    fn name(&mut self) {
        let Some(heading) = self.outline.headings.last_mut() else { return };
        heading.text = heading.text.trim().to_owned();
        if !heading.anchor.is_empty() {
            self.outline.anchors.push(Anchor { name: heading.anchor.clone(), line: heading.line });
            return;
        }
        let plain = slug(&heading.text);
        let mut name = plain.clone();
        while self.slugs.contains_key(&name) {
            let count = self.slugs.entry(plain.clone()).or_default();
            *count += 1;
            name = format!("{plain}-{count}");
        }
        self.slugs.insert(name.clone(), 0);
        heading.anchor = name;
    }

    fn begin(&mut self, heading: Option<usize>, at: usize) {
        let line = self.line(at);
        let (prose, code) = (String::new(), Vec::new());
        self.outline.sections.push(Section { heading, bytes: at..at, lines: line..=line, prose, code });
    }

    /// Ends the current section before byte `at`; one without heading that holds nothing is no section.
    fn end(&mut self, at: usize) {
        let last = self.line(at.saturating_sub(1));
        let Some(section) = self.outline.sections.last_mut() else { return };
        section.bytes.end = at.max(section.bytes.start);
        section.lines = *section.lines.start()..=last.max(*section.lines.start());
        let silent = section.prose.trim().is_empty() && section.code.is_empty();
        if silent && section.heading.is_none() {
            self.outline.sections.pop();
        }
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        let raw = self.text[self.base..][range.clone()].trim_end();
        let (info, fenced) = match kind {
            CodeBlockKind::Fenced(info) => (info.to_string(), true),
            CodeBlockKind::Indented => (String::new(), false),
        };
        let language = info.split([' ', '\t', ',', '{']).next().unwrap_or_default().to_owned();
        let closed = !fenced || raw.contains('\n') && (raw.ends_with("```") || raw.ends_with("~~~"));
        let line = self.line(self.base + range.start) + usize::from(fenced);
        let block = CodeBlock { info, language, text: String::new(), line, fenced, closed };
        if let Some(section) = self.outline.sections.last_mut() {
            section.code.push(block);
        }
        self.place = Place::Code;
    }

    /// Adds `text`, found `at` a byte of the body, to what it is part of.
    fn write(&mut self, text: &str, at: usize) {
        let line = self.line(self.base + at);
        for index in &self.open {
            if let Some(link) = self.outline.links.get_mut(*index) {
                link.text.push_str(text);
            }
        }
        let Some(section) = self.outline.sections.last_mut() else { return };
        match (&self.place, section.code.last_mut(), self.outline.headings.last_mut()) {
            (Place::Code, Some(block), _) => {
                if block.text.is_empty() {
                    block.line = line;
                }
                block.text.push_str(text);
            }
            (Place::Heading, _, Some(heading)) => heading.text.push_str(text),
            _ => section.prose.push_str(text),
        }
    }

    /// Reads tags for anchors and links, and what stands between them for its text.
    fn html(&mut self, html: &str, at: usize) {
        let mut rest = html;
        while let Some((before, tag)) = rest.split_once('<') {
            self.write(before, at);
            let start = at + html.len() - tag.len();
            let comment = tag.starts_with("!--");
            let (inner, after) = tag.split_once(if comment { "-->" } else { ">" }).unwrap_or((tag, ""));
            if !comment {
                self.tag(inner, start);
            }
            rest = after;
        }
        self.write(rest, at);
    }

    fn tag(&mut self, tag: &str, at: usize) {
        for key in ["name", "id"] {
            if let Some(name) = attribute(tag, key) {
                let line = self.line(self.base + at);
                self.outline.anchors.push(Anchor { name: name.to_owned(), line });
            }
        }
        if let Some(target) = attribute(tag, "href") {
            self.link(LinkKind::Link, target, "", at);
        }
        if let Some(target) = attribute(tag, "src") {
            self.link(LinkKind::Image, target, attribute(tag, "alt").unwrap_or_default(), at);
        }
    }

    fn link(&mut self, kind: LinkKind, target: &str, text: &str, at: usize) {
        let line = self.line(self.base + at);
        self.outline.links.push(Link { kind, target: target.to_owned(), text: text.to_owned(), line });
    }

    /// The line of byte `at` of the file.
    fn line(&self, at: usize) -> usize {
        self.feeds.partition_point(|feed| *feed < at) + 1
    }
}

/// The value of an attribute of an HTML tag.
fn attribute<'t>(tag: &'t str, key: &str) -> Option<&'t str> {
    let at = tag.match_indices(key).map(|(at, _)| at).find(|at| {
        let tail = tag[at + key.len()..].trim_start();
        tag[..*at].ends_with(char::is_whitespace) && tail.starts_with('=')
    })?;
    let value = tag[at + key.len()..].trim_start().strip_prefix('=')?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '\t', '\n', '/']).next(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LinkKind, Outline, slug};

    const FILE: &str = "---\ntitle: From the head\n---\nBefore.\n\n# Disk `full`\n\nSee [more](other.md#x) and\n\
        ![plan](plan.png).\n\n```sh -x\ndf -h\n```\n\n## Steps\n\n<a name=\"here\"></a>\n\n- one\n- two [gone][label]\n\n\
        ## Steps\n\n    indented\n\n[def]: https://example.test\n";

    #[test]
    fn headings_have_lines_and_anchors() {
        let outline = Outline::of(FILE);
        assert_eq!(outline.title.as_deref(), Some("From the head"));
        let seen: Vec<_> =
            outline.headings.iter().map(|h| (h.level, h.text.as_str(), h.anchor.as_str(), h.line)).collect();
        let wanted = [(1, "Disk full", "disk-full", 6), (2, "Steps", "steps", 15), (2, "Steps", "steps-1", 22)];
        assert_eq!(seen, wanted);
        assert!(outline.has_anchor("here") && outline.has_anchor("steps-1") && !outline.has_anchor("steps-2"));
        assert_eq!(outline.anchors[0].line, 17);
    }

    #[test]
    fn sections_cover_the_text_after_the_head() {
        let outline = Outline::of(FILE);
        let seen: Vec<_> = outline.sections.iter().map(|s| (s.heading, s.lines.clone())).collect();
        assert_eq!(seen, [(None, 4..=5), (Some(0), 6..=14), (Some(1), 15..=21), (Some(2), 22..=26)]);
        let whole: String = outline.sections.iter().map(|s| &FILE[s.bytes.clone()]).collect();
        assert_eq!(whole, FILE[outline.front_matter.unwrap().body..]);
        assert_eq!(outline.sections[1].prose.trim(), "See more and plan.");
        assert_eq!(outline.sections[2].prose.trim(), "one\ntwo [gone][label]");
    }

    #[test]
    fn code_knows_its_language_and_line() {
        let outline = Outline::of(FILE);
        let fenced = &outline.sections[1].code[0];
        assert_eq!((fenced.info.as_str(), fenced.language.as_str()), ("sh -x", "sh"));
        assert_eq!((fenced.text.as_str(), fenced.line, fenced.fenced && fenced.closed), ("df -h\n", 12, true));
        let plain = &outline.sections[3].code[0];
        assert_eq!((plain.text.as_str(), plain.line, plain.fenced), ("indented\n", 24, false));
        assert!(!Outline::of("```\nopen\n").sections[0].code[0].closed);
    }

    #[test]
    fn links_are_all_there_by_line() {
        let outline = Outline::of(FILE);
        let seen: Vec<_> = outline.links.iter().map(|l| (l.kind, l.target.as_str(), l.text.as_str(), l.line)).collect();
        let wanted = [
            (LinkKind::Link, "other.md#x", "more", 8),
            (LinkKind::Image, "plan.png", "plan", 9),
            (LinkKind::Undefined, "label", "[gone][label]", 20),
            (LinkKind::Definition, "https://example.test", "def", 26),
        ];
        assert_eq!(seen, wanted);
        let html = Outline::of("<p><img src='a.png' alt=\"A\"></p>\n<!-- <a href=no> -->\n\nin <a href=b.md>B</a>\n");
        assert_eq!(html.links.iter().map(|l| l.target.as_str()).collect::<Vec<_>>(), ["a.png", "b.md"]);
    }

    #[test]
    fn anchors_are_those_of_github() {
        assert_eq!(slug("What's *new* in C++ (v1.2)?"), "whats-new-in-c-v12");
        let outline = Outline::of("# A\n# A-1\n# A\n# A\n# B {#own}\n");
        let anchors: Vec<_> = outline.headings.iter().map(|h| h.anchor.as_str()).collect();
        assert_eq!(anchors, ["a", "a-1", "a-2", "a-3", "own"]);
    }

    proptest! {
        #[test]
        fn any_text_is_a_file(text in "(---\n|# |## |```|~~~|<a id=|<!--|>|\\[|\\]|\\(|\\)|: |    |\n|\r|é|x|\\PC){0,60}") {
            let outline = Outline::of(&text);
            for section in &outline.sections {
                prop_assert!(text.get(section.bytes.clone()).is_some());
            }
        }
    }
}
