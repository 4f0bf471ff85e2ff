//! Lines that mention a failure without stating one: metrics, help texts, lists of commits, sentences with "if".

use crate::evidence::Pattern;

static MENTION: Pattern = Pattern::new(concat!(
    // Prometheus exposition: comments, and samples that are zero.
    r"^# (HELP|TYPE) |^[a-zA-Z_:][\w:]*(\{[^}]*\})? 0(\.0+)?( \d+)?$",
    // A list of commits or a change log.
    r"|^[0-9a-f]{7,40} (\([^)]*\) )?(\w+(\([^)]*\))?!?: |[A-Z][a-z]+ )|^\s*[-*] (fix|feat|docs|test|chore|refactor|perf|ci|build)(\([^)]*\))?!?: ",
    // An option in a help text.
    r"|^\s+(-\w, )?--[a-z][\w-]*([ =]?(<[^>]*>|\[[^\]]*\]|[A-Z_]+|\w+))?(  |$)",
    // Advice and conditions.
    r"|^\s*(//|/\*|\* )?\s*(NOTE: )?(If|When|Whenever|Unless|In case|Should|Make sure|To (avoid|prevent|fix|see)) \b",
    // A test that provokes the failure and says so.
    r"|(?i:\b(got|as|the) expected (error|failure|exception|panic)|\bexpected (error|exception|failure):|\brecovered: |\bsimulat(ed|ing) )",
    r"|^\s*(--- PASS|=== RUN|ok \d+ - |PASS(ED)?\b|test .* \.\.\. ok$)"
));

/// Whether a plain line without wrappers only mentions failures, so that no signal may fire on it.
#[must_use]
pub fn is_mention(text: &str) -> bool {
    text.trim_start().starts_with(['✓', '✔']) || MENTION.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::is_mention;

    #[test]
    fn mentions_are_told_apart() {
        for line in [
            "# HELP db_connection_refused_total Connection refused by the database.",
            "container_oom_events_total{container=\"api\"} 0",
            "77aa0b1 docs: explain OOMKilled and exit code 137",
            "0a1b2c3d4e Fix too many open files",
            "      --retry-connrefused          Retry when the server answers \"connection refused\"",
            "  -k, --insecure   Do not fail on certificate signed by unknown authority",
            "If pods are in CrashLoopBackOff, check the pull secret and run:",
            "    dial_test.go:31: got expected error: dial tcp 127.0.0.1:1: connect: connection refused",
            "--- PASS: TestDeadlineExceeded (0.10s)",
        ] {
            assert!(is_mention(line), "{line}");
        }
    }

    #[test]
    fn statements_are_none() {
        for line in [
            "dial tcp 10.0.0.1:5432: connect: connection refused",
            "db_errors_total 17",
            "Error: secret \"x\" not found",
            "expected error to be nil, got: connection refused",
            "deadbeef: no space left on device",
            "--- FAIL: TestX (0.00s)",
            "WARN If-Match failed",
        ] {
            assert!(!is_mention(line), "{line}");
        }
    }
}
