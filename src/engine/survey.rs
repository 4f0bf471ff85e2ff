//! What kinds of lines a log has: patterns with how often, since when and how serious; and what differs between two logs.
//!
//! One pass like the engine's. A line whose shape was seen is counted without being read; only its time is.

use crate::evidence::{Block, Joiner, Level, Splitter, Stamp, Steady, format, loose_shape, printable, shape};
use crate::signal::{Alarm, Miner, Slot};

use super::axis::{Axis, STEPS, Steps};
use super::calendar::Calendar;
use super::patterns::{LinePattern, Patterns};

/// Which of two logs is read; a survey of one log has only [`Side::Subject`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The log that all is well in.
    Baseline,
    /// The log in question.
    #[default]
    Subject,
}

/// Surveys a log.
pub struct Survey {
    miner: Miner,
    seen: Vec<(u64, Seen)>,
    /// The same by shapes whose numbers may be of any length.
    alike: Vec<(u64, Seen)>,
    slots: Vec<Statistics>,
    splitter: Splitter,
    joiner: Joiner,
    side: Side,
    lines: [u64; 2],
    timed: u64,
    times: Axis,
    numbers: Axis,
    span: Option<(Stamp, Stamp)>,
    calendar: Calendar,
    clock: Clock,
    last: Option<Seen>,
    /// The last line was one of a stack trace.
    continued: bool,
    /// Lines that may still belong to a private key, which is no kind of line and nobody's business.
    key_lines: u32,
    cut: u64,
    assigned: Option<Vec<Slot>>,
}

/// What is known of lines of a shape.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    slot: Slot,
    level: Option<Level>,
    /// Where in the line its time stands.
    time_at: Option<usize>,
    /// A private key begins on it and does not end there.
    begins_key: bool,
}

#[derive(Clone, Debug, Default)]
struct Statistics {
    counts: [u64; 2],
    level: Option<Level>,
    first_line: u64,
    last_line: u64,
    first_time: Option<Stamp>,
    last_time: Option<Stamp>,
    by_time: Steps,
    by_number: Steps,
}

/// Shapes remembered at a time, a power of two.
const PLACES: usize = 1 << 16;
/// A time begins within so many bytes of a line.
const TIME_WITHIN: usize = 200;
/// Lines of a private key at the most: one of 16 384 bits has about 200.
const LONGEST_KEY: u32 = 256;
/// Bytes of a message that tell its pattern.
const MOST_MESSAGE: usize = 4096;

impl Default for Survey {
    fn default() -> Self {
        Self {
            miner: Miner::default(),
            seen: Vec::new(),
            alike: Vec::new(),
            slots: Vec::new(),
            splitter: Splitter::default(),
            joiner: Joiner::default(),
            side: Side::Subject,
            lines: [0; 2],
            timed: 0,
            times: Axis::new(1000),
            numbers: Axis::new(1),
            span: None,
            calendar: Calendar::default(),
            clock: Clock::default(),
            last: None,
            continued: false,
            key_lines: 0,
            cut: 0,
            assigned: None,
        }
    }
}

impl Survey {
    /// A survey that also remembers the pattern of every line, which takes four bytes a line.
    #[must_use]
    pub fn assigning() -> Self {
        Self { assigned: Some(Vec::new()), ..Self::default() }
    }

    /// Begins the next source of `side`.
    pub fn begin(&mut self, side: Side) {
        self.end_source();
        self.side = side;
    }

    /// Takes the next bytes of the source.
    pub fn push(&mut self, chunk: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.push(chunk, |block| self.block(block));
        self.splitter = splitter;
    }

