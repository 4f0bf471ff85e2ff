//! What a log gives for a new runbook: the lines that tell of the failure, each as an expression with what varies as captures, and a healthy line.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::diagnosis::Diagnosis;
use crate::evidence::{Level, Pattern, format};
use crate::redact::{Quote, Redaction};
use crate::runbook::{Catalogue, Draft, literal};

use super::{LinePattern, Patterns, try_examples};

/// A line that tells of the failure, and an expression for its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clue {
    /// Matches the line and others of its kind.
    pub expression: String,
    /// Names of its captures that say what they hold.
    pub captures: Vec<String>,
    /// The line; secrets taken out.
    pub line: String,
}

/// Clues that are worth a signal at the most.
const MOST: usize = 3;
/// Letters that an expression must have to tell its line from others.
const LEAST_LETTERS: usize = 12;
/// Characters of an expression after which nothing is added.
const LONGEST: usize = 140;
/// Words that captures may be called by, where they stand before a value.
const NAMES: [&str; 20] = [
    "namespace",
    "pod",
    "container",
    "node",
    "image",
    "service",
    "host",
    "port",
    "address",
    "url",
    "path",
    "user",
    "database",
    "file",
    "key",
    "role",
    "bucket",
    "topic",
    "queue",
    "status",
];

/// The lines of a log that tell best of its failure, the most telling first: those of the diagnosis, then the rarest errors. `patterns` is a survey that
/// remembers the pattern of every line, and both are of the same log.
#[must_use]
pub fn clues(patterns: &Patterns, diagnosis: &Diagnosis) -> Vec<Clue> {
    let evidence = diagnosis.causes.first().into_iter().flat_map(|cause| &cause.evidence);
    let told = evidence.filter_map(|e| {
        let index = usize::try_from(e.at.line).ok()?.checked_sub(1)?;
        let pattern = patterns.assigned.get(index).and_then(|at| patterns.patterns.get(*at));
        Some((e.at.text.clone(), pattern))
    });
    let mut errors: Vec<&LinePattern> = patterns.patterns.iter().filter(|p| p.is_error()).collect();
    errors.sort_by_key(|p| (p.count, Reverse(p.level), p.first_line));
    let rare = errors.into_iter().map(|p| (p.sample(Redaction::On), Some(p)));
    let mut seen = BTreeSet::new();
    let clues = told.chain(rare).filter_map(|(line, pattern)| clue(&line, pattern));
    clues.filter(|clue| seen.insert(clue.expression.clone())).take(MOST).collect()
}

/// A clue out of a line that a person gave.
#[must_use]
pub fn clue_of(line: &str) -> Option<Clue> {
    clue(&Quote::of(line), None)
}

/// The first way to say what kind of line it is that matches it and is narrow enough.
fn clue(line: &Quote, pattern: Option<&LinePattern>) -> Option<Clue> {
    let line = joined(line.as_str().lines().next()?.trim());
    let line = line.as_str();
    let (_, record) = format::name_and_read(line);
    let message = masked(record.message.lines().next().unwrap_or_default());
    let templates = pattern.map(|p| p.template(Redaction::On).to_string()).into_iter().chain([message]);
    let mut ways = templates.flat_map(|template| {
        let template = varied(&template);
        [expression(&template), expression(longest_run(&template))]
    });
    let fits = |(expression, _): &(String, Vec<String>)| {
        Pattern::of(expression).is_match(line)
            && literal::required(expression).is_ok()
            && letters(expression) >= LEAST_LETTERS
    };
    let (expression, captures) = ways.find(fits)?;
    let captures = captures.into_iter().filter(|name| NAMES.contains(&name.as_str())).collect();
    Some(Clue { expression, captures, line: line.to_owned() })
}

