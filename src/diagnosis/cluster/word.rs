//! Puts a group of faults into words: the runbooks look through its texts as they look through a log.

use crate::checks::View;
use crate::evidence::cluster::Kind;
use crate::evidence::{Source, blanked, printable};
use crate::finding::{Confidence, Fault, Severity, Specificity};
use crate::runbook::{Catalogue, Matcher, Seen, SeenLine, Wanted};

use super::super::{Cause, Coverage, Given, Observation};
use super::group::Group;

/// Faults of a group whose texts are looked through; the others say the same.
const LOOKED_AT: usize = 3;
/// Which roll-out of a deployment it is; before the first there is none to go back to.
const REVISION: &str = "deployment.kubernetes.io/revision";
/// Lines of one text that are looked through.
const MOST_LINES: usize = 40;

/// Finds words for groups of faults.
pub struct Words<'c> {
    catalogue: &'c Catalogue,
    matcher: Matcher<'c>,
    wanted: Wanted,
    blanked: Vec<u8>,
}

impl<'c> Words<'c> {
    /// Prepares to find words with the runbooks of `catalogue`.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, matcher: Matcher::new(catalogue), wanted: Wanted::default(), blanked: Vec::new() }
    }

    /// The words for a group.
    pub(super) fn of_group(&mut self, view: &View<'_>, group: &Group, faults: &[Fault]) -> Cause {
        let members: Vec<&Fault> = group.members.iter().take(LOOKED_AT).map(|m| &faults[*m]).collect();
        let Some(first) = members.first() else { return plain(group, "") };
        let given = Given { values: facts(view, first), ..Given::default() };
        let observation = self.observe(&members);
        let diagnosis = super::super::diagnose(observation, self.catalogue, &given);
        let mut known: Vec<Cause> = diagnosis.causes.into_iter().filter(|cause| cause.runbook.is_some()).collect();
        let own = |cause: &Cause| group.check.decides() && self.is_about(cause, group.check.id);
        let at = known.iter().position(own).unwrap_or(0);
        let known = (at < known.len()).then(|| known.swap_remove(at));
        known.map_or_else(|| plain(group, first.message.as_str()), |cause| rated(cause, group, &members))
    }

    /// Whether the runbook of a cause names a check among its signals.
    fn is_about(&self, cause: &Cause, check: &str) -> bool {
        let entry = cause.runbook.as_deref().and_then(|id| self.catalogue.get(id));
        entry.is_some_and(|entry| entry.head().signals.any.iter().any(|s| s.check.as_deref() == Some(check)))
    }

    /// What the texts of these faults say, as lines that lie in fields of objects.
    pub(super) fn observe(&mut self, faults: &[&Fault]) -> Observation {
        self.matcher.clear();
        let mut coverage = Coverage::default();
        for fault in faults {
            let object = fault.subject.to_string();
            let field = fault.statements.first().map_or(String::new(), |s| s.field.clone());
            let line = next_line(&mut coverage, &object, &field);
            self.matcher.check(fault.check, &said(fault, line));
            for statement in &fault.statements {
                for text in statement.text.lines().filter(|l| !l.trim().is_empty()).take(MOST_LINES) {
                    let line = next_line(&mut coverage, &object, &statement.field);
                    self.line(line, text);
                }
            }
        }
        Observation { seen: self.matcher.seen(), coverage, ..Observation::default() }
    }

    fn line(&mut self, number: u64, text: &str) {
        let text = printable(text.as_bytes());
        blanked(text.as_bytes(), &mut self.blanked);
        self.matcher.wanted(text.as_bytes(), &self.blanked, &mut self.wanted);
        let firing = self.matcher.firing(&self.wanted.signals, &text, None, false);
        self.matcher.note(&firing.now, Seen { number, text: &text, level: None, time: None });
    }
}

/// What a check says of a fault, as a line that a signal fires on.
#[must_use]
pub fn said(fault: &Fault, line: u64) -> SeenLine {
    let text = fault.message.as_str().to_owned();
    let facts = fault.facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let captures = std::iter::once(("finding".to_owned(), text.clone())).chain(facts).collect();
    SeenLine { line, text, level: None, time: None, captures }
}

