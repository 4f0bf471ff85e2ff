//! Finds which signals of the catalogue a stream of lines holds.
//!
//! An Aho-Corasick pass over a line finds the signals of which it holds a required literal; an expression is compiled only when such a line is there, and
//! tried on that line alone.

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use super::Catalogue;
use super::compiled::{Owners, Role};
use super::numbers::{NumberSet, NumberSets};
use super::signals::{LogSignal, Signals};
use crate::evidence::{Level, Pattern, Stamp, Steady, format};

/// A line on which a signal fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLine {
    /// Line of the input, from 1.
    pub line: u64,
    /// The plain line.
    pub text: String,
    /// Its level, where it states one.
    pub level: Option<Level>,
    /// Its time, where it states one.
    pub time: Option<Stamp>,
    /// Named captures, not empty.
    pub captures: Vec<(String, String)>,
}

/// What is known of a signal that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSignal {
    /// Index of the runbook in the catalogue.
    pub runbook: usize,
    /// Index of the signal in its runbook.
    pub signal: usize,
    /// The part it plays.
    pub role: Role,
    /// Lines on which it fired.
    pub count: u64,
    /// The first of them.
    pub first: SeenLine,
    /// The most serious of them, the later of equals.
    pub worst: SeenLine,
    /// Number of the last of them.
    pub last: u64,
    /// The plain text of the last of them.
    pub last_text: String,
}

/// Looks for every log signal of a catalogue at once.
pub struct Matcher<'c> {
    signals: &'c Signals,
    sets: NumberSets,
    /// Signals that fired; few of thousands do.
    seen: HashMap<u32, SeenSignal>,
    /// Checks that found something.
    checked: Vec<SeenSignal>,
    /// The last line of signals that fired again, as it came; made plain only when somebody asks.
    last_raw: HashMap<u32, Vec<u8>>,
}

/// Who wants to see a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Signals that may fire on it, without repeats.
    pub signals: Vec<u32>,
    /// Whether a reader outside of the catalogue wants it.
    pub watched: bool,
    /// Literals, little more than numbers, that other lines of its shape may hold.
    pub numbers: NumberSet,
}

impl Wanted {
    fn add(&mut self, signal: u32) {
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
    }
}

/// Which signals fire on a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firing {
    /// On this line.
    pub now: Vec<u32>,
    /// On every line of its shape.
    pub sure: Vec<u32>,
    /// Perhaps on other lines of its shape: it hangs on digits.
    pub unsure: Vec<u32>,
}

/// A line as signals see it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'l> {
    /// Line of the input, from 1.
    pub number: u64,
    /// The plain line without wrappers.
    pub text: &'l str,
    /// Its level, where it states one.
    pub level: Option<Level>,
    /// Its time, where it states one.
    pub time: Option<Stamp>,
}

