//! Examples as test results: a suite per runbook, a test case per example.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::engine::Trial;

use super::{ExampleReport, Tried, fence, wrong};

pub(super) fn write(report: &ExampleReport, out: &mut dyn Write) -> io::Result<()> {
    let mut junit = Report::new("idp runbook test");
    for tried in &report.runbooks {
        let mut suite = TestSuite::new(tried.file.as_str());
        for trial in &tried.trials {
            suite.add_test_case(case(tried, trial));
        }
        junit.add_test_suite(suite);
    }
    let text = junit.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn case(tried: &Tried, trial: &Trial) -> TestCase {
    let status = if trial.passed() {
        TestCaseStatus::success()
    } else {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(wrong(tried, trial));
        let first = trial.ranking.first();
        let reasons = first
            .map(|r| format!("{}\n{}", r.quote, [r.signals.clone(), r.reasons.clone()].concat().join("\n")))
            .unwrap_or_default();
        status.set_description(format!("{}:{}\n{reasons}", tried.file, trial.line));
        status
    };
    let mut case = TestCase::new(format!("{} line {}", fence(trial), trial.line), status);
    case.set_classname(tried.id.as_str());
    case
}
