//! The head of a runbook: its front matter as types, and the split of a file into head, body and examples.
//!
//! Self-contained on purpose: the build script compiles this file too, so that a built-in runbook with an unknown key,
//! a bad value or a missing section never becomes a binary.

use serde::{Deserialize, Serialize};

/// How bad it is when the failure is there. Ordered: `Info` is the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is wrong.
    Info,
    /// Worth knowing; nobody is affected.
    Low,
    /// Degraded, or will become worse.
    #[default]
    Medium,
    /// Something does not work.
    High,
    /// Users are affected widely or data is at risk.
    Critical,
}

/// How directly a runbook's signals state the fault; candidates are ranked by it first. Ordered: `Fallback` is the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Specificity {
    /// Speaks only when nothing else does: an exception, a non-zero exit.
    Fallback,
    /// How the platform reports that something else is wrong.
    Symptom,
    /// A fault any program can have and that may follow from a more specific one.
    General,
    /// A fault of a named product that a deeper cause may explain.
    Component,
    /// The text states the fault itself.
    #[default]
    Exact,
}

/// One clue of a runbook. Exactly one of `log`, `exception` and `check` is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Regular expression, tried on one plain line at a time.
    #[serde(default)]
    pub log: Option<String>,
    /// Regular expression that the same line must not match.
    #[serde(default)]
    pub not: Option<String>,
    /// Lines known to be below this level do not count.
    #[serde(default)]
    pub level: Option<String>,
    /// A stack trace of this language (`python`, `java` …).
    #[serde(default)]
    pub exception: Option<String>,
    /// Regular expression on the type of the innermost exception; only with `exception`.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Id of a check of the cluster.
    #[serde(default)]
    pub check: Option<String>,
}

/// The clues of a runbook by the part they play.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// One of these is enough.
    #[serde(default)]
    pub any: Vec<Signal>,
    /// Each of these must be seen somewhere in the input.
    #[serde(default)]
    pub all: Vec<Signal>,
    /// One of these anywhere rules the runbook out.
    #[serde(default)]
    pub none: Vec<Signal>,
    /// Each of these raises the confidence; none is enough alone.
    #[serde(default)]
    pub support: Vec<Signal>,
    /// Seen after the last match, the failure has healed.
    #[serde(default)]
    pub recovered: Vec<Signal>,
}

/// A command that finds out more or repairs the failure; every text is a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// The command, one line, no shell.
    pub run: String,
    /// Why one would run it.
    pub why: String,
    /// Raises, never lowers, what the risk policy computes.
    #[serde(default)]
    pub risk: Option<String>,
    /// Command that shows whether it worked.
    #[serde(default)]
    pub verify: Option<String>,
    /// Command that takes it back.
    #[serde(default)]
    pub undo: Option<String>,
    /// Values that must all be known (`secret`) or be this one (`exit_code=127`); otherwise it is not offered.
    #[serde(default)]
    pub when: Vec<String>,
    /// Conditions of the same kind of which none may hold; otherwise it is not offered.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// The front matter of a runbook. Documented in `runbooks/README.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// File stem; names the fault.
    pub id: String,
    /// Short title for people.
    pub title: String,
    /// Category of the taxonomy.
    pub category: String,
    /// Narrower cause in the taxonomy; empty for a runbook about the whole category.
    #[serde(default)]
    pub cause: String,
    /// How bad it is.
    pub severity: Severity,
    /// How directly the signals state the fault.
    #[serde(default)]
    pub specificity: Specificity,
    /// Software retries this by itself, so that a later success means that it healed.
    #[serde(default)]
    pub transient: bool,
    /// What gives the failure away.
    #[serde(default)]
    pub signals: Signals,
    /// Ids of runbooks and checks that are symptoms of this one.
    #[serde(default)]
    pub explains: Vec<String>,
    /// One sentence with the values seen; a template.
    pub root_cause: String,
    /// What to run, in order.
    pub fixes: Vec<Fix>,
    /// How to keep it from coming back.
    pub prevention: Vec<String>,
    /// Alert names that lead here.
    #[serde(default)]
    pub alerts: Vec<String>,
}

/// The four sections that every runbook with a head has, in this order.
pub const SECTIONS: [&str; 4] = ["Meaning", "Impact", "Diagnosis", "Mitigation"];

/// A file is not a usable runbook: what is wrong, and in which line (1-based).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadError {
    /// Line of the file.
    pub line: usize,
    /// One lower-case sentence without a full stop.
    pub what: String,
}

/// Splits a runbook file into its front matter (`None` where it has none) and its body.
///
/// The third value is the number of the body's first line.
///
/// # Errors
/// A front matter that is opened and never closed.
pub fn split(text: &str) -> Result<(Option<&str>, &str, usize), HeadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(after) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else {
        return Ok((None, text, 1));
    };
    let mut offset = 0;
    for (index, line) in after.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            return Ok((Some(&after[..offset]), &after[offset + line.len()..], index + 3));
        }
        offset += line.len();
    }
    Err(HeadError { line: 1, what: "the front matter that starts with --- is never closed".into() })
}

