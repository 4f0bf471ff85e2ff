//! The kinds of lines that mean trouble, so that the rarest and the newest of many stand out.
//!
//! Only lines that mean trouble are mined, and of a flood of them only the first: the scan stays fast.

use super::{Miner, Slot, Trouble};
use crate::evidence::{Level, Record, format, printable};

/// A kind of line that means trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its first line.
    pub first: Trouble,
    /// Lines of it; of a flood only the first are counted, see [`Kinds::is_sample`].
    pub count: u64,
}

/// Gathers kinds.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    miner: Miner,
    slots: Vec<Kind>,
    mined: u64,
    passed_over: u64,
}

/// Lines that are mined. A line costs about a microsecond.
const MOST: u64 = 20_000;

impl Kinds {
    /// Notes a line that means trouble of this level: taken apart through all its layers, and its text without wrappers.
    pub fn note(&mut self, number: u64, record: &Record<'_>, text: &str, level: Level) {
        if self.mined >= MOST {
            self.passed_over += 1;
            return;
        }
        self.mined += 1;
        // Without its time and level, which would make every line a kind of its own.
        let slot = self.miner.add(record.message.lines().next().unwrap_or("").as_bytes());
        if let Some(kind) = self.slots.get_mut(slot.index()) {
            kind.count += 1;
        } else {
            let first = Trouble { line: number, text: text.to_owned(), level, time: record.time };
            self.slots.push(Kind { first, count: 1 });
        }
    }

    /// Notes a line of a shape that was noted before; it is read only while lines are mined.
    pub fn again(&mut self, number: u64, raw: &[u8], level: Level) {
        if self.mined >= MOST {
            self.passed_over += 1;
            return;
        }
        self.note(number, &format::read(&printable(raw)), &format::program_text(raw), level);
    }

    /// Whether there were more lines than were mined.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        self.passed_over > 0
    }

    /// The kinds, first to last.
    #[must_use]
    pub fn all(&self) -> Vec<Kind> {
        if self.slots.len() < 2 {
            // There is nothing that it could be one pattern with.
            return self.slots.clone();
        }
        let mined = self.miner.finish();
        let mut found: Vec<Option<Kind>> = vec![None; mined.patterns.len()];
        for (slot, kind) in (0u32..).zip(&self.slots) {
            match &mut found[mined.pattern_of(Slot::new(slot))] {
                Some(known) => known.count += kind.count,
                none => *none = Some(kind.clone()),
            }
        }
        let mut kinds: Vec<Kind> = found.into_iter().flatten().collect();
        kinds.sort_by_key(|k| k.first.line);
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::{Kinds, Level, MOST};

    fn note(kinds: &mut Kinds, line: u64, text: &str) {
        kinds.note(line, &super::format::read(text), text, Level::Error);
    }

    #[test]
    fn lines_that_differ_in_values_are_one_kind() {
        let mut kinds = Kinds::default();
        for (line, text) in [
            (1, "2026-01-31T08:00:00Z ERROR lost lease 7"),
            (2, "2026-01-31T08:00:01Z ERROR cannot seal 5"),
            (3, "2026-01-31T08:00:02Z ERROR lost lease 9"),
        ] {
            note(&mut kinds, line, text);
        }
        let all: Vec<(u64, u64)> = kinds.all().iter().map(|k| (k.first.line, k.count)).collect();
        assert_eq!(all, [(1, 2), (2, 1)]);
    }

    #[test]
    fn of_a_flood_only_the_first_are_mined() {
        let mut kinds = Kinds { mined: MOST, ..Kinds::default() };
        note(&mut kinds, 1, "ERROR x");
        kinds.again(2, b"ERROR x", Level::Error);
        assert!(kinds.is_sample() && kinds.all().is_empty());
    }
}
