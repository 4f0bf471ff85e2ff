//! `<!-- idp-lint: ignore rule-id reason -->`: what a page asks to be ignored, and whether there was anything to ignore.

use std::cell::Cell;

use super::{Finding, Page};

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint) struct Remark {
    /// The rule it names.
    pub rule: String,
    /// The reason it gives; may be empty.
    pub reason: String,
    /// Where it stands.
    pub line: usize,
    /// For the whole file rather than for what follows.
    pub whole: bool,
    /// First and last line it speaks for.
    reach: (usize, usize),
    used: Cell<bool>,
}

/// All remarks of a page.
#[derive(Debug, Default)]
pub(in crate::lint) struct Ignores {
    pub remarks: Vec<Remark>,
}

/// `ignore-file` counts only this near to the top of the text.
const TOP: usize = 20;

impl Ignores {
    pub(super) fn of(page: &Page<'_>) -> Self {
        if !page.text().contains("idp-lint:") {
            return Self::default();
        }
        let in_code = |line: usize| {
            page.blocks.iter().any(|b| {
                b.lines.first().is_some_and(|l| l.number <= line) && b.lines.last().is_some_and(|l| line <= l.number)
            })
        };
        let lines = (1..).zip(page.text().lines()).filter(|(number, _)| !in_code(*number));
        Self { remarks: lines.filter_map(|(number, text)| remark(page, number, text)).collect() }
    }

    /// Whether a finding is to be left out; the remark that says so is then used.
    pub(in crate::lint) fn covers(&self, finding: &Finding) -> bool {
        let inside = |r: &&Remark| r.rule == finding.rule && !r.reason.is_empty();
        let reaches = |r: &&Remark| r.whole || (r.reach.0..=r.reach.1).contains(&finding.line);
        let remarks = self.remarks.iter().filter(inside).filter(reaches);
        remarks.map(|r| r.used.set(true)).count() > 0
    }

    /// Remarks that covered nothing so far.
    pub(in crate::lint) fn unused(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|r| !r.used.get())
    }
}

fn remark(page: &Page<'_>, line: usize, text: &str) -> Option<Remark> {
    let at = text.find("<!--")?;
    let (inner, _) = text[at + 4..].split_once("-->")?;
    let rest = inner.trim().strip_prefix("idp-lint:")?.trim_start();
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let whole = match word {
        "ignore" => false,
        "ignore-file" => true,
        _ => return None,
    };
    let (rule, reason) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let body = page.outline.front_matter.as_ref().map_or(1, |m| page.place(m.body).0);
    let whole = whole && line < body + TOP;
    let reason = reason.trim().trim_start_matches(['-', ':', '–', '—']).trim().to_owned();
    let reach = (line, reach(page, line));
    Some(Remark { rule: rule.to_owned(), reason, line, whole, reach, used: Cell::new(false) })
}

/// A remark speaks for its own line and for the next one that is not blank; before a code block, for the whole block.
fn reach(page: &Page<'_>, line: usize) -> usize {
    let last = page.text().lines().count();
    let next = (line + 1..=last).find(|n| !page.line(*n).trim().is_empty()).unwrap_or(line);
    let block = page.blocks.iter().find(|b| b.line == next || (b.fenced && b.line == next + 1));
    block.and_then(|b| b.lines.last()).map_or(next, |l| l.number)
}
