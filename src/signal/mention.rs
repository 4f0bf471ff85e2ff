//! Lines that mention a failure without stating one: metrics, help texts, lists of commits, queries, alert rules, sentences with "if".

use crate::evidence::{Pattern, Steady};

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
    r"|^\s*(--- PASS|=== RUN|ok \d+ - |PASS(ED)?\b|test .* \.\.\. ok$)",
    // Somebody's text as data: a request that was served, a query that ran, a statement that was logged.
    r#"|"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^"]*" [123]\d\d\b|\blevel=(info|debug)\b.*\bquery="|"level":"(info|debug)".*"query":"#,
    r"|\bLOG:  ?(statement|execute [^:]{0,80}|duration: .{0,40}(statement|execute)[^:]*): ",
    // The kernel's own command line.
    r"|\b(Kernel command|Command) line: ",
));

/// An alert rule, whose texts follow it.
static RULE: Pattern = Pattern::new(r"^\s*- alert: \S");
static RULE_TEXT: Pattern = Pattern::new(r"^\s*(expr|for|summary|description|message|runbook_url|title): ");

/// An alert rule has no more lines than this.
const RULE_LINES: u64 = 25;

/// How a line mentions failures without stating one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mention {
    /// By itself.
    Plain,
    /// It begins an alert rule.
    Rule,
    /// It is a text of an alert rule, if it stands in one.
    RuleText,
}

impl Mention {
    /// Reads how a plain line without wrappers mentions failures, if it does not state one.
    #[must_use]
    pub fn of(text: &str, steady: &Steady) -> Option<Self> {
        if steady.matches(&RULE, text) {
            Some(Self::Rule)
        } else if text.trim_start().starts_with(['✓', '✔']) || steady.matches(&MENTION, text) {
            Some(Self::Plain)
        } else if steady.matches(&RULE_TEXT, text) {
            Some(Self::RuleText)
        } else {
            None
        }
    }
}

/// Remembers the alert rule that a line may stand in.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    rule: Option<u64>,
}

impl Mentions {
    /// Whether no signal may fire on the line.
    pub fn silences(&mut self, number: u64, mention: Option<Mention>) -> bool {
        match mention {
            None => false,
            Some(Mention::Plain) => true,
            Some(Mention::Rule) => {
                self.rule = Some(number);
                true
            }
            Some(Mention::RuleText) => self.rule.is_some_and(|rule| number < rule + RULE_LINES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mention, Mentions, Steady};

    fn silences(mentions: &mut Mentions, number: u64, text: &str) -> bool {
        mentions.silences(number, Mention::of(text, &Steady::indifferent()))
    }

    fn is_mention(text: &str) -> bool {
        silences(&mut Mentions::default(), 1, text)
    }

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
            "10.0.0.1 - - [x] \"GET /search?q=CrashLoopBackOff HTTP/1.1\" 200 512",
            "level=info ts=x query=\"{app=\\\"a\\\"} |= \\\"OOMKilled\\\"\" status=200",
            "2026 UTC [7] LOG:  execute S_1: INSERT INTO t VALUES ('connection refused')",
        ] {
            assert!(is_mention(line), "{line}");
        }
    }

    #[test]
    fn the_texts_of_an_alert_rule_belong_to_it() {
        let mut mentions = Mentions::default();
        assert!(silences(&mut mentions, 1, "- alert: CertExpired"));
        assert!(silences(&mut mentions, 5, "    summary: certificate has expired"));
        assert!(!silences(&mut mentions, 80, "    summary: certificate has expired"));
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
            "10.0.0.1 - - [x] \"GET /cart HTTP/1.1\" 502 0",
        ] {
            assert!(!is_mention(line), "{line}");
        }
    }
}