/// Reads and checks the head of a runbook whose file stem is `stem`.
///
/// # Errors
/// The first thing that is wrong: YAML, an unknown key, a value out of range, a signal with none or two kinds.
pub fn parse(stem: &str, yaml: &str) -> Result<Head, HeadError> {
    let options = serde_saphyr::options! { with_snippet: false };
    let head: Head = serde_saphyr::from_str_with_options(yaml, options).map_err(|error| HeadError {
        line: error.location().map_or(1, |at| usize::try_from(at.line()).unwrap_or(0) + 1),
        what: one_line(&error.to_string()),
    })?;
    let line_of = |key: &str| yaml.lines().position(|l| l.trim_start().starts_with(key)).map_or(1, |i| i + 2);
    if head.id != stem {
        return Err(HeadError {
            line: line_of("id:"),
            what: format!("id {:?} is not the file name {stem:?}", head.id),
        });
    }
    if !is_kebab(&head.id) {
        return Err(HeadError { line: line_of("id:"), what: format!("id {:?} is not kebab-case", head.id) });
    }
    for (role, signal) in head.signals.each() {
        if let Some(what) = signal.fault() {
            return Err(HeadError { line: line_of(&format!("{role}:")), what: format!("signal in {role:?}: {what}") });
        }
    }
    for fix in &head.fixes {
        if fix.risk.as_deref().is_some_and(|r| !["low", "medium", "high", "critical"].contains(&r)) {
            return Err(HeadError {
                line: line_of("risk:"),
                what: "risk is one of low, medium, high, critical".into(),
            });
        }
    }
    Ok(head)
}

/// Names the first of the four sections that `body` lacks or has out of order, if any.
#[must_use]
pub fn missing_section(body: &str) -> Option<&'static str> {
    let mut headings = body.lines().filter_map(|l| l.strip_prefix("## ")).map(str::trim);
    SECTIONS.into_iter().find(|wanted| !headings.any(|h| h == *wanted))
}

/// An example of a runbook: a text in a fenced block, and whether the runbook must rank first for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// `true` for a `match` block, `false` for `no-match`.
    pub matches: bool,
    /// `true` for a `yaml` block: objects of a cluster, for checks; `false` for a `log` block.
    pub objects: bool,
    /// The text.
    pub text: String,
    /// Line of the file where the fence opens.
    pub line: usize,
}

/// The examples in a body that starts at line `first_line` of its file.
#[must_use]
pub fn examples(body: &str, first_line: usize) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<Example> = None;
    for (index, line) in body.lines().enumerate() {
        match &mut open {
            None => open = opened(line.trim_end(), first_line + index),
            Some(_) if line.trim_end() == "```" => found.extend(open.take()),
            Some(example) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
        }
    }
    found
}

fn opened(fence: &str, line: usize) -> Option<Example> {
    let (matches, objects) = match fence {
        "```log match" => (true, false),
        "```log no-match" => (false, false),
        "```yaml match" => (true, true),
        "```yaml no-match" => (false, true),
        _ => return None,
    };
    Some(Example { matches, objects, text: String::new(), line })
}

impl Signals {
    /// Every signal with the name of the part it plays.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &Signal)> {
        [
            ("any", &self.any),
            ("all", &self.all),
            ("none", &self.none),
            ("support", &self.support),
            ("recovered", &self.recovered),
        ]
        .into_iter()
        .flat_map(|(role, signals)| signals.iter().map(move |s| (role, s)))
    }
}

/// The languages whose stack traces an `exception` signal can name.
pub const LANGUAGES: [&str; 9] = ["python", "java", "node", "dotnet", "ruby", "php", "go", "rust", "cpp"];

impl Signal {
    fn fault(&self) -> Option<String> {
        let kinds = [&self.log, &self.exception, &self.check].into_iter().flatten().count();
        if kinds != 1 {
            return Some("needs exactly one of log, exception and check".into());
        }
        if self.log.is_none() && (self.not.is_some() || self.level.is_some()) {
            return Some("not and level go with log".into());
        }
        if self.kind.is_some() && self.exception.is_none() {
            return Some("type goes with exception".into());
        }
        let level = self.level.as_deref().filter(|l| !["debug", "info", "warn", "error", "fatal"].contains(l));
        if let Some(level) = level {
            return Some(format!("level {level:?} is not one of debug, info, warn, error, fatal"));
        }
        let language = self.exception.as_deref().filter(|l| !LANGUAGES.contains(l));
        language.map(|l| format!("exception {l:?} is not one of {}", LANGUAGES.join(", ")))
    }
}

/// Whether `id` is lower-case words and numbers joined by hyphens.
#[must_use]
pub fn is_kebab(id: &str) -> bool {
    !id.is_empty()
        && !id.starts_with('-')
        && !id.ends_with('-')
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
