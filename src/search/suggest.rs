//! From a text to runbooks: those whose signals match it first, then those whose words do.
//!
//! A log or an alert says what failed, and the engine knows runbooks for that. A question in plain words matches no signal, and the words decide.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Answer, Hit, Index, Near, Passage, Query, Record, passage};
use crate::diagnosis::{Diagnosis, Given};
use crate::engine::Engine;
use crate::evidence::Source;
use crate::runbook::Catalogue;

/// A text with more lines is a log: of it only what the engine found telling is looked for.
const LOG: usize = 20;
/// Titles that are named where nothing was found.
const NEAREST: usize = 3;

/// Where runbooks are looked for.
#[derive(Clone, Copy)]
pub struct Library<'l> {
    /// The runbooks whose signals are tried.
    pub catalogue: &'l Catalogue,
    /// The index over all texts.
    pub index: &'l Index,
    /// Finds the Markdown of a document, for its passage.
    pub text: &'l dyn Fn(&Record) -> Option<Cow<'l, str>>,
}

/// How alike texts are in meaning, as a model sees it: one cosine for each document of the index.
#[derive(Clone, Copy, Debug)]
pub struct Meaning<'m> {
    /// The cosines, in the order of the documents.
    pub cosines: &'m [f32],
    /// From which cosine on a document counts although no word matches.
    pub close: f32,
}

/// Why a runbook was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its signals match the text.
    Signals,
    /// The text names it, or its alert.
    Name,
    /// Its words, or their meaning, fit.
    Words,
}

impl Why {
    /// A word for it, as machines read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Signals => "signals",
            Self::Name => "name",
            Self::Words => "words",
        }
    }
}

/// A runbook that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// In which of the caller's directories it lies.
    pub directory: u32,
    /// Its path below its directory.
    pub file: String,
    /// Its title.
    pub title: String,
    /// Its id.
    pub id: String,
    /// 0 to 1: 1 where its signals match or the text names it, else which part of what the words could get at most it gets.
    pub score: f64,
    /// Why it was found.
    pub why: Why,
    /// The place that fits best.
    pub passage: Option<Passage>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestions {
    /// The runbooks, best first.
    pub found: Vec<Found>,
    /// Titles that look like the text, where nothing was found.
    pub nearest: Vec<Near>,
}

impl Library<'_> {
    /// Finds at most `top` runbooks for a text.
    #[must_use]
    pub fn suggest(&self, text: &str, top: usize, meaning: Option<Meaning<'_>>) -> Suggestions {
        let diagnosis = self.diagnose(text);
        let query = Query::of(&telling(text, &diagnosis));
        let scores = self.index.scores(&query);
        let scores = match meaning {
            Some(meaning) => scores.blend(meaning.cosines, meaning.close),
            None => scores,
        };
        let answer = self.index.rank(scores, top);
        let mut found: Vec<Found> = self.matched(&diagnosis, &answer).take(top).collect();
        let known: BTreeSet<(u32, String)> = found.iter().map(|f| (f.directory, f.file.clone())).collect();
        let others = answer.hits.iter().filter(|h| !known.contains(&(h.record.directory, h.record.path.clone())));
        let room = top.saturating_sub(found.len());
        let why = |hit: &Hit| if hit.named { Why::Name } else { Why::Words };
        found.extend(others.take(room).map(|hit| self.found(hit, why(hit), &answer)));
        let nearest = if found.is_empty() { self.index.nearest_titles(text, NEAREST) } else { Vec::new() };
        Suggestions { found, nearest }
    }

    fn diagnose(&self, text: &str) -> Diagnosis {
        let mut engine = Engine::new(self.catalogue);
        engine.begin(Source::Stdin);
        engine.push(text.as_bytes());
        engine.conclude(&Given::default())
    }

    /// The runbooks of the causes, in their order.
    fn matched<'a>(&'a self, diagnosis: &'a Diagnosis, answer: &'a Answer) -> impl Iterator<Item = Found> + 'a {
        let ids = diagnosis.causes.iter().filter_map(|cause| cause.runbook.as_deref());
        let hits = ids.filter_map(|id| self.hit(id));
        hits.map(|hit| self.found(&hit, Why::Signals, answer))
    }

    /// The document of a runbook of the catalogue: the built-in one, or that of the directory that took its place.
    fn hit(&self, id: &str) -> Option<Hit> {
        let file = format!("{id}.md");
        let below = |path: &str| path.rsplit('/').next() == Some(file.as_str());
        let whole = self.index.files().position(|filed| filed.path == file);
        let document = whole.or_else(|| self.index.files().position(|filed| below(filed.path)))?;
        let record = self.index.record(document)?;
        Some(Hit { document, record, score: 1.0, raw: 0.0, named: false, coverage: 0.0 })
    }

    fn found(&self, hit: &Hit, why: Why, answer: &Answer) -> Found {
        let text = (self.text)(&hit.record);
        Found {
            directory: hit.record.directory,
            file: hit.record.path.clone(),
            title: hit.record.title.clone(),
            id: hit.record.id.clone(),
            score: hit.score,
            why,
            passage: text.and_then(|text| passage(&text, hit, &answer.words)),
        }
    }
}