/// The healthiest line of the log that none of the expressions matches.
#[must_use]
pub fn healthy_line(patterns: &Patterns, clues: &[Clue]) -> Option<String> {
    let expressions: Vec<Pattern> = clues.iter().map(|c| Pattern::of(&c.expression)).collect();
    let mut calm: Vec<&LinePattern> =
        patterns.patterns.iter().filter(|p| p.level.is_some_and(|level| level <= Level::Info)).collect();
    calm.sort_by_key(|p| Reverse(p.count));
    let lines = calm.into_iter().map(|p| p.sample(Redaction::On).to_string());
    lines
        .filter_map(|text| text.lines().next().map(|l| l.trim().to_owned()))
        .find(|line| !line.is_empty() && !line.starts_with("```") && !expressions.iter().any(|e| e.is_match(line)))
}

/// The draft with what else it takes so that its examples rank as they say: runbooks that fire on the same lines become its symptoms.
///
/// # Errors
/// What still ranks wrong, in a sentence.
pub fn settle(catalogue: &mut Catalogue, mut draft: Draft) -> Result<Draft, String> {
    loop {
        let file = format!("{}.md", draft.id);
        catalogue.add(&file, &draft.id, draft.text()).map_err(|fault| fault.to_string())?;
        let Some(entry) = catalogue.get(&draft.id) else { return Err(format!("{file} detects nothing")) };
        let trials = try_examples(catalogue, entry);
        let Some(wrong) = trials.iter().find(|trial| !trial.passed()) else { return Ok(draft) };
        let first = wrong.ranking.first().and_then(|r| r.runbook.clone()).filter(|id| *id != draft.id);
        match first.filter(|id| wrong.matches && !draft.explains.contains(id)) {
            Some(id) => draft.explains.push(id),
            None => return Err(format!("the example in line {} does not rank as it says", wrong.line)),
        }
    }
}

/// What a template has where words vary.
const HOLE: &str = "<*>";

/// A line in which what was taken out as a secret is one word, as the secret was.
fn joined(line: &str) -> String {
    replaced(line, "[redacted]")
}

/// A template in which what was taken out as a secret varies too.
fn varied(template: &str) -> String {
    replaced(template, HOLE)
}

fn replaced(text: &str, by: &str) -> String {
    static SECRET: Pattern = Pattern::new(r"\[redacted[^\]]*\]");
    let mut out = text.to_owned();
    let spans: Vec<_> = SECRET.each(text).map(|found| found.span()).collect();
    for span in spans.into_iter().rev() {
        out.replace_range(span, by);
    }
    out
}

