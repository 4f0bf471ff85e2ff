//! Shows which runbooks there are: in groups by category, alert or severity, for people and as JSON.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::evidence::printable;
use crate::text::Count;

use super::Style;
use super::page::{Page, wrap};

/// A runbook in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Row {
    /// Its id; of a page without a head, its file name without ending.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Category of the taxonomy; empty without a head.
    pub category: String,
    /// Narrower cause; empty where it is about the whole category.
    pub cause: String,
    /// CRITICAL, HIGH, MEDIUM, LOW or INFO; empty without a head.
    pub severity: String,
    /// Alerts that lead to it.
    pub alerts: Vec<String>,
    /// Its file.
    pub file: String,
    /// Whether it came with the program.
    pub built_in: bool,
}

/// Runbooks that have something in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Group {
    /// The category, alert or severity; empty for runbooks that have none.
    pub name: String,
    /// The runbooks, by id.
    pub runbooks: Vec<Row>,
}

/// A list of runbooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Listing {
    /// `category`, `alert` or `severity`.
    pub by: String,
    /// How many runbooks there are; one may be in several groups.
    pub runbooks: usize,
    /// The groups in their order.
    pub groups: Vec<Group>,
}

/// Writes a list for machines.
///
/// # Errors
/// What the writer says.
pub fn write_json(listing: &Listing, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, listing)?;
    writeln!(out)
}

/// Writes a list for a person.
///
/// # Errors
/// What the writer says.
pub fn write(listing: &Listing, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, out };
    for group in &listing.groups {
        let name = if group.name.is_empty() { format!("without {}", article(&listing.by)) } else { group.name.clone() };
        page.title(&printable(name.as_bytes()))?;
        let longest = group.runbooks.iter().map(|r| r.id.width()).max().unwrap_or(0);
        for row in &group.runbooks {
            page.row(row, longest.min(style.width / 2))?;
        }
        page.blank()?;
    }
    let groups = listing.groups.iter().filter(|g| !g.name.is_empty()).count();
    let runbooks = Count(listing.runbooks as u64, "runbook");
    page.wrapped("", "", &format!("{runbooks}, {}. Show one with `idp runbook show ID`.", Grouped(&listing.by, groups)))
}

struct Grouped<'l>(&'l str, usize);

impl std::fmt::Display for Grouped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let noun = match self.0 {
            "category" if self.1 != 1 => return write!(f, "{} categories", self.1),
            "severity" if self.1 != 1 => return write!(f, "{} severities", self.1),
            "category" => "category",
            "severity" => "severity",
            _ => "alert",
        };
        Count(self.1 as u64, noun).fmt(f)
    }
}

fn article(by: &str) -> String {
    if by == "alert" { "an alert".to_owned() } else { format!("a {by}") }
}

impl Page<'_> {
    fn row(&mut self, row: &Row, columns: usize) -> io::Result<()> {
        let id = printable(row.id.as_bytes());
        let gap = " ".repeat(columns.saturating_sub(id.width()));
        let room = self.style.width.saturating_sub(columns.max(id.width()) + 4).max(20);
        let title = printable(row.title.as_bytes());
        for (at, piece) in wrap(&title, room).iter().enumerate() {
            let head = if at == 0 { format!("  {id}{gap}  ") } else { " ".repeat(columns + 4) };
            self.line(format!("{head}{piece}").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::{Group, Listing, Row, write, write_json};
    use crate::report::Style;

    fn listing() -> Listing {
        let row = |id: &str, title: &str| Row {
            id: id.into(),
            title: title.into(),
            category: "DiskFull".into(),
            severity: "HIGH".into(),
            file: format!("docs/{id}.md"),
            ..Row::default()
        };
        let long = "A title that is so long that it cannot stand behind its id in a line of eighty columns";
        let groups = vec![
            Group { name: "DiskFull".into(), runbooks: vec![row("disk-full", long), row("x", "X")] },
            Group { name: String::new(), runbooks: vec![row("notes", "Notes")] },
        ];
        Listing { by: "category".into(), runbooks: 3, groups }
    }

    #[test]
    fn human() {
        let mut out = Vec::new();
        write(&listing(), Style { color: false, width: 60 }, &mut out).expect("written");
        assert_snapshot!(String::from_utf8(out).expect("UTF-8"));
    }

    #[test]
    fn json() {
        let mut out = Vec::new();
        write_json(&listing(), &mut out).expect("written");
        assert_snapshot!(String::from_utf8(out).expect("UTF-8"));
    }
}
