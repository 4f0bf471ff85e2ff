//! One pass over an input, synchronous: [`Engine::push`] bytes, then [`Engine::conclude`]. Command line and server call the same.

mod axis;
mod changes;
mod memo;
mod reader;
mod survey;
mod timeline;

use crate::diagnosis::{self, Coverage, Diagnosis, Given, Observation};
use crate::evidence::{Source, Splitter};
use crate::runbook::Catalogue;

pub use axis::{Axis, STEPS, Steps};
pub use changes::{Change, Changed, changes};
pub use survey::{LinePattern, Patterns, Side, Survey};
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
