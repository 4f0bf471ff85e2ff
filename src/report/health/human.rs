//! One screen for a person: the verdict, the nodes, causes first, what was not looked at last.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use owo_colors::Style as Paint;

use crate::diagnosis::cluster::{Blast, Change, ClusterCause, ClusterSymptom, Health, NodeRow, Share, Verdict};
use crate::evidence::Source;
use crate::evidence::cluster::ObjectRef;
use crate::text::{Count, Size, Span, list};

use super::super::Style;
use super::super::page::{Page, severity_paint};
use super::{HealthReport, cluster_name};

/// Causes that are shown in full without `-v`; of the others a line each.
const MOST_IN_FULL: usize = 10;
/// Nodes that are listed without `-v` when all is well with them.
const MOST_NODES: usize = 10;
/// Objects that are named one by one.
const MOST_NAMES: usize = 3;

pub(super) fn write(reports: &[HealthReport], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, out };
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            page.blank()?;
        }
        page.health(report)?;
    }
    Ok(())
}

impl Page<'_> {
    fn health(&mut self, report: &HealthReport) -> io::Result<()> {
        let health = &report.health;
        self.verdict(health)?;
        self.nodes(health, report.verbose)?;
        self.causes(report)?;
        if let Some(compared) = report.compared.as_ref().filter(|c| !c.gone.is_empty()) {
            self.blank()?;
            self.title("Gone since the baseline")?;
            for gone in &compared.gone {
                self.wrapped("  - ", "    ", &format!("{}: {}", gone.fingerprint.object, gone.root_cause))?;
            }
        }
        self.foot(health, report.verbose)
    }

    fn verdict(&mut self, health: &Health) -> io::Result<()> {
        let paint = match health.verdict {
            Verdict::Healthy => Paint::new().cyan(),
            Verdict::Degraded => Paint::new().yellow(),
            Verdict::Critical | Verdict::Unreachable => Paint::new().red().bold(),
        };
        let word = self.painted(&health.verdict.word().to_uppercase(), paint);
        let version = health.version.as_ref().map_or(String::new(), |v| format!(" ({v})"));
        let symptoms: usize = health.causes.iter().map(|c| c.symptoms.len()).sum();
        let mut told = vec![Count(health.causes.len() as u64, "cause").to_string()];
        if symptoms > 0 {
            told.push(Count(symptoms as u64, "symptom").to_string());
        }
        let told =
            if health.verdict == Verdict::Unreachable { String::new() } else { format!(": {}", told.join(", ")) };
        let name = cluster_name(health);
        self.line(&format!("{word}  {name}{version}{told}"))
    }

    fn nodes(&mut self, health: &Health, verbose: bool) -> io::Result<()> {
        if health.nodes.is_empty() {
            return Ok(());
        }
        let all = verbose || health.nodes.len() <= MOST_NODES;
        let shown: Vec<&NodeRow> = health.nodes.iter().filter(|n| all || !is_well(n)).collect();
        self.blank()?;
        let ready = health.nodes.iter().filter(|n| n.ready == Some(true)).count();
        self.title(&format!("Nodes: {ready} of {} ready", health.nodes.len()))?;
        if shown.is_empty() {
            return Ok(());
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["  NAME", "READY", "PRESSURE", "VERSION", "PODS", "CPU", "MEMORY"]);
        for node in shown {
            table.add_row(row(node));
        }
        for column in 4..7 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in table.lines() {
            self.line(line.trim_end())?;
        }
        let measured = health.nodes.iter().any(|n| n.cpu.used.is_some());
        self.faint(match (measured, health.all_pods) {
            (true, _) => "  CPU and memory: used of what pods may have",
            (false, true) => "  CPU and memory: asked for by pods, of what they may have",
            (false, false) => "  Pods, CPU and memory: of the pods that were read; others are not counted",
        })
    }

    fn causes(&mut self, report: &HealthReport) -> io::Result<()> {
        let causes = &report.health.causes;
        let full = if report.verbose { causes.len() } else { MOST_IN_FULL.min(causes.len()) };
        for (index, cause) in causes[..full].iter().enumerate() {
            self.blank()?;
            self.cluster_cause(index + 1, cause, report)?;
        }
        if full < causes.len() {
            self.blank()?;
            self.title(&format!("{} more (-v shows them in full)", causes.len() - full))?;
        }
        for (index, cause) in causes.iter().enumerate().skip(full) {
            let head = format!("{:>3}. ", index + 1);
            self.wrapped(
                &head,
                "     ",
                &format!("{}  {}: {}", cause.cause.severity, cause.blamed, cause.cause.title),
            )?;
        }
        Ok(())
    }

    fn cluster_cause(&mut self, number: usize, cause: &ClusterCause, report: &HealthReport) -> io::Result<()> {
        let said = &cause.cause;
        let severity = self.painted(said.severity.word(), severity_paint(said.severity));
        let new = report.compared.as_ref().filter(|c| c.new.contains(&cause.fingerprint)).map_or("", |_| "  (new)");
        let title = self.painted(&format!("{}: {}", cause.blamed, said.title), Paint::new().bold());
        self.line(&format!("{number:>2}. {severity}  {title}{new}"))?;
        self.wrapped("    ", "    ", &said.root_cause)?;
        for message in cause
            .messages
            .iter()
            .filter(|m| !said.root_cause.to_lowercase().contains(&m.to_lowercase()))
            .take(if report.verbose { 5 } else { 1 })
        {
            self.wrapped("    Seen: ", "          ", message)?;
        }
        if cause.subjects.len() > 1 || cause.subjects.first().is_some_and(|s| *s != cause.blamed) {
            self.wrapped("    On: ", "        ", &names(&cause.subjects, report.verbose))?;
        }
        if let Some(reach) = reach(&cause.blast, cause.since.age(report.health.at)) {
            self.wrapped("    Reach: ", "           ", &reach)?;
        }
        if let Some(change) = &cause.change {
            self.wrapped("    Before: ", "            ", &changed(change, report))?;
        }
        self.symptoms(&cause.symptoms, report.verbose)?;
        if report.verbose {
            self.fields(cause)?;
            for (index, fix) in said.fixes.iter().enumerate() {
                self.fix(index + 1, fix)?;
            }
        } else if let Some(fix) = said.fixes.first() {
            self.line(&format!("    Next: {}", fix.command))?;
        }
        if let Some(runbook) = &said.runbook {
            self.faint(&format!("    Runbook: {runbook}.md"))?;
        }
        Ok(())
    }

    fn symptoms(&mut self, symptoms: &[ClusterSymptom], verbose: bool) -> io::Result<()> {
        if symptoms.is_empty() {
            return Ok(());
        }
        if !verbose {
            let mut titles: Vec<String> = Vec::new();
            for symptom in symptoms {
                let title = format!("{} ({})", lower(&symptom.title), names(&symptom.subjects, false));
                if !titles.contains(&title) {
                    titles.push(title);
                }
            }
            let more = titles.len().saturating_sub(MOST_NAMES);
            titles.truncate(MOST_NAMES);
            let more = if more > 0 { format!("; {more} more, see -v") } else { String::new() };
            return self.wrapped("    Explains: ", "              ", &format!("{}{more}", titles.join("; ")));
        }
        self.line("    Explains:")?;
        for symptom in symptoms {
            let text = format!(
                "{} {}: {} ({})",
                symptom.severity,
                lower(&symptom.title),
                symptom.message,
                names(&symptom.subjects, true)
            );
            self.wrapped("      - ", "        ", &text)?;
        }
        Ok(())
    }

    fn fields(&mut self, cause: &ClusterCause) -> io::Result<()> {
        for evidence in &cause.cause.evidence {
            let Source::Field { object, field } = &evidence.source else { continue };
            let field = if field.is_empty() { String::new() } else { format!(" {field}") };
            self.wrapped("    | ", "    |   ", &format!("{object}{field}: {}", evidence.at.text))?;
        }
        Ok(())
    }

    fn foot(&mut self, health: &Health, verbose: bool) -> io::Result<()> {
        self.blank()?;
        for note in &health.notes {
            self.labelled("Note", note)?;
        }
        if !health.ignored.is_empty() {
            let reasons: std::collections::BTreeSet<&str> = health.ignored.iter().map(|i| i.reason.as_str()).collect();
            let reasons: Vec<String> = reasons.into_iter().map(ToOwned::to_owned).collect();
            self.labelled(
                "Ignored",
                &format!("{} ({})", Count(health.ignored.len() as u64, "finding"), list(&reasons)),
            )?;
        }
        let gaps = health.not_looked_at();
        if !gaps.is_empty() {
            self.labelled("Not seen", &gaps.join("; "))?;
        }
        if verbose {
            for (check, why) in &health.examined.silent {
                self.wrapped("  - ", "    ", &format!("{check} could not look: {why}"))?;
            }
        }
        if health.verdict == Verdict::Unreachable {
            return Ok(());
        }
        self.faint(&health.coverage())
    }
}

