//! Metrics in Prometheus' text format, for a node exporter's textfile collector or a push gateway.
//!
//! Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>. Labels are bounded: severities, categories, nodes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diagnosis::cluster::Verdict;

use super::{HealthReport, cluster_name};

pub(super) fn write(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    head(out, "idp_cluster_verdict", "1 for the verdict that holds")?;
    for report in reports {
        for verdict in [Verdict::Healthy, Verdict::Degraded, Verdict::Critical, Verdict::Unreachable] {
            let value = u8::from(report.health.verdict == verdict);
            writeln!(
                out,
                "idp_cluster_verdict{{cluster=\"{}\",verdict=\"{}\"}} {value}",
                label(&cluster_name(&report.health)),
                verdict.word()
            )?;
        }
    }
    head(out, "idp_cluster_causes", "causes by severity and category")?;
    for report in reports {
        let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
        for cause in &report.health.causes {
            *counts.entry((cause.cause.severity.word().to_lowercase(), &cause.cause.category)).or_default() += 1;
        }
        for ((severity, category), count) in counts {
            let cluster = label(&cluster_name(&report.health));
            writeln!(
                out,
                "idp_cluster_causes{{cluster=\"{cluster}\",severity=\"{severity}\",category=\"{}\"}} {count}",
                label(category)
            )?;
        }
    }
    head(out, "idp_cluster_node_ready", "1 for a node that is ready")?;
    for report in reports {
        for node in &report.health.nodes {
            let (cluster, ready) = (label(&cluster_name(&report.health)), u8::from(node.ready == Some(true)));
            writeln!(out, "idp_cluster_node_ready{{cluster=\"{cluster}\",node=\"{}\"}} {ready}", label(&node.name))?;
        }
    }
    numbers(reports, out)
}

/// Name, help and value of a metric.
type Metric = (&'static str, &'static str, fn(&HealthReport) -> usize);

fn numbers(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    let metrics: [Metric; 4] = [
        ("idp_cluster_checks_run", "checks that ran", |r| r.health.examined.ran.len()),
        ("idp_cluster_checks_silent", "checks that could not look", |r| r.health.examined.silent.len()),
        ("idp_cluster_not_looked_at", "things that could not be read", |r| r.health.examined.gaps.len()),
        ("idp_cluster_objects", "objects that were looked at", |r| r.health.objects),
    ];
    for (name, help, value) in metrics {
        head(out, name, help)?;
        for report in reports {
            writeln!(out, "{name}{{cluster=\"{}\"}} {}", label(&cluster_name(&report.health)), value(report))?;
        }
    }
    Ok(())
}

fn head(out: &mut dyn Write, name: &str, help: &str) -> io::Result<()> {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")
}

fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
