//! Reads what there is to know off the lines of one block after another.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::diagnosis::Surroundings;
use crate::evidence::{Block, Joiner, Level, Record, Steady, blanked, format, printable, shape, unescape};
use crate::runbook::{Catalogue, Firing, Matcher, Seen, Wanted};
use crate::signal::{Alarm, Facts, Kinds, Mention, Mentions, Tracker, Troubles, Verdict, Verdicts};

use super::memo::{Judgement, Known, Memo, Plan};

/// Lines kept before and after a line that matters.
const AROUND: usize = 2;
/// Characters of such a line; more than are shown, so that a secret is cut only after it is redacted.
const AROUND_TEXT: usize = 1600;
/// Lines that matter whose surroundings are kept.
const MOST_SURROUNDINGS: usize = 2000;

/// Lines that are read one by one before shapes are remembered: in a short input nothing pays that back.
const UNREMEMBERED: u64 = 1000;

/// What has been read off the lines so far.
pub(super) struct Reader<'c> {
    pub(super) matcher: Matcher<'c>,
    pub(super) traces: Tracker,
    pub(super) verdicts: Verdicts,
    mentions: Mentions,
    pub(super) troubles: Troubles,
    pub(super) facts: Facts,
    pub(super) surroundings: BTreeMap<u64, Surroundings>,
    pub(super) kinds: Kinds,
    memo: Memo,
    joiner: Joiner,
    /// The last lines of the block before, as they came.
    tail: Vec<(u64, Vec<u8>)>,
    /// Lines of the sources before this one.
    pub(super) before: u64,
    pub(super) binary: bool,
    scratch: Scratch,
    /// Whether shapes are remembered; a test compares with what is found without.
    pub(super) remembers: bool,
}

/// Room for the line at hand, kept so that no line has to ask for memory.
#[derive(Default)]
struct Scratch {
    blanked: Vec<u8>,
    wanted: Wanted,
}

/// A line in its block.
#[derive(Clone, Copy)]
struct Line<'b> {
    block: &'b [u8],
    start: usize,
    end: usize,
    number: u64,
}

/// A plain line, taken apart through all its layers when somebody first asks.
struct Layers<'l> {
    plain: &'l str,
    parts: OnceCell<(Vec<&'static str>, Record<'l>)>,
}

impl<'l> Layers<'l> {
    fn of(plain: &'l str) -> Self {
        Self { plain, parts: OnceCell::new() }
    }

    /// The names of its formats, and what the innermost says.
    fn read(&self) -> &(Vec<&'static str>, Record<'l>) {
        self.parts.get_or_init(|| format::name_and_read(self.plain))
    }
}

/// What a line says, from the outside in.
struct Told<'t> {
    layers: &'t Layers<'t>,
    unwrapped: &'t Record<'t>,
    seen: Seen<'t>,
}

impl<'b> Line<'b> {
    fn raw(self) -> &'b [u8] {
        &self.block[self.start..self.end]
    }
}

impl<'c> Reader<'c> {
    pub(super) fn new(catalogue: &'c Catalogue) -> Self {
        Self {
            matcher: Matcher::new(catalogue),
            traces: Tracker::default(),
            verdicts: Verdicts::default(),
            mentions: Mentions::default(),
            troubles: Troubles::default(),
            facts: Facts::default(),
            surroundings: BTreeMap::new(),
            kinds: Kinds::default(),
            memo: Memo::new(),
            joiner: Joiner::default(),
            tail: Vec::new(),
            before: 0,
            binary: false,
            scratch: Scratch::default(),
            remembers: true,
        }
    }

    /// Ends a source of `lines` lines: what follows is not around them.
    pub(super) fn end_source(&mut self, lines: u64) {
        let rest = self.joiner.finish();
        if !rest.is_empty() {
            self.lines(Block { bytes: &rest, first: lines });
        }
        self.before += lines;
        self.tail.clear();
    }

    pub(super) fn block(&mut self, block: Block<'_>) {
        self.binary |= memchr::memchr(0, block.bytes).is_some();
        if self.joiner.concerns(block.bytes) {
            let joined = self.joiner.join(block.bytes);
            return self.lines(Block { bytes: &joined, ..block });
        }
        self.lines(block);
    }

