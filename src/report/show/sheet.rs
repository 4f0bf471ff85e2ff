//! A runbook as one Markdown text: what its head says to people, and its body; and single sections of it.

use std::fmt::Write as _;

use crate::command::{Command, Risk};
use crate::runbook::head::{self, Fix, Head};
use crate::runbook::outline::{Outline, slug};
use crate::runbook::{fill_command, fill_sentence};

/// The text of a runbook with its head as prose. A page of somebody else keeps what it is, with its title.
#[must_use]
pub fn composed(text: &str) -> String {
    let outline = Outline::of(text);
    let matter = outline.front_matter.as_ref();
    let body = text.get(matter.map_or(0, |m| m.body)..).unwrap_or_default();
    let id = matter.and_then(|m| m.value("id")).unwrap_or_default();
    if let Some(head) = matter.and_then(|m| head::parse(&id, &m.text).ok()) {
        return with_head(&head, body);
    }
    let titled = outline.headings.first().is_some_and(|h| h.level == 1);
    match outline.title.filter(|_| !titled && matter.is_some()) {
        Some(title) => format!("# {}\n\n{body}", escaped(&title)),
        None => body.to_owned(),
    }
}

/// The section with this heading and all below it, as written.
///
/// # Errors
/// The headings that there are.
pub fn section<'t>(text: &'t str, name: &str) -> Result<&'t str, Vec<String>> {
    let outline = Outline::of(text);
    let wanted = slug(name);
    let slugs: Vec<String> = outline.headings.iter().map(|h| slug(&h.text)).collect();
    let same = slugs.iter().position(|s| *s == wanted);
    let at = same.or_else(|| slugs.iter().position(|s| !wanted.is_empty() && s.starts_with(&wanted)));
    let Some(at) = at else { return Err(outline.headings.into_iter().map(|h| h.text).collect()) };
    let level = outline.headings[at].level;
    let inside = |heading: usize| heading == at || (heading > at && slugs_end(&outline, at, heading, level));
    let parts: Vec<_> = outline.sections.iter().filter(|s| s.heading.is_some_and(inside)).collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Err(Vec::new()) };
    Ok(text[first.bytes.start..last.bytes.end].trim_end())
}

/// Whether all headings from behind `at` up to `heading` lie below the level of `at`.
fn slugs_end(outline: &Outline, at: usize, heading: usize, level: u8) -> bool {
    outline.headings[at + 1..=heading].iter().all(|h| h.level > level)
}

fn with_head(head: &Head, body: &str) -> String {
    let cause = if head.cause.is_empty() { String::new() } else { format!(" / {}", head.cause) };
    let mut page = format!("# {}\n\n", escaped(&head.title));
    let _ = writeln!(page, "{}{}, severity {}\n", escaped(&head.category), escaped(&cause), head.severity);
    if !head.alerts.is_empty() {
        let _ = writeln!(page, "Alerts: {}\n", escaped(&head.alerts.join(", ")));
    }
    let _ = writeln!(page, "{}\n", escaped(&fill_sentence(&head.root_cause, &|_| None)));
    let (before, examples) = body.find("## Examples").map_or((body, ""), |at| body.split_at(at));
    let _ = writeln!(page, "{}\n", before.trim());
    page.push_str(&fixes(&head.fixes));
    if !head.prevention.is_empty() {
        let tips: Vec<String> = head.prevention.iter().map(|tip| format!("- {}", escaped(tip))).collect();
        let _ = writeln!(page, "## Prevention\n\n{}\n", tips.join("\n"));
    }
    page.push_str(examples);
    page
}

fn fixes(fixes: &[Fix]) -> String {
    if fixes.is_empty() {
        return String::new();
    }
    let mut text = String::from("## Fixes\n\n");
    for (number, fix) in (1..).zip(fixes) {
        let command = |text: &str| fill_command(text, &|_| None);
        let _ = writeln!(text, "{number}. {} Risk: {}.\n", sentence(&fix.why), risk(fix));
        let _ = writeln!(text, "    ```shell\n    {}\n    ```\n", command(&fix.run));
        for (label, other) in [("Check", &fix.verify), ("Undo", &fix.undo)] {
            if let Some(other) = other {
                let _ = writeln!(text, "    {label}: `{}`\n", command(other));
            }
        }
    }
    text
}

fn sentence(text: &str) -> String {
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{end}", escaped(text))
}

/// What the command can break; a runbook may say more, never less.
fn risk(fix: &Fix) -> Risk {
    let stated = match fix.risk.as_deref() {
        Some("critical") => Risk::Critical,
        Some("high") => Risk::High,
        Some("medium") => Risk::Medium,
        _ => Risk::Low,
    };
    let computed = Command::parse(&fill_command(&fix.run, &|_| None)).map_or(Risk::Low, |c| c.risk());
    computed.max(stated)
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
