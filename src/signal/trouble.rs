//! Lines that mean trouble although no rule knows them: what an `Unknown` answer is made of.

use crate::evidence::{Level, Pattern, Stamp, Steady};

/// One line that means trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Line of the input, from 1.
    pub line: u64,
    /// The plain line.
    pub text: String,
    /// Its level; `Error` where only the words say so.
    pub level: Level,
    /// Its time, where it states one.
    pub time: Option<Stamp>,
}

/// The first and the worst line that mean trouble, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Troubles {
    first: Option<Trouble>,
    worst: Option<Trouble>,
    /// The first line whose words state a failure only where there is little else to read.
    weak: Option<Trouble>,
    last: u64,
    count: u64,
}

/// Words that state a failure in a line without a level.
static WORDS: Pattern = Pattern::new(concat!(
    r#"(?i)(^|[^\w"'/.-])(fatal|panic|unhandled|uncaught|aborted|segfault|core dumped)([^\w"'/.=-]|$)|^\s*(?:[\w./-]+: )*(error|fatal|failed|failure)\b[: ]"#,
    r"|\b(exited with|exit) (code|status):? [1-9]",
    r"|\b[A-Z]\w*(Error|Exception): \S|\bsyntax error\b|\bpermission denied\b|\baccess denied\b"
));

/// Words that state a failure only where there is little else to read: long logs are full of harmless ones.
static WEAK: Pattern = Pattern::new(
    r"(?i)\bfailed (to|with|because)\b|\b(unable to|cannot|could not|couldn't|can't) [a-z]+|\bnot found\b",
);

/// Words with which a line says that it is tried again.
static RETRY: Pattern = Pattern::new(r"(?i)\b(retry\w*|will retry|attempt \d+|attempts?=\d+|try(ing)? again)\b");

/// A warning is trouble only as an event of the cluster whose reason says so.
static EVENT: Pattern =
    Pattern::new(r"\bWarning\s{2,}\w*(Fail|Err|BackOff|Unhealthy|Evict|Kill|Invalid|NotReady|Pressure)");

/// Lines that hold such words and are harmless: counters at zero, empty error fields, names of options and classes.
static HARMLESS: Pattern = Pattern::new(concat!(
    r#"(?i)\b(errors?|failures?|failed|err|fatal|exceptions?)["']?\s*[:=]\s*(0\b|<nil>|nil\b|null\b|none\b|false\b|""|''|-)"#,
    r"|\b(0|no) (errors?|failures?|failed|warnings?)\b|_(failed|errors?|failures?)_?(total|count)?\b.* 0(\.0)?$|\bif (it|this|any) fails\b|may not have completed yet|\bwill retry\b",
    r"|\b(without|zero) errors?\b|error[_-]?(log|handler|page|rate|budget|reporting|code)\b"
));

/// How a line means trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// It states a failure of this level.
    Stated(Level),
    /// Its words state a failure only where there is little else to read.
    Weak,
}

impl Alarm {
    /// Reads how a plain line of this level means trouble, if it does.
    #[must_use]
    pub fn of(text: &str, level: Option<Level>, steady: &Steady) -> Option<Self> {
        let harmless = || steady.matches(&HARMLESS, text);
        let stated = match level {
            Some(level) if level >= Level::Error => !harmless(),
            Some(Level::Warn) => steady.matches(&EVENT, text),
            None => steady.matches(&WORDS, text) && !harmless(),
            Some(_) => false,
        };
        if stated {
            return Some(Self::Stated(level.unwrap_or(Level::Error).max(Level::Warn)));
        }
        (level.is_none() && steady.matches(&WEAK, text) && !harmless()).then_some(Self::Weak)
    }
}

impl Troubles {
    /// Notes that a line means trouble; returns whether it is the first or worse than any before.
    pub fn note(&mut self, number: u64, text: &str, time: Option<Stamp>, alarm: Alarm) -> bool {
        let trouble = |level| Trouble { line: number, text: text.chars().take(2000).collect(), level, time };
        let Alarm::Stated(level) = alarm else {
            self.weak.get_or_insert_with(|| trouble(Level::Warn));
            return false;
        };
        self.again(number);
        let worse = self.worst.as_ref().is_none_or(|w| level > w.level);
        if self.first.is_none() {
            self.first = Some(trouble(level));
        }
        if worse {
            self.worst = Some(trouble(level));
        }
        worse
    }

    /// Notes that a line means the same trouble as one before it.
    pub fn again(&mut self, number: u64) {
        self.count += 1;
        self.last = number;
    }

    /// Takes the weak line for trouble, because the input is short.
    #[must_use]
    pub fn with_weak(mut self) -> Self {
        if let (0, Some(weak)) = (self.count, self.weak.clone()) {
            self.count = 1;
            self.last = weak.line;
            self.first = Some(weak.clone());
            self.worst = Some(weak);
        }
        self
    }

    /// Whether all that is known of them says that it is tried again.
    #[must_use]
    pub fn are_retries(&self) -> bool {
        [&self.first, &self.worst].into_iter().flatten().all(|t| RETRY.is_match(&t.text))
    }

    /// How many lines mean trouble.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first of them.
    #[must_use]
    pub fn first(&self) -> Option<&Trouble> {
        self.first.as_ref()
    }

    /// The first of the worst level.
    #[must_use]
    pub fn worst(&self) -> Option<&Trouble> {
        self.worst.as_ref()
    }

    /// Line of the last of them.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::{Alarm, Steady, Troubles};
    use crate::evidence::Level;

    fn count(lines: &[&str]) -> u64 {
        let mut troubles = Troubles::default();
        for (number, line) in (1..).zip(lines) {
            if let Some(alarm) = Alarm::of(line, Level::of(line), &Steady::indifferent()) {
                troubles.note(number, line, None, alarm);
            }
        }
        troubles.count()
    }

    #[test]
    fn stated_failures_count() {
        for line in ["ERROR the frobnicator gave up", "Error: no such thing", "process exited with code 3"] {
            assert_eq!(count(&[line]), 1, "{line}");
        }
    }

    #[test]
    fn scary_words_in_healthy_lines_do_not() {
        for line in [
            "INFO job done errors=0 failed=0",
            "level=info msg=\"reconciled\" error=<nil>",
            "http_requests_failed_total 0",
            "DEBUG failed to hit the cache, loading",
            "Tests run: 9, Failures: 0, Errors: 0",
            "\"status\": \"success\",\"error\": null",
            "finished, no errors",
        ] {
            assert_eq!(count(&[line]), 0, "{line}");
        }
    }
}