    /// Ends the input.
    #[must_use]
    pub fn conclude(mut self) -> Patterns {
        self.end_source();
        let mined = self.miner.finish();
        let mut merged: Vec<Statistics> = vec![Statistics::default(); mined.patterns.len()];
        for (slot, statistics) in (0u32..).zip(&self.slots) {
            merged[mined.pattern_of(Slot::new(slot))].add(statistics);
        }
        // Most lines without a time: their order is all there is.
        let by_time = self.timed * 2 >= self.lines[1] && self.timed > 0;
        let mut order: Vec<usize> = (0..merged.len()).filter(|p| merged[*p].counts != [0, 0]).collect();
        order.sort_by_key(|p| (merged[*p].counts[0] == 0, merged[*p].first_line));
        let mut places = vec![0; merged.len()];
        let mut patterns = Vec::new();
        for (place, pattern) in order.into_iter().enumerate() {
            places[pattern] = place;
            let found = &mined.patterns[pattern];
            patterns.push(merged[pattern].named(place + 1, found.template.clone(), &found.sample, by_time));
        }
        let assigned = self.assigned.unwrap_or_default();
        Patterns {
            patterns,
            lines: self.lines[1],
            baseline_lines: self.lines[0],
            by_time,
            axis: if by_time { self.times } else { self.numbers },
            span: self.span,
            cut: self.cut,
            assigned: assigned.into_iter().map(|slot| places[mined.pattern_of(slot)]).collect(),
        }
    }

    fn end_source(&mut self) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.finish(|block| self.block(block));
        self.cut += splitter.cut();
        // A part whose end never came has its own line already.
        self.joiner.finish();
        self.last = None;
    }

    fn block(&mut self, block: Block<'_>) {
        if self.joiner.concerns(block.bytes) {
            let joined = self.joiner.join(block.bytes);
            return self.lines_of(&joined);
        }
        self.lines_of(block.bytes);
    }

    fn lines_of(&mut self, bytes: &[u8]) {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
            if start >= bytes.len() {
                break;
            }
            self.line(&bytes[start..end]);
            start = end + 1;
        }
    }

    fn line(&mut self, raw: &[u8]) {
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        let known = self.known(raw);
        self.last = Some(known);
        if let Some(assigned) = &mut self.assigned {
            assigned.push(known.slot);
        }
        self.count(raw, known);
    }

    fn known(&mut self, raw: &[u8]) -> Seen {
        // The lines of a key and of a stack trace belong to the line that they follow.
        self.continued = self.is_in_key(raw) || continues(raw, self.continued);
        if let Some(last) = self.last.filter(|_| self.continued) {
            self.miner.again(last.slot);
            return Seen { time_at: None, ..last };
        }
        let (shape, nothing) = (shape(raw), Seen::default());
        if self.seen.is_empty() {
            self.seen = vec![(0, nothing); PLACES];
            self.alike = vec![(0, nothing); PLACES];
        }
        let place = place(shape);
        let known = if self.seen[place].0 == shape {
            let known = self.seen[place].1;
            self.miner.again(known.slot);
            known
        } else {
            let (known, steady) = self.look(raw);
            if steady {
                self.seen[place] = (shape, known);
            }
            known
        };
        self.key_lines = if known.begins_key { LONGEST_KEY } else { 0 };
        known
    }

    /// What a line of a new shape is: the same as one that is alike but for the length of its numbers, or it is read. Also whether that holds for
    /// every line of its shape.
    fn look(&mut self, raw: &[u8]) -> (Seen, bool) {
        let loose = loose_shape(raw);
        let (found, known) = self.alike[place(loose)];
        let timed = |at| stamp_at(raw, at).is_some();
        if found == loose && known.time_at.is_none_or(timed) {
            self.miner.again(known.slot);
            return (known, true);
        }
        let (known, steady) = self.read(raw);
        if steady {
            self.alike[place(loose)] = (loose, known);
        }
        (known, steady)
    }

    fn is_in_key(&mut self, raw: &[u8]) -> bool {
        if self.key_lines == 0 {
            return false;
        }
        let ends = memchr::memmem::find(raw, b"-----END").is_some();
        self.key_lines = if ends { 0 } else { self.key_lines - 1 };
        true
    }

    fn read(&mut self, raw: &[u8]) -> (Seen, bool) {
        let plain = printable(raw);
        let (names, record) = format::name_and_read(&plain);
        let message = record.message.lines().next().unwrap_or("");
        let message = &message[..message.floor_char_boundary(MOST_MESSAGE)];
        let time_at = record.time.and_then(|time| {
            let begins = |at: &usize| stamp_at(raw, *at).is_some_and(|found| found.time == time.time);
            (0..raw.len().min(TIME_WITHIN)).find(begins)
        });
        let level = record.level.or_else(|| match Alarm::of(message, None, &Steady::indifferent()) {
            Some(Alarm::Stated(level)) => Some(level),
            _ => None,
        });
        let has = |text: &str| plain.contains(text);
        let begins_key = has("-----BEGIN") && has("PRIVATE KEY") && !has("-----END");
        let steady = !format::level_hangs_on_digits(&names, &plain);
        (Seen { slot: self.miner.add(message.as_bytes()), level, time_at, begins_key }, steady)
    }

    fn count(&mut self, raw: &[u8], known: Seen) {
        let side = usize::from(self.side == Side::Subject);
        self.lines[side] += 1;
        let number = self.lines[side];
        let index = known.slot.index();
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, Statistics::default);
        }
        let time = known.time_at.and_then(|at| self.clock.read(raw, at));
        let subject = self.side == Side::Subject;
        let steps = if subject { (self.step_of(number), time.and_then(|t| self.step_of_time(t))) } else { (0, None) };
        let slot = &mut self.slots[index];
        if slot.counts == [0, 0] || (subject && slot.counts[1] == 0) {
            slot.first_line = number;
            slot.first_time = None;
        }
        slot.counts[side] += 1;
        slot.last_line = number;
        slot.level = slot.level.max(known.level);
        slot.first_time = slot.first_time.or(time);
        slot.last_time = time.or(slot.last_time);
        if subject {
            slot.by_number[steps.0] += 1;
            if let Some(step) = steps.1 {
                slot.by_time[step] += 1;
                self.timed += 1;
            }
        }
    }

    fn step_of(&mut self, number: u64) -> usize {
        let value = i64::try_from(number).unwrap_or(i64::MAX);
        if let Some(step) = self.numbers.step(value) {
            return step;
        }
        let before = self.numbers.reach(value);
        self.slots.iter_mut().for_each(|s| self.numbers.refit(&before, &mut s.by_number));
        self.numbers.step(value).unwrap_or(STEPS - 1)
    }

    fn step_of_time(&mut self, time: Stamp) -> Option<usize> {
        let place = self.calendar.place(time);
        if place.stronger {
            // What was counted by a weaker clock belongs to the time before.
            self.times = Axis::new(1000);
            self.span = None;
            self.timed = 0;
            self.slots.iter_mut().for_each(|s| s.by_time = [0; STEPS]);
        }
        let value = place.millis?;
        let span = self.span.get_or_insert((time, time));
        span.1 = time;
        if let Some(step) = self.times.step(value) {
            return Some(step);
        }
        let before = self.times.reach(value);
        self.slots.iter_mut().for_each(|s| self.times.refit(&before, &mut s.by_time));
        self.times.step(value)
    }
}

