//! Findings as test results: a suite per file, a failure for each error and warning.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::lint::Finding;

use super::LintReport;

pub(super) fn write(report: &LintReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut junit = Report::new("idp runbook lint");
    let found = report.findings.iter().map(|f| &f.file).filter(|f| !report.files.contains(f));
    let mut files: Vec<&String> = report.files.iter().chain(found).collect();
    files.dedup();
    for file in files {
        junit.add_test_suite(suite(file, report));
    }
    let text = junit.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn suite(file: &str, report: &LintReport<'_>) -> TestSuite {
    let mut suite = TestSuite::new(file);
    let mut failures: Vec<TestCase> =
        report.findings.iter().filter(|f| f.file == file && f.level() != "info").map(failure).collect();
    if failures.is_empty() {
        failures.push(TestCase::new("lint", TestCaseStatus::success()));
    }
    for case in failures {
        suite.add_test_case(case);
    }
    suite
}

fn failure(finding: &Finding) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.level());
    status.set_message(finding.message.clone());
    let Finding { file, line, column, excerpt, .. } = finding;
    status.set_description(format!("{file}:{line}:{column}\n{excerpt}"));
    let mut case = TestCase::new(format!("{} {line}:{column}", finding.rule), status);
    case.set_classname(finding.rule);
    case
}