impl<'c> Matcher<'c> {
    /// Prepares to look for the signals of `catalogue`, and for the lines that hold one of the watched texts.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self {
            signals: catalogue.signals(),
            sets: NumberSets::default(),
            seen: HashMap::new(),
            checked: Vec::new(),
            last_raw: HashMap::new(),
        }
    }

    /// Forgets what fired, to begin with another text.
    pub fn clear(&mut self) {
        self.seen.clear();
        self.last_raw.clear();
        self.checked.clear();
    }

    /// Notes that a check of the cluster found something; `line` is what it says, in one sentence.
    pub fn check(&mut self, id: &str, line: &SeenLine) {
        for (runbook, signal, role) in self.signals.of_check(id) {
            let same = |s: &&mut SeenSignal| s.runbook == *runbook && s.signal == *signal;
            if let Some(seen) = self.checked.iter_mut().find(same) {
                seen.count += 1;
                seen.last = line.line;
                continue;
            }
            self.checked.push(SeenSignal {
                runbook: *runbook,
                signal: *signal,
                role: *role,
                count: 1,
                first: line.clone(),
                worst: line.clone(),
                last: line.line,
                last_text: line.text.clone(),
            });
        }
    }

    /// Finds who wants a line; `blanked` is the same line [blanked](crate::evidence::blanked).
    pub fn wanted(&mut self, line: &[u8], blanked: &[u8], wanted: &mut Wanted) {
        wanted.signals.clear();
        wanted.watched = false;
        for hit in self.signals.automaton.find_overlapping_iter(blanked) {
            let Owners { signals, watched } = &self.signals.owners[hit.value() as usize];
            wanted.watched |= watched;
            for owner in signals {
                wanted.add(*owner);
            }
        }
        wanted.numbers = self.sets.possible(&self.signals.numbers, blanked);
        for owner in self.sets.owners_of(&self.signals.numbers, wanted.numbers, line) {
            match owner {
                Some(signal) => wanted.add(signal),
                None => wanted.watched = true,
            }
        }
    }

    /// Whether a line of a shape on which `numbers` are possible holds one of them.
    #[must_use]
    pub fn holds_number(&self, numbers: NumberSet, line: &[u8]) -> bool {
        self.sets.owners_of(&self.signals.numbers, numbers, line).next().is_some()
    }

    /// Which of the signals fire on a plain text of this level.
    #[must_use]
    pub fn firing(&self, signals: &[u32], text: &str, level: Option<Level>, watch: bool) -> Firing {
        let mut firing = Firing::default();
        for id in signals.iter().copied() {
            let steady = if watch { Steady::watching() } else { Steady::indifferent() };
            let fires = self.fires(id, text, level, &steady);
            if watch && !steady.holds() {
                firing.unsure.push(id);
            } else if fires {
                firing.sure.push(id);
            }
            if fires {
                firing.now.push(id);
            }
        }
        firing
    }

    /// Which of the signals, whose answer hangs on digits, fire on another line of the shape.
    #[must_use]
    pub fn ask(&self, unsure: &[u32], text: &str, level: Option<Level>) -> Vec<u32> {
        unsure.iter().copied().filter(|id| self.fires(*id, text, level, &Steady::indifferent())).collect()
    }

    /// Whether one of the signals never fired before, or never on so serious a line.
    #[must_use]
    pub fn is_news(&self, firing: &[u32], level: Option<Level>) -> bool {
        firing.iter().any(|id| self.seen.get(id).is_none_or(|seen| level > seen.worst.level))
    }

    fn fires(&self, id: u32, text: &str, level: Option<Level>, steady: &Steady) -> bool {
        let LogSignal { least, expression, not, .. } = &self.signals.logs[id as usize];
        if level.is_some_and(|l| least.is_some_and(|least| l < least)) {
            return false;
        }
        steady.matches(expression, text) && !not.as_ref().is_some_and(|n| steady.matches(n, text))
    }

    /// Notes that signals fired on a line; returns whether one of them can name a cause.
    pub fn note(&mut self, firing: &[u32], line: Seen<'_>) -> bool {
        let mut telling = false;
        for id in firing {
            self.last_raw.remove(id);
            telling |= self.note_one(*id, line);
        }
        telling
    }

    fn note_one(&mut self, id: u32, line: Seen<'_>) -> bool {
        let LogSignal { runbook, signal, role, expression, .. } = &self.signals.logs[id as usize];
        let Seen { number, text, level, time } = line;
        let kept = || SeenLine {
            line: number,
            text: head(text).to_owned(),
            level,
            time,
            captures: captures(expression, text),
        };
        match self.seen.entry(id) {
            MapEntry::Occupied(mut known) => {
                let seen = known.get_mut();
                seen.count += 1;
                seen.last = number;
                head(text).clone_into(&mut seen.last_text);
                if level > seen.worst.level {
                    seen.worst = kept();
                }
            }
            MapEntry::Vacant(place) => {
                let first = kept();
                place.insert(SeenSignal {
                    runbook: *runbook,
                    signal: *signal,
                    role: *role,
                    count: 1,
                    worst: first.clone(),
                    first,
                    last: number,
                    last_text: head(text).to_owned(),
                });
            }
        }
        matches!(role, Role::Any | Role::All)
    }

    /// Notes that signals which fired on a line fire again, on the line `raw` of the same shape.
    pub fn again(&mut self, firing: &[u32], number: u64, raw: &[u8]) {
        for id in firing {
            if let Some(seen) = self.seen.get_mut(id) {
                seen.count += 1;
                seen.last = number;
                let last = self.last_raw.entry(*id).or_default();
                last.clear();
                last.extend_from_slice(&raw[..raw.len().min(MOST_TEXT)]);
            }
        }
    }

    /// How many signals fired so far, each counted once.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.seen.len() as u64
    }

    /// Every signal that fired so far, in the order of the catalogue.
    #[must_use]
    pub fn seen(&self) -> Vec<SeenSignal> {
        let mut all = Vec::new();
        for (id, seen) in &self.seen {
            let mut seen = seen.clone();
            if let Some(raw) = self.last_raw.get(id) {
                seen.last_text = format::program_text(raw);
            }
            all.push(seen);
        }
        all.extend(self.checked.iter().cloned());
        all.sort_by_key(|s| (s.runbook, s.signal));
        all
    }
}

/// Bytes of a line that are kept as evidence; less is shown, so that what is cut is redacted before.
const MOST_TEXT: usize = 4000;

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_TEXT)]
}

fn captures(expression: &Pattern, text: &str) -> Vec<(String, String)> {
    if !expression.has_names() {
        return Vec::new();
    }
    let Some(found) = expression.find(text) else { return Vec::new() };
    let named =
        found.named().map(|(name, value)| (name, value.trim().trim_end_matches(['"', '\'', ',', '.', ':', ';'])));
    named.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