impl Statistics {
    fn add(&mut self, other: &Self) {
        let later = self.counts != [0, 0] && (self.counts[1] > 0 || other.counts[1] == 0);
        if !later || (other.counts[1] > 0 && other.first_line < self.first_line) {
            self.first_line = other.first_line;
            self.first_time = other.first_time.or(self.first_time);
        }
        if other.last_line >= self.last_line {
            self.last_line = other.last_line;
            self.last_time = other.last_time.or(self.last_time);
        }
        self.first_time = self.first_time.or(other.first_time);
        self.level = self.level.max(other.level);
        for side in 0..2 {
            self.counts[side] += other.counts[side];
        }
        for step in 0..STEPS {
            self.by_time[step] += other.by_time[step];
            self.by_number[step] += other.by_number[step];
        }
    }

    fn named(&self, number: usize, template: String, sample: &str, by_time: bool) -> LinePattern {
        LinePattern {
            number,
            template,
            count: self.counts[1],
            baseline: self.counts[0],
            level: self.level,
            first_line: self.first_line,
            last_line: self.last_line,
            first_time: self.first_time,
            last_time: self.last_time,
            steps: if by_time { self.by_time } else { self.by_number },
            sample: sample.to_owned(),
        }
    }
}

/// Reads times, the same one only once: many lines share their second.
#[derive(Debug, Default)]
struct Clock {
    text: Vec<u8>,
    time: Option<Stamp>,
}

/// Bytes of a time down to its second in every spelling with a four-digit year.
const TO_THE_SECOND: usize = 19;