/// A message in which every word with a digit, and everything in quotes, varies.
fn masked(message: &str) -> String {
    static VALUE: Pattern = Pattern::new(r#""[^"]*"|'[^']*'|[\w./:@%+-]*\d[\w./:@%+-]*"#);
    let mut text = message.to_owned();
    let spans: Vec<_> = VALUE.each(message).map(|found| found.span()).collect();
    for span in spans.into_iter().rev() {
        text.replace_range(span, HOLE);
    }
    text
}

/// The longest part of a template in which nothing varies.
fn longest_run(template: &str) -> &str {
    template.split(HOLE).max_by_key(|run| letters(run)).unwrap_or_default()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// An expression for a template, and the names of its captures.
fn expression(template: &str) -> (String, Vec<String>) {
    let open = |c: char| !c.is_alphanumeric();
    let template =
        template.trim_start_matches(|c| open(c) && c != '<').trim_start_matches(HOLE).trim_start_matches(open);
    let (mut out, mut names) = (String::new(), Vec::new());
    let pieces: Vec<&str> = template.split(HOLE).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let last = at + 1 == pieces.len() || out.len() + piece.len() > LONGEST;
        out.push_str(&escaped(if last { piece.trim_end_matches(|c| open(c) && c != ')') } else { piece }));
        if last || pieces[at + 1..].iter().all(|rest| letters(rest) == 0) {
            break;
        }
        let next = pieces.get(at + 1).and_then(|next| next.chars().next());
        let name = (!is_secret(piece)).then(|| named(piece, &names));
        out.push_str(&hole(name.as_deref(), next));
        names.extend(name);
    }
    (out.trim_end().to_owned(), names)
}

/// A capture that ends before the character that comes next.
fn hole(name: Option<&str>, next: Option<char>) -> String {
    let open = name.map_or_else(|| "(".to_owned(), |name| format!("(?<{name}>"));
    match next {
        Some(c) if c.is_ascii_punctuation() && !matches!(c, '[' | ']' | '^' | '\\' | '-') => {
            format!("{open}[^\\s{c}]+)")
        }
        _ => format!("{open}\\S+)"),
    }
}

/// Whether what comes behind `before` is nothing to catch: a password, a token.
fn is_secret(before: &str) -> bool {
    static KEY: Pattern =
        Pattern::new(r#"(?i)(passw(or)?d|pwd|secret|token|credentials?|authorization|bearer|key)["']?[=: ]+["']?$"#);
    KEY.is_match(before)
}

/// A name for what varies behind `before`, that is not taken yet.
fn named(before: &str, taken: &[String]) -> String {
    let word: String = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    let word = word.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
    let base = if NAMES.contains(&word) { word } else { "value" };
    let numbered = (2..).map(|n| format!("{base}{n}"));
    std::iter::once(base.to_owned()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

/// Text that an expression takes as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{clue_of, clues, healthy_line, settle};
    use crate::diagnosis::Given;
    use crate::engine::{Engine, Side, Survey};
    use crate::evidence::Source;
    use crate::finding::Severity;
    use crate::runbook::{Catalogue, Draft};

    const LOG: &str = "2026-01-31T08:00:00Z INFO request 17 served in 3 ms\n2026-01-31T08:00:01Z INFO request 18 served in 4 ms\n\
        2026-01-31T08:00:02Z ERROR payment gateway pay-7.shop.test:8443 declined merchant 4711 for good\n2026-01-31T08:00:03Z INFO request 19 served in 3 ms\n";

    fn found(log: &str) -> (Vec<super::Clue>, Option<String>) {
        let catalogue = Catalogue::built_in();
        let (mut engine, mut survey) = (Engine::new(&catalogue), Survey::assigning());
        engine.begin(Source::Stdin);
        survey.begin(Side::Subject);
        engine.push(log.as_bytes());
        survey.push(log.as_bytes());
        let (patterns, diagnosis) = (survey.conclude(), engine.conclude(&Given::default()));
        let clues = clues(&patterns, &diagnosis);
        let healthy = healthy_line(&patterns, &clues);
        (clues, healthy)
    }

    #[test]
    fn the_line_of_the_failure_becomes_an_expression() {
        let (clues, healthy) = found(LOG);
        let expression = r"payment gateway (?<value>\S+) declined merchant (?<value2>\S+) for good";
        assert_eq!(clues.iter().map(|c| c.expression.as_str()).collect::<Vec<_>>(), [expression]);
        assert!(healthy.expect("a line").contains("served in"));
    }

    #[test]
    fn secrets_are_in_neither_the_line_nor_the_expression() {
        let line = "ERROR cannot log in to warehouse with password=hunter2hunter2 as nightly job";
        let clue = clue_of(line).expect("a clue");
        assert!(!clue.line.contains("hunter2") && !clue.expression.contains("hunter2"), "{clue:?}");
        assert_eq!(clue_of("ERROR 17"), None);
    }

    #[test]
    fn a_draft_outranks_what_else_fires_on_its_lines() {
        let clue =
            clue_of("ERROR ledger volume of tenant blue: write /data/x: no space left on device").expect("a clue");
        let draft = Draft {
            id: "ledger-full".into(),
            title: "The ledger is full".into(),
            category: "DiskFull".into(),
            severity: Severity::High,
            signals: vec![clue.expression],
            lines: vec![clue.line],
            healthy: "INFO all is well".into(),
            ..Draft::default()
        };
        let settled = settle(&mut Catalogue::built_in(), draft).expect("it settles");
        assert_eq!(settled.explains, ["disk-full"]);
    }
}
