//! `idp diagnose`.

use std::io::{self, BufWriter, IsTerminal, Write};

use anyhow::Context;
use jiff::Timestamp;

use super::{Advice, Status, complain};
use crate::cli::{ColorChoice, Diagnose, OutputFormat};
use crate::collect::{self, Since, Window};
use crate::diagnosis::{Diagnosis, Given};
use crate::engine::Engine;
use crate::evidence::Source;
use crate::redact::Redaction;
use crate::report::{self, Format, Report, Style};
use crate::settings::{Flags, Settings};
use crate::text::Count;

/// Columns where the terminal does not say, and at the most.
const WIDTH: usize = 80;
const WIDEST: usize = 120;

pub(super) fn run(args: &Diagnose, color: Option<ColorChoice>) -> anyhow::Result<Status> {
    let flags = Flags { output: args.output, fail_on: args.fail_on.clone(), top: args.top, color };
    let settings = Settings::resolve(flags)?;
    let now = Timestamp::now();
    let sources = sources(&args.files)?;
    let given = given(args)?;
    let since = args.since.as_deref().map(|text| Since::parse(text, now)).transpose().map_err(|what| Advice {
        what: format!("--since: {what}"),
        help: "use an age such as 15m, 2h or 1d, or a time such as 2026-01-31T08:00:00Z".into(),
    })?;
    let window = Window { tail: args.tail.map(|lines| usize::try_from(lines).unwrap_or(usize::MAX)), since };
    let (catalogue, remarks) = super::catalogue(&settings);
    let mut engine = Engine::new(&catalogue);
    for remark in remarks {
        engine.remark(remark);
    }
    let missed = read(&mut engine, &sources, window)?;
    let diagnosis = engine.conclude(&given);
    if diagnosis.coverage.lines == 0 {
        return Err(nothing_read(&sources, diagnosis.coverage.skipped).into());
    }
    let found =
        settings.fail_on.value.is_some_and(|least| !diagnosis.causes.is_empty() && diagnosis.severity() >= least);
    show(args, &settings, diagnosis, now)?;
    Ok(if missed {
        Status::Incomplete
    } else if found {
        Status::Found
    } else {
        Status::Ran
    })
}

fn sources(files: &[String]) -> anyhow::Result<Vec<Source>> {
    if files.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Advice {
                what: "nothing to diagnose: no file is named and standard input is a terminal".into(),
                help: "pipe something in, as in `kubectl logs deploy/api --previous | idp diagnose`, or name a file; `idp diagnose --help` shows more".into(),
            }
            .into());
        }
        return Ok(vec![Source::Stdin]);
    }
    Ok(files.iter().map(|f| if f == "-" { Source::Stdin } else { Source::File(f.clone()) }).collect())
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

/// Reads every source; returns whether one of several could not be read. A single one that cannot be read is an error.
fn read(engine: &mut Engine<'_>, sources: &[Source], window: Window) -> anyhow::Result<bool> {
    let mut missed = false;
    for source in sources {
        engine.begin(source.clone());
        match collect::read(source, window, |chunk| engine.push(chunk)) {
            Ok(skipped) => engine.skipped(skipped),
            Err(error) if sources.len() > 1 => {
                complain(&format!("idp: error: {error}"));
                engine.remark(format!("{error}, so it was left out"));
                missed = true;
            }
            Err(error) => return Err(anyhow::Error::new(error)),
        }
    }
    Ok(missed)
}

fn show(args: &Diagnose, settings: &Settings, diagnosis: Diagnosis, now: Timestamp) -> anyhow::Result<()> {
    let report = Report {
        diagnosis,
        request_id: request_id(),
        timestamp: format!("{now:.3}"),
        top: settings.top.value,
        explain: args.explain,
        quiet: args.quiet,
    };
    let format = match settings.output.value {
        OutputFormat::Human => Format::Human,
        OutputFormat::Json => Format::Json,
        OutputFormat::Yaml => Format::Yaml,
        OutputFormat::Markdown => Format::Markdown,
        OutputFormat::Github => Format::Github,
    };
    let stdout = io::stdout();
    let style = Style { color: color(settings.color.value, stdout.is_terminal()), width: width() };
    let mut out = BufWriter::new(stdout.lock());
    report::write(&report, format, style, &mut out).and_then(|()| out.flush()).context("failed to write the diagnosis")
}

fn color(choice: ColorChoice, terminal: bool) -> bool {
    match choice {
        ColorChoice::Auto => terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    }
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(40, WIDEST))
}

/// Tells runs apart in logs; it needs to be different, not secret.
fn request_id() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(0u8), RandomState::new().hash_one(1u8))
}
