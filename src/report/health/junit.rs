//! Test results: every check that ran is a test case, and what it found its failure.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::checks::CHECKS;
use crate::finding::Severity;

use super::{HealthReport, cluster_name};

pub(super) fn write(reports: &[HealthReport], out: &mut dyn Write) -> io::Result<()> {
    let mut junit = Report::new("idp cluster-health");
    for report in reports {
        junit.add_test_suite(suite(report));
    }
    let text = junit.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn suite(report: &HealthReport) -> TestSuite {
    let health = &report.health;
    let mut suite = TestSuite::new(cluster_name(health));
    for check in CHECKS {
        if let Some(why) = health.examined.silent.get(check.id) {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(why.clone());
            suite.add_test_case(TestCase::new(check.id, skipped));
        } else if health.examined.ran.contains(&check.id) {
            for case in cases(check.id, report) {
                suite.add_test_case(case);
            }
        }
    }
    if health.examined.ran.is_empty() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(health.notes.join("; "));
        suite.add_test_case(TestCase::new("reachable", status));
    }
    suite
}

/// A failure for each cause that the check found first; what is low or explained by another cause is none.
fn cases(check: &str, report: &HealthReport) -> Vec<TestCase> {
    let found = report
        .health
        .causes
        .iter()
        .filter(|c| c.checks.first().is_some_and(|first| *first == check) && c.cause.severity >= Severity::Medium);
    let mut cases: Vec<TestCase> = found
        .map(|cause| {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(cause.cause.severity.word());
            status.set_message(cause.cause.root_cause.clone());
            status.set_description(cause.messages.join("\n"));
            let mut case = TestCase::new(format!("{check}: {}", cause.blamed), status);
            case.set_classname(cause.fingerprint.id.clone());
            case
        })
        .collect();
    if cases.is_empty() {
        cases.push(TestCase::new(check, TestCaseStatus::success()));
    }
    cases
}
