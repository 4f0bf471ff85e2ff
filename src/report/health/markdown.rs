//! For a job summary or an incident channel.

use std::io::{self, Write};

use crate::diagnosis::cluster::ClusterCause;
use crate::text::Count;

use super::super::markdown::text;
use super::{HealthReport, cluster_name};

pub(super) fn write(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n---\n")?;
        }
        one(report, out)?;
    }
    Ok(())
}

fn one(report: &HealthReport, out: &mut dyn Write) -> io::Result<()> {
    let health = &report.health;
    writeln!(out, "## {}: {}\n", text(&cluster_name(health)), health.verdict.word())?;
    if !health.nodes.is_empty() {
        writeln!(out, "| Node | Ready | Pressure | Version | Pods |\n|---|---|---|---|---|")?;
        for node in &health.nodes {
            let ready = node.ready.map_or("unknown", |ready| if ready { "yes" } else { "no" });
            let cordoned = if node.cordoned { ", cordoned" } else { "" };
            let pressure = if node.pressure.is_empty() { "–".into() } else { node.pressure.join(", ") };
            writeln!(
                out,
                "| {} | {ready}{cordoned} | {pressure} | {} | {} |",
                text(&node.name),
                text(&node.version),
                node.pods
            )?;
        }
        writeln!(out)?;
    }
    for cause in &health.causes {
        self::cause(cause, report, out)?;
    }
    if let Some(compared) = &report.compared {
        for gone in &compared.gone {
            writeln!(out, "- gone: {}: {}", text(&gone.fingerprint.object), text(&gone.root_cause))?;
        }
    }
    for note in &health.notes {
        writeln!(out, "> {}", text(note))?;
    }
    let gaps = health.not_looked_at();
    if !gaps.is_empty() {
        writeln!(out, "> Not looked at: {}", text(&gaps.join("; ")))?;
    }
    writeln!(out, "\n_{}_", text(&health.coverage()))
}

fn cause(cause: &ClusterCause, report: &HealthReport, out: &mut dyn Write) -> io::Result<()> {
    let said = &cause.cause;
    let new = report.compared.as_ref().filter(|c| c.new.contains(&cause.fingerprint)).map_or("", |_| " (new)");
    writeln!(out, "### {}: {}: {}{new}\n", said.severity, text(&cause.blamed.to_string()), text(&said.title))?;
    writeln!(out, "**{}**\n", text(&said.root_cause))?;
    for message in &cause.messages {
        writeln!(out, "- {}", text(message))?;
    }
    for symptom in &cause.symptoms {
        writeln!(out, "- explains: {}: {}", text(&symptom.title), text(&symptom.message))?;
    }
    if cause.blast.replicas_lost > 0 {
        writeln!(
            out,
            "- {} of {} missing",
            cause.blast.replicas_lost,
            Count(cause.blast.replicas_wanted as u64, "replica")
        )?;
    }
    for route in &cause.blast.routes {
        writeln!(out, "- users of {} are affected", text(route))?;
    }
    for difference in cause.change.iter().flat_map(|c| &c.differences) {
        writeln!(
            out,
            "- changed before: {}: {} → {}",
            text(&difference.field),
            text(&difference.before),
            text(&difference.after)
        )?;
    }
    if !said.fixes.is_empty() {
        writeln!(out, "\n| Risk | Command | Why |\n|---|---|---|")?;
        for fix in &said.fixes {
            let command = fix.command.to_string().replace('|', "\\|").replace('`', "'");
            writeln!(out, "| {} | `{command}` | {} |", fix.risk, text(&fix.why))?;
        }
    }
    if let Some(runbook) = &said.runbook {
        writeln!(out, "\nRunbook: {runbook}.md")?;
    }
    writeln!(out)
}