    fn lines(&mut self, block: Block<'_>) {
        let bytes = block.bytes;
        let first = self.before + block.first;
        let mut line = Line { block: bytes, start: 0, end: 0, number: first };
        for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
            if line.start >= bytes.len() {
                break;
            }
            line.end = end;
            self.one(line);
            line = Line { start: end + 1, number: line.number + 1, ..line };
        }
        let last = before(bytes, bytes.len());
        self.tail = numbered(&last, line.number)
            .map(|(number, raw)| (number, raw[..raw.len().min(4 * AROUND_TEXT)].to_vec()))
            .collect();
    }

    /// Reads a line, or does again what lines of its shape want done.
    fn one(&mut self, line: Line<'_>) {
        let shape = shape(line.raw());
        let known = self.memo.known(shape);
        // An open trace wants every line, whatever it holds.
        let traced = self.traces.is_active(line.number);
        if traced {
            self.traces.line(line.number, &text_of(line.raw(), known.and_then(|k| k.text_at)));
        }
        let Some(known) = known else {
            return self.read(line, traced, Some(shape).filter(|_| self.remembers && line.number > UNREMEMBERED));
        };
        match known.plan {
            _ if self.matcher.holds_number(known.numbers, line.raw()) => self.read(line, traced, None),
            Plan::Dull => {}
            Plan::Judged(number) => self.again(line, number, known.text_at, traced),
            Plan::Read => self.read(line, traced, None),
        }
    }

    fn read(&mut self, line: Line<'_>, traced: bool, remember: Option<u64>) {
        let bare = without_escapes(line.raw());
        blanked(&bare, &mut self.scratch.blanked);
        let mut wanted = std::mem::take(&mut self.scratch.wanted);
        self.matcher.wanted(&bare, &self.scratch.blanked, &mut wanted);
        if wanted.watched || !wanted.signals.is_empty() {
            self.wanted(line, traced, &wanted, remember);
        } else if let Some(shape) = remember {
            let text_at = text_at(line.raw(), &format::program_message(line.raw()));
            self.memo.remember(shape, Known { plan: Plan::Dull, numbers: wanted.numbers, text_at });
        }
        self.scratch.wanted = wanted;
    }

    fn wanted(&mut self, line: Line<'_>, traced: bool, wanted: &Wanted, remember: Option<u64>) {
        let plain = printable(line.raw());
        let unwrapped = format::unwrap(&plain);
        let text = unescape(&unwrapped.message);
        let layers = Layers::of(&plain);
        let steady = if remember.is_some() { Steady::watching() } else { Steady::indifferent() };
        let (judgement, firing) = self.judge(&layers, &unwrapped.message, &text, wanted, &steady);
        if let Some(shape) = remember {
            let holds = steady.holds() && !plain.contains("\\u") && level_is_steady(&plain, &text, judgement.level);
            let text_at = text_at(line.raw(), &unwrapped.message);
            let todo = if holds { self.memo.keep(&judgement) } else { Plan::Read };
            self.memo.remember(shape, Known { plan: todo, numbers: wanted.numbers, text_at });
        }
        if self.mentions.silences(line.number, judgement.mention) {
            return self.note_verdict(line.number, &judgement);
        }
        let time = if firing.is_empty() && judgement.alarm.is_none() { None } else { layers.read().1.time };
        let seen = Seen { number: line.number, text: &text, level: judgement.level, time };
        let fired = self.matcher.note(&firing, seen);
        if judgement.begins_trace && !traced {
            self.traces.line(line.number, &unwrapped.message);
        }
        self.note(line, &Told { layers: &layers, unwrapped: &unwrapped, seen }, fired, &judgement);
    }

    /// What the line says, whatever came before it, and the signals that fire on it.
    fn judge(
        &self,
        layers: &Layers<'_>,
        message: &str,
        text: &str,
        wanted: &Wanted,
        steady: &Steady,
    ) -> (Judgement, Vec<u32>) {
        let mut firing = Firing::default();
        let level = level_of(layers, text);
        let mut judgement = Judgement {
            level,
            mention: Mention::of(message, steady),
            watched: wanted.watched,
            verdict: if wanted.watched { Verdict::of(text, steady) } else { None },
            ..Judgement::default()
        };
        // Inside an alert rule such a text says nothing; outside it does.
        if matches!(judgement.mention, None | Some(Mention::RuleText)) {
            firing = self.matcher.firing(&wanted.signals, text, level, steady.holds());
            judgement.firing.clone_from(&firing.sure);
            judgement.unsure.clone_from(&firing.unsure);
            if wanted.watched {
                judgement.alarm = Alarm::of(text, level, steady);
                judgement.begins_trace = Tracker::begins(message);
            }
        }
        (judgement, firing.now)
    }

    /// Notes what else a line says than the signals that fire on it.
    fn note(&mut self, line: Line<'_>, told: &Told<'_>, fired: bool, judgement: &Judgement) {
        let Told { layers, unwrapped, seen: Seen { number, text, time, .. } } = *told;
        self.note_verdict(number, judgement);
        let troubling = judgement.alarm.is_some_and(|alarm| self.troubles.note(number, text, time, alarm));
        if let Some(Alarm::Stated(level)) = judgement.alarm {
            self.kinds.note(number, &layers.read().1, text, level);
        }
        if judgement.watched {
            self.facts.line(text);
            for (fact, value) in [("pod", &unwrapped.pod), ("container", &unwrapped.container)] {
                self.facts.set(fact, value.as_deref().unwrap_or(""));
            }
        }
        if (fired || troubling) && self.surroundings.len() < MOST_SURROUNDINGS {
            let around = self.around(line);
            self.surroundings.insert(number, around);
        }
    }

    fn note_verdict(&mut self, number: u64, judgement: &Judgement) {
        if let Some(verdict) = judgement.verdict {
            self.verdicts.note(number, verdict);
        }
    }

    /// Does for a line what was done for one of its shape. Nothing can be the first or the worst of its kind any more, and no fact is new, unless a signal
    /// that hangs on digits fires for the first time.
    fn again(&mut self, line: Line<'_>, number: u32, text_at: Option<u16>, traced: bool) {
        let judgement = self.memo.judgement(number);
        let wants_text = judgement.begins_trace || !judgement.unsure.is_empty();
        let text = wants_text.then(|| text_of(line.raw(), text_at));
        let asked = text.as_ref().map(|t| self.matcher.ask(&judgement.unsure, &unescape(t), judgement.level));
        if asked.as_ref().is_some_and(|firing| self.matcher.is_news(firing, judgement.level)) {
            return self.read(line, traced, None);
        }
        if let Some(verdict) = judgement.verdict {
            self.verdicts.note(line.number, verdict);
        }
        if self.mentions.silences(line.number, judgement.mention) {
            return;
        }
        for firing in std::iter::once(&judgement.firing).chain(&asked) {
            self.matcher.again(firing, line.number, line.raw());
        }
        if let Some(Alarm::Stated(level)) = judgement.alarm {
            self.troubles.again(line.number);
            self.kinds.again(line.number, line.raw(), level);
        }
        if let Some(text) = text.filter(|_| judgement.begins_trace && !traced) {
            self.traces.line(line.number, &text);
        }
    }

    fn around(&self, line: Line<'_>) -> Surroundings {
        let Line { block, start, end, number } = line;
        let near = before(block, start);
        let missing = AROUND.saturating_sub(near.len());
        let tail = self
            .tail
            .iter()
            .skip(self.tail.len().saturating_sub(missing))
            .map(|(number, raw)| (*number, raw.as_slice()));
        let before = tail.chain(numbered(&near, number)).map(|(number, raw)| (number, short(raw)));
        let rest = block.get(end + 1..).unwrap_or_default();
        let after = rest.split(|b| *b == b'\n').take(AROUND).enumerate();
        let after = after.map(|(index, raw)| (number + 1 + index as u64, short(raw)));
        let says_something = |(_, text): &(u64, String)| !text.trim().is_empty();
        Surroundings { before: before.filter(says_something).collect(), after: after.filter(says_something).collect() }
    }
}