fn is_well(node: &NodeRow) -> bool {
    node.ready == Some(true) && node.pressure.is_empty() && !node.cordoned
}

fn row(node: &NodeRow) -> Vec<String> {
    let ready = match node.ready {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let ready = if node.cordoned { format!("{ready}, cordoned") } else { ready.to_owned() };
    let pressure = if node.pressure.is_empty() { "-".to_owned() } else { node.pressure.join(", ") };
    let version = if node.version.is_empty() { "-".to_owned() } else { node.version.clone() };
    let pods = node.pods_allocatable.map_or(node.pods.to_string(), |most| format!("{}/{most}", node.pods));
    vec![format!("  {}", node.name), ready, pressure, version, pods, cores(node.cpu), bytes(node.memory)]
}

fn cores(share: Share) -> String {
    let taken = share.used.unwrap_or(share.requested);
    share.allocatable.map_or_else(|| format!("{taken:.1}"), |all| format!("{taken:.1}/{all:.1}"))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "amounts of memory are not negative and shown with one decimal"
)]
fn bytes(share: Share) -> String {
    let taken = Size(share.used.unwrap_or(share.requested).max(0.0) as u64);
    share.allocatable.map_or_else(|| taken.to_string(), |all| format!("{taken}/{}", Size(all.max(0.0) as u64)))
}

