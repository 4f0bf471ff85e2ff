//! Shows what has no runbook: checks, causes of the taxonomy, alerts; for people and as JSON.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::evidence::printable;
use crate::text::Count;

use super::Style;
use super::page::Page;

/// A check of the cluster that no runbook names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BareCheck {
    /// Its id.
    pub id: String,
    /// The fault that it finds.
    pub title: String,
}

/// A cause of the taxonomy that no runbook is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BareCause {
    /// The category.
    pub category: String,
    /// The cause; empty where the category has none.
    pub cause: String,
    /// What it means.
    pub meaning: String,
}

/// An alert that leads to no runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BareAlert {
    /// Its name.
    pub alert: String,
    /// The rule file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

/// What has no runbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Coverage {
    /// Runbooks that were looked at.
    pub runbooks: usize,
    /// What was looked at.
    pub looked_at: LookedAt,
    /// Checks that no runbook names.
    pub checks: Vec<BareCheck>,
    /// Causes that no runbook is about.
    pub causes: Vec<BareCause>,
    /// Alerts that lead to no runbook.
    pub alerts: Vec<BareAlert>,
    /// What could not be read, and why.
    pub notes: Vec<String>,
}

/// How many things should have a runbook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LookedAt {
    /// Checks of the cluster.
    pub checks: usize,
    /// Causes of the taxonomy.
    pub causes: usize,
    /// Alerts of the rule files.
    pub alerts: usize,
}

impl Coverage {
    /// Whether everything has a runbook.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.checks.is_empty() && self.causes.is_empty() && self.alerts.is_empty()
    }
}

/// Writes it for machines.
///
/// # Errors
/// What the writer says.
pub fn write_json(coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, coverage)?;
    writeln!(out)
}

/// Writes it for a person.
///
/// # Errors
/// What the writer says.
pub fn write(coverage: &Coverage, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, out };
    let checks = coverage.checks.iter().map(|c| format!("{}: {}", c.id, c.title));
    page.without("Checks without a runbook", checks)?;
    let causes = coverage.causes.iter().map(|c| format!("{} / {}: {}", c.category, c.cause, c.meaning));
    page.without("Causes without a runbook", causes)?;
    let alerts = coverage.alerts.iter().map(|a| format!("{}: {}:{}", a.alert, a.file, a.line));
    page.without("Alerts without a runbook", alerts)?;
    for note in &coverage.notes {
        page.wrapped("", "    ", &format!("Note: {}.", printable(note.as_bytes()).trim_end_matches('.')))?;
    }
    let LookedAt { checks, causes, alerts } = coverage.looked_at;
    let with = |all: usize, bare: usize, noun| {
        let all = Count(all as u64, noun);
        if bare == 0 { format!("all of {all}") } else { format!("all but {bare} of {all}") }
    };
    let mut parts = vec![with(checks, coverage.checks.len(), "check"), with(causes, coverage.causes.len(), "cause")];
    if alerts > 0 {
        parts.push(with(alerts, coverage.alerts.len(), "alert"));
    }
    let runbooks = Count(coverage.runbooks as u64, "runbook");
    page.wrapped("", "", &format!("{runbooks} for {}.", crate::text::list(&parts)))
}

impl Page<'_> {
    fn without(&mut self, title: &str, items: impl Iterator<Item = String>) -> io::Result<()> {
        let mut begun = false;
        for item in items {
            if !std::mem::replace(&mut begun, true) {
                self.title(title)?;
            }
            self.wrapped("  - ", "    ", &printable(item.as_bytes()))?;
        }
        if begun { self.blank() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::{BareAlert, BareCause, BareCheck, Coverage, LookedAt, write, write_json};
    use crate::report::Style;

    fn coverage() -> Coverage {
        Coverage {
            runbooks: 12,
            looked_at: LookedAt { checks: 3, causes: 5, alerts: 1 },
            checks: vec![BareCheck { id: "pod-lost".into(), title: "a pod whose node is gone".into() }],
            causes: vec![BareCause {
                category: "DiskFull".into(),
                cause: "inodes".into(),
                meaning: "no inode is left".into(),
            }],
            alerts: vec![BareAlert { alert: "DiskFull".into(), file: "rules/disk.yaml".into(), line: 4 }],
            notes: vec!["rules/x.yaml left out: it is no UTF-8".into()],
        }
    }

    #[test]
    fn human() {
        let mut out = Vec::new();
        write(&coverage(), Style { color: false, width: 80 }, &mut out).expect("written");
        assert_snapshot!(String::from_utf8(out).expect("UTF-8"));
        let mut out = Vec::new();
        let whole =
            Coverage { runbooks: 2, looked_at: LookedAt { checks: 1, causes: 2, alerts: 0 }, ..Coverage::default() };
        write(&whole, Style { color: false, width: 80 }, &mut out).expect("written");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "2 runbooks for all of 1 check and all of 2 causes.\n");
    }

    #[test]
    fn json() {
        let mut out = Vec::new();
        write_json(&coverage(), &mut out).expect("written");
        assert_snapshot!(String::from_utf8(out).expect("UTF-8"));
    }
}
