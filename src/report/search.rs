//! Shows runbooks that were found.

use std::io::{self, Write};
use std::ops::Range;

use owo_colors::Style as Paint;
use schemars::JsonSchema;
use serde::Serialize;

use crate::search::{Found, Passage, Suggestions, Why};

use super::Style;
use super::page::Page;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchFormat {
    /// For a person.
    Human,
    /// The stable machine format.
    Json,
    /// For a job summary or a channel.
    Markdown,
    /// A notice for a GitHub workflow.
    Github,
}

/// What was found, with how it is named.
#[derive(Clone, Debug)]
pub struct SearchReport {
    /// The runbooks.
    pub suggestions: Suggestions,
    /// The directories by their number in the index, as they were named; the first is that of the built-in runbooks.
    pub directories: Vec<String>,
    /// What could not be read.
    pub notes: Vec<String>,
}

/// The answer of a search.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SearchResponse {
    /// The runbooks, best first.
    pub results: Vec<SearchResult>,
    /// Titles that look like the query, where nothing was found.
    pub nearest: Vec<NearTitle>,
    /// What could not be read, and why.
    pub notes: Vec<String>,
}

/// A runbook that was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SearchResult {
    /// Its path below its directory.
    pub file: String,
    /// The directory as it was named; `built-in` for those that came with the program.
    pub directory: String,
    /// Its title.
    pub title: String,
    /// 0 to 1: 1 where its signals match the text or the text names it.
    pub score: f64,
    /// Heading of the section that fits best; empty for text before the first heading.
    pub section: String,
    /// The anchor of that section, without `#`.
    pub anchor: String,
    /// The line on which that section begins; 0 where none fits.
    pub line: usize,
    /// What of it fits, at most 240 bytes.
    pub passage: String,
    /// Which bytes of the passage are words of the query: pairs of beginning and end.
    pub marks: Vec<(usize, usize)>,
    /// Its id.
    pub id: String,
    /// `signals`, `name` or `words`: why it was found.
    pub why: &'static str,
}

/// A title that looks like the query.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NearTitle {
    /// The title.
    pub title: String,
    /// Its id.
    pub id: String,
}

/// The JSON schema of the machine format.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(SearchResponse)
}

/// The machine format of a report.
#[must_use]
pub fn response(report: &SearchReport) -> SearchResponse {
    let near = |near: &crate::search::Near| NearTitle { title: near.title.clone(), id: near.id.clone() };
    SearchResponse {
        results: report.suggestions.found.iter().map(|found| result(found, report)).collect(),
        nearest: report.suggestions.nearest.iter().map(near).collect(),
        notes: report.notes.clone(),
    }
}

fn result(found: &Found, report: &SearchReport) -> SearchResult {
    let passage = found.passage.clone().unwrap_or(Passage {
        heading: String::new(),
        anchor: String::new(),
        line: 0,
        text: String::new(),
        marks: Vec::new(),
    });
    SearchResult {
        file: found.file.clone(),
        directory: report.directory(found).to_owned(),
        title: found.title.clone(),
        score: (found.score * 1000.0).round() / 1000.0,
        section: passage.heading,
        anchor: passage.anchor,
        line: passage.line,
        passage: passage.text,
        marks: passage.marks.iter().map(|m| (m.start, m.end)).collect(),
        id: found.id.clone(),
        why: found.why.word(),
    }
}

impl SearchReport {
    fn directory(&self, found: &Found) -> &str {
        let number = usize::try_from(found.directory).unwrap_or_default();
        self.directories.get(number).map_or("", String::as_str)
    }

    /// The path as somebody may open it; built-in runbooks have none.
    fn path(&self, found: &Found) -> String {
        let directory = self.directory(found).trim_end_matches('/');
        if found.directory == 0 { found.file.clone() } else { format!("{directory}/{}", found.file) }
    }
}