/// What of a text is looked for: of a log the lines that the engine shows as evidence, else all of it.
fn telling<'t>(text: &'t str, diagnosis: &Diagnosis) -> Cow<'t, str> {
    if text.lines().nth(LOG).is_none() {
        return Cow::Borrowed(text);
    }
    let evidence = diagnosis.causes.iter().flat_map(|cause| &cause.evidence);
    let lines: Vec<&str> = evidence.map(|e| e.at.text.as_str()).collect();
    if lines.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(lines.join("\n")) }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fmt::Write as _;

    use super::{Library, Suggestions, Why};
    use crate::runbook::Catalogue;
    use crate::search::{Builder, Document, Index, Record, Stamp};

    const TEXTS: [(&str, &str); 3] = [
        ("disk-full.md", "# A file system is full\n## Meaning\nno space left on device\n"),
        ("queue.md", "# Consumers lag behind\n## Mitigation\nadd consumers to the group until the lag is gone\n"),
        ("KubeQueueSlow.md", "# KubeQueueSlow\n## Meaning\nmessages wait for a consumer\n"),
    ];

    fn suggest(query: &str) -> Suggestions {
        let mut builder = Builder::new();
        for (path, text) in TEXTS {
            builder.add(&Document { path, directory: 0, stamp: Stamp::default(), text });
        }
        let index = Index::open(builder.finish()).expect("an index");
        let catalogue = Catalogue::built_in();
        let text =
            |record: &Record| TEXTS.iter().find(|(path, _)| *path == record.path).map(|(_, text)| Cow::Borrowed(*text));
        Library { catalogue: &catalogue, index: &index, text: &text }.suggest(query, 3, None)
    }

    fn files(suggestions: &Suggestions) -> Vec<(&str, Why)> {
        suggestions.found.iter().map(|f| (f.file.as_str(), f.why)).collect()
    }

    #[test]
    fn signals_come_first_then_names_then_words() {
        let suggestions = suggest("write /data/lag: no space left on device");
        assert_eq!(files(&suggestions)[0], ("disk-full.md", Why::Signals));
        assert!(suggestions.found[0].passage.as_ref().is_some_and(|p| p.text.contains("no space left")));
        assert_eq!(files(&suggest("KubeQueueSlow: messages of consumers wait"))[0], ("KubeQueueSlow.md", Why::Name));
        assert_eq!(files(&suggest("how do I add consumers to a group"))[0], ("queue.md", Why::Words));
    }

    #[test]
    fn of_a_long_log_the_telling_lines_are_looked_for() {
        let mut log = String::new();
        for n in 0..400 {
            let _ = writeln!(log, "2026-03-01T08:00:00Z INFO consumer of the group took message {n}, lag 0");
        }
        log.push_str("2026-03-01T08:00:01Z ERROR write /data/x: no space left on device\n");
        assert_eq!(files(&suggest(&log)), [("disk-full.md", Why::Signals)]);
    }

    #[test]
    fn where_nothing_fits_the_nearest_titles_are_named() {
        let suggestions = suggest("Consumerz lagg");
        assert_eq!(files(&suggestions), []);
        assert_eq!(suggestions.nearest[0].title, "Consumers lag behind");
    }
}
