//! What a run says of itself as a whole: a build that succeeded makes the errors its tests printed harmless.

use crate::evidence::{Pattern, Steady};

static SUCCESS: Pattern = Pattern::new(concat!(
    r"\bBUILD SUCCESS(FUL)?\b|[Yy]our build exited with 0\b|\bexited with 0\.?$|exit(ed with)? (code|status):? 0\b|^Job succeeded|Finished: SUCCESS",
    r"|^Apply complete!|^No changes\. |^Plan: \d+ to (add|import)|, 0 chart\(s\) failed|^test result: ok\.",
    r"|^=+ (\d+ \w+, )*\d+ passed(, \d+ \w+)* in .*=+$|^Tests:\s+(\d+ skipped, )?\d+ passed, \d+ total|Tests run: \d+, Failures: 0, Errors: 0",
    r"|^OK \(\d+ tests?|^\d+ examples?, 0 failures|^Passed!\s+- Failed:\s+0|\bAll (checks|tests) (have )?passed|\b0 failed$",
    r"|^PASS$|^ok\s+\S+\s+[\d.]+s\b|\bcompleted after \d+ attempt|^\S+\s+: ok=\d+\s.*\bunreachable=0\s+failed=0\b|Build succeeded\.$|^Release .* has been (installed|upgraded)\.|STATUS: deployed"
));

static FAILURE: Pattern = Pattern::new(concat!(
    r"\bBUILD (FAILURE|FAILED)\b|[Yy]our build exited with [1-9]|exited with [1-9]\d*\.?$|^ERROR: Job failed|##\[error\]|Finished: FAILURE",
    r"|[1-9]\d* chart\(s\) failed|^test result: FAILED|^=+ .*\d+ (failed|errors?)\b|^Tests:\s+\d+ failed|Tests run: \d+, Failures: [1-9]|Errors: [1-9]",
    r"|^FAIL(ED)?\b|^\d+ examples?, [1-9]\d* failure|Failed!\s+- Failed:\s+[1-9]|Build FAILED|npm ERR!"
));

/// Words with which software says that a retry got through.
static RECOVERY: Pattern = Pattern::new(concat!(
    r"(?i)\b(re-?)?connect(ed|ion) (to .{1,80} )?(is )?(successful(ly)?|(re-?)?established|succeeded|restored)\b|\bsuccessfully (re-?)?connected\b",
    r"|\b(reconnected|connected (to|with) |recovered from|back online|is back up|now reachable|is (now )?(ready|available|healthy|reachable))\b",
    r"|(^|[:\]\s])(re)?connected[.!]?$|\b(publish\w*|send|request|notif\w+|flush\w*|upload\w*|download\w*|write|sync|push|pull|delivery|chunk .{1,60}) (has )?succe(eded|ss)\b|\bSuccessfully installed\b|\bsucceeded (after|on|at) .{0,20}(retr(y|ies)|attempts?)\b|\bretry (was )?succe(ss|eded)|\bready (to accept|for) connections\b|\bCreated database\b"
));

/// The same words with a "not" around them.
static NOT_YET: Pattern =
    Pattern::new(r"(?i)\b(not|n't|never|unable|fail(ed|ure|s)?|error|until|waiting|waits|wait for|before|cannot|if)\b");

/// What a line says of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The run succeeded.
    Success,
    /// The run failed.
    Failure,
    /// A retry got through, or something works again.
    Recovery,
}

impl Verdict {
    /// Reads the verdict of a line; `text` is plain and without wrappers.
    #[must_use]
    pub fn of(text: &str, steady: &Steady) -> Option<Self> {
        let text = text.trim();
        if steady.matches(&FAILURE, text) {
            Some(Self::Failure)
        } else if steady.matches(&SUCCESS, text) {
            Some(Self::Success)
        } else if steady.matches(&RECOVERY, text) && !steady.matches(&NOT_YET, text) {
            Some(Self::Recovery)
        } else {
            None
        }
    }
}

/// The last success and the last failure that the lines state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    success: Option<u64>,
    failure: Option<u64>,
    recovery: Option<u64>,
}

impl Verdicts {
    /// Notes the verdict of a line.
    pub fn note(&mut self, number: u64, verdict: Verdict) {
        match verdict {
            Verdict::Failure => self.failure = Some(number),
            Verdict::Success => self.success = Some(number),
            Verdict::Recovery => self.recovery = Some(number),
        }
    }

    /// The last line that says that a retry got through or that something works again.
    #[must_use]
    pub fn recovery(&self) -> Option<u64> {
        self.recovery
    }

    /// The last line that calls the run a success, where no failure is stated after it.
    #[must_use]
    pub fn success(&self) -> Option<u64> {
        self.success.filter(|s| self.failure.is_none_or(|f| f < *s))
    }

    /// The last line that calls the run a failure.
    #[must_use]
    pub fn failure(&self) -> Option<u64> {
        self.failure
    }
}

#[cfg(test)]
mod tests {
    use super::{Steady, Verdict, Verdicts};

    fn of(text: &str) -> (Option<u64>, Option<u64>) {
        let mut verdicts = Verdicts::default();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(verdict) = Verdict::of(line, &Steady::indifferent()) {
                verdicts.note(number, verdict);
            }
        }
        (verdicts.success(), verdicts.failure())
    }

    #[test]
    fn the_last_word_counts() {
        assert_eq!(of("[INFO] BUILD SUCCESS\nDone. Your build exited with 0.\n"), (Some(2), None));
        assert_eq!(of("[INFO] BUILD SUCCESS\n[ERROR] BUILD FAILURE\n"), (None, Some(2)));
        assert_eq!(of("Tests run: 9, Failures: 1, Errors: 0, Skipped: 0\n"), (None, Some(1)));
        assert_eq!(of("##[error]Process completed with exit code 1.\n"), (None, Some(1)));
    }

    #[test]
    fn every_runner_is_understood() {
        for line in [
            "BUILD SUCCESSFUL in 4s",
            "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
            "===== 12 passed in 0.31s =====",
            "test result: ok. 9 passed; 0 failed; 0 ignored",
            "Tests:       9 passed, 9 total",
            "Finished: SUCCESS",
            "Job succeeded",
            "ok  \texample.org/gateway/internal/dial\t0.131s",
        ] {
            assert_eq!(of(line), (Some(1), None), "{line}");
        }
    }

    #[test]
    fn a_retry_that_got_through_is_heard() {
        let recovery = |line: &str| Verdict::of(line, &Steady::indifferent());
        for line in [
            "connected to postgres",
            "Connection established",
            "INFO reconnected",
            "succeeded after 3 retries",
            "database is now ready",
        ] {
            assert_eq!(recovery(line), Some(Verdict::Recovery), "{line}");
        }
        for line in
            ["not connected to postgres", "failed: connection established too late", "waiting until db is ready"]
        {
            assert_eq!(recovery(line), None, "{line}");
        }
    }

    #[test]
    fn other_words_are_no_verdict() {
        assert_eq!(of("Successfully pulled image\nthe build exited\nplan: x\n"), (None, None));
    }
}