/// Lines that lie just before line `next`, with their numbers.
fn numbered<'b>(lines: &[&'b [u8]], next: u64) -> impl Iterator<Item = (u64, &'b [u8])> {
    (next - lines.len() as u64..next).zip(lines.to_vec())
}

/// The last [`AROUND`] lines that end before `start`.
fn before(block: &[u8], start: usize) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut end = start.min(block.len());
    while end > 0 && found.len() < AROUND {
        let stop = if block[end - 1] == b'\n' { end - 1 } else { end };
        let begin = memchr::memrchr(b'\n', &block[..stop]).map_or(0, |n| n + 1);
        found.push(&block[begin..stop]);
        end = begin;
    }
    found.reverse();
    found
}

/// The line without colours: one in the middle of a text would hide it from the literals.
fn without_escapes(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(0x1b, raw).is_none() && memchr::memmem::find(raw, b"^[[").is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(printable(raw).into_owned().into_bytes())
}

/// Where the text that signals look at begins in the raw line, if it stands there as it is. Other digits do not change that.
fn text_at(raw: &[u8], message: &str) -> Option<u16> {
    let plain = !raw.iter().any(|b| *b == b'\\' || (b.is_ascii_control() && *b != b'\t'));
    let at = raw.strip_suffix(message.as_bytes()).filter(|_| plain && raw.is_ascii())?;
    u16::try_from(at.len()).ok()
}

/// The text that signals look at, without its wrappers.
fn text_of(raw: &[u8], text_at: Option<u16>) -> Cow<'_, str> {
    let as_it_is = text_at.and_then(|at| std::str::from_utf8(raw.get(usize::from(at)..)?).ok());
    as_it_is.map_or_else(|| format::program_message(raw).into(), Cow::Borrowed)
}

/// The level that a line states in words, else the one that its format has for a failure, in letters, numbers or marks.
///
/// The status of a request that was served is none: an answer with 503 is trouble for whoever asked, not of the program that writes.
fn level_of(layers: &Layers<'_>, text: &str) -> Option<Level> {
    Level::of(text).or_else(|| {
        let (names, record) = layers.read();
        let of_status = |name: &&str| matches!(*name, "access-log" | "go-std");
        record.level.filter(|level| *level >= Level::Error && !names.iter().any(of_status))
    })
}

/// Numbers can name a level; whether they do shows when they are others. Ones make a date that is valid.
fn level_is_steady(plain: &str, text: &str, level: Option<Level>) -> bool {
    let ones = |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '1' } else { c }).collect::<String>();
    let priority = plain.starts_with('<');
    !priority && !Level::is_number(text) && level_of(&Layers::of(&ones(plain)), &ones(text)) == level
}

fn short(raw: &[u8]) -> String {
    printable(&raw[..raw.len().min(4 * AROUND_TEXT)]).chars().take(AROUND_TEXT).collect()
}