/// Writes a report to `out`.
///
/// # Errors
/// What the writer says.
pub fn write(report: &SearchReport, format: SearchFormat, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        SearchFormat::Human => Page { style, out }.found(report),
        SearchFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &response(report))?;
            writeln!(out)
        }
        SearchFormat::Markdown => markdown(report, out),
        SearchFormat::Github => github(report, out),
    }
}

/// What is said where nothing was found.
fn nothing(report: &SearchReport) -> String {
    let near: Vec<String> = report.suggestions.nearest.iter().map(|n| format!("{} ({})", n.title, n.id)).collect();
    if near.is_empty() {
        "no runbook fits".into()
    } else {
        format!("no runbook fits; titles that look like it: {}", near.join("; "))
    }
}

impl Page<'_> {
    fn found(&mut self, report: &SearchReport) -> io::Result<()> {
        if report.suggestions.found.is_empty() {
            return self.wrapped("", "", &nothing(report));
        }
        for (number, found) in (1..).zip(&report.suggestions.found) {
            if number > 1 {
                self.blank()?;
            }
            self.hit(number, found, report)?;
        }
        Ok(())
    }

    fn hit(&mut self, number: usize, found: &Found, report: &SearchReport) -> io::Result<()> {
        let title = self.painted(&found.title, Paint::new().bold());
        let why = match found.why {
            Why::Signals => "its signals match".to_owned(),
            Why::Name => "named in the query".to_owned(),
            Why::Words => format!("score {:.2}", found.score),
        };
        self.line(&format!("{number:>2}. {title}  ({why})"))?;
        let place = found.passage.as_ref().filter(|p| !p.heading.is_empty());
        let section = place.map_or(String::new(), |p| format!(", line {}: {}", p.line, p.heading));
        let directory = if found.directory == 0 { " (built-in)" } else { "" };
        self.wrapped("    ", "    ", &format!("{}{directory}{section}", report.path(found)))?;
        let Some(passage) = &found.passage else { return Ok(()) };
        let bold = |word: &str| self.painted(word, Paint::new().bold().yellow());
        let text = if self.style.color { marked(passage, bold) } else { passage.text.clone() };
        self.wrapped("      ", "      ", &text)
    }
}

/// The text of a passage with its words marked.
fn marked(passage: &Passage, mark: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut at = 0;
    for Range { start, end } in passage.marks.iter().cloned() {
        let (Some(before), Some(word)) = (passage.text.get(at..start), passage.text.get(start..end)) else { continue };
        text.push_str(before);
        text.push_str(&mark(word));
        at = end;
    }
    text.push_str(passage.text.get(at..).unwrap_or_default());
    text
}

fn markdown(report: &SearchReport, out: &mut dyn Write) -> io::Result<()> {
    if report.suggestions.found.is_empty() {
        return writeln!(out, "{}", super::markdown::text(&nothing(report)));
    }
    for (number, found) in (1..).zip(&report.suggestions.found) {
        let title = super::markdown::text(&found.title);
        writeln!(out, "{number}. **{title}** (`{}`, {:.2})", report.path(found).replace('`', "'"), found.score)?;
        if let Some(passage) = &found.passage {
            let heading = super::markdown::text(&passage.heading);
            let heading = if heading.is_empty() { heading } else { format!("*{heading}*: ") };
            writeln!(out, "   {heading}{}", super::markdown::text(&passage.text))?;
        }
    }
    Ok(())
}

fn github(report: &SearchReport, out: &mut dyn Write) -> io::Result<()> {
    let Some(best) = report.suggestions.found.first() else {
        return writeln!(out, "::notice title=Runbooks::{}", super::github::data(&nothing(report)));
    };
    let lines: Vec<String> =
        report.suggestions.found.iter().map(|f| format!("{} ({})", f.title, report.path(f))).collect();
    let title = super::github::property(&format!("Runbook: {}", best.title));
    writeln!(out, "::notice title={title}::{}", super::github::data(&lines.join("\n")))
}