impl Clock {
    fn read(&mut self, raw: &[u8], at: usize) -> Option<Stamp> {
        let text = raw.get(at..at + TO_THE_SECOND)?;
        if self.time.is_none() || self.text != text {
            self.time = stamp_at(raw, at);
            self.text.clear();
            self.text.extend_from_slice(text);
        }
        self.time
    }
}

fn stamp_at(raw: &[u8], at: usize) -> Option<Stamp> {
    let head = &raw[at..raw.len().min(at + 48)];
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
    };
    Stamp::at_start(text).map(|(stamp, _)| stamp)
}

/// Where a shape stands in a table.
fn place(shape: u64) -> usize {
    usize::try_from(shape % PLACES as u64).unwrap_or(0)
}

/// Whether a line goes on with the one before it: a frame of a stack trace, or what is indented below one.
fn continues(raw: &[u8], continued: bool) -> bool {
    match raw.first() {
        Some(b'\t') => true,
        Some(b' ') => {
            let text = raw.trim_ascii_start();
            let is_frame = [&b"at "[..], b"File \"", b"... ", b"from "].iter().any(|begins| text.starts_with(begins));
            raw.starts_with(b"  ") && !text.is_empty() && (continued || is_frame)
        }
        Some(b'C') => raw.starts_with(b"Caused by: "),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Side, Survey};
    use crate::redact::Redaction;

    fn assigned(text: &str) -> Vec<usize> {
        let mut survey = Survey::assigning();
        survey.begin(Side::Subject);
        // However the bytes come.
        text.as_bytes().chunks(5).for_each(|chunk| survey.push(chunk));
        survey.conclude().assigned
    }

    #[test]
    fn the_lines_of_a_trace_belong_to_the_line_before() {
        let text = "lost 1\njava.lang.X: boom\n\tat a.B.c(B.java:1)\nCaused by: java.lang.Y: z\n\t... 3 more\nlost 2\n";
        assert_eq!(assigned(text), [0, 1, 1, 1, 1, 0]);
        let text = "Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\n    run()\nlost 1\n  lost 2\n";
        assert_eq!(assigned(text), [0, 0, 0, 1, 1]);
    }

    #[test]
    fn a_pattern_knows_its_count_level_lines_and_times() {
        let mut survey = Survey::default();
        survey.begin(Side::Subject);
        survey.push(b"2026-01-31T08:00:00Z INFO took 5 ms\n2026-01-31T08:00:09Z WARN took 7 ms\nError: gone\n");
        let found = survey.conclude();
        assert_eq!((found.lines, found.by_time, found.patterns.len()), (3, true, 2));
        let took = &found.patterns[0];
        assert_eq!((took.template(Redaction::On).as_str(), took.count), ("took <*> ms", 2));
        assert_eq!((took.first_line, took.last_line, took.is_error()), (1, 2, false));
        let times = [took.first_time, took.last_time].map(|t| t.expect("a time").to_string());
        assert_eq!(times, ["2026-01-31T08:00:00Z", "2026-01-31T08:00:09Z"]);
        assert_eq!(took.steps.iter().sum::<u32>(), 2);
        assert!(found.patterns[1].is_error());
    }

    #[test]
    fn a_level_that_hangs_on_digits_is_read_each_time() {
        let mut survey = Survey::default();
        survey.begin(Side::Subject);
        for level in [30, 50, 30] {
            survey
                .push(format!("{{\"level\":{level},\"time\":1714550400000,\"msg\":\"seen by {level}\"}}\n").as_bytes());
        }
        let found = survey.conclude();
        assert_eq!(found.patterns.iter().map(|p| (p.count, p.is_error())).collect::<Vec<_>>(), [(3, true)]);
    }

    #[test]
    fn sides_are_counted_apart() {
        let mut survey = Survey::default();
        for (side, text) in
            [(Side::Baseline, "one 1\ntwo 2\n"), (Side::Subject, "one 3\n"), (Side::Subject, "one 4\nnew 5\n")]
        {
            survey.begin(side);
            survey.push(text.as_bytes());
        }
        let found = survey.conclude();
        let counts: Vec<(u64, u64)> = found.patterns.iter().map(|p| (p.baseline, p.count)).collect();
        assert_eq!((found.baseline_lines, found.lines), (2, 3));
        assert_eq!(counts, [(1, 2), (1, 0), (0, 1)]);
    }
}
