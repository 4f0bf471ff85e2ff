//! Shows the health of a cluster: one file per output format.

mod human;
mod items;
mod json;
mod junit;
mod markdown;
mod prometheus;
mod sarif;

use std::io::{self, Write};

use crate::diagnosis::cluster::{Compared, Health};

use super::Style;

pub use items::HealthResponse;
pub use json::{known, response, schema};

/// The health of a cluster with what is known about the run that found it.
#[derive(Clone, Debug)]
pub struct HealthReport {
    /// The health.
    pub health: Health,
    /// Symptoms, findings and evidence too.
    pub verbose: bool,
    /// What is new, gone and still there since a previous report.
    pub compared: Option<Compared>,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthFormat {
    /// One screen for a person.
    Human,
    /// The stable machine format.
    Json,
    /// The same as YAML.
    Yaml,
    /// For a job summary or a channel.
    Markdown,
    /// Test results of a CI system.
    Junit,
    /// Results of an analysis, as code hosts show them.
    Sarif,
    /// Metrics in Prometheus' text format.
    Prometheus,
}

/// Writes `reports`, one for each cluster, to `out`.
///
/// # Errors
/// What the writer says.
pub fn write(reports: &[HealthReport], format: HealthFormat, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        HealthFormat::Human => human::write(reports, style, out),
        HealthFormat::Json => json::write(reports, out),
        HealthFormat::Yaml => json::write_yaml(reports, out),
        HealthFormat::Markdown => markdown::write(reports, out),
        HealthFormat::Junit => junit::write(reports, out),
        HealthFormat::Sarif => sarif::write(reports, out),
        HealthFormat::Prometheus => prometheus::write(reports, out),
    }
}

/// The cluster by its name: the context, the dump, or that it is manifests.
fn cluster_name(health: &Health) -> String {
    use crate::evidence::cluster::Origin;
    match &health.origin {
        Origin::Live(context) => context.clone(),
        Origin::Dump(path) => path.clone(),
        Origin::Manifests => "manifests".into(),
    }
}
