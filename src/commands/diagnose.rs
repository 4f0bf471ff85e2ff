//! `idp diagnose`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use jiff::Timestamp;

use super::follow::Follower;
use super::input::{self, Step};
use super::{Advice, Status, complain, target};
use crate::cli::{ColorChoice, Diagnose, OutputFormat};
use crate::collect::{self, Since, Window};
use crate::diagnosis::{Diagnosis, Given};
use crate::engine::{Engine, Side, Survey};
use crate::evidence::Source;
use crate::redact::Redaction;
use crate::report::{self, Comparison, Format, Report};
use crate::service;
use crate::settings::{Flags, Settings};
use crate::text::Count;

/// What a piece of input is shown with.
const EXAMPLE: &str = "kubectl logs deploy/api --previous | idp diagnose";

pub(super) fn run(args: &Diagnose, color: Option<ColorChoice>) -> anyhow::Result<Status> {
    let flags = Flags { output: args.output, fail_on: args.fail_on.clone(), top: args.top, color };
    let settings = Settings::resolve(flags)?;
    let now = Timestamp::now();
    if args.follow && !matches!(settings.output.value, OutputFormat::Human | OutputFormat::Json) {
        return Err(Advice {
            what: "--follow tells what happens to people or as JSON only".into(),
            help: "use -o human or -o json, or leave --follow out".into(),
        }
        .into());
    }
    let target = target::named(args)?;
    let asks_cluster = target::is_wanted(args, target.as_ref())?;
    let sources = if target.is_some() { Vec::new() } else { input::sources(&args.files, EXAMPLE)? };
    let mut given = given(args)?;
    let window = window(args, now)?;
    let (catalogue, remarks) = super::catalogue(&settings);
    let mut engine = Engine::new(&catalogue);
    for remark in remarks {
        engine.remark(remark);
    }
    if args.baseline.as_deref() == Some("-") && sources.contains(&Source::Stdin) {
        return Err(Advice {
            what: "--baseline: standard input cannot be both logs".into(),
            help: "name a file for one of them".into(),
        }
        .into());
    }
    let mut baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    let as_typed = given.clone();
    let mut follower = args.follow.then(|| Follower::new(&as_typed, &settings));
    let missed = read(&mut engine, &sources, window, baseline.as_mut(), follower.as_mut())?;
    let of_cluster = target.is_some();
    let target = if asks_cluster { target.or_else(|| target::of_text(args, &mut engine)) } else { None };
    if let Some(target) = target {
        target::examine(&target, args, &mut engine, &mut given)?;
    }
    let diagnosis = engine.conclude(&given);
    if diagnosis.coverage.lines == 0 && missed && sources.len() == 1 {
        return Err(Advice {
            what: "interrupted before there was a line to look at".into(),
            help: "the log is silent; see whether it is the right one".into(),
        }
        .into());
    }
    if diagnosis.coverage.lines == 0 && !of_cluster {
        return Err(nothing_read(&sources, diagnosis.coverage.skipped).into());
    }
    let found =
        settings.fail_on.value.is_some_and(|least| !diagnosis.causes.is_empty() && diagnosis.severity() >= least);
    let comparison =
        baseline.map(|survey| Comparison::new(args.baseline.clone().unwrap_or_default(), survey.conclude()));
    let report = report(args, &settings, diagnosis, comparison, now);
    match follower {
        Some(mut follower) => follower.finish(&report)?,
        None => show(&report, &settings)?,
    }
    Ok(if missed {
        Status::Incomplete
    } else if found {
        Status::Found
    } else {
        Status::Ran
    })
}

fn window(args: &Diagnose, now: Timestamp) -> anyhow::Result<Window> {
    let since = args.since.as_deref().map(|text| Since::parse(text, now)).transpose().map_err(|what| Advice {
        what: format!("--since: {what}"),
        help: "use an age such as 15m, 2h or 1d, or a time such as 2026-01-31T08:00:00Z".into(),
    })?;
    Ok(Window { tail: args.tail.map(|lines| usize::try_from(lines).unwrap_or(usize::MAX)), since })
}

