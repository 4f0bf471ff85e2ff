//! One pass over an input, synchronous: [`Engine::push`] bytes, then [`Engine::conclude`]. Command line and server call the same.

mod axis;
mod calendar;
mod changes;
mod examples;
mod memo;
mod objects;
mod patterns;
mod reader;
mod suggest;
mod survey;
mod timeline;

use crate::diagnosis::cluster::said;
use crate::diagnosis::{self, Coverage, Diagnosis, Given, Observation};
use crate::evidence::{Source, Splitter};
use crate::finding::Fault;
use crate::runbook::Catalogue;

pub use axis::{Axis, STEPS, Steps};
pub use changes::{Change, Changed, changes};
pub use examples::{Ranked, Trial, try_examples};
pub use patterns::{LinePattern, Patterns};
pub use suggest::{Clue, clue_of, clues, healthy_line, settle};
pub use survey::{Side, Survey};
pub use timeline::{Place, Stretch, Timeline, timeline};

use reader::Reader;

/// Reads an input and diagnoses it.
pub struct Engine<'c> {
    catalogue: &'c Catalogue,
    reader: Reader<'c>,
    splitter: Splitter,
    coverage: Coverage,
}

impl<'c> Engine<'c> {
    /// Prepares to diagnose one input with the runbooks of `catalogue`.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, reader: Reader::new(catalogue), splitter: Splitter::default(), coverage: Coverage::default() }
    }

    /// Starts the next source; everything pushed after it belongs to it.
    pub fn begin(&mut self, source: Source) {
        self.end_source();
        self.coverage.sources.push((source, self.reader.before));
    }

    /// Takes the next bytes of the source.
    pub fn push(&mut self, chunk: &[u8]) {
        let reader = &mut self.reader;
        self.splitter.push(chunk, |block| reader.block(block));
    }

    /// Takes a fault that a check of the cluster found, with the texts in which it is seen.
    pub fn fault(&mut self, fault: &Fault) {
        let object = fault.subject.to_string();
        let field = fault.statements.first().map_or(String::new(), |s| s.field.clone());
        self.begin(Source::Field { object: object.clone(), field });
        self.reader.before += 1;
        self.reader.matcher.check(fault.check, &said(fault, self.reader.before));
        for statement in &fault.statements {
            self.begin(Source::Field { object: object.clone(), field: statement.field.clone() });
            self.push(statement.text.as_bytes());
            self.push(b"\n");
        }
    }

    /// What the text is about, as far as it says: `namespace`, `pod`, `deployment` …
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<String> {
        self.reader.facts.clone().finish().get(name).map(ToOwned::to_owned)
    }

    /// Adds a sentence on what could not be read or was left out.
    pub fn remark(&mut self, sentence: String) {
        self.coverage.remarks.push(sentence);
    }

    /// Says that lines were left out before they reached the engine.
    pub fn skipped(&mut self, lines: u64) {
        self.coverage.skipped += lines;
    }

    /// Ends the input and judges it.
    #[must_use]
    pub fn conclude(mut self, given: &Given) -> Diagnosis {
        self.end_source();
        self.so_far(given)
    }

    /// Judges what was read so far; a line whose end has not come yet is not part of it.
    #[must_use]
    pub fn so_far(&self, given: &Given) -> Diagnosis {
        let reader = &self.reader;
        let mut coverage = self.coverage.clone();
        coverage.lines = self.lines();
        coverage.bytes += self.splitter.bytes();
        coverage.cut += self.splitter.cut();
        coverage.binary = reader.binary;
        let observation = Observation {
            seen: reader.matcher.seen(),
            exceptions: reader.traces.clone().finish(),
            verdicts: reader.verdicts,
            troubles: reader.troubles.clone(),
            kinds: reader.kinds.all(),
            facts: reader.facts.clone().finish(),
            surroundings: reader.surroundings.clone(),
            coverage,
        };
        diagnosis::diagnose(observation, self.catalogue, given)
    }

    /// Whole lines read so far.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.reader.before + self.splitter.lines()
    }

    /// A number that grows whenever something is seen that was not seen before.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.reader.matcher.news() + u64::from(self.reader.troubles.count() > 0)
    }

    fn end_source(&mut self) {
        let reader = &mut self.reader;
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.finish(|block| reader.block(block));
        self.coverage.bytes += splitter.bytes();
        self.coverage.cut += splitter.cut();
        reader.end_source(splitter.lines());
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{Engine, Given, Source};
    use crate::diagnosis::Diagnosis;
    use crate::runbook::{Catalogue, head};

    /// The examples of every built-in runbook, so that every signal has a line to fire on.
    fn examples(catalogue: &Catalogue) -> Vec<(String, String)> {
        let texts = catalogue.entries().iter().filter_map(|entry| {
            let (_, body, first) = head::split(entry.text()).ok()?;
            let logs = head::examples(body, first).into_iter().filter(|example| !example.objects);
            let texts = logs.map(|example| example.text);
            Some((entry.id().to_owned(), texts.collect()))
        });
        texts.collect()
    }

    /// The text with other digits in the places of its digits.
    fn other_digits(text: &str, by: u32) -> String {
        let turn = |c: char| c.to_digit(10).and_then(|d| char::from_digit((d + by) % 10, 10)).unwrap_or(c);
        text.chars().map(turn).collect()
    }

    fn diagnose(catalogue: &Catalogue, text: &str, remembers: bool) -> Diagnosis {
        let mut engine = Engine::new(catalogue);
        engine.reader.remembers = remembers;
        engine.begin(Source::Stdin);
        engine.push(text.as_bytes());
        engine.conclude(&Given::default())
    }

    /// What is known of a diagnosis but for the lines around its evidence, which are kept only for lines that were read.
    fn bare(mut diagnosis: Diagnosis) -> Diagnosis {
        for evidence in diagnosis.causes.iter_mut().flat_map(|c| &mut c.evidence) {
            evidence.before.clear();
            evidence.after.clear();
        }
        diagnosis
    }

    #[test]
    fn what_is_remembered_of_a_shape_changes_no_answer() {
        let catalogue = Catalogue::built_in();
        let filler = "INFO nothing of interest happens here\n".repeat(1001);
        for (id, example) in examples(&catalogue) {
            // Seen once, remembered, and then met with other digits, the last time with its own.
            let mut text = filler.clone();
            for by in [3, 7, 9, 0] {
                let _ = writeln!(text, "{}", other_digits(&example, by).trim_end());
            }
            let (quick, slow) = (diagnose(&catalogue, &text, true), diagnose(&catalogue, &text, false));
            assert_eq!(bare(quick), bare(slow), "{id}");
        }
    }

    #[test]
    fn signals_find_what_the_library_finds() {
        use crate::evidence::Pattern;
        let catalogue = Catalogue::built_in();
        let texts: Vec<String> = examples(&catalogue).into_iter().map(|(_, text)| text).collect();
        for entry in catalogue.entries() {
            let head = entry.head();
            for source in head.signals.any.iter().chain(&head.signals.support).filter_map(|s| s.log.as_deref()) {
                let ours = Pattern::of(source);
                let mut theirs = regex::bytes::RegexBuilder::new(source);
                let theirs = theirs.unicode(!source.is_ascii()).multi_line(true).build().expect("a signal is valid");
                // Two of a hundred texts each, others for each expression, and its own.
                let own = texts.iter().filter(|text| theirs.is_match(text.as_bytes())).take(2);
                for text in own.chain(texts.iter().skip(source.len() % 97).step_by(97)) {
                    let found: Vec<_> =
                        ours.each(text).map(|f| f.span()).filter(|s| text[s.clone()].is_ascii()).collect();
                    let want: Vec<_> = theirs.find_iter(text.as_bytes()).map(|m| m.range()).collect();
                    let want: Vec<_> =
                        want.into_iter().filter(|s| text.get(s.clone()).is_some_and(str::is_ascii)).collect();
                    assert_eq!(found, want, "{source} in {text}");
                }
            }
        }
    }
}
