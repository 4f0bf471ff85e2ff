//! `idp runbook coverage`.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};

use super::super::{Advice, Status, style};
use super::shelf::{self, Book};
use crate::checks::CHECKS;
use crate::cli::{PlainOutput, RunbookCoverage};
use crate::report::coverage::{self, BareAlert, BareCause, BareCheck, Coverage, LookedAt};
use crate::runbook::outline::Outline;
use crate::runbook::{Alert, alerts, taxonomy};
use crate::settings::Settings;
use crate::store::{self, NamedText};

/// An ignore that ran out is repaired where it is written.
const NEEDS_NONE: [&str; 1] = ["ignore-expired"];
/// Answers of the engine that are no causes.
const NO_CAUSES: [&str; 2] = ["None", "Unknown"];

pub(super) fn run(args: &RunbookCoverage, settings: &Settings) -> anyhow::Result<Status> {
    let books = shelf::books(settings, &args.shelves)?;
    let (rules, notes) = store::rule_files(&args.alert_rules);
    let coverage = Coverage { notes, ..cover(&books, &rules) };
    if coverage.looked_at.alerts == 0 && !args.alert_rules.is_empty() {
        return Err(no_alerts(&coverage).into());
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match args.output {
        PlainOutput::Human => coverage::write(&coverage, style(settings), &mut out)?,
        PlainOutput::Json => coverage::write_json(&coverage, &mut out)?,
    }
    out.flush()?;
    Ok(if args.fail && !coverage.is_whole() { Status::Found } else { Status::Ran })
}

fn no_alerts(coverage: &Coverage) -> Advice {
    let why = coverage.notes.first().map_or_else(|| "no alert is in these files".to_owned(), Clone::clone);
    Advice {
        what: format!("--alert-rules: {why}"),
        help: "name rule files of Prometheus or directories that hold some".into(),
    }
}

fn cover(books: &[Book], rules: &[NamedText]) -> Coverage {
    let checks: Vec<_> = CHECKS.iter().filter(|c| !NEEDS_NONE.contains(&c.id)).collect();
    let causes: Vec<_> = taxonomy().filter(|(category, _, _)| !NO_CAUSES.contains(category)).collect();
    let known = Known::of(books);
    let all: Vec<(&NamedText, Alert)> =
        rules.iter().flat_map(|f| alerts(&f.text).into_iter().map(move |a| (f, a))).collect();
    let looked_at = LookedAt { checks: checks.len(), causes: causes.len(), alerts: all.len() };
    let bare_checks = checks.iter().filter(|c| !known.checks.contains(c.id));
    let bare_causes = causes.iter().filter(|(category, cause, _)| !known.causes.contains(&(*category, *cause)));
    let bare_alerts = all.iter().filter(|(_, alert)| !known.leads(alert));
    Coverage {
        runbooks: books.len(),
        looked_at,
        checks: bare_checks.map(|c| BareCheck { id: c.id.into(), title: c.title.into() }).collect(),
        causes: bare_causes.map(|(category, cause, meaning)| bare_cause(category, cause, meaning)).collect(),
        alerts: bare_alerts.map(|(file, alert)| bare_alert(file, alert)).collect(),
        notes: Vec::new(),
    }
}

fn bare_cause(category: &str, cause: &str, meaning: &str) -> BareCause {
    BareCause { category: category.into(), cause: cause.into(), meaning: meaning.into() }
}

fn bare_alert(file: &NamedText, alert: &Alert) -> BareAlert {
    BareAlert { alert: alert.name.clone(), file: file.path.clone(), line: alert.line }
}

/// What the runbooks are about.
struct Known<'b> {
    checks: BTreeSet<&'b str>,
    causes: BTreeSet<(&'b str, &'b str)>,
    /// Names of alerts, files, titles and headings, in lower case.
    names: BTreeSet<String>,
}

impl<'b> Known<'b> {
    fn of(books: &'b [Book]) -> Self {
        let heads = || books.iter().filter_map(|b| b.head.as_ref());
        let checks = heads().flat_map(|h| h.signals.each()).filter_map(|(_, s)| s.check.as_deref());
        Self {
            checks: checks.collect(),
            causes: heads().map(|h| (h.category.as_str(), h.cause.as_str())).collect(),
            names: books.iter().flat_map(names).map(|n| n.to_lowercase()).collect(),
        }
    }

    /// Whether an alert leads to a runbook: one names it, is called like it, or is what its address ends in.
    fn leads(&self, alert: &Alert) -> bool {
        let url = alert.runbook_url.as_deref().unwrap_or_default();
        let page = url.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/').rsplit('/').next();
        let page = page.unwrap_or_default().trim_end_matches(".md").trim_end_matches(".html");
        [alert.name.as_str(), page].iter().any(|name| self.names.contains(&name.to_lowercase()))
    }
}

fn names(book: &Book) -> Vec<String> {
    let headings = if book.built_in { Vec::new() } else { Outline::of(&book.text).headings };
    let own = [book.id.clone(), book.title.clone()];
    own.into_iter().chain(book.alerts.iter().cloned()).chain(headings.into_iter().map(|h| h.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::cover;
    use crate::commands::runbook::shelf::of_text;
    use crate::store::NamedText;

    #[test]
    fn an_alert_leads_to_what_names_it() {
        let books = [
            of_text("r/DiskFull.md", "# Disk\n".into()),
            of_text("r/all.md", "# All\n\n## NodeDown\n".into()),
            of_text("r/x.md", "---\nalerts: [Slow]\n---\n# X\n".into()),
        ];
        let rule =
            |name: &str, url: &str| format!("- alert: {name}\n  expr: x\n  runbook_url: https://example.test/{url}\n");
        let text =
            [("DiskFull", "q"), ("nodedown", "q"), ("Slow", "q"), ("Other", "r/diskfull.md#x"), ("Gone", "gone")]
                .map(|(name, url)| rule(name, url))
                .concat();
        let coverage = cover(&books, &[NamedText { path: "rules.yaml".into(), text }]);
        let bare: Vec<(&str, usize)> = coverage.alerts.iter().map(|a| (a.alert.as_str(), a.line)).collect();
        assert_eq!((bare, coverage.looked_at.alerts), (vec![("Gone", 13)], 5));
        assert_eq!(coverage.checks.len(), coverage.looked_at.checks);
    }
}
