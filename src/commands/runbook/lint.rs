//! `idp runbook lint`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use super::super::{Advice, Status, catalogue, style};
use super::pages::{self, Pages};
use super::{mend, trials, web};
use crate::checks::CHECKS;
use crate::cli::{LintLevel, LintOutput, RunbookLint};
use crate::engine::Trial;
use crate::finding::Severity;
use crate::lint::{self, ExampleOutcome, Finding, Page, RuleFile, Tree};
use crate::report::lint::{LintFormat, LintReport};
use crate::runbook::Catalogue;
use crate::settings::Settings;
use crate::store::{self, NamedText};

pub(super) fn run(args: &RunbookLint, settings: &Settings) -> anyhow::Result<Status> {
    let built_in = args.paths.is_empty();
    if args.fix && built_in {
        return Err(Advice {
            what: "--fix: the built-in runbooks are part of the program and cannot be mended".into(),
            help: "name the directory whose runbooks are to be mended".into(),
        }
        .into());
    }
    let rules = rule_files(args)?;
    let mut pages = if built_in { pages::built_in() } else { pages::read(&args.paths)? };
    let mut known = if built_in { Catalogue::built_in() } else { catalogue(settings).0 };
    let ids = ids(&known);
    let mended = if args.fix { mend::mend(&mut pages, &ids) } else { Vec::new() };
    // What is wrong with a head is a finding.
    trials::enter(&pages, &mut known);
    let answers = if args.online { web::ask(&mut pages)? } else { BTreeMap::new() };
    let mut findings = judge(&pages, &Around { known: &known, ids: &ids, rules: &rules, answers: &answers });
    if built_in {
        // What is part of the program cannot be mended by it.
        for finding in &mut findings {
            finding.edits.clear();
        }
    }
    let files: Vec<String> = pages.all.iter().map(|s| s.shown.clone()).collect();
    let report = LintReport { files: &files, findings: &findings, mended: &mended, notes: &pages.notes };
    let mut out = BufWriter::new(io::stdout().lock());
    crate::report::lint::write(&report, format(args.output), style(settings), &mut out)?;
    out.flush()?;
    Ok(status(&pages, &findings, args.fail_on))
}

/// What the linter is told beside the pages.
struct Around<'a> {
    /// All runbooks, those of the pages too.
    known: &'a Catalogue,
    /// Ids of runbooks and checks that are not among the pages.
    ids: &'a [String],
    rules: &'a [NamedText],
    /// Why a web address is dead.
    answers: &'a BTreeMap<String, String>,
}

fn ids(known: &Catalogue) -> Vec<String> {
    let runbooks = known.entries().iter().map(|e| e.id().to_owned());
    runbooks.chain(CHECKS.iter().map(|c| c.id.to_owned())).collect()
}

/// The rule files that were named; there is one at least, or the flag is a mistake.
fn rule_files(args: &RunbookLint) -> anyhow::Result<Vec<NamedText>> {
    let (files, remarks) = store::rule_files(&args.alert_rules);
    if files.is_empty() && !args.alert_rules.is_empty() {
        let why = remarks.first().cloned().unwrap_or_else(|| "no .yaml, .yml or .rules file is there".into());
        return Err(Advice {
            what: format!("--alert-rules: {why}"),
            help: "name rule files of Prometheus or directories that hold some".into(),
        }
        .into());
    }
    Ok(files)
}

/// All findings, with the names of files as a person knows them.
fn judge(pages: &Pages, around: &Around<'_>) -> Vec<Finding> {
    let read: Vec<Page<'_>> = pages.all.iter().map(|s| Page::read(s.input())).collect();
    let rules = around.rules.iter().map(|f| RuleFile { path: &f.path, text: &f.text });
    let tree = Tree::new(&read, pages.others.iter().map(String::as_str))
        .with_known(around.ids.iter().map(String::as_str))
        .with_rule_files(rules);
    let mut given = Vec::new();
    for (at, trials) in trials::all(pages, around.known) {
        let outcomes: Vec<ExampleOutcome> = trials.iter().map(|trial| outcome(trial, read[at].stem())).collect();
        given.extend(lint::example_findings(&read[at], &outcomes));
    }
    let why_dead = |url: &str| around.answers.get(url).map(String::as_str);
    given.extend(read.iter().flat_map(|page| lint::web_link_findings(page, why_dead)));
    let mut findings = lint::lint(&read, &tree, given);
    let shown: BTreeMap<&str, &str> = pages.all.iter().map(|s| (s.path.as_str(), s.shown.as_str())).collect();
    for finding in &mut findings {
        if let Some(name) = shown.get(finding.file.as_str()) {
            (*name).clone_into(&mut finding.file);
        }
    }
    findings
}

/// What the linter wants to know of an example. Objects are right where a check speaks, whatever ranks first.
fn outcome(trial: &Trial, stem: &str) -> ExampleOutcome {
    let first = trial.ranking.first().and_then(|r| r.runbook.clone());
    let first = if trial.passed() && trial.matches { Some(stem.to_owned()) } else { first };
    ExampleOutcome { line: trial.line, matches: trial.matches, first, named: trial.named }
}

fn format(output: LintOutput) -> LintFormat {
    match output {
        LintOutput::Human => LintFormat::Human,
        LintOutput::Json => LintFormat::Json,
        LintOutput::Github => LintFormat::Github,
        LintOutput::Sarif => LintFormat::Sarif,
        LintOutput::Junit => LintFormat::Junit,
    }
}

fn status(pages: &Pages, findings: &[Finding], fail_on: LintLevel) -> Status {
    let least = match fail_on {
        LintLevel::Error => Some(Severity::High),
        LintLevel::Warning => Some(Severity::Medium),
        LintLevel::Info => Some(Severity::Info),
        LintLevel::Never => None,
    };
    match least {
        _ if pages.missed => Status::Incomplete,
        Some(least) if findings.iter().any(|f| f.severity >= least) => Status::Found,
        _ => Status::Ran,
    }
}
