//! Markdown in columns: headings at the margin, prose wrapped, code as it is.

use std::io::{self, Write};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use owo_colors::{OwoColorize, Style as Paint};

use crate::evidence::printable;
use crate::report::Style;

use super::inline::Run;
use super::table::Rows;

/// Columns by which text stands in from its headings, and code from its text.
const STEP: usize = 2;

/// Writes Markdown to `out` as a person reads it.
///
/// # Errors
/// What the writer says.
pub fn write(markdown: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_FOOTNOTES;
    let mut renderer = Renderer::new(style, out);
    for event in Parser::new_ext(markdown, options) {
        renderer.take(event)?;
    }
    renderer.end_paragraph()
}

/// A list that is open.
struct List {
    /// Number of the next item; `None` where items have no numbers.
    next: Option<u64>,
    /// Columns of the text of its items.
    indent: usize,
}

struct Renderer<'w> {
    style: Style,
    out: &'w mut dyn Write,
    run: Run,
    lists: Vec<List>,
    quotes: usize,
    /// What stands before the first line of the paragraph to come: `- `, `1. `.
    mark: String,
    code: Option<String>,
    /// A block of HTML, whose tags and remarks may span lines.
    html: Option<String>,
    table: Option<Rows>,
    links: Vec<(String, bool)>,
    /// Something was written, so that a blank line comes before the next block.
    begun: bool,
    /// In a tight list items follow each other without blank lines.
    tight: bool,
}

impl<'w> Renderer<'w> {
    fn new(style: Style, out: &'w mut dyn Write) -> Self {
        Self {
            style,
            out,
            run: Run::new(style),
            lists: Vec::new(),
            quotes: 0,
            mark: String::new(),
            code: None,
            html: None,
            table: None,
            links: Vec::new(),
            begun: false,
            tight: false,
        }
    }

