//! `idp logs`.

use std::cmp::Reverse;
use std::io::{self, BufWriter, Write};

use super::input::{self, Step};
use super::{Advice, Status, complain};
use crate::cli::{Diff, Logs, LogsCommand, LogsFormat, PatternOrder, Patterns, Timeline};
use crate::collect::Window;
use crate::diagnosis::Given;
use crate::engine::{self, Engine, LinePattern, Side, Survey};
use crate::evidence::Source;
use crate::redact::Redaction;
use crate::report::logs;
use crate::settings::Settings;

/// Patterns that a person is shown who does not say how many.
const MOST_SHOWN: usize = 20;

pub(super) fn run(args: &Logs, settings: &Settings) -> anyhow::Result<Status> {
    match &args.command {
        LogsCommand::Patterns(args) => patterns(args, settings),
        LogsCommand::Diff(args) => diff(args, settings),
        LogsCommand::Timeline(args) => timeline(args, settings),
    }
}

fn patterns(args: &Patterns, settings: &Settings) -> anyhow::Result<Status> {
    let sources = input::sources(&args.files, "kubectl logs deploy/api | idp logs patterns")?;
    let mut survey = if args.assign { Survey::assigning() } else { Survey::default() };
    let status = read(sources, |piece| match piece {
        Piece::Begin(_) => survey.begin(Side::Subject),
        Piece::Chunk(chunk) => survey.push(chunk),
    })?;
    let all = survey.conclude();
    let mut out = BufWriter::new(io::stdout().lock());
    if args.assign {
        for pattern in &all.assigned {
            writeln!(out, "{}", pattern + 1)?;
        }
    } else {
        let chosen = choose(&all, args);
        let shown = logs::Shown { all: &all, chosen, redaction: Redaction::On };
        match args.output {
            LogsFormat::Human => logs::write_patterns(&shown, super::style(settings), &mut out)?,
            LogsFormat::Json => logs::write_patterns_json(&shown, &mut out)?,
        }
    }
    out.flush()?;
    Ok(status)
}

fn choose<'p>(all: &'p engine::Patterns, args: &Patterns) -> Vec<&'p LinePattern> {
    let mut chosen: Vec<&LinePattern> =
        all.patterns.iter().filter(|p| args.level.is_none_or(|least| p.level >= Some(least))).collect();
    match args.sort {
        PatternOrder::Count => chosen.sort_by_key(|p| Reverse(p.count)),
        PatternOrder::Rare => chosen.sort_by_key(|p| p.count),
        PatternOrder::Level => chosen.sort_by_key(|p| (Reverse(p.level), Reverse(p.count))),
        PatternOrder::First => {}
        PatternOrder::New => chosen.sort_by_key(|p| Reverse(p.first_line)),
    }
    let most = args.top.unwrap_or(if args.output == LogsFormat::Human { MOST_SHOWN } else { 0 });
    chosen.truncate(if most == 0 { usize::MAX } else { most });
    chosen
}

fn diff(args: &Diff, settings: &Settings) -> anyhow::Result<Status> {
    if args.good == "-" && args.bad == "-" {
        return Err(Advice {
            what: "standard input cannot be both logs".into(),
            help: "name a file for one of them".into(),
        }
        .into());
    }
    let source = |name: &str| if name == "-" { Source::Stdin } else { Source::File(name.to_owned()) };
    let mut survey = Survey::default();
    let mut side = Side::Baseline;
    let status = read(vec![source(&args.good), source(&args.bad)], |piece| match piece {
        Piece::Begin(_) => {
            survey.begin(side);
            side = Side::Subject;
        }
        Piece::Chunk(chunk) => survey.push(chunk),
    })?;
    if status == Status::Incomplete {
        return Err(Advice {
            what: "one of the logs was not read to its end, so that a comparison would mislead".into(),
            help: "see the line above".into(),
        }
        .into());
    }
    let patterns = survey.conclude();
    let changes = engine::changes(&patterns);
    let mut out = BufWriter::new(io::stdout().lock());
    let most = usize::try_from(args.top).unwrap_or(usize::MAX);
    match args.output {
        LogsFormat::Human => logs::write_diff(&changes, &patterns, most, super::style(settings), &mut out)?,
        LogsFormat::Json => logs::write_diff_json(&changes, &patterns, &mut out)?,
    }
    out.flush()?;
    Ok(status)
}

fn timeline(args: &Timeline, settings: &Settings) -> anyhow::Result<Status> {
    let sources = input::sources(&args.files, "kubectl logs deploy/api --timestamps | idp logs timeline")?;
    let (catalogue, _) = super::catalogue(settings);
    let mut survey = Survey::default();
    let mut engine = Engine::new(&catalogue);
    let status = read(sources, |piece| match piece {
        Piece::Begin(source) => {
            survey.begin(Side::Subject);
            engine.begin(source);
        }
        Piece::Chunk(chunk) => {
            survey.push(chunk);
            engine.push(chunk);
        }
    })?;
    let diagnosis = engine.conclude(&Given::default());
    let timeline = engine::timeline(&survey.conclude(), &diagnosis, Redaction::On);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.output {
        LogsFormat::Human => logs::write_timeline(&timeline, super::style(settings), &mut out)?,
        LogsFormat::Json => logs::write_timeline_json(&timeline, &mut out)?,
    }
    out.flush()?;
    Ok(status)
}

/// A piece of the input.
enum Piece<'p> {
    Begin(Source),
    Chunk(&'p [u8]),
}

/// Reads every source. A single one of which nothing can be read is an error, and so is an input without a line.
fn read(sources: Vec<Source>, mut each: impl FnMut(Piece<'_>)) -> anyhow::Result<Status> {
    let only = sources.len() == 1;
    let named = sources.first().map_or_else(String::new, ToString::to_string);
    let (mut status, mut bytes) = (Status::Ran, 0usize);
    let interrupted = input::interruption()?;
    input::read(sources, Window::default(), &interrupted, true, |step| {
        match step {
            Step::Begin(source) => each(Piece::Begin(source)),
            Step::Chunk(chunk) => {
                bytes += chunk.len();
                each(Piece::Chunk(chunk));
            }
            Step::Failed(error) if only && bytes == 0 => return Err(anyhow::Error::new(error)),
            Step::Failed(error) => {
                complain(&format!("idp: error: {error}; only what came before was looked at"));
                status = Status::Incomplete;
            }
            Step::Interrupted => {
                complain("idp: warning: interrupted: what came after this was not looked at");
                status = Status::Incomplete;
            }
            Step::End(_) | Step::Idle => {}
        }
        Ok(())
    })?;
    if bytes == 0 {
        return Err(Advice { what: format!("{named} is empty: there is nothing to look at"), help: "see whether the log is the right one; a crashed container's last words are in `kubectl logs POD --previous`".into() }.into());
    }
    Ok(status)
}
