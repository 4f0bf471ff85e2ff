//! Takes what the sources say while somebody may be waiting: a progress line, and an end when a person has seen enough.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Advice;
use crate::collect::{self, CollectError, Event, Stream, Window};
use crate::evidence::Source;

/// How often somebody who waits is looked after.
const PATIENCE: Duration = Duration::from_millis(100);
/// Work that takes less shows no progress.
const SHORT: Duration = Duration::from_secs(1);

/// What happens while sources are read.
pub(super) enum Step<'c> {
    /// The next source begins.
    Begin(Source),
    /// The next bytes of it.
    Chunk(&'c [u8]),
    /// It ends; so many lines were left out because of the window.
    End(u64),
    /// It cannot be read, or not to its end.
    Failed(CollectError),
    /// Nothing came for a moment.
    Idle,
    /// Somebody pressed Ctrl-C: what is known so far is wanted.
    Interrupted,
}

/// The files that were named, or standard input.
pub(super) fn sources(files: &[String], example: &str) -> anyhow::Result<Vec<Source>> {
    if files.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Advice {
                what: "nothing to read: no file is named and standard input is a terminal".into(),
                help: format!("pipe something in, as in `{example}`, or name a file"),
            }
            .into());
        }
        return Ok(vec![Source::Stdin]);
    }
    Ok(files.iter().map(|f| if f == "-" { Source::Stdin } else { Source::File(f.clone()) }).collect())
}

/// Hears Ctrl-C from now on; one program has one such ear.
pub(super) fn interruption() -> anyhow::Result<Arc<AtomicBool>> {
    let pressed = Arc::new(AtomicBool::new(false));
    let ear = Arc::clone(&pressed);
    ctrlc::set_handler(move || ear.store(true, Ordering::Relaxed))?;
    Ok(pressed)
}

/// Reads `sources` to their end and hands every step to `each`. Where output goes to the terminal meanwhile, a progress line would be in its way.
pub(super) fn read<E>(
    sources: Vec<Source>,
    window: Window,
    interrupted: &AtomicBool,
    progress: bool,
    mut each: impl FnMut(Step<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut progress = Progress::new(&sources, progress);
    let stream = Stream::open(sources, window);
    loop {
        if interrupted.load(Ordering::Relaxed) {
            progress.clear();
            return each(Step::Interrupted);
        }
        match stream.next(PATIENCE) {
            Ok(Event::Begin(source)) => each(Step::Begin(source))?,
            Ok(Event::Chunk(chunk)) => {
                each(Step::Chunk(&chunk))?;
                stream.give_back(chunk);
            }
            Ok(Event::End(skipped)) => each(Step::End(skipped))?,
            Ok(Event::Failed(error)) => each(Step::Failed(error))?,
            Err(RecvTimeoutError::Timeout) => each(Step::Idle)?,
            Err(RecvTimeoutError::Disconnected) => break,
        }
        progress.show(stream.taken());
    }
    progress.clear();
    Ok(())
}

/// A line on standard error that says how far it is.
struct Progress {
    begun: Instant,
    total: Option<u64>,
    bar: Option<ProgressBar>,
    wanted: bool,
}

impl Progress {
    fn new(sources: &[Source], wanted: bool) -> Self {
        let total = sources.iter().map(collect::size).sum::<Option<u64>>();
        Self { begun: Instant::now(), total, bar: None, wanted: wanted && io::stderr().is_terminal() }
    }

    fn show(&mut self, taken: u64) {
        if !self.wanted || self.begun.elapsed() < SHORT {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| bar(self.total).with_elapsed(self.begun.elapsed()));
        bar.set_position(taken);
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(5));
    let template = match total {
        Some(_) => "reading {bytes} of {total_bytes} ({percent} %), {bytes_per_sec}, {eta} left",
        None => "reading {bytes}, {bytes_per_sec}",
    };
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
