//! A signal that healthy lines match.

use crate::evidence::Pattern;
use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::runbook::head::Signal;
use crate::runbook::literal;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "signal-over-broad",
    severity: Severity::Medium,
    summary: "a signal that healthy lines match",
    why: "A runbook that speaks on healthy lines is soon not listened to.",
    bad: "log: '(?i)errors?'",
    good: "log: 'errors=[1-9]'",
    fix: "Add what tells the failure from the healthy line, or a `not`.",
    fixable: false,
    scope: Scope::Page(check),
};

/// Lines that programs print when nothing is wrong.
const HEALTHY: &[&str] = &[
    "",
    "INFO started",
    "INFO server listening on 0.0.0.0:8080",
    "level=info msg=\"request completed\" status=200 errors=0 duration=12ms",
    "errors=0 warnings=0 failed=0",
    "Tests run: 12, Failures: 0, Errors: 0, Skipped: 0",
    "http_requests_failed_total 0",
    "connection timeout: 30s, retries: 3",
    "GET /healthz HTTP/1.1 200",
    "0 failed, 12 passed",
    "no errors found",
    "restartPolicy: Always",
    "Readiness: http-get http://:8080/ready delay=0s timeout=1s period=10s #success=1 #failure=3",
    "Status: Running",
    "exit code 0",
    "error_log /dev/stderr warn;",
    "INFO loaded certificate, expires in 80 days",
    "INFO memory limit set to 512Mi",
];

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let Some(head) = page.usable_head() else { return Vec::new() };
    let broad = |signals: &[Signal]| signals.iter().filter_map(|s| broad(page, s)).collect::<Vec<_>>();
    let (any, all) = (&head.signals.any, &head.signals.all);
    // Beside a narrow signal that is needed too, a broad one does no harm.
    match (all.is_empty(), any.is_empty()) {
        (true, _) => broad(any),
        (false, true) => Some(broad(all)).filter(|found| found.len() == all.len()).unwrap_or_default(),
        (false, false) => Vec::new(),
    }
}

fn broad(page: &Page<'_>, signal: &Signal) -> Option<Finding> {
    let expression = signal.log.as_deref().filter(|_| signal.level.is_none())?;
    if literal::required(expression)
        .is_ok_and(|needed| !needed.iter().any(|n| HEALTHY.iter().any(|h| h.to_lowercase().contains(n))))
    {
        return None;
    }
    let pattern = Pattern::of(expression);
    let not = signal.not.as_deref().map(Pattern::of);
    let matches = |line: &&&str| pattern.is_match(line) && !not.as_ref().is_some_and(|n| n.is_match(line));
    let line = HEALTHY.iter().find(matches)?;
    let message =
        format!("this signal also matches the healthy line {line:?}: add what tells the failure from it, or a `not`");
    Some(RULE.on_line(page, page.line_of_text(expression), message))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing::{self, runbook};

    #[test]
    fn healthy_lines_are_not_matched() {
        let with = |e: &str| runbook("x", "").replace("out of cheese", e);
        assert!(testing::found(&RULE, &with("(?i)errors?"))[0].contains("errors=0"));
        assert_eq!(testing::found(&RULE, &with("(abc)?")).len(), 1);
        assert_eq!(testing::found(&RULE, &with("errors=[1-9]")), Vec::<String>::new());
    }
}