/// Objects by name; of many, the first and how many more.
fn names(objects: &[ObjectRef], all: bool) -> String {
    let most = if all { 12 } else { MOST_NAMES };
    let mut shown: Vec<String> = objects.iter().take(most).map(ToString::to_string).collect();
    if objects.len() > most {
        shown.push(format!("{} more", objects.len() - most));
    }
    list(&shown)
}

fn reach(blast: &Blast, age: Option<i64>) -> Option<String> {
    let mut parts = Vec::new();
    if blast.replicas_lost > 0 {
        parts.push(format!("{} of {} missing", blast.replicas_lost, Count(blast.replicas_wanted as u64, "replica")));
    } else if blast.pods > 0 {
        parts.push(format!("{} not ready", Count(blast.pods as u64, "pod")));
    }
    if !blast.routes.is_empty() {
        parts.push(format!("users of {}", list(&blast.routes)));
    }
    if let Some(age) = age {
        parts.push(format!("for {}", Span(age)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn changed(change: &Change, report: &HealthReport) -> String {
    let age = change.at.age(report.health.at).map_or(String::new(), |age| format!(" {} ago", Span(age)));
    let by = change.by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
    let differences: Vec<String> = change
        .differences
        .iter()
        .map(|d| match (d.before.is_empty(), d.after.is_empty()) {
            (true, _) => format!("{} {}", d.field, d.after),
            (_, true) => format!("{} removed", d.field),
            _ => format!("{} {} → {}", d.field, d.before, d.after),
        })
        .collect();
    let differences = if differences.is_empty() { String::new() } else { format!(": {}", differences.join("; ")) };
    format!("{}, {}{by}{age}{differences}", change.object, change.what)
}

/// A title in the middle of a sentence; names that begin with two capitals stay.
fn lower(title: &str) -> String {
    let mut chars = title.chars();
    let (first, second) = (chars.next(), chars.next());
    let word = title.split_whitespace().next().unwrap_or("");
    let is_name = second.is_some_and(char::is_uppercase) || word.chars().skip(1).any(char::is_uppercase);
    match first {
        Some(first) if !is_name => first.to_lowercase().chain(title.chars().skip(1)).collect(),
        _ => title.to_owned(),
    }
}
