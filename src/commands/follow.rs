//! `idp diagnose --follow`: looks at a running log now and then, and tells each cause once, when it is certain.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::cli::OutputFormat;
use crate::diagnosis::{Cause, Diagnosis, Given};
use crate::engine::Engine;
use crate::report::{Happening, Report, Style, follow};
use crate::settings::Settings;

/// A cause is certain when so long nothing was seen that was not seen before; what follows a failure may explain it.
const QUIET: Duration = Duration::from_millis(1500);
/// It is certain after so many lines all the same: a log may never be quiet.
const LINES: u64 = 2000;
/// A running log is judged no more often than this.
const PACE: Duration = Duration::from_millis(500);

/// Follows one input.
pub(super) struct Follower<'g> {
    given: &'g Given,
    json: bool,
    style: Style,
    /// What was new when it was last looked at, and when and where that was.
    news: u64,
    changed: (Instant, u64),
    judged: Instant,
    /// There is something new that was not told yet.
    open: bool,
    /// Causes that were told, with the count at which they are told again.
    told: BTreeMap<String, u64>,
}

impl<'g> Follower<'g> {
    pub(super) fn new(given: &'g Given, settings: &Settings) -> Self {
        let now = Instant::now();
        Self {
            given,
            json: settings.output.value == OutputFormat::Json,
            style: super::style(settings),
            news: 0,
            changed: (now, 0),
            judged: now,
            open: false,
            told: BTreeMap::new(),
        }
    }

    /// Looks whether there is something to tell.
    pub(super) fn look(&mut self, engine: &Engine<'_>) -> anyhow::Result<()> {
        let (news, lines) = (engine.news(), engine.lines());
        if news > self.news {
            self.news = news;
            self.changed = (Instant::now(), lines);
            self.open = true;
        }
        let certain = self.changed.0.elapsed() >= QUIET || lines >= self.changed.1 + LINES;
        if !(self.open && certain || self.may_count()) || self.judged.elapsed() < PACE {
            return Ok(());
        }
        self.judged = Instant::now();
        self.open &= !certain;
        self.tell(&engine.so_far(self.given), certain)
    }

    /// Ends with the summary.
    pub(super) fn finish(&mut self, report: &Report) -> anyhow::Result<()> {
        self.tell(&report.diagnosis, true)?;
        let causes: Vec<String> = report.diagnosis.causes.iter().map(key).collect();
        for name in self.told.keys().filter(|name| !causes.contains(name)) {
            self.write(&Happening::Withdrawn(name))?;
        }
        self.write(&Happening::Summary(report))
    }

    /// Counts of causes that were told are looked at more seldom than news.
    fn may_count(&self) -> bool {
        !self.told.is_empty() && self.judged.elapsed() >= 4 * PACE
    }

    fn tell(&mut self, diagnosis: &Diagnosis, certain: bool) -> anyhow::Result<()> {
        for cause in &diagnosis.causes {
            let name = key(cause);
            let Some(again) = self.told.get(&name).copied() else {
                if certain {
                    self.told.insert(name, next_power(cause.count));
                    self.write(&Happening::Cause(cause))?;
                }
                continue;
            };
            if cause.count >= again {
                self.told.insert(name, next_power(cause.count));
                self.write(&Happening::Count(cause))?;
            }
        }
        Ok(())
    }

    fn write(&self, happening: &Happening<'_>) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            follow::write_json(happening, &mut out)?;
        } else {
            follow::write(happening, self.style, &mut out)?;
        }
        Ok(out.flush()?)
    }
}

fn key(cause: &Cause) -> String {
    cause.runbook.as_ref().map_or_else(|| cause.category.clone(), |id| format!("{id}.md"))
}

/// The next power of ten: a count that grows is told at 10, 100, 1 000 …
fn next_power(count: u64) -> u64 {
    let mut power = 10;
    while power <= count {
        power = power.saturating_mul(10);
    }
    power
}

#[cfg(test)]
mod tests {
    use super::next_power;

    #[test]
    fn counts_are_told_at_powers_of_ten() {
        for (count, next) in [(0, 10), (1, 10), (9, 10), (10, 100), (99, 100), (12_345, 100_000)] {
            assert_eq!(next_power(count), next);
        }
    }
}