fn next_line(coverage: &mut Coverage, object: &str, field: &str) -> u64 {
    let source = Source::Field { object: object.to_owned(), field: field.to_owned() };
    coverage.sources.push((source, coverage.lines));
    coverage.lines += 1;
    coverage.lines
}

/// A cause is as bad as the check says where it says so of this very case; a runbook speaks of the general one.
fn rated(mut cause: Cause, group: &Group, members: &[&Fault]) -> Cause {
    let said = members.iter().filter_map(|f| f.severity).max();
    let all_say = members.iter().all(|f| f.severity.is_some());
    cause.severity = match said {
        Some(severity) if all_say => severity,
        // What a check calls harmless is not made worse by a text, what it calls critical not better.
        _ => cause.severity.max(group.check.severity).min(most(group)),
    };
    cause
}

fn most(group: &Group) -> Severity {
    match group.check.severity {
        Severity::Info | Severity::Low => Severity::Medium,
        Severity::Medium | Severity::High => Severity::High,
        Severity::Critical => Severity::Critical,
    }
}

/// The words of a check that no runbook knows.
fn plain(group: &Group, message: &str) -> Cause {
    Cause {
        runbook: None,
        title: group.check.title.to_owned(),
        category: "Unknown".into(),
        cause: String::new(),
        severity: group.check.severity,
        confidence: Confidence::new(0.7),
        specificity: Specificity::Symptom,
        root_cause: format!("{}: {message}.", group.check.title),
        explanation: format!("Found by the check {}.", group.check.id),
        evidence: Vec::new(),
        count: group.members.len() as u64,
        explains: Vec::new(),
        fixes: Vec::new(),
        prevention: Vec::new(),
        related: Vec::new(),
    }
}

/// Values that templates may use: what the check says, then the names of the subject and its owners.
#[must_use]
pub fn facts(view: &View<'_>, fault: &Fault) -> Vec<(&'static str, String)> {
    let mut facts = fault.facts.clone();
    let mut add = |name: &'static str, value: &str| {
        if !value.is_empty() && !facts.iter().any(|(known, _)| *known == name) {
            facts.push((name, value.to_owned()));
        }
    };
    let subject = &fault.subject;
    add("finding", fault.message.as_str());
    add("namespace", &subject.namespace);
    let owners = view.meta(subject).map(|meta| view.owners(meta)).unwrap_or_default();
    for object in std::iter::once(subject).chain(&owners).chain(&fault.culprit) {
        if let Some(name) = fact_of(object.kind) {
            add(name, &object.name);
        }
        if let Some(meta) = view.meta(object).filter(|_| object.kind == Kind::Deployment) {
            add("revision", meta.annotations.get(REVISION).map_or("", |number| number));
        }
    }
    if let Some(pod) = view.pod(&subject.namespace, &subject.name).filter(|_| subject.kind == Kind::Pod) {
        add("node", &pod.spec.node_name);
        if let [only] = &*pod.spec.containers {
            add("container", &only.name);
        }
    }
    facts
}

/// The name of a fact that is the name of an object.
fn fact_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Pod => "pod",
        Kind::Deployment => "deployment",
        Kind::StatefulSet => "statefulset",
        Kind::DaemonSet => "daemonset",
        Kind::Job => "job",
        Kind::CronJob => "cronjob",
        Kind::Node => "node",
        Kind::Service => "service",
        Kind::Ingress => "ingress",
        Kind::PersistentVolumeClaim => "pvc",
        Kind::PersistentVolume => "pv",
        Kind::StorageClass => "storageclass",
        Kind::ConfigMap => "configmap",
        Kind::Secret => "secret",
        Kind::ServiceAccount => "serviceaccount",
        Kind::ResourceQuota => "quota",
        Kind::HorizontalPodAutoscaler => "hpa",
        Kind::Application => "application",
        Kind::HelmRelease => "release",
        Kind::Certificate => "certificate",
        _ => return None,
    })
}