/// Nothing that was not looked at may look healthy.
fn nothing_read(sources: &[Source], skipped: u64) -> Advice {
    if skipped > 0 {
        return Advice {
            what: format!("nothing was looked at: --since leaves out {}", Count(skipped, "line")),
            help: "use a larger age, or leave --since out".into(),
        };
    }
    let named = sources.first().map_or_else(String::new, ToString::to_string);
    Advice {
        what: format!("{named} is empty: there is nothing to diagnose"),
        help: "a crashed container's last words are in `kubectl logs POD --previous`; why it never started is in `kubectl describe pod POD`".into(),
    }
}

fn given(args: &Diagnose) -> anyhow::Result<Given> {
    if args.no_redact && !io::stdout().is_terminal() {
        return Err(Advice {
            what: "--no-redact needs a terminal: secrets would end up in a file or another program".into(),
            help: "leave it out; secrets are shown as [redacted …]".into(),
        }
        .into());
    }
    let flags = [
        ("namespace", &args.namespace),
        ("pod", &args.pod),
        ("deployment", &args.deployment),
        ("container", &args.container),
    ];
    Ok(Given {
        values: flags.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect(),
        redaction: if args.no_redact { Redaction::Off } else { Redaction::On },
    })
}

/// Reads every source; returns whether something that was asked for was not read. A single one of which nothing can be read is an error.
fn read(
    engine: &mut Engine<'_>,
    sources: &[Source],
    window: Window,
    mut survey: Option<&mut Survey>,
    mut follower: Option<&mut Follower<'_>>,
) -> anyhow::Result<bool> {
    let interrupted = input::interruption()?;
    let mut missed = false;
    input::read(sources.to_vec(), window, &interrupted, follower.is_none(), |step| {
        match step {
            Step::Begin(source) => {
                engine.begin(source);
                if let Some(survey) = &mut survey {
                    survey.begin(Side::Subject);
                }
            }
            Step::Chunk(chunk) => {
                engine.push(chunk);
                if let Some(survey) = &mut survey {
                    survey.push(chunk);
                }
            }
            Step::End(skipped) => engine.skipped(skipped),
            Step::Failed(error) if sources.len() == 1 && engine.lines() == 0 => {
                return Err(anyhow::Error::new(error));
            }
            Step::Failed(error) => {
                complain(&format!("idp: error: {error}"));
                engine.remark(left_out(&error, sources.len() == 1));
                missed = true;
            }
            Step::Interrupted => {
                engine.remark("interrupted: what came after this was not looked at".into());
                missed = true;
            }
            Step::Idle => {}
        }
        follower.as_mut().map_or(Ok(()), |follower| follower.look(engine))
    })?;
    Ok(missed)
}

/// Surveys the log that all is well in.
fn read_baseline(path: &str) -> anyhow::Result<Survey> {
    let mut survey = Survey::default();
    survey.begin(Side::Baseline);
    let never = AtomicBool::new(false);
    let mut bytes = 0;
    let source = if path == "-" { Source::Stdin } else { Source::File(path.to_owned()) };
    input::read(vec![source], Window::default(), &never, true, |step| {
        match step {
            Step::Chunk(chunk) => {
                bytes += chunk.len();
                survey.push(chunk);
            }
            Step::Failed(error) => return Err(anyhow::Error::new(error).context("--baseline")),
            _ => {}
        }
        Ok(())
    })?;
    if bytes == 0 {
        return Err(Advice {
            what: format!("--baseline: {path:?} is empty: everything would be new"),
            help: "name a log of a time when all was well".into(),
        }
        .into());
    }
    Ok(survey)
}

fn left_out(error: &collect::CollectError, only: bool) -> String {
    if only { format!("{error}; only what came before was looked at") } else { format!("{error}, so it was left out") }
}

fn report(
    args: &Diagnose,
    settings: &Settings,
    diagnosis: Diagnosis,
    comparison: Option<Comparison>,
    now: Timestamp,
) -> Report {
    Report {
        explain: args.explain,
        quiet: args.quiet,
        comparison,
        ..service::report(diagnosis, service::request_id(), settings.top.value, now)
    }
}

fn show(report: &Report, settings: &Settings) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = report::write(report, format(settings), super::style(settings), &mut out);
    written.and_then(|()| out.flush()).context("failed to write the diagnosis")
}

fn format(settings: &Settings) -> Format {
    match settings.output.value {
        OutputFormat::Human => Format::Human,
        OutputFormat::Json => Format::Json,
        OutputFormat::Yaml => Format::Yaml,
        OutputFormat::Markdown => Format::Markdown,
        OutputFormat::Github => Format::Github,
    }
}
