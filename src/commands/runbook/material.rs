//! What a log gives for a new runbook: its telling lines, its healthiest one, what idp already makes of it.

use std::path::Path;

use super::super::Advice;
use super::super::input::{self, Step};
use crate::collect::Window;
use crate::diagnosis::{Given, Outcome};
use crate::engine::{Clue, Engine, Side, Survey, clues, healthy_line};
use crate::evidence::Source;
use crate::finding::Severity;
use crate::runbook::Catalogue;

/// What is known before anybody writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Material {
    /// Lines that tell of the failure, with their expressions.
    pub(super) clues: Vec<Clue>,
    /// A healthy line.
    pub(super) healthy: Option<String>,
    /// Category of the diagnosis, where it has one.
    pub(super) category: Option<String>,
    /// How bad the diagnosis says it is.
    pub(super) severity: Option<Severity>,
}

impl Material {
    /// What the most telling line says, as a title.
    pub(super) fn title(&self) -> Option<String> {
        let clue = self.clues.first()?;
        let plain = clue.expression.split("(?<").map(|part| part.split_once(')').map_or(part, |(_, rest)| rest));
        let text = plain.collect::<Vec<_>>().join(" ").replace('\\', "");
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).take(8).collect();
        let title = words.join(" ");
        let mut chars = title.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect())
    }
}

/// Reads a log; one in which nothing failed gives nothing.
pub(super) fn of_log(log: &Path, known: &Catalogue) -> anyhow::Result<Material> {
    let named = log.display().to_string();
    let source = if named == "-" { Source::Stdin } else { Source::File(named.clone()) };
    let (mut engine, mut survey) = (Engine::new(known), Survey::assigning());
    let interrupted = input::interruption()?;
    input::read(vec![source], Window::default(), &interrupted, true, |step| {
        match step {
            Step::Begin(source) => {
                engine.begin(source);
                survey.begin(Side::Subject);
            }
            Step::Chunk(chunk) => {
                engine.push(chunk);
                survey.push(chunk);
            }
            Step::Failed(error) => return Err(anyhow::Error::new(error).context("--log")),
            Step::Interrupted => return Err(anyhow::anyhow!("interrupted")),
            Step::End(_) | Step::Idle => {}
        }
        Ok(())
    })?;
    let (patterns, diagnosis) = (survey.conclude(), engine.conclude(&Given::default()));
    let clues = clues(&patterns, &diagnosis);
    if clues.is_empty() {
        return Err(Advice {
            what: format!("--log: nothing in {named} says in words that something failed"),
            help: "see whether it is the right log, or leave --log out".into(),
        }
        .into());
    }
    let first = diagnosis.causes.first().filter(|_| diagnosis.outcome == Outcome::Known);
    Ok(Material {
        healthy: healthy_line(&patterns, &clues),
        clues,
        category: first.map(|cause| cause.category.clone()),
        severity: first.map(|cause| cause.severity),
    })
}