    fn take(&mut self, event: Event<'_>) -> io::Result<()> {
        match event {
            Event::Start(tag) => return self.enter(tag),
            Event::End(tag) => return self.leave(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.run.words(&text),
            },
            Event::Code(code) => self.run.code(&code),
            Event::InlineHtml(html) => self.run.words(&untagged(&html)),
            Event::Html(html) => self.html.iter_mut().for_each(|all| all.push_str(&html)),
            Event::SoftBreak => self.run.words(" "),
            Event::HardBreak => self.run.hard_break(),
            Event::TaskListMarker(done) => self.run.words(if done { "[x] " } else { "[ ] " }),
            Event::FootnoteReference(name) => self.run.words(&format!("[{name}]")),
            Event::Rule | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        Ok(())
    }

    fn enter(&mut self, tag: Tag<'_>) -> io::Result<()> {
        match tag {
            Tag::Heading { .. } => {
                self.end_paragraph()?;
                self.run.heading = true;
            }
            Tag::BlockQuote(_) => {
                self.end_paragraph()?;
                self.quotes += 1;
            }
            Tag::CodeBlock(kind) => {
                self.end_paragraph()?;
                self.begin_code(&kind)?;
            }
            Tag::List(next) => {
                self.end_paragraph()?;
                let indent = self.indent() + if next.is_some() { 3 } else { 2 };
                self.lists.push(List { next, indent });
            }
            Tag::Item => self.begin_item()?,
            Tag::FootnoteDefinition(name) => {
                self.end_paragraph()?;
                self.run.words(&format!("[{name}] "));
            }
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::Table(alignments) => {
                self.end_paragraph()?;
                self.table = Some(Rows::new(alignments));
                self.run.plain = true;
            }
            Tag::TableHead | Tag::TableRow => self.table.iter_mut().for_each(Rows::begin_row),
            Tag::Emphasis | Tag::Strong => self.run.strong += 1,
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), false)),
            Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.into_string(), true));
                self.run.words("[image: ");
            }
            _ => {}
        }
        Ok(())
    }

    fn leave(&mut self, tag: TagEnd) -> io::Result<()> {
        match tag {
            TagEnd::HtmlBlock => {
                let html = self.html.take().unwrap_or_default();
                self.run.words(&untagged(&html).split_whitespace().collect::<Vec<_>>().join(" "));
                self.end_paragraph()?;
            }
            TagEnd::Paragraph => {
                self.end_paragraph()?;
                self.tight = false;
            }
            TagEnd::Heading(_) => self.end_heading()?,
            TagEnd::BlockQuote(_) => {
                self.end_paragraph()?;
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => self.end_code()?,
            TagEnd::List(_) => {
                self.lists.pop();
                self.tight = false;
            }
            TagEnd::Item => {
                self.end_paragraph()?;
                self.mark.clear();
            }
            TagEnd::TableCell => {
                let text = self.run.line();
                self.table.iter_mut().for_each(|t| t.cell(text.clone()));
            }
            TagEnd::Table => self.end_table()?,
            TagEnd::Emphasis | TagEnd::Strong => self.run.strong = self.run.strong.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
        Ok(())
    }

    /// Columns of the text.
    fn indent(&self) -> usize {
        self.lists.last().map_or(STEP, |l| l.indent) + if self.lists.is_empty() { self.quotes * STEP } else { 0 }
    }

    fn begin_item(&mut self) -> io::Result<()> {
        self.end_paragraph()?;
        if let Some(list) = self.lists.last_mut() {
            self.mark = list.next.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            list.next = list.next.map(|number| number + 1);
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> io::Result<()> {
        if self.run.is_empty() {
            self.run.line();
            return Ok(());
        }
        let rest = " ".repeat(self.indent());
        let is_item = !self.mark.is_empty();
        let first = format!("{}{}", " ".repeat(self.indent().saturating_sub(self.mark.len())), self.mark);
        self.mark.clear();
        self.gap(is_item && self.tight)?;
        self.tight = !self.lists.is_empty();
        for line in self.run.lines(self.style.width, &first, &rest) {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn end_heading(&mut self) -> io::Result<()> {
        self.gap(false)?;
        self.run.heading = false;
        self.tight = false;
        for line in self.run.lines(self.style.width, "", "") {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// A blank line between blocks.
    fn gap(&mut self, tight: bool) -> io::Result<()> {
        if self.begun && !tight {
            writeln!(self.out)?;
        }
        self.begun = true;
        Ok(())
    }

    fn begin_code(&mut self, kind: &CodeBlockKind<'_>) -> io::Result<()> {
        self.code = Some(String::new());
        // A bare language says nothing that the code does not; `log match` does.
        if let CodeBlockKind::Fenced(info) = kind
            && info.trim().contains(' ')
        {
            self.run.words(&format!("{}:", info.trim()));
            self.end_paragraph()?;
            self.begun = false;
        }
        Ok(())
    }

    fn end_code(&mut self) -> io::Result<()> {
        let code = self.code.take().unwrap_or_default();
        let margin = " ".repeat(self.indent() + STEP);
        self.gap(false)?;
        self.tight = false;
        for line in code.trim_end().lines() {
            let line = printable(line.as_bytes()).replace('\t', "    ");
            let line = if self.style.color { line.style(Paint::new().cyan()).to_string() } else { line };
            writeln!(self.out, "{}", format!("{margin}{line}").trim_end())?;
        }
        Ok(())
    }

    fn end_table(&mut self) -> io::Result<()> {
        let Some(table) = self.table.take() else { return Ok(()) };
        self.run.plain = false;
        let margin = " ".repeat(self.indent());
        self.gap(false)?;
        for line in table.lines(self.style.width.saturating_sub(margin.len())) {
            writeln!(self.out, "{margin}{line}")?;
        }
        Ok(())
    }

    /// The target stands behind the text, unless it is the text.
    fn end_link(&mut self) {
        let Some((target, image)) = self.links.pop() else { return };
        if image {
            self.run.words("]");
        }
        if !target.is_empty() && !self.run.ends_with(&target) {
            self.run.target(&format!(" ({target})"));
        }
    }
}

/// What a browser would show of HTML.
fn untagged(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        rest = tag.split_once(end).map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}
